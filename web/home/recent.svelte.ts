import { get, update } from 'idb-keyval';
import { handleOf, isOfPage } from '../handles.ts';
import type { Session } from '../session.svelte.ts';
import { placeOf, type ImagePlace } from './place.ts';

/** An image that was open before. */
export interface RecentImage {
  /** By the names, sizes and dates of its files. */
  readonly id: string;
  readonly names: readonly string[];
  readonly bytes: number;
  /** What the disc calls itself. */
  readonly title: string;
  /** When it was open last (milliseconds). */
  readonly time: number;
  /** Of all its files, where the browser gives handles; else the user chooses the files again. */
  readonly handles: readonly FileSystemFileHandle[] | null;
  readonly place: ImagePlace | null;
}

const KEY = 'isoscope-recent';
const MAX_IMAGES = 12;
/** In the tab's own storage: which images were open in it, should it be loaded again. */
const TAB_KEY = 'isoscope-open';

/** The images that were open before, the newest first. They are kept in the browser, and nowhere else. */
export class RecentImages {
  list: readonly RecentImage[] = $state.raw([]);
  /** Those that were open when this tab was loaded again. */
  open: readonly RecentImage[] = $state.raw([]);

  async load(): Promise<void> {
    this.list = (await get<RecentImage[]>(KEY)) ?? [];
    const ids = openBefore();
    this.open = ids.flatMap((id) => this.list.find((image) => image.id === id) ?? []);
  }

  /** Keep where one is in an image; the newest stands first. */
  async keep(session: Session): Promise<void> {
    const image = await recentOf(session);
    if (image) await this.#change((list) => [image, ...list.filter(({ id }) => id !== image.id)].slice(0, MAX_IMAGES));
  }

  async forget(image: RecentImage): Promise<void> {
    await this.#change((list) => list.filter(({ id }) => id !== image.id));
  }

  async forgetAll(): Promise<void> {
    await this.#change(() => []);
  }

  /** In one step of the storage: several tabs keep the same list. */
  async #change(change: (list: RecentImage[]) => RecentImage[]): Promise<void> {
    await update<RecentImage[]>(KEY, (list = []) => change(list));
    this.list = (await get<RecentImage[]>(KEY)) ?? [];
    this.open = this.open.filter(({ id }) => this.list.some((image) => image.id === id));
  }
}

/** Tell apart by what the browser says of the files. */
export function idOf(files: readonly File[]): string {
  return files.map(({ name, size, lastModified }) => `${name} ${size} ${lastModified}`).join('\n');
}

/** Which images are open in this tab, should it be loaded again. */
export function rememberOpen(sessions: readonly Session[]): void {
  try {
    sessionStorage.setItem(TAB_KEY, JSON.stringify(sessions.map(({ files }) => idOf(files))));
  } catch {
    // Storage is switched off: the list of recent images is empty too.
  }
}

function openBefore(): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(TAB_KEY) ?? '[]') as string[];
  } catch {
    return [];
  }
}

async function recentOf(session: Session): Promise<RecentImage | null> {
  const { files, title } = session;
  if (files.some(isOfPage)) return null;
  const handles = files.map(handleOf).filter((handle) => handle !== undefined);
  return {
    id: idOf(files),
    names: files.map(({ name }) => name),
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    title,
    time: Date.now(),
    handles: handles.length === files.length ? handles : null,
    place: await placeOf(session),
  };
}
