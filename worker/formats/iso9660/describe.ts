import { Block } from '../../bytes/block.ts';
import { ImageError } from '../../protocol/errors.ts';
import { FORM_2_LENGTH } from '../../source/raw-sector.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Run } from '../../source/runs.ts';
import { WindowCache } from '../../source/window.ts';
import { Findings } from '../findings.ts';
import type { EntryRecord } from '../volume.ts';
import { Continuations } from './continuations.ts';
import { isDot, MULTI_EXTENT, SECTOR, type DirectoryRecord } from './directory-record.ts';
import { scanRecords } from './directory-scan.ts';
import { MAX_SECTIONS, type SectionExtent } from './extents.ts';
import {
  fileExtents,
  fileRuns,
  form2Sectors,
  hasTooManyRuns,
  isElsewhere,
  kindOf,
  presenceOfExtents,
  sameIdentifier,
  storedSize,
  type Sections,
} from './record-entries.ts';
import { readRidges } from './ridges.ts';
import type { RockRidge } from './rock-ridge-entries.ts';
import type { TreeForm } from './tree-form.ts';

/** Sections that are followed for entries described together, beside their first ones: directories that overlap share them. */
const MAX_SECTIONS_TOGETHER = 1 << 19;
/** Records put together before their continuation areas are read at once, and sections of theirs. */
const BATCH = 4096;
const BATCH_SECTIONS = 1 << 16;
/** The form of a file in more pieces than are told apart: it is listed, not read. */
const SCATTERED = 'interleaved';
/** The form of a file in sectors of 2,324 bytes, whose extents count 2,048 each. */
export const FORM_2 = 'XA form 2';
/** Sectors without a record that may stand between two sections of a file. */
const MAX_BLANK = 64;
const FEW = 64;
const NONE: readonly DirectoryRecord[] = [];

/** Reads the records of entries again, thousands at a time, from windows in order of place. */
export class RecordDescriber {
  readonly #source: ByteSource;
  readonly #near: ByteSource;
  readonly #form: TreeForm;
  /** Findings were told when the directory was read. */
  readonly #unheard = new Findings();

  constructor(source: ByteSource, near: ByteSource, form: TreeForm) {
    this.#near = near;
    this.#source = source;
    this.#form = form;
  }

  async describe(records: ArrayLike<number>, signal?: AbortSignal): Promise<EntryRecord[]> {
    // For one entry shown a small window does, and is kept; for thousands large ones.
    const cache = records.length <= FEW ? this.#near : new WindowCache(this.#source);
    const continuations = new Continuations(cache, () => null);
    const order = Array.from(records, (_, index) => index).sort((a, b) => (records[a] as number) - (records[b] as number));
    const described = new Array<EntryRecord>(records.length);
    // Neighbours mostly stand in one sector: it is taken apart once.
    let sector: Block | null = null;
    let left = MAX_SECTIONS_TOGETHER;
    for (let from = 0; from < order.length;) {
      const sections: Sections[] = [];
      for (let held = 0; from + sections.length < order.length && sections.length < BATCH && held < BATCH_SECTIONS;) {
        const record = records[order[from + sections.length] as number] as number;
        const offset = this.#offsetOf(record);
        if (sector?.base !== sectorStart(offset)) sector = await this.#sector(sectorStart(offset), cache, signal);
        const first = this.#first(sector, offset, record < 0);
        const more = record >= 0 && first.flags & MULTI_EXTENT;
        const rest = more ? await this.#rest(sector, first, Math.min(left, MAX_SECTIONS), cache, signal) : NONE;
        sections.push({ block: sector, first, rest });
        held += rest.length;
        left -= rest.length;
      }
      const ridges = await readRidges(sections, this.#form, continuations, new Findings(), signal);
      for (const [place, one] of sections.entries()) described[order[from + place] as number] = this.#record(one, ridges[place] ?? null);
      from += sections.length;
    }
    return described;
  }

  /** Where the record of an entry stands; below 0 the root's, which is the first of its own directory. */
  #offsetOf(record: number): number {
    return record < 0 ? this.#form.rootLba * this.#form.blockSize : record;
  }

