// Isoscope through its own door: the worker that ships, asked as the page asks it.
import { proxy, wrap } from 'comlink';
import type { ImageOverview, Inspector, ListOptions } from '../../worker/protocol/inspector.ts';
import { installErrorTransfer } from '../../worker/protocol/transfer.ts';
import type { SaveDestination, SaveRequest } from '../../worker/protocol/save.ts';
import { timed, type Outcome, type Part } from './contenders.ts';

installErrorTransfer();

/** Milliseconds that a worker has between its start and the first image: it loads all, and rehearses. */
const SPARE_TIME = 2000;
const MEMORY_LIMIT = 256 * 1024 * 1024;
const OPTIONS: ListOptions = { sort: 'name', descending: false, hidden: true, filter: '' };
const ROOT = 0;
/** Rows of one screen. */
const SCREEN = 60;

declare global {
  interface Window {
    /** The runner's: what a contender is measured for begins here. */
    measuredFromHere(): Promise<void>;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What is measured of it. */
type Door = Pick<Inspector, 'open' | 'overview' | 'list' | 'rows' | 'directories' | 'plan' | 'save'>;

/** A worker that has been loaded, as the page has one waiting before a file is dropped. */
async function connect(): Promise<{ inspector: Door; close: () => void }> {
  const worker = new Worker(new URL('../../worker/main.ts', import.meta.url), { type: 'module' });
  const remote = wrap<Inspector>(worker);
  await remote.overview().catch(() => undefined); // "no image is open": it is there and answers
  await pause(SPARE_TIME);
  const inspector: Door = {
    open: (files, onChange) => remote.open(files, proxy(onChange)),
    save: (plan, destination) => remote.save(plan, destination, proxy(ignore)),
    overview: () => remote.overview(),
    list: (...args: Parameters<Inspector['list']>) => remote.list(...args),
    rows: (...args: Parameters<Inspector['rows']>) => remote.rows(...args),
    directories: (...args: Parameters<Inspector['directories']>) => remote.directories(...args),
    plan: (...args: Parameters<Inspector['plan']>) => remote.plan(...args),
  };
  return { inspector, close: () => worker.terminate() };
}

const ignore = (): void => undefined;

/** The tree that is shown, and whether it is wholly read. */
function shown(overview: ImageOverview): { id: NonNullable<ImageOverview['shown']>; read: boolean; entries: number } {
  const view = overview.views.find(({ id }) => id === overview.shown);
  if (!view) throw new Error('the image was not opened');
  return { id: view.id, read: view.state === 'read', entries: view.files + view.directories };
}

/** Open an image until the shown tree is read; `all`: until every tree is. */
function openUntilRead(inspector: Door, file: File, all = false): Promise<ImageOverview> {
  return new Promise((resolve, reject) => {
    const look = (overview: ImageOverview): void => {
      if (all ? overview.complete : shown(overview).read) resolve(overview);
    };
    inspector.open([file], look).then(look, reject);
  });
}

/** With an image opened and read in a fresh worker. */
async function withImage<T>(file: File, work: (inspector: Door, overview: ImageOverview) => Promise<T>): Promise<T> {
  const { inspector, close } = await connect();
  try {
    return await work(inspector, await openUntilRead(inspector, file, true));
  } finally {
    close();
  }
}

/** Open an image until its tree is wholly read. */
export async function openAndRead(file: File): Promise<Outcome> {
  const { inspector, close } = await connect();
  try {
    const start = performance.now();
    const opening = openUntilRead(inspector, file);
    let root = 0;
    const listed = inspector.list(null, ROOT, OPTIONS).then(() => (root = performance.now() - start));
    const overview = await opening;
    const ms = performance.now() - start;
    await listed;
    return { ms, root, entries: shown(overview).entries, bytes: overview.bytesRead };
  } finally {
    close();
  }
}

/** What the page fetches to show a disc that is read: the root's order, a screen of rows, the tree's first level. */
export function fetchScreen(file: File): Promise<Outcome> {
  return withImage(file, async (inspector, overview) => {
    const { id, entries } = shown(overview);
    const blocked = watchPage();
    const [ms, rows] = await timed(async () => {
      const [listing] = await Promise.all([inspector.list(id, ROOT, OPTIONS), inspector.directories(id, ROOT, true)]);
      // A list brings its first rows; the rest of a screen is asked for, as the page does.
      const { rows, entries } = listing;
      const more = entries.subarray(rows.length, SCREEN);
      return more.length > 0 ? [...rows, ...(await inspector.rows(id, more))] : rows;
    });
    return { ms, blocked: await blocked(), entries, rows: rows.length };
  });
}

/** Every directory of the disc listed in order, and every row fetched in windows of a thousand: all the page could ever ask for. */
export function fetchAll(file: File): Promise<Outcome> {
  return withImage(file, async (inspector, overview) => {
    const { id } = shown(overview);
    const blocked = watchPage();
    let entries = 0;
    const [ms] = await timed(async () => {
      const waiting = [ROOT];
      for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
        const listing = await inspector.list(id, directory, OPTIONS);
        for (let from = 0; from < listing.entries.length; from += 1000) {
          const rows = await inspector.rows(id, listing.entries.slice(from, from + 1000));
          entries += rows.length;
          for (const row of rows) if (row.kind === 'directory') waiting.push(row.entry);
        }
      }
    });
    return { ms, blocked: await blocked(), entries };
  });
}

/** The files of a disc, as the peers are told of them. */
export function parts(file: File): Promise<Part[]> {
  return withImage(file, async (inspector, overview) => {
    const { id } = shown(overview);
    const found: Part[] = [];
    const waiting = [{ entry: ROOT, path: '' }];
    for (let at = waiting.pop(); at; at = waiting.pop()) {
      const listing = await inspector.list(id, at.entry, OPTIONS);
      for (const row of await inspector.rows(id, listing.entries)) {
        const path = `${at.path}${row.name}`;
        if (row.kind === 'directory') waiting.push({ entry: row.entry, path: `${path}/` });
        else if (row.size !== null) found.push({ path, offset: row.offset ?? 0, size: row.size });
      }
    }
    return found;
  });
}

/** The Blob of the last save without a target: for a download. */
export let saved: Blob | null = null;

/** Save the whole disc, or its first file. */
export function save(file: File, how: Pick<SaveRequest, 'format' | 'compression'>, to?: SaveDestination): Promise<Outcome> {
  saved = null;
  return withImage(file, async (inspector, overview) => {
    const { id } = shown(overview);
    const entries = how.format === 'file' ? (await inspector.list(id, ROOT, OPTIONS)).entries.slice(0, 1) : new Uint32Array([ROOT]);
    await window.measuredFromHere();
    const [ms, result] = await timed(async () => {
      const summary = await inspector.plan({ view: id, entries, ...how, partial: false, hidden: true });
      return inspector.save(summary.plan, to ?? { to: 'blob', limit: MEMORY_LIMIT }, ignore);
    });
    saved = result.blob;
    return { ms, bytes: result.size, files: result.files };
  });
}

/** Watch how long the page's own thread is kept from answering; call the result to stop and be told the longest gap. */
export function watchPage(): () => Promise<number> {
  const channel = new MessageChannel();
  let last = performance.now();
  let longest = 0;
  let watching = true;
  channel.port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (watching) setTimeout(() => channel.port2.postMessage(0), 0);
  };
  channel.port2.postMessage(0);
  return async () => {
    await pause(20);
    watching = false;
    return longest;
  };
}
