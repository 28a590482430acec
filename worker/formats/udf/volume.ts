import { textFromWtf8 } from '../../bytes/text.ts';
import { ImageError } from '../../protocol/errors.ts';
import { Gather } from '../../source/gather.ts';
import { RunsSource } from '../../source/runs.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import type { EntryRecord, EntrySink, NamedStream, ReadOptions, Volume } from '../volume.ts';
import { EntryDescriber } from './describe.ts';
import { readFileEntry } from './file-entry.ts';
import type { FileSet } from './file-set.ts';
import { IcbReader } from './icb.ts';
import type { Space } from './space.ts';
import { readStreams } from './streams.ts';
import { TreeWalk } from './walk.ts';

/** Findings on streams that are told apart. */
const MAX_SAID = 1_000;

/** What descriptors say of a volume beside its tree. */
export interface VolumeFacts {
  readonly title: string;
  readonly label: string;
  readonly created: number | null;
  readonly zoneKnown: boolean;
  readonly claimedSize: number | null;
}

/** The tree of a UDF file set (ECMA-167 4/8). */
export class UdfVolume implements Volume {
  readonly id = 'udf';
  readonly title: string;
  readonly label: string;
  readonly created: number | null;
  readonly zoneKnown: boolean;
  readonly claimedSize: number | null;
  readonly findings: Findings;
  readonly #source: ByteSource;
  readonly #space: Space;
  readonly #fileSet: Pick<FileSet, 'root' | 'streams'>;
  readonly #describer: EntryDescriber;
  /** What was said of streams, which are read whenever they are asked for. */
  readonly #said = new Set<string>();
  #wasRead = false;
  hasStreams = true;
  readonly recordsApart = true;

  constructor(
    source: ByteSource,
    near: ByteSource,
    space: Space,
    fileSet: Pick<FileSet, 'root' | 'streams'>,
    facts: VolumeFacts,
    findings: Findings,
  ) {
    this.title = facts.title;
    this.label = facts.label;
    this.created = facts.created;
    this.zoneKnown = facts.zoneKnown;
    this.claimedSize = facts.claimedSize;
    this.findings = findings;
    this.#source = source;
    this.#space = space;
    this.#fileSet = fileSet;
    this.#describer = new EntryDescriber(source, near, space, fileSet.root);
  }

  async read(sink: EntrySink, options: ReadOptions = {}): Promise<void> {
    // A second reading sees what the first saw: its findings are not told twice.
    const findings = this.#wasRead ? new Findings() : this.findings;
    this.#wasRead = true;
    const walk = new TreeWalk(new Gather(this.#source), this.#space, this.#fileSet.root, findings);
    await walk.run(sink, options);
    this.hasStreams = walk.streams > 0;
    if (walk.streams > 0)
      findings.add(
        'note',
        'named-streams',
        null,
        'UDF 2.60 3.3.5',
        `${walk.streams} entries have named streams (further contents under names of their own).`,
      );
  }

  decodeName(bytes: Uint8Array): string {
    return textFromWtf8(bytes);
  }

  describe(records: ArrayLike<number>, signal?: AbortSignal): Promise<EntryRecord[]> {
    return this.#describer.describe(records, signal);
  }

  /** The streams of the root are followed by those of the whole file set (UDF 2.60 3.3.7). */
  async streams(records: ArrayLike<number>, signal?: AbortSignal): Promise<NamedStream[][]> {
    const gather = new Gather(this.#source);
    const heard = new Findings();
    const { root, streams: system } = this.#fileSet;
    const addresses = Array.from(records, (record) => (record === -1 ? root : record));
    const held = addresses.filter((address) => address >= 0);
    const entries = await new IcbReader(this.#space, gather, readFileEntry).read(held, new Findings(), signal); // told when they were listed
    let next = 0;
    const directories = addresses.map((address) => (address >= 0 ? (entries[next++]?.streams ?? -1) : -1));
    const found = await readStreams(gather, this.#space, [...directories, system], heard, signal);
    this.#tell(heard);
    const ofFileSet = found.pop() ?? [];
    return found.map((streams, index) => (records[index] === -1 ? [...streams, ...ofFileSet] : streams));
  }

  /** Add what is new of these findings. */
  #tell({ list }: Findings): void {
    for (const { severity, code, at, spec, detail } of list) {
      const key = `${code} ${at}`;
      if (this.#said.has(key) || this.#said.size >= MAX_SAID) continue;
      this.#said.add(key);
      this.findings.add(severity, code, at, spec, detail);
    }
  }

  /** A file entry has a block of its own (ECMA-167 4/14.9). */
  recordSpan(record: number): readonly [number, number] {
    return [this.#space.offsetOf(record), this.#space.blockSize];
  }

  open(record: EntryRecord, name: string): ByteSource {
    if (record.kind !== 'file') throw new ImageError('not-a-file', `“${name}” has no contents of its own.`);
    return new RunsSource(this.#source, record.runs, name);
  }
}
