import type { Block } from '../../bytes/block.ts';
import { wtf8FromUcs2be } from '../../bytes/text.ts';
import { heldFrom, type Held } from '../../source/source.ts';
import type { ScannedEntry } from '../volume.ts';
import { oddZone, readShortDate } from './date.ts';
import { DIRECTORY, HIDDEN, RECORD_HEADER } from './directory-record.ts';
import { identifierHash, shortEnd } from './identifiers.ts';
import { TYPE_MASK } from './rock-ridge-entries.ts';
import { ENTRY_HEADER, entriesStart, isXa, signature } from './system-use.ts';
import type { Naming, TreeForm } from './tree-form.ts';

const PX = signature('PX');
const TF = signature('TF');
const NM = signature('NM');
const RR = signature('RR');

/** Flags of TF: created, modified, accessed, attributes changed (RRIP 4.1.6). */
const CREATED = 1;
const MODIFIED = 2;
const SHORT_TIMES = 15;
const SHORT_TIME = 7;
/** How many dates those flags announce. */
const STAMPS = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4];
const REGULAR = 0o100000;
const POSIX_DIRECTORY = 0o040000;

/** Whether plain records of this tree can be told: names that need not be compared with their siblings'. */
export function hasPlainRecords(form: TreeForm): boolean {
  return !form.highSierra && (form.naming !== 'identifier' || form.skip !== null);
}

/** Bytes of a name's UTF-8, at three for each of the 127 characters that a record has room for. */
const LONGEST_NAME = 384;

/**
 * A record of which there is nothing to say, and nearly every record is one: one whole section, both
 * byte orders equal, a date that exists, of Rock Ridge only PX, TF, one NM and RR. It is decoded into
 * one object that is used again and again, and its name stays a range of bytes, for parsing is mostly
 * what it leaves behind; every other record takes the way through `record-entries.ts`. All numbers are
 * kept in fields that never change their form, so that code compiled for one disc serves the next.
 */
export class PlainRecord implements ScannedEntry {
  kind: 'file' | 'directory' = 'file';
  size = NaN;
  modified = NaN;
  offset = NaN;
  record = NaN;
  hidden = false;
  content = true;
  readonly presence = 'whole';
  readonly associated = false;
  readonly scattered = false;
  /** Bytes of the section as recorded, also of a directory. */
  length = NaN;
  /** Hash of a directory's identifier. */
  identifierHash = NaN;
  /** The bytes that hold the name, which is those from `nameStart` to `nameEnd`; the next `read` may change them. */
  names: Uint8Array = new Uint8Array(0);
  nameStart = 0;
  nameEnd = 0;
  readonly #naming: Naming;
  readonly #skip: number | null;
  readonly #blockSize: number;
  readonly #sourceSize: number;
  /** What is there of an image of which parts are missing. */
  readonly #broken: Held | null;
  readonly #bootCatalog: number;
  /** The volume's number in a set of several; null for a disc alone. */
  readonly #volume: number | null;
  readonly #converted = new Uint8Array(LONGEST_NAME);

  constructor({ naming, skip, blockSize, held, bootCatalog, volumeSetSize, volumeSequence }: TreeForm) {
    this.#naming = naming;
    this.#skip = skip;
    this.#blockSize = blockSize;
    this.#sourceSize = held.size;
    this.#broken = held.gaps ? held : null;
    this.#bootCatalog = bootCatalog;
    this.#volume = volumeSetSize > 1 ? volumeSequence : null;
  }

  get name(): Uint8Array {
    return this.names.subarray(this.nameStart, this.nameEnd);
  }