  /** The record at this offset of a sector. */
  #first(sector: Block, offset: number, root: boolean): DirectoryRecord {
    const first = this.#recordAt(sector, offset - sector.base);
    if (!first || (!root && isDot(first)))
      throw new ImageError('record-unreadable', 'The record of this entry cannot be read.', offset, 'ECMA-119 9.1');
    return first;
  }

  /** So many further sections of a file whose first record stands in this sector. */
  async #rest(start: Block, first: DirectoryRecord, most: number, cache: ByteSource, signal?: AbortSignal): Promise<DirectoryRecord[]> {
    const form = this.#form;
    const rest: DirectoryRecord[] = [];
    let sector = start;
    let from = first.offset - start.base + first.length;
    for (let blank = 0; blank < MAX_BLANK && rest.length < most;) {
      // The records of a sector as the scan of its directory saw them, whatever padding stands between them.
      const { records } = scanRecords(sector, from, sector.length, Infinity, form, this.#unheard);
      for (const next of records) {
        if (isDot(next)) continue;
        if (!sameIdentifier(next.name, first.name)) return rest;
        rest.push(next);
        if (!(next.flags & MULTI_EXTENT) || rest.length >= most) return rest;
      }
      blank = records.length > 0 ? 0 : blank + 1;
      const end = sector.base + sector.length;
      if (end >= this.#source.size) break;
      sector = await this.#sector(end, cache, signal);
      from = 0;
    }
    return rest;
  }

  /** The sector that begins here. */
  async #sector(offset: number, cache: ByteSource, signal?: AbortSignal): Promise<Block> {
    const length = Math.min(SECTOR, this.#source.size - offset);
    if (!(offset >= 0 && length > 0))
      throw new ImageError('record-unreadable', 'The record of this entry lies past the end of the image.', offset, 'ECMA-119 9.1');
    return new Block(await cache.read(offset, length, signal), offset);
  }

  /** The record that begins here, mended as in a scan of its directory; null where none does. */
  #recordAt(sector: Block, at: number): DirectoryRecord | null {
    if (at >= sector.length) return null;
    const [record] = scanRecords(sector, at, at + 1, Infinity, this.#form, this.#unheard).records;
    return record?.offset === sector.base + at ? record : null;
  }

  #record(sections: Sections, ridge: RockRidge | null): EntryRecord {
    const { first } = sections;
    const form = this.#form;
    const kind = kindOf(first, ridge);
    const plain = kind === 'file';
    const elsewhere = plain && isElsewhere(first, form);
    const extents = plain && !elsewhere ? fileExtents(sections, form) : [];
    const scattered = hasTooManyRuns(extents);
    const stored = plain ? storedSize(sections, form) : 0;
    const form2 = plain && !elsewhere ? form2Sectors(sections, form) : 0;
    const coded = form2 > 0 ? FORM_2 : scattered ? SCATTERED : plain && stored > 0 ? codingOf(ridge) : null;
    return new DescribedRecord(
      kind,
      form2 > 0 ? form2 * FORM_2_LENGTH : plain ? (ridge?.compression?.size ?? ridge?.sparseSize ?? stored) : 0,
      timesOf(first, ridge),
      !form.highSierra,
      elsewhere ? 'missing' : presenceOfExtents(extents, form.held),
      coded,
      ridge,
      extents,
      scattered,
    );
  }
}

/** A record read again. Runs and identity are made when asked for: an interleaved file has up to millions of runs. */
class DescribedRecord implements EntryRecord {
  readonly kind: EntryRecord['kind'];
  readonly size: number;
  readonly times: EntryRecord['times'];
  readonly zoneKnown: boolean;
  readonly presence: EntryRecord['presence'];
  readonly compression: string | null;
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly links: number | null;
  readonly target: Uint8Array | null;
  readonly device: readonly [number, number] | null;
  readonly #ridge: RockRidge | null;
  readonly #extents: readonly SectionExtent[];
  readonly #scattered: boolean;
  /** Those of a file in one piece, which nearly all are. */
  #runs: readonly Run[] | null = null;

