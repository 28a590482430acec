import { ImageError } from '../protocol/errors.ts';
import type { ListRequest, SaveChange, SavePlanSummary, SaveResult } from '../protocol/save.ts';
import { describeEntries } from '../catalog/describe.ts';
import { undecodable } from '../extract/contents.ts';
import { discNameOf, safeName } from '../extract/names.ts';
import { ExtractionPlan } from '../extract/plan.ts';
import { ProgressMeter } from '../extract/progress.ts';
import { NOTHING_LOST, summarize, type SaveOptions } from '../extract/save.ts';
import { reduceSelection, walkSelection } from '../extract/selection.ts';
import { MemorySink, withSink } from '../extract/sink.ts';
import { entryRecord, isoTime } from '../inspect/entry-record.ts';
import { detailsOf, ExtentRoom, type ListedDetails } from '../inspect/listing.ts';
import type { View } from '../inspect/view.ts';
import type { ByteSource } from '../source/source.ts';

/** Text is written in pieces of about so many characters. */
const PIECE = 256 * 1024;
const COLUMNS = [
  'path',
  'name',
  'kind',
  'size',
  'modified',
  'mode',
  'uid',
  'gid',
  'links',
  'target',
  'hidden',
  'sector',
  'presence',
] as const;
const SECTOR = 2048;

const encoder = new TextEncoder();

type Lines = (progress: ProgressMeter, failed: SaveChange[], signal?: AbortSignal) => AsyncGenerator<string, void, void>;

/** A list of entries on its way out: planned, then carried out once. */
export class EntryList {
  readonly summary: Omit<SavePlanSummary, 'plan'>;
  readonly #lines: Lines;
  readonly #total: number;

  private constructor(summary: Omit<SavePlanSummary, 'plan'>, total: number, lines: Lines) {
    this.summary = summary;
    this.#total = total;
    this.#lines = lines;
  }

  /** Plan a list: of checksums by the names that the files are saved under, else of all entries as they stand on the disc. */
  static async plan(view: View, image: ByteSource, request: ListRequest): Promise<EntryList> {
    const { entries, hidden, list } = request;
    const { catalog, volume } = view;
    if (list === 'sha256') {
      const plan = await ExtractionPlan.build({
        catalog,
        volume,
        image,
        request: { entries, hidden, format: 'zip', compression: 'stored', partial: false },
      });
      const summary = { ...summarize(plan), name: 'SHA256SUMS', size: null, computed: 0, streams: 0 };
      return new EntryList(summary, plan.bytes, (progress, failed, signal) => sums(plan, progress, failed, signal));
    }
    const selection = reduceSelection(catalog, entries);
    const listed: number[] = [];
    for (const { entry } of walkSelection(catalog, selection, hidden)) listed.push(entry);
    const kinds = { file: 0, directory: 0, symlink: 0, device: 0, other: 0 };
    for (const entry of listed) kinds[catalog.kind(entry)]++;
    const summary = {
      ...NOTHING_LOST,
      name: safeName(`${discNameOf(volume.label, image.name)}.${list}`).name,
      files: kinds.file,
      directories: kinds.directory,
      links: kinds.symlink,
      devices: kinds.device + kinds.other,
      bytes: 0,
      size: null,
      computed: 0,
    };
    const write = list === 'csv' ? csv : json;
    return new EntryList(summary, listed.length, (progress, failed, signal) => write(view, listed, progress, failed, signal));
  }

