import { Block } from '../../bytes/block.ts';
import { concat } from '../../bytes/concat.ts';
import { textFromWtf8 } from '../../bytes/text.ts';
import { ROOT, type EntryId, type ViewId } from '../../protocol/entry.ts';
import { ImageError } from '../../protocol/errors.ts';
import { RunsSource, type Run } from '../../source/runs.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { Pending, type Waiting } from '../pending.ts';
import { presenceOf } from '../presence.ts';
import { NO_ATTRIBUTES, type EntryRecord, type EntrySink, type ReadOptions, type Volume } from '../volume.ts';
import type { FatLayout } from './boot-sector.ts';
import { DIRECTORY_ENTRY, readDirectory, readShortEntry, type DirectoryEntry } from './directory-entry.ts';
import { PAST_END, throughRuns, type Chain, type FileAllocationTable } from './table.ts';

/** Bytes of one directory: more than 65,536 entries no system makes (FAT 1.03). */
const MAX_DIRECTORY = 4 * 1024 * 1024;
/** Clusters that are followed to tell whether files are whole, in all; beyond, a file's first one tells. */
const MAX_FOLLOWED = 16_000_000;
const SPEC = 'FAT 1.03';

/** What a volume is besides its tree. */
export interface FatFacts {
  readonly id: ViewId;
  readonly label: string;
  readonly findings: Findings;
  /** Where in the medium the volume lies. */
  readonly held: readonly Run[];
}

interface WaitingDirectory extends Waiting {
  readonly runs: readonly Run[];
  readonly broken: boolean;
}

/** The tree of a FAT12, FAT16 or FAT32 volume. A record is the offset of an entry in the volume; -1 is the root. */
export class FatVolume implements Volume {
  readonly id: ViewId;
  readonly title: string;
  readonly label: string;
  readonly created = null;
  /** Local times of wherever it was written. */
  readonly zoneKnown = false;
  readonly claimedSize = null;
  readonly findings: Findings;
  readonly #medium: ByteSource;
  readonly #source: ByteSource;
  readonly #held: readonly Run[];
  readonly #layout: FatLayout;
  readonly #table: FileAllocationTable;
  #followed = 0;

  /** `source` is the volume, which lies in `medium` as `facts.held` says. */
  constructor(medium: ByteSource, source: ByteSource, table: FileAllocationTable, facts: FatFacts) {
    this.id = facts.id;
    this.title = `FAT${table.layout.bits}`;
    this.label = facts.label;
    this.findings = facts.findings;
    this.#medium = medium;
    this.#source = source;
    this.#held = facts.held;
    this.#layout = table.layout;
    this.#table = table;
  }

