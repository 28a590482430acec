import { ROOT, type EntryId } from '../../../protocol/entry.ts';
import { BytesSource } from '../../../source/bytes.ts';
import { CountingSource } from '../../../source/counting.ts';
import type { EntryRecord, EntrySink, OpenedFormat, ScannedEntry, Volume } from '../../volume.ts';
import { udf } from '../index.ts';

/** Takes entries as the catalog does, and holds the driver to its contract. */
export class ListSink implements EntrySink {
  readonly paths = [''];
  readonly entries: (ScannedEntry | null)[] = [null];
  readonly partial = new Set<EntryId>();
  readonly #volume: Volume;
  readonly #most: number;
  readonly #seen = new Set<EntryId>();
  #open: EntryId | null = null;

  constructor(volume: Volume, most = Infinity) {
    this.#volume = volume;
    this.#most = most;
  }

  begin(directory: EntryId): void {
    if (this.#open !== null || this.#seen.has(directory)) throw new Error(`directory ${directory} was begun twice, or within another`);
    if (directory !== ROOT && this.entries[directory]?.kind !== 'directory') throw new Error(`entry ${directory} is no directory`);
    this.#seen.add(directory);
    this.#open = directory;
  }

  add(entry: ScannedEntry, names = entry.name, from = 0, to = names.length): EntryId {
    if (this.#open === null) throw new Error('no directory is open');
    if (this.entries.length > this.#most) return -1;
    const name = names.slice(from, to);
    this.paths.push(`${this.paths[this.#open] ?? ''}/${this.#volume.decodeName(name)}`);
    return this.entries.push({ ...entry, name }) - 1;
  }

  end(directory: EntryId, complete: boolean): void {
    if (this.#open !== directory) throw new Error(`directory ${directory} is not the one begun`);
    if (!complete) this.partial.add(directory);
    this.#open = null;
  }
}

/** A disc that was read: what its tests look at. */
export interface ReadDisc {
  readonly opened: OpenedFormat;
  readonly volume: Volume;
  readonly source: CountingSource;
  readonly sink: ListSink;
  /** Paths in the order of the sink, without the root. */
  readonly paths: string[];
  /** Codes of all findings, those of the medium first. */
  readonly codes: string[];
  readonly entry: (path: string) => ScannedEntry;
  readonly isPartial: (path: string) => boolean;
  readonly record: (path: string) => Promise<EntryRecord>;
  readonly contents: (path: string) => Promise<Uint8Array>;
}

/** Open an image of UDF and read its tree. */
export async function readDisc(bytes: Uint8Array, most?: number): Promise<ReadDisc> {
  const source = new CountingSource(new BytesSource(bytes, 'test.udf'));
  const opened = await udf.open(source);
  const [volume] = opened.volumes;
  if (!volume) throw new Error('no volume');
  const sink = new ListSink(volume, most);
  await volume.read(sink);
  const entry = (path: string): ScannedEntry => {
    const found = sink.entries[sink.paths.indexOf(path)];
    if (!found) throw new Error(`no entry ${path}`);
    return found;
  };
  const record = async (path: string): Promise<EntryRecord> => {
    const [described] = await volume.describe([entry(path).record]);
    if (!described) throw new Error(`no record of ${path}`);
    return described;
  };
  return {
    opened,
    volume,
    source,
    sink,
    paths: sink.paths.slice(1),
    codes: [...opened.findings.list, ...volume.findings.list].map(({ code }) => code),
    entry,
    isPartial: (path) => sink.partial.has(sink.paths.indexOf(path)),
    record,
    contents: async (path) => {
      const file = volume.open(await record(path), path);
      return file.read(0, file.size);
    },
  };
}
