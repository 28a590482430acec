import { whenIdle } from './idle.ts';
import type { Session } from './session.svelte.ts';

/** Files of a tree at most that is looked through without being asked to. */
const MAX_FILES = 250_000;

/** What discs call themselves, by session, once that was looked for. */
const titles: Record<number, string> = $state({});

/** What an image is headed by: what it is, where it says so, else its label or the file's name. */
export function headlineOf(session: Session): string {
  return titles[session.id] || session.title;
}

/** Find out what an image is when the page has nothing else to do; in a tree that takes time to go through only the page Inspect asks. */
export function findHeadline(session: Session): void {
  if ((session.summary?.files ?? Infinity) > MAX_FILES) return;
  whenIdle(() => void find(session).catch(() => delete titles[session.id]));
}

async function find(session: Session): Promise<void> {
  const inspection = session.inspection();
  const { title } = await (await inspection).identity();
  // Another session of the disc, or another worker, is asked itself.
  if (inspection === session.inspection()) titles[session.id] = title;
}