  /** Write it: into the target, or into a Blob in memory. */
  async save({ openTarget, limit, signal, onProgress }: SaveOptions): Promise<SaveResult> {
    const progress = new ProgressMeter(this.#total, onProgress);
    const failed: SaveChange[] = [];
    const memory = openTarget ? null : new MemorySink(limit);
    const open = openTarget ? () => openTarget(null) : async () => memory as MemorySink;
    const size = await withSink(open, async (sink) => {
      let piece = '';
      for await (const line of this.#lines(progress, failed, signal)) {
        signal?.throwIfAborted();
        piece += line;
        if (piece.length < PIECE) continue;
        await sink.write(encoder.encode(piece));
        piece = '';
      }
      if (piece !== '') await sink.write(encoder.encode(piece));
      return sink.size;
    });
    progress.finish();
    return { name: this.summary.name, blob: memory?.blob ?? null, size, files: this.summary.files - failed.length, failed };
  }
}

/** `SHA256SUMS` as `sha256sum -c` reads it; files are read in order of place, and listed in the page's order. */
async function* sums(
  plan: ExtractionPlan,
  progress: ProgressMeter,
  failed: SaveChange[],
  signal?: AbortSignal,
): AsyncGenerator<string, void, void> {
  const { createSHA256 } = await import('hash-wasm');
  const hasher = await createSHA256();
  const files = [...plan.members()].filter(({ kind }) => kind === 'file').map(({ index }) => index);
  const digests = new Map<number, string>();
  for (const index of [...files].sort((a, b) => plan.place(a) - plan.place(b))) {
    const source = plan.contents(index);
    hasher.init();
    try {
      for await (const chunk of source.stream(0, source.size, signal)) {
        signal?.throwIfAborted();
        hasher.update(chunk);
        progress.add(chunk.length, () => plan.path(index));
      }
      digests.set(index, hasher.digest('hex'));
      progress.file();
    } catch (error) {
      const reason = undecodable(error);
      if (reason === null) throw error;
      const { entry } = plan.member(index) ?? { entry: 0 };
      failed.push({ entry, path: plan.discPath(entry), saved: null, reason });
    }
  }
  for (const index of files) {
    const digest = digests.get(index);
    if (digest) yield sumLine(digest, plan.path(index));
  }
}

/** A line of `sha256sum`: where the name has a backslash or a line end, both are escaped and the line begins with one. */
export function sumLine(digest: string, path: string): string {
  const escaped = path.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r');
  return `${escaped === path ? '' : '\\'}${digest}  ${escaped}\n`;
}

/** What the disc says of each entry; one whose record cannot be understood is named and listed by what the directory says. */
async function* detailed(
  view: View,
  entries: readonly number[],
  progress: ProgressMeter,
  failed: SaveChange[],
  signal?: AbortSignal,
): AsyncGenerator<ListedDetails> {
  const room = new ExtentRoom();
  for await (const [entry, record] of describeEntries(view.volume, view.catalog, entries, signal)) {
    const broken = record instanceof ImageError;
    const details = detailsOf(view, entry, broken ? null : record, [], null, room);
    if (broken) failed.push({ entry, path: details.path, saved: details.path, reason: record.message });
    progress.add(1, () => details.path);
    if (details.kind === 'file') progress.file();
    yield details;
  }
}

async function* csv(...list: Parameters<typeof detailed>): AsyncGenerator<string, void, void> {
  yield `${COLUMNS.join(',')}\r\n`;
  for await (const details of detailed(...list)) {
    const offset = details.extents?.[0]?.[0] ?? null;
    const cells: Record<(typeof COLUMNS)[number], Cell> = {
      ...details,
      name: details.path.split('/').at(-1),
      modified: details.times.modified === undefined ? null : isoTime(details.times.modified),
      mode: details.mode === null ? null : (details.mode & 0o7777).toString(8).padStart(4, '0'),
      sector: offset === null ? null : Math.floor(offset / SECTOR),
      presence: details.presence,
    };
    yield `${COLUMNS.map((column) => csvCell(cells[column])).join(',')}\r\n`;
  }
}

type Cell = string | number | boolean | null | undefined;

/** A cell of a CSV (RFC 4180): a text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return `${value}`;
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replace(/"/g, '""')}"` : text;
}

async function* json(...list: Parameters<typeof detailed>): AsyncGenerator<string, void, void> {
  const [view] = list;
  let before = '[\n';
  for await (const details of detailed(...list)) {
    yield `${before}${JSON.stringify(entryRecord(view, details))}`;
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
