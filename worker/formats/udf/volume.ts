import { textFromWtf8 } from '../../bytes/text.ts';
import { ImageError } from '../../protocol/errors.ts';
import { Gather } from '../../source/gather.ts';
import { RunsSource } from '../../source/runs.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import type { EntryRecord, EntrySink, ReadOptions, Volume } from '../volume.ts';
import { EntryDescriber } from './describe.ts';
import type { Space } from './space.ts';
import { TreeWalk } from './walk.ts';

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
  readonly #root: number;
  readonly #describer: EntryDescriber;
  #wasRead = false;

  constructor(source: ByteSource, near: ByteSource, space: Space, root: number, facts: VolumeFacts, findings: Findings) {
    this.title = facts.title;
    this.label = facts.label;
    this.created = facts.created;
    this.zoneKnown = facts.zoneKnown;
    this.claimedSize = facts.claimedSize;
    this.findings = findings;
    this.#source = source;
    this.#space = space;
    this.#root = root;
    this.#describer = new EntryDescriber(source, near, space, root);
  }

  async read(sink: EntrySink, options: ReadOptions = {}): Promise<void> {
    // A second reading sees what the first saw: its findings are not told twice.
    const findings = this.#wasRead ? new Findings() : this.findings;
    this.#wasRead = true;
    const walk = new TreeWalk(new Gather(this.#source), this.#space, this.#root, findings);
    await walk.run(sink, options);
    if (walk.streams > 0)
      findings.add(
        'note',
        'named-streams',
        null,
        'UDF 2.60 3.3.5',
        `${walk.streams} entries have named streams (alternate contents); they are not listed.`,
      );
  }

  decodeName(bytes: Uint8Array): string {
    return textFromWtf8(bytes);
  }

  describe(records: ArrayLike<number>, signal?: AbortSignal): Promise<EntryRecord[]> {
    return this.#describer.describe(records, signal);
  }

  open(record: EntryRecord, name: string): ByteSource {
    if (record.kind !== 'file') throw new ImageError('not-a-file', `“${name}” has no contents of its own.`);
    return new RunsSource(this.#source, record.runs, name);
  }
}
