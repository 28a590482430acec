import type { Inspection } from '../worker/protocol/inspection.ts';
import type { Inspector } from '../worker/protocol/inspector.ts';
import type { Study } from '../worker/protocol/study.ts';

/** How often the worker is asked for a sign of life while it owes an answer (milliseconds). */
const TICK = 2000;
/** So long (milliseconds) it may give none; ticks that came late, as in a sleep or a frozen tab, do not count. */
export const PATIENCE = 20_000;

/** A question that the worker takes: of the image, of what is asked beyond its lists, or of the image as a whole. */
export type Call = keyof Inspector | keyof Study | keyof Inspection;

/** A question to the worker that is not answered yet. */
export interface Asked {
  readonly call: Call;
  /** When it was asked (`performance.now`). */
  readonly at: number;
}

export interface Watched {
  /** What is not answered yet, the oldest first. */
  readonly asked: () => Iterable<Asked>;
  /** Resolves as soon as the worker's turn comes. */
  readonly ping: () => Promise<unknown>;
  /** Told once: the worker is in an endless loop, or in one that might as well be. */
  readonly onHang: (at: Asked) => void;
  readonly signal: AbortSignal;
}

/** Watch a worker that has answered once: one that never answers a ping although the page's own clock goes on is hung. */
export function watch({ asked, ping, onHang, signal }: Watched): void {
  let last = performance.now();
  let heard = last;
  let pinged: number | null = null;
  let silent = 0;
  const tick = (): void => {
    const now = performance.now();
    const late = now - last > 2 * TICK;
    last = now;
    const [oldest] = asked();
    if (!oldest) {
      silent = 0;
      return;
    }
    if (pinged === null) {
      pinged = now;
      silent = 0;
      const answered = (): void => {
        heard = performance.now();
        pinged = null;
      };
      ping().then(answered, answered);
      return;
    }
    silent = late ? 0 : silent + TICK;
    if (silent < PATIENCE) return;
    clearInterval(timer);
    // What was asked before the last sign of life did not stop it from giving that: what came next did.
    const sent = pinged;
    onHang([...asked()].find(({ at }) => at >= heard && at <= sent) ?? oldest);
  };
  const timer = setInterval(tick, TICK);
  signal.addEventListener('abort', () => clearInterval(timer));
}

/** What the worker was doing, by what it was asked. */
const DOING: Readonly<Partial<Record<Call, string>>> = {
  open: 'it was opened',
  list: 'a directory was listed',
  rows: 'a directory was listed',
  directories: 'a directory was listed',
  details: 'an entry was described',
  measure: 'files were summed up',
  plan: 'a save was planned',
  planImage: 'a save was planned',
  planList: 'a save was planned',
  planStream: 'a save was planned',
  survey: 'a folder was looked through',
  save: 'something was saved from it',
  checkSectors: 'sectors were compared with their checksums',
  boot: 'what starts a machine was looked for',
  whole: 'it was looked at whether all is there',
  checkItself: 'it was compared with its own checksums',
  imageSums: 'it was summed up',
  onlyIn: 'file systems were compared',
  compareSessions: 'sessions were compared',
  peek: 'a file was looked at',
  openText: 'a text was looked at',
  textRows: 'a text was looked at',
  findBytes: 'bytes were searched',
  prepareSearch: 'names were searched',
  search: 'names were searched',
  searchContents: 'files were searched',
  chooseSession: 'another session was opened',
  identity: 'what it is was looked for',
  map: 'its map was drawn',
  document: 'its report was written',
  revocations: 'loaders were compared with a list',
};

/** The error of all that a worker was doing that hung, as a sentence of its own. */
export function hungError({ call }: Asked, image: string, where: string): Error {
  const doing = DOING[call] ?? 'it was read';
  const error = new Error(
    `Reading “${image}” hung: no answer for ${PATIENCE / 1000} seconds while ${doing} (at “${where}”). It was stopped.`,
  );
  error.name = 'WorkerHung';
  return error;
}
