import type { BootVerdicts, BootWay } from '../worker/protocol/boot.ts';
import type { WholeVerdict } from '../worker/protocol/whole.ts';
import { whenIdle } from './idle.ts';
import type { Session } from './session.svelte.ts';

/** Files of a tree at most that is looked through without being asked to. */
const MAX_FILES = 250_000;

/** A verdict in a word or two, for the head of the page. */
export interface Mark {
  readonly tone: 'ok' | 'bad';
  readonly text: string;
}

interface Headline {
  /** What the disc calls itself; empty where it does not. */
  readonly title: string;
  readonly marks: readonly Mark[];
}

/** What is known of discs as a whole, by session, once that was looked for. */
const headlines: Record<number, Headline> = $state({});

/** What an image is headed by: what it is, where it says so, else its label or the file's name. */
export function headlineOf(session: Session): string {
  return headlines[session.id]?.title || session.title;
}

/** Whether it is whole and boots, as far as that is known yet. */
export function marksOf(session: Session): readonly Mark[] {
  return headlines[session.id]?.marks ?? [];
}

/** Find out what an image is when the page has nothing else to do; in a tree that takes time to go through only the page Inspect asks. */
export function findHeadline(session: Session): void {
  if ((session.summary?.files ?? Infinity) > MAX_FILES) return;
  whenIdle(() => void find(session).catch(() => delete headlines[session.id]));
}

async function find(session: Session): Promise<void> {
  const inspection = session.inspection();
  const all = await inspection;
  const [{ title }, { verdict }, { boots }] = await Promise.all([all.identity(), all.whole(), all.boot()]);
  const marks = [WHOLE[verdict], bootMark(boots)].filter((mark) => mark !== null);
  // Another session of the disc, or another worker, is asked itself.
  if (inspection === session.inspection()) headlines[session.id] = { title, marks };
}

const WHOLE: Readonly<Record<WholeVerdict, Mark | null>> = {
  whole: { tone: 'ok', text: 'Whole' },
  appended: { tone: 'ok', text: 'Whole, extra at the end' },
  truncated: { tone: 'bad', text: 'Cut short' },
  empty: { tone: 'bad', text: 'Nothing but zeros' },
  holes: { tone: 'bad', text: 'Has holes' },
  unsure: null,
};

/** A disc that starts nothing is mostly not meant to: that is no news. */
function bootMark({ ways }: BootVerdicts): Mark | null {
  const sure = (...wanted: BootWay[]): boolean => ways.some(({ way, answer }) => answer === 'yes' && wanted.includes(way));
  const firmware = [
    ...(sure('uefi-disc', 'uefi-stick', 'uefi-copied') ? ['UEFI'] : []),
    ...(sure('bios-disc', 'bios-stick') ? ['BIOS'] : []),
  ];
  return firmware.length > 0 ? { tone: 'ok', text: `Boots, ${firmware.join(' and ')}` } : null;
}
