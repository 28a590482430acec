import { Block } from '../../bytes/block.ts';
import { ImageError } from '../../protocol/errors.ts';
import { FORM_2_LENGTH } from '../../source/raw-sector.ts';
import type { ByteSource } from '../../source/source.ts';
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
  type OpenSections,
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
    let left = MAX_SECTIONS_TOGETHER;
    for (let from = 0; from < order.length;) {
      const sections: Sections[] = [];
      for (let held = 0; from + sections.length < order.length && sections.length < BATCH && held < BATCH_SECTIONS;) {
        const record = records[order[from + sections.length] as number] as number;
        const one = await this.#sections(record, Math.min(left, MAX_SECTIONS), cache, signal);
        sections.push(one);
        held += one.rest.length;
        left -= one.rest.length;
      }
      const ridges = await readRidges(sections, this.#form, continuations, new Findings(), signal);
      for (const [place, one] of sections.entries()) described[order[from + place] as number] = this.#record(one, ridges[place] ?? null);
      from += sections.length;
    }
    return described;
  }

  /** The record at this offset with so many further sections of its file; below 0 that of the root. */
  async #sections(offset: number, most: number, cache: ByteSource, signal?: AbortSignal): Promise<Sections> {
    const form = this.#form;
    const root = offset < 0;
    let sector = await this.#sector(root ? form.rootLba * form.blockSize : offset, cache, signal);
    const first = this.#recordAt(sector, 0);
    if (!first || (!root && isDot(first)))
      throw new ImageError('record-unreadable', 'The record of this entry cannot be read.', offset, 'ECMA-119 9.1');
    const sections: OpenSections = { block: sector, first, rest: [] };
    if (root || !(first.flags & MULTI_EXTENT)) return sections;
    let from = first.length;
    for (let blank = 0; blank < MAX_BLANK && sections.rest.length < most;) {
      // The records of a sector as the scan of its directory saw them, whatever padding stands between them.
      const { records } = scanRecords(sector, from, sector.length, Infinity, form, this.#unheard);
      for (const next of records) {
        if (isDot(next)) continue;
        if (!sameIdentifier(next.name, first.name)) return sections;
        sections.rest.push(next);
        if (!(next.flags & MULTI_EXTENT) || sections.rest.length >= most) return sections;
      }
      blank = records.length > 0 ? 0 : blank + 1;
      const end = sector.base + sector.length;
      if (end >= this.#source.size) break;
      sector = await this.#sector(end, cache, signal);
      from = 0;
    }
    return sections;
  }

  /** The rest of the sector from an offset on. */
  async #sector(offset: number, cache: ByteSource, signal?: AbortSignal): Promise<Block> {
    const length = Math.min(SECTOR - (offset % SECTOR), this.#source.size - offset);
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
    const held = scattered ? [] : extents;
    const stored = plain ? storedSize(sections, form) : 0;
    const form2 = plain && !elsewhere ? form2Sectors(sections, form) : 0;
    const coded = form2 > 0 ? FORM_2 : scattered ? SCATTERED : plain && stored > 0 ? codingOf(ridge) : null;
    const recorded = (ms: number): boolean => ms === ms;
    const modified = ridge && recorded(ridge.modified) ? ridge.modified : first.modified;
    // An interleaved file has up to millions of runs: they are made when asked for, not for every entry described.
    const runs = extents.length > 1 || (extents[0]?.count ?? 0) > 1 ? null : fileRuns(held);
    return {
      kind,
      size: form2 > 0 ? form2 * FORM_2_LENGTH : plain ? (ridge?.compression?.size ?? ridge?.sparseSize ?? stored) : 0,
      mode: ridge?.mode ?? null,
      uid: ridge?.uid ?? null,
      gid: ridge?.gid ?? null,
      links: ridge?.links ?? null,
      target: kind === 'symlink' ? (ridge?.target ?? null) : null,
      device: kind === 'device' ? (ridge?.device ?? null) : null,
      times: {
        ...(recorded(modified) ? { modified } : {}),
        ...(ridge && recorded(ridge.created) ? { created: ridge.created } : {}),
        ...(ridge && recorded(ridge.accessed) ? { accessed: ridge.accessed } : {}),
        ...(ridge && recorded(ridge.changed) ? { changed: ridge.changed } : {}),
      },
      zoneKnown: !form.highSierra,
      pieces: runs?.length ?? held.reduce((sum, { count }) => sum + count, 0),
      get runs() {
        return runs ?? fileRuns(held);
      },
      presence: elsewhere ? 'missing' : presenceOfExtents(extents, form.held),
      compression: coded,
      identity: plain ? identityOf(extents, coded, ridge) : null,
    };
  }
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