  async read(sink: EntrySink, { signal, onWindow }: ReadOptions = {}): Promise<void> {
    this.#followed = 0;
    const waiting = new Pending<WaitingDirectory>();
    const visited = new Set<number>();
    // Chains that share clusters must not make more of a volume than it holds.
    let budget = this.#source.size + MAX_DIRECTORY;
    const { root } = this.#layout;
    if ('cluster' in root) visited.add(root.cluster);
    waiting.add(this.#rootDirectory());
    let wanted: EntryId | null = null;
    for (;;) {
      const directory = (wanted === null ? null : waiting.take(wanted)) ?? waiting.next();
      if (!directory) return;
      const bytes = await this.#directoryBytes(directory, budget, signal);
      budget -= bytes.length;
      const block = new Block(bytes, 0);
      const { entries, strayNames } = readDirectory(block, this.#layout.bits === 32);
      for (const at of strayNames)
        this.findings.add(
          'note',
          'fat-long-name',
          this.#placeOf(directory.runs, at),
          SPEC,
          'A long name belongs to no entry; the short one is shown.',
        );
      sink.begin(directory.id);
      let full = false;
      for (const entry of entries) {
        const record = recordAt(directory.runs, entry.at);
        const id = this.#add(sink, entry, record);
        full = id < 0;
        if (full) break;
        if (!entry.directory) continue;
        if (visited.has(entry.cluster)) {
          this.findings.add(
            'damage',
            'directory-loop',
            this.#absolute(record),
            SPEC,
            'A directory is listed in two places; its contents are shown once.',
          );
          continue;
        }
        visited.add(entry.cluster);
        waiting.add(this.#subdirectory(id, entry, record));
      }
      sink.end(directory.id, !full && !directory.broken);
      if (full) return;
      wanted = (await onWindow?.()) ?? null;
      signal?.throwIfAborted();
    }
  }

  decodeName(bytes: Uint8Array): string {
    return textFromWtf8(bytes);
  }

  async describe(records: ArrayLike<number>, signal?: AbortSignal): Promise<EntryRecord[]> {
    const described: EntryRecord[] = [];
    for (const record of Array.from(records)) {
      if (record < 0) {
        described.push(this.#describe(null));
        continue;
      }
      const inside = record + DIRECTORY_ENTRY <= this.#source.size;
      const block = inside ? new Block(await this.#source.read(record, DIRECTORY_ENTRY, signal), record) : null;
      const entry = block && readShortEntry(block, 0, this.#layout.bits === 32);
      if (!entry) throw new ImageError('record-unreadable', 'There is no such entry.', this.#absolute(record), SPEC);
      described.push(this.#describe(entry));
    }
    return described;
  }

  recordSpan(record: number): readonly [number, number] {
    return [record < 0 ? this.#absolute(0) : this.#absolute(record), DIRECTORY_ENTRY];
  }

  open(record: EntryRecord, name: string): ByteSource {
    if (record.kind !== 'file') throw new ImageError('not-a-file', `“${name}” has no contents of its own.`);
    return new RunsSource(this.#medium, record.runs, name);
  }

  #rootDirectory(): WaitingDirectory {
    const { root } = this.#layout;
    if ('offset' in root) return { id: ROOT, offset: root.offset, size: root.length, runs: [root], broken: false };
    const chain = this.#table.chain(root.cluster, MAX_DIRECTORY, true);
    if (chain.runs.length === 0)
      throw new ImageError('root-missing', 'The root directory lies outside of the volume.', this.#absolute(0), SPEC);
    this.#judge(chain, 0, 'The root directory');
    return { id: ROOT, offset: chain.runs[0]?.offset ?? 0, size: chain.length, runs: chain.runs, broken: chain.broken !== '' };
  }

  #subdirectory(id: EntryId, entry: DirectoryEntry, record: number): WaitingDirectory {
    const chain = this.#table.chain(entry.cluster, MAX_DIRECTORY, true);
    this.#judge(chain, record, `The directory “${textFromWtf8(entry.name)}”`);
    return { id, offset: chain.runs[0]?.offset ?? Infinity, size: chain.length, runs: chain.runs, broken: chain.broken !== '' };
  }

  /** A directory's bytes, as far as the source holds them. */
  async #directoryBytes({ runs, offset }: WaitingDirectory, budget: number, signal?: AbortSignal): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let left = budget;
    for (const run of runs) {
      if (!('offset' in run)) continue;
      const length = Math.max(0, Math.min(run.length, this.#source.size - run.offset, left));
      if (length < run.length)
        this.findings.add(
          'damage',
          'directory-cut',
          this.#absolute(offset),
          SPEC,
          'A directory is not wholly in the image; what is there was read.',
        );
      if (length > 0) parts.push(await this.#source.read(run.offset, length, signal));
      left -= length;
      if (length < run.length) break;
    }
    return concat(parts);
  }

  #add(sink: EntrySink, entry: DirectoryEntry, record: number): EntryId {
    const stored = entry.directory || entry.size === 0 ? null : this.#stored(entry);
    const first = stored?.[0];
    return sink.add({
      name: entry.name,
      kind: entry.directory ? 'directory' : 'file',
      size: entry.size,
      modified: entry.modified,
      offset: first && 'offset' in first && first.offset < PAST_END ? first.offset : NaN,
      record,
      presence: stored ? presenceOf(stored, this.#medium) : 'whole',
      hidden: entry.hidden,
      associated: false,
      content: true,
    });
  }

  /** Where a file lies in the medium: its whole chain, while the budget for that lasts, then only its beginning. */
  #stored(entry: DirectoryEntry): readonly Run[] {
    const clusters = Math.ceil(entry.size / this.#layout.clusterSize);
    this.#followed += clusters;
    const wanted = this.#followed > MAX_FOLLOWED ? Math.min(entry.size, this.#layout.clusterSize) : entry.size;
    const chain = this.#table.chain(entry.cluster, wanted);
    return throughRuns(this.#held, complete(chain, wanted));
  }

  #describe(entry: DirectoryEntry | null): EntryRecord {
    const runs =
      entry && !entry.directory ? throughRuns(this.#held, complete(this.#table.chain(entry.cluster, entry.size), entry.size)) : [];
    const times = { modified: entry?.modified ?? NaN, created: entry?.created ?? NaN, accessed: entry?.accessed ?? NaN };
    return {
      kind: entry && !entry.directory ? 'file' : 'directory',
      size: entry?.size ?? 0,
      ...NO_ATTRIBUTES,
      times: Object.fromEntries(Object.entries(times).filter(([, value]) => value === value)),
      zoneKnown: false,
      runs,
      presence: presenceOf(runs, this.#medium),
    };
  }

  #judge({ broken }: Chain, record: number, what: string): void {
    if (broken === '') return;
    const why = { free: 'leads to a free cluster', outside: 'leads outside of the volume', loop: 'runs in a circle', short: 'is too short', pieces: 'has too many pieces' }[broken]; // prettier-ignore
    this.findings.add(
      'damage',
      `fat-chain-${broken}`,
      this.#absolute(record),
      SPEC,
      `${what}: its chain of clusters ${why}; what comes before was read.`,
    );
  }

  /** Offset in the medium of an offset in the volume. */
  #absolute(offset: number): number {
    const [run] = throughRuns(this.#held, [{ offset, length: 1 }]);
    return run && 'offset' in run ? run.offset : offset;
  }

  #placeOf(runs: readonly Run[], at: number): number {
    return this.#absolute(recordAt(runs, at));
  }
}

/** A chain with what it lacks: that lies nowhere, and so past any end. */
function complete({ runs, length }: Chain, wanted: number): Run[] {
  return length < wanted ? [...runs, { offset: PAST_END, length: wanted - length }] : [...runs];
}

/** Offset in the volume of a byte of a directory. */
function recordAt(runs: readonly Run[], at: number): number {
  let start = 0;
  for (const run of runs) {
    if (!('offset' in run)) continue;
    if (at < start + run.length) return run.offset + at - start;
    start += run.length;
  }
  return 0;
}