  constructor(
    kind: EntryRecord['kind'],
    size: number,
    times: EntryRecord['times'],
    zoneKnown: boolean,
    presence: EntryRecord['presence'],
    compression: string | null,
    ridge: RockRidge | null,
    extents: readonly SectionExtent[],
    scattered: boolean,
  ) {
    this.kind = kind;
    this.size = size;
    this.times = times;
    this.zoneKnown = zoneKnown;
    this.presence = presence;
    this.compression = compression;
    this.mode = ridge?.mode ?? null;
    this.uid = ridge?.uid ?? null;
    this.gid = ridge?.gid ?? null;
    this.links = ridge?.links ?? null;
    this.target = kind === 'symlink' ? (ridge?.target ?? null) : null;
    this.device = kind === 'device' ? (ridge?.device ?? null) : null;
    this.#ridge = ridge;
    this.#extents = extents;
    this.#scattered = scattered;
  }

  get runs(): readonly Run[] {
    if (this.#runs) return this.#runs;
    const runs = this.#scattered ? [] : fileRuns(this.#extents);
    if (runs.length <= 1) this.#runs = runs;
    return runs;
  }

  get pieces(): number {
    return this.#scattered ? 0 : this.#extents.reduce((sum, { count }) => sum + count, 0);
  }

  get attributes(): Uint8Array | null {
    return this.#ridge?.attributes ?? null;
  }

  get identity(): string | null {
    return this.kind === 'file' ? identityOf(this.#extents, this.compression, this.#ridge) : null;
  }
}

/** The times that are recorded: those of the Rock Ridge entries before the record's own (RRIP 4.1.6). */
function timesOf(first: DirectoryRecord, ridge: RockRidge | null): EntryRecord['times'] {
  const times: { modified?: number; created?: number; accessed?: number; changed?: number } = {};
  const modified = ridge && !Number.isNaN(ridge.modified) ? ridge.modified : first.modified;
  if (!Number.isNaN(modified)) times.modified = modified;
  if (!ridge) return times;
  if (!Number.isNaN(ridge.created)) times.created = ridge.created;
  if (!Number.isNaN(ridge.accessed)) times.accessed = ridge.accessed;
  if (!Number.isNaN(ridge.changed)) times.changed = ridge.changed;
  return times;
}

/** Offset of the sector that an offset lies in. */
function sectorStart(offset: number): number {
  return offset - (offset % SECTOR);
}

/** The form in which the bytes are stored: zisofs by any version with zlib, another algorithm, or sparse (RRIP 4.1.7). */
function codingOf(ridge: RockRidge | null): string | null {
  if (ridge?.compression) return /^pz$/i.test(ridge.compression.algorithm) ? 'zisofs' : `zisofs2 ${ridge.compression.algorithm}`;
  return (ridge?.sparseSize ?? null) === null ? null : 'sparse';
}

/** Files of the same sections in the same form are one file, unless their serial numbers say that they are two (RRIP 4.1.1). */
function identityOf(extents: readonly SectionExtent[], coded: string | null, ridge: RockRidge | null): string | null {
  const serial = ridge?.serial ?? 0;
  if (extents.length === 0) return serial > 0 && (ridge?.links ?? 0) > 1 ? `serial:${serial}` : null;
  const places = extents.map(({ offset, length, unit, step }) => `${offset}:${length}${unit === step ? '' : `:${unit}:${step}`}`).join(',');
  return coded === null ? `${places}:${serial}` : `${places}:${serial}:${coded}:${ridge?.compression?.size ?? ridge?.sparseSize ?? 0}`;
}
