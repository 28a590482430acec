import type { Needle } from '../bytes/needle.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { describeEntries } from '../catalog/describe.ts';
import { contentsOf } from '../extract/contents.ts';
import type { EntryRecord, Volume } from '../formats/volume.ts';
import { allIn, findAll, needlesOf } from '../peek/find.ts';
import type { EntryId } from '../protocol/entry.ts';
import { ImageError, Unsupported } from '../protocol/errors.ts';
import type { Match, Pattern } from '../protocol/preview.ts';
import type { Hit } from '../protocol/study.ts';
import type { ByteSource } from '../source/source.ts';

/** Files whose bytes lie so close are read in one go, the gap with them, up to so many bytes. */
const GAP = 64 * 1024;
const LARGEST = 2 * 1024 * 1024;
/** Places told of one file; the others are counted. */
const MAX_PLACES = 100;
/** News at most so often (milliseconds). */
const NEWS = 100;

export interface ContentsSearch {
  readonly image: ByteSource;
  readonly volume: Volume;
  readonly catalog: Catalog;
  readonly files: Uint32Array;
  readonly patterns: readonly Pattern[];
  readonly signal: AbortSignal;
  readonly onNews: (hits: readonly Hit[], done: number, total: number) => void;
}

interface Near {
  readonly entry: EntryId;
  readonly offset: number;
  readonly length: number;
}

/**
 * Files that hold any of the patterns, in the order of their places: small neighbours are read in one go, large files in
 * pieces. What cannot be read or decoded is counted, and the rest goes on; a SourceError ends it.
 */
export async function searchContents(search: ContentsSearch): Promise<{ hits: readonly Hit[]; files: number; unread: number }> {
  const { image, volume, catalog, files, patterns, signal } = search;
  const needles = needlesOf(patterns);
  const order = files.slice().sort((a, b) => place(catalog, a) - place(catalog, b) || a - b);
  const news = new News(
    search.onNews,
    order.reduce((sum, entry) => sum + catalog.size(entry), 0),
  );
  let unread = 0;
  let near: Near[] = [];
  const flush = async (): Promise<void> => {
    await searchNear(image, near, needles, news, signal);
    near = [];
  };
  for await (const [entry, record] of describeEntries(volume, catalog, order, signal)) {
    signal.throwIfAborted();
    if (record instanceof ImageError) {
      unread++;
      continue;
    }
    const run = plainRun(image, record);
    if (run) {
      const [first, last] = [near[0], near.at(-1)];
      const end = last ? last.offset + last.length : 0;
      const joins = first && run.offset <= end + GAP && run.offset + run.length - first.offset <= LARGEST;
      if (!joins) await flush();
      near.push({ entry, ...run });
      continue;
    }
    await flush();
    try {
      const source = contentsOf(image, volume, record, '', true);
      const { places, count } = await findAll(source, patterns, MAX_PLACES, signal, (bytes) => news.read(bytes));
      news.found(entry, places, count);
    } catch (error) {
      if (!(error instanceof ImageError || error instanceof Unsupported)) throw error;
      unread++;
    }
  }
  await flush();
  news.tell();
  return { hits: news.all, files: order.length, unread };
}

/** Where there is nothing stored, anywhere: at the end. */
function place(catalog: Catalog, entry: EntryId): number {
  const offset = catalog.offset(entry);
  return Number.isNaN(offset) ? Number.MAX_VALUE : offset;
}

/** The one run of a small file that is stored as it is, wholly in the image. */
function plainRun(image: ByteSource, { runs, compression, presence, size }: EntryRecord): Omit<Near, 'entry'> | null {
  const [run] = runs;
  if (runs.length !== 1 || !run || 'zeros' in run || compression !== null || presence !== 'whole') return null;
  if (run.length !== size || size > LARGEST || run.offset + size > image.size) return null;
  return { offset: run.offset, length: size };
}

async function searchNear(
  image: ByteSource,
  near: readonly Near[],
  needles: readonly Needle[],
  news: News,
  signal: AbortSignal,
): Promise<void> {
  const first = near[0];
  if (!first) return;
  const end = Math.max(...near.map(({ offset, length }) => offset + length));
  const bytes = await image.read(first.offset, end - first.offset, signal);
  for (const { entry, offset, length } of near) {
    const from = offset - first.offset;
    const { places, count } = allIn(bytes.subarray(from, from + length), needles, length, MAX_PLACES);
    news.read(length);
    news.found(entry, places, count);
  }
}

/** Collects what was found and how far it is. */
class News {
  readonly all: Hit[] = [];
  #told = 0;
  #done = 0;
  #next = 0;
  readonly #total: number;
  readonly #onNews: ContentsSearch['onNews'];

  constructor(onNews: ContentsSearch['onNews'], total: number) {
    this.#onNews = onNews;
    this.#total = total;
  }

  found(entry: EntryId, places: readonly Match[], count: number): void {
    const [first] = places;
    if (first) this.all.push({ entry, at: places.map(({ at }) => at), length: first.length, count });
  }

  read(bytes: number): void {
    this.#done += bytes;
    if (performance.now() >= this.#next) this.tell();
  }

  tell(): void {
    this.#next = performance.now() + NEWS;
    this.#onNews(this.all.slice(this.#told), this.#done, this.#total);
    this.#told = this.all.length;
  }
}
