import { transfer } from 'comlink';
import type { EntryId, ViewId } from '../protocol/entry.ts';
import { ImageError, Unsupported } from '../protocol/errors.ts';
import type { Finding } from '../protocol/finding.ts';
import type {
  Checksums,
  ContentsAnswer,
  ContentsRequest,
  Hit,
  OtherName,
  SearchAnswer,
  SearchRequest,
  Shares,
  Study,
} from '../protocol/study.ts';
import type { DiscImage } from '../inspect/image.ts';
import type { View } from '../inspect/view.ts';
import { namedFindings } from '../inspect/report.ts';
import { otherNames } from '../inspect/entry-names.ts';
import { describeOne } from '../catalog/describe.ts';
import { pathOf } from '../catalog/path.ts';
import { contentsOf } from '../extract/contents.ts';
import { checksumsOf, startSums } from './checksums.ts';
import { valuesOf } from '../inspect/row-records.ts';
import { sharesOf } from '../inspect/shares.ts';
import { searchContents } from '../search/contents-search.ts';
import { FoldedNames } from '../search/folded-names.ts';
import { searchNames } from '../search/name-search.ts';
import { PatternTester } from '../search/pattern-tester.ts';
import { parseQuery } from '../search/query.ts';
import { Slices } from '../search/slices.ts';

const startPatterns = (): Worker => new Worker(new URL('./patterns.ts', import.meta.url), { type: 'module', name: 'patterns' });

/** The four checksums that people compare files by. */
const FILE_SUMS = ['crc32', 'md5', 'sha1', 'sha256'] as const;

/** The page hears of sums under way at most this often (milliseconds). */
const NEWS = 100;

/** Names folded between two places where others can have their turn. */
const STEP = 8192;

interface Names {
  readonly view: View;
  /** What they were folded by: another catalog or charset has other names. */
  readonly of: readonly unknown[];
  readonly folded: FoldedNames;
}

/** What is asked of one open image: see Study. */
export class ImageStudy implements Study {
  readonly #image: DiscImage;
  readonly #patterns: PatternTester;
  #names: Names | null = null;
  #searching: AbortController | null = null;
  #summing: AbortController | null = null;
  #named: { readonly of: number; readonly findings: readonly Finding[] } | null = null;

  constructor(image: DiscImage, start = startPatterns) {
    this.#image = image;
    this.#patterns = new PatternTester(start);
  }

  /** End all that is under way: the image is closed, or another session takes its place. */
  stop(): void {
    this.#searching?.abort();
    this.#summing?.abort();
    this.#patterns.stop();
  }

  async search({ view: id, text, scope, sort, descending }: SearchRequest, onFound: (entries: Uint32Array) => void): Promise<SearchAnswer> {
    const signal = this.#begin();
    const query = parseQuery(text);
    const view = this.#view(id);
    const { catalog, volume } = view;
    const final = view.state === 'read' || view.state === 'failed';
    if (query.problem !== '') return { entries: new Uint32Array(), problem: query.problem, final };
    const entries = await searchNames({
      catalog,
      decode: (bytes) => volume.decodeName(bytes),
      names: this.#namesOf(view),
      query,
      scope,
      order: { sort, descending, valuesOf: (entries, ending) => valuesOf(view, entries, sort, ending) },
      signal,
      onFound: (some) => onFound(transfer(some, [some.buffer])),
      patterns: async () => this.#patterns,
    });
    return transfer({ entries, problem: '', final }, [entries.buffer]);
  }

  async searchContents(
    { view: id, text, scope, patterns }: ContentsRequest,
    onNews: (hits: readonly Hit[], done: number, total: number) => void,
  ): Promise<ContentsAnswer> {
    const signal = this.#begin();
    const query = parseQuery(text);
    if (query.problem !== '') return { problem: query.problem, hits: [], files: 0, unread: 0 };
    const view = this.#view(id);
    const { catalog, volume } = view;
    const decode = (bytes: Uint8Array): string => volume.decodeName(bytes);
    const files = await searchNames({
      catalog,
      decode,
      names: this.#namesOf(view),
      query: { ...query, terms: [...query.terms, { not: false, by: 'size', from: 1, to: Infinity }] },
      scope,
      order: null,
      signal,
      onFound: () => undefined,
      patterns: async () => this.#patterns,
    });
    const searched = await searchContents({ image: this.#image.source, volume, catalog, files, patterns, signal, onNews });
    return { problem: '', ...searched };
  }

  async stopSearch(): Promise<void> {
    this.#searching?.abort();
  }

  async checksums(id: ViewId, entry: EntryId, onProgress: (done: number) => void): Promise<Checksums> {
    this.#summing?.abort();
    const { signal } = (this.#summing = new AbortController());
    const { volume, catalog } = this.#view(id);
    const record = await describeOne(volume, catalog.record(entry), signal);
    if (record instanceof ImageError) throw record;
    if (record.kind !== 'file') throw new Unsupported('no-contents', 'Only files have contents to sum.');
    let next = 0;
    const tell = (done: number): void => {
      if (performance.now() < next) return;
      next = performance.now() + NEWS;
      onProgress(done);
    };
    const source = contentsOf(this.#image.source, volume, record, 'the file', false);
    return checksumsOf(source, FILE_SUMS, { start: startSums, workers: 1 }, tell, signal);
  }

  async stopChecksums(): Promise<void> {
    this.#summing?.abort();
  }

  async otherNames(id: ViewId, entry: EntryId): Promise<readonly OtherName[]> {
    return otherNames(this.#image, id, entry);
  }

  async findingsOf(id: ViewId, entry: EntryId): Promise<readonly Finding[]> {
    const { volume, catalog } = this.#view(id);
    const { note, warning, damage } = this.#image.overview().findings;
    const of = note + warning + damage;
    if (of === 0) return [];
    if (this.#named?.of !== of) this.#named = { of, findings: namedFindings(this.#image) };
    const path = pathOf(catalog, (bytes) => volume.decodeName(bytes), entry);
    return this.#named.findings.filter((finding) => finding.path === path);
  }

  async shares(id: ViewId, directory: EntryId, hidden: boolean): Promise<Shares | null> {
    return sharesOf(this.#view(id), directory, hidden);
  }

  async prepareSearch(id: ViewId): Promise<void> {
    const view = this.#view(id);
    const names = this.#namesOf(view);
    const slices = new Slices(this.#begin());
    for (let to = 0; to < view.catalog.count; await slices.breathe()) names.extend((to = Math.min(view.catalog.count, to + STEP)));
  }

  #begin(): AbortSignal {
    this.#searching?.abort();
    this.#searching = new AbortController();
    return this.#searching.signal;
  }

  #namesOf(view: View): FoldedNames {
    const of = [view.catalog, this.#image.charset];
    if (this.#names?.view !== view || this.#names.of.some((one, index) => one !== of[index])) {
      const folded = new FoldedNames(view.catalog, (bytes) => view.volume.decodeName(bytes));
      this.#names = { view, of, folded };
    }
    return this.#names.folded;
  }

  #view(id: ViewId): View {
    const view = this.#image.view(id);
    if (!view) throw new Unsupported('no-view', `This disc has no view “${id}”.`);
    // Its entries' numbers are known outside now.
    view.inUse = true;
    return view;
  }
}
