import { decoderOf } from '../../bytes/charset.ts';
import { guessText, textFromWtf8 } from '../../bytes/text.ts';
import type { CharsetId } from '../../protocol/charset.ts';
import { ImageError, Unsupported } from '../../protocol/errors.ts';
import type { ViewId } from '../../protocol/entry.ts';
import { RunsSource } from '../../source/runs.ts';
import { FORM_2_LENGTH } from '../../source/raw-sector.ts';
import { sliceSource } from '../../source/slice.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import type { EntryRecord, EntrySink, ReadOptions, Volume } from '../volume.ts';
import { SECTOR } from './directory-record.ts';
import { FORM_2, RecordDescriber } from './describe.ts';
import { checkPathTable, foretoldPlaces, rootFromPathTable } from './path-table.ts';
import type { TreeForm } from './tree-form.ts';
import { TreeWalk } from './walk.ts';
import { nearWindow } from './windows.ts';
import { ZisofsSource } from './zisofs-source.ts';

const TITLES: Partial<Record<ViewId, string>> = {
  rockridge: 'Rock Ridge',
  joliet: 'Joliet',
  iso1999: 'ISO 9660:1999',
  iso9660: 'ISO 9660',
  highsierra: 'High Sierra',
};

/** What a descriptor says of a volume beside its tree. */
export interface VolumeFacts {
  readonly id: ViewId;
  readonly label: string;
  readonly created: number | null;
  readonly claimedSize: number | null;
}

/** One directory hierarchy of an ISO 9660 or High Sierra disc (ECMA-119 6.8). */
export class IsoVolume implements Volume {
  readonly id: ViewId;
  readonly title: string;
  readonly label: string;
  readonly created: number | null;
  readonly zoneKnown: boolean;
  readonly claimedSize: number | null;
  readonly findings: Findings;
  readonly #source: ByteSource;
  readonly #near: ByteSource;
  readonly #form: TreeForm;
  readonly #describer: RecordDescriber;
  #decode: (bytes: Uint8Array) => string;
  #wasRead = false;
  readonly useCharset?: (charset: CharsetId | null) => void;

  constructor(source: ByteSource, near: ByteSource, form: TreeForm, facts: VolumeFacts, findings: Findings) {
    this.id = facts.id;
    this.title = TITLES[facts.id] ?? facts.id;
    this.label = facts.label;
    this.created = facts.created;
    this.claimedSize = facts.claimedSize;
    this.zoneKnown = !form.highSierra;
    this.findings = findings;
    this.#source = source;
    this.#near = near;
    this.#form = form;
    this.#describer = new RecordDescriber(source, near, form);
    this.#decode = form.naming === 'ucs2' ? textFromWtf8 : guessText;
    if (form.naming !== 'ucs2') this.useCharset = (charset) => (this.#decode = charset ? decoderOf(charset) : guessText);
  }

  async read(sink: EntrySink, options: ReadOptions = {}): Promise<void> {
    // A second reading sees what the first saw: its findings are not told twice.
    const findings = this.#wasRead ? new Findings() : this.findings;
    this.#wasRead = true;
    const form = await rootFromPathTable(this.#near, this.#form, findings, options.signal);
    // The descriptors' window and the root's were read when the disc was opened: small trees need no more.
    const starts = [0, form.rootLba * form.blockSize].filter((offset) => offset < this.#near.size);
    const held = await Promise.all(starts.map((offset) => nearWindow(this.#near, offset, options.signal)));
    const places = await foretoldPlaces(this.#near, form, options.signal);
    const walk = new TreeWalk(this.#source, held, form, findings, places);
    await walk.run(sink, options);
    if (this.claimedSize !== null && walk.end > this.claimedSize) {
      findings.add(
        'note',
        'volume-size-small',
        null,
        'ECMA-119 8.4.8',
        `The volume claims ${this.claimedSize} bytes, and its files reach to ${walk.end}; the size was ignored.`,
      );
    }
    if (form.skip === null) await checkPathTable(this.#near, form, walk.visited, findings, options.signal);
  }

  decodeName(bytes: Uint8Array): string {
    return this.#decode(bytes);
  }

  describe(records: ArrayLike<number>, signal?: AbortSignal): Promise<EntryRecord[]> {
    return this.#describer.describe(records, signal);
  }

  /** A directory record has 33 bytes before its name (ECMA-119 9.1). */
  recordSpan(record: number): readonly [number, number] {
    return [record, 33];
  }

  open(record: EntryRecord, name: string): ByteSource {
    if (record.kind !== 'file') throw new ImageError('not-a-file', `“${name}” has no contents of its own.`);
    const { compression, runs } = record;
    if (record.size > 0 && runs.length === 0 && compression === null) {
      if (record.presence === 'missing')
        throw new ImageError('other-volume', `The contents of “${name}” are on another disc of the set.`, null, 'ECMA-119 9.1.9');
      throw new ImageError(
        'nothing-stored',
        `“${name}” is said to have ${record.size} bytes, and nothing is stored of it.`,
        null,
        'RRIP 4.1.7',
      );
    }
    const stored = new RunsSource(this.#source, runs, name);
    if (compression === null) return stored;
    if (compression === FORM_2) return this.#form2(record, name);
    if (compression === 'zisofs') return new ZisofsSource(stored, record.size, name);
    throw new Unsupported(compression, `“${name}” is stored in a form (${compression}) that Isoscope does not decode yet.`);
  }

  /** All of a form 2 file's sectors, as its player wants them (CD-ROM XA). */
  #form2({ runs, size }: EntryRecord, name: string): ByteSource {
    const [run] = runs;
    const { form2 } = this.#source;
    if (!form2 || !run || !('offset' in run)) throw new ImageError('not-a-file', `“${name}” has no sectors of its own.`);
    return sliceSource(form2, (run.offset / SECTOR) * FORM_2_LENGTH, size, name);
  }
}