  /** Decode a record with sound lengths; false where it is not plain, and then nothing here is meant (ECMA-119 9.1). */
  read(block: Block, at: number, length: number, nameLength: number): boolean {
    const { bytes } = block;
    const flags = bytes[at + 25] as number;
    if (!ordersMirror(bytes, at + 2) || !ordersMirror(bytes, at + 10) || flags & ~(HIDDEN | DIRECTORY)) return false;
    // Attribute records, interleaving, other discs of a set (ECMA-119 9.1.2, 9.1.7, 9.1.8, 9.1.9).
    if (bytes[at + 1] !== 0 || bytes[at + 26] !== 0 || bytes[at + 27] !== 0) return false;
    if (this.#volume !== null && block.u16le(at + 28) !== this.#volume) return false;
    this.modified = readShortDate(block, at + 18, true);
    if (this.modified !== this.modified || oddZone(block.i8(at + 24))) return false;
    const directory = (flags & DIRECTORY) !== 0;
    const size = block.u32le(at + 10);
    const offset = block.u32le(at + 2) * this.#blockSize;
    if (!directory && offset + size > this.#sourceSize) return false;
    if (this.#broken && !directory && heldFrom(this.#broken, offset, size) < size) return false;
    this.kind = directory ? 'directory' : 'file';
    this.size = directory ? 0 : size;
    this.length = size;
    this.offset = directory || size > 0 ? offset : NaN;
    this.record = block.base + at;
    this.hidden = (flags & HIDDEN) !== 0;
    this.content = this.offset !== this.#bootCatalog;
    const nameStart = at + RECORD_HEADER;
    if (directory) this.identifierHash = identifierHash(bytes, nameStart, nameStart + nameLength);
    return this.#readName(block, at, nameStart + nameLength, at + length);
  }

  /** The name, from the identifier that ends at `to` or from what follows it up to `end`. */
  #readName(block: Block, at: number, to: number, end: number): boolean {
    const skip = this.#skip;
    const { bytes } = block;
    const from = at + RECORD_HEADER;
    const odd = (to - from) % 2 !== 0;
    const systemUse = Math.min(odd ? to : to + 1, end);
    if (isXa(block, systemUse, end)) return false;
    if (this.#naming === 'ucs2') return !odd && this.#convert(bytes, from, to);
    this.names = bytes;
    this.nameStart = from;
    this.nameEnd = skip === null ? to : shortEnd(bytes, from, to);
    return skip === null || this.#readRidge(block, at, entriesStart(block, systemUse, end, skip, !odd), end);
  }

  /** A Joliet name: UCS-2 as UTF-8. Most are of ASCII only. */
  #convert(bytes: Uint8Array, from: number, to: number): boolean {
    const converted = this.#converted;
    let length = 0;
    for (let at = from; at < to; at += 2) {
      const low = bytes[at + 1] as number;
      if (bytes[at] !== 0 || low >= 0x80) {
        this.#take(wtf8FromUcs2be(bytes.subarray(from, to)));
        return true;
      }
      converted[length++] = low;
    }
    this.names = converted;
    this.nameStart = 0;
    this.nameEnd = length;
    return true;
  }

  #take(name: Uint8Array): void {
    this.names = name;
    this.nameStart = 0;
    this.nameEnd = name.length;
  }

  /** The system use entries from `from` on: name, time of change, and a mode that agrees with the record (RRIP 4.1). */
  #readRidge(block: Block, record: number, from: number, end: number): boolean {
    const { bytes } = block;
    let named = false;
    for (let at = from; at + ENTRY_HEADER <= end;) {
      const code = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      if (code === 0) break; // padding
      const length = bytes[at + 2] as number;
      if (length <= ENTRY_HEADER || at + length > end) return false;
      if (code === NM) {
        if (named || length < 6 || bytes[at + 4] !== 0) return false;
        named = true;
        this.nameStart = at + 5;
        this.nameEnd = at + length;
      } else if (code === TF) {
        if (!this.#readTimes(block, record, at, length)) return false;
      } else if (code === PX) {
        if (length < 36 || (block.u32le(at + 4) & TYPE_MASK) !== (this.kind === 'directory' ? POSIX_DIRECTORY : REGULAR)) return false;
      } else if (code !== RR) return false;
      at += length;
    }
    return true;
  }

  /** Short dates only (RRIP 4.1.6). */
  #readTimes(block: Block, record: number, at: number, length: number): boolean {
    const flags = block.u8(at + 4);
    if (flags & ~SHORT_TIMES || at + 5 + SHORT_TIME * (STAMPS[flags] as number) > at + length) return false;
    const stamp = at + 5 + (flags & CREATED ? SHORT_TIME : 0);
    // Most writers put the same date here as in the record itself.
    if (!(flags & MODIFIED) || sameDate(block.bytes, stamp, record + 18)) return true;
    const modified = readShortDate(block, stamp, true);
    if (modified === modified) this.modified = modified;
    return true;
  }
}

/** Whether the big-endian half of a field in both byte orders mirrors the little-endian one (ECMA-119 7.3.3). */
function ordersMirror(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === bytes[at + 7] && bytes[at + 1] === bytes[at + 6] && bytes[at + 2] === bytes[at + 5] && bytes[at + 3] === bytes[at + 4]
  );
}

function sameDate(bytes: Uint8Array, a: number, b: number): boolean {
  for (let at = 0; at < SHORT_TIME; at++) if (bytes[a + at] !== bytes[b + at]) return false;
  return true;
}
