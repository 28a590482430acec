import type { Block } from '../../bytes/block.ts';
import { concat } from '../../bytes/concat.ts';
import { readLongDate, readShortDate } from './date.ts';
import { signature, type Continuation } from './system-use.ts';

/** Bytes of a link target that are kept, and of a name; file systems end at 4096 and 255. */
const MAX_TEXT = 4096;
const MAX_NAME = 1024;
const USUAL_NAME = 255;
/** Extensions of one record that are kept; discs name one or two. */
const MAX_EXTENSIONS = 16;

/** File type bits of a POSIX mode (RRIP 4.1.1). */
export const TYPE_MASK = 0o170000;

/** Compression parameters of a file (zisofs: ZF version 1; zisofs2: ZF or Z2 version 2). */
export interface CompressionEntry {
  readonly algorithm: string;
  readonly size: number;
  /** Stored bytes without which no file of this size can be: header and block pointers. */
  readonly least: number;
}

/** What was wrong with the entries of one record. */
export interface Problem {
  readonly severity: 'warning' | 'damage';
  readonly code: string;
  readonly at: number;
  readonly spec: string;
  readonly detail: string;
}

/** What the system use entries of one record say, put together (RRIP 4.1). Mutable while being read. */
export interface RockRidge {
  /** Entries of Rock Ridge that were understood. */
  count: number;
  mode: number | null;
  links: number | null;
  uid: number | null;
  gid: number | null;
  serial: number | null;
  name: Uint8Array | null;
  target: Uint8Array | null;
  device: readonly [number, number] | null;
  created: number;
  modified: number;
  accessed: number;
  changed: number;
  /** Block of the directory that belongs in this place (RRIP 4.1.5.1). */
  childLink: number | null;
  parentLink: number | null;
  relocated: boolean;
  compression: CompressionEntry | null;
  /** Size of a sparse file with its holes (RRIP 4.1.7); null where it is not sparse. */
  sparseSize: number | null;
  /** Bytes of extended attributes and ACLs, put together (AAIP 2.0); null without. */
  attributes: Uint8Array | null;
  /** Extensions named by ER entries (SUSP 5.5). */
  extensions: readonly string[];
  /** A continuation area that the caller has to read first. */
  needs: Continuation | null;
  /** Code and place of what was wrong, the first thing only. */
  problem: Problem | null;
}

const NONE: readonly string[] = [];
const NO_BYTES = new Uint8Array(0);

/** The text that NM and SL entries add up to, and what else outlives one entry. */
export class RidgeState {
  readonly result: RockRidge = {
    count: 0,
    mode: null,
    links: null,
    uid: null,
    gid: null,
    serial: null,
    name: null,
    target: null,
    device: null,
    created: NaN,
    modified: NaN,
    accessed: NaN,
    changed: NaN,
    childLink: null,
    parentLink: null,
    relocated: false,
    compression: null,
    sparseSize: null,
    attributes: null,
    extensions: NONE,
    needs: null,
    problem: null,
  };
  names: Uint8Array | null = null;
  nameOpen = true;
  target: number[] | null = null;
  slash = false;

  fail(code: string, at: number, spec: string, detail: string, severity: Problem['severity'] = 'damage'): void {
    this.result.problem ??= { severity, code, at, spec, detail };
  }

  addName(bytes: Uint8Array, at: number): void {
    if (!this.names) this.names = bytes;
    else if (this.names.length + bytes.length > MAX_NAME)
      this.fail('name-length', at, 'RRIP 4.1.4', `A name of more than ${MAX_NAME} bytes was cut.`);
    else if (bytes.length > 0) {
      if (this.names.length + bytes.length > USUAL_NAME)
        this.fail('name-length', at, 'RRIP 4.1.4', `A name has more than ${USUAL_NAME} bytes; most systems cannot hold it.`, 'warning');
      const joined = new Uint8Array(this.names.length + bytes.length);
      joined.set(this.names);
      joined.set(bytes, this.names.length);
      this.names = joined;
    }
  }

  finish(): RockRidge {
    if (this.names && this.names.length > 0) this.result.name = this.names;
    if (this.target) this.result.target = Uint8Array.from(this.target);
    return this.result;
  }
}

/** Reads one entry of so many bytes into the state. */
export type Reader = (block: Block, at: number, length: number, state: RidgeState) => boolean;

/** POSIX attributes: 36 bytes in RRIP 1.09, 44 with the serial number in 1.12 (RRIP 4.1.1). */
const readPosix: Reader = (block, at, length, { result }) => {
  if (length < 36) return false;
  result.mode = block.u32le(at + 4);
  result.links = block.u32le(at + 12);
  result.uid = block.u32le(at + 20);
  result.gid = block.u32le(at + 28);
  if (length >= 44) result.serial = block.u32le(at + 36);
  return true;
};

/** Device numbers: high and low 32 bits of dev_t; where high is 0 the low one holds both, eight bits each (RRIP 4.1.2). */
const readDevice: Reader = (block, at, length, { result }) => {
  if (length < 20) return false;
  const high = block.u32le(at + 4);
  const low = block.u32le(at + 12);
  result.device = high === 0 ? [low >>> 8, low & 0xff] : [high, low];
  return true;
};

const LINK_CONTINUES = 1;
const LINK_CURRENT = 2;
const LINK_PARENT = 4;
const LINK_ROOT = 8;

/** Components of a symbolic link's target; a component may go on in the next one or the next entry (RRIP 4.1.3). */
const readLink: Reader = (block, at, length, state) => {
  if (length < 5) return false;
  state.target ??= [];
  const target = state.target;
  const end = at + length;
  let part = at + 5;
  while (part + 2 <= end) {
    const flags = block.u8(part);
    let size = block.u8(part + 1);
    if (part + 2 + size > end) {
      // genisoimage 1.1.11 lets the length of an SL entry wrap at 256 (corpus: gen-rr-genisoimage /links/long).
      state.fail(
        'link-length',
        block.base + part,
        'RRIP 4.1.3.1',
        'A part of a link target runs past its entry; what is inside was kept.',
        'warning',
      );
      size = end - part - 2;
    }
    if (target.length + size > MAX_TEXT) {
      state.fail('link-length', block.base + part, 'RRIP 4.1.3', `A link target of more than ${MAX_TEXT} bytes was cut.`);
      break;
    }
    if (state.slash) target.push(0x2f);
    state.slash = (flags & LINK_CONTINUES) === 0;
    if (flags & LINK_ROOT) {
      target.push(0x2f);
      state.slash = false;
    } else if (flags & LINK_PARENT) target.push(0x2e, 0x2e);
    else if (flags & LINK_CURRENT) target.push(0x2e);
    else target.push(...block.part(part + 2, size));
    part += 2 + size;
  }
  return true;
};

const NAME_CONTINUES = 1;
const NAME_DOTS = 2 | 4;

/** A name, or a part of one. CURRENT and PARENT name no file: the ISO identifier is kept (RRIP 4.1.4). */
const readName: Reader = (block, at, length, state) => {
  if (length < 5) return false;
  const flags = block.u8(at + 4);
  if (flags & NAME_DOTS || !state.nameOpen) return true;
  state.addName(block.part(at + 5, length - 5), block.base + at);
  state.nameOpen = (flags & NAME_CONTINUES) !== 0;
  return true;
};

const LONG_FORM = 128;

/** Times: created, modified, accessed, attributes changed, backup, expiration, effective; any subset, 7 or 17 bytes each (RRIP 4.1.6). */
const readTimes: Reader = (block, at, length, { result }) => {
  if (length < 5) return false;
  const flags = block.u8(at + 4);
  const size = flags & LONG_FORM ? 17 : 7;
  let stamp = at + 5;
  for (let index = 0; index < 4; index++) {
    if (!(flags & (1 << index))) continue;
    if (stamp + size > at + length) return false;
    const time = size === 17 ? readLongDate(block, stamp, true) : readShortDate(block, stamp, true);
    if (index === 0) result.created = time;
    else if (index === 1) result.modified = time;
    else if (index === 2) result.accessed = time;
    else result.changed = time;
    stamp += size;
  }
  return true;
};

/** zisofs, version 1: "pz" and both orders of 32 bits; zisofs2: a 64-bit size and one of five algorithms (zisofs2 ZF, Z2). */
const readCompression: Reader = (block, at, length, { result }) => {
  if (length < 16) return false;
  const algorithm = String.fromCharCode(block.u8(at + 4), block.u8(at + 5));
  const first = block.u8(at + 3) === 1;
  const size = first ? block.u32le(at + 8) : block.u32le(at + 8) + block.u32le(at + 12) * 2 ** 32;
  if (!Number.isSafeInteger(size)) return false;
  const least = block.u8(at + 6) * 4 + (Math.ceil(size / 2 ** (block.u8(at + 7) & 31)) + 1) * (first ? 4 : 8);
  result.compression = { algorithm, size, least };
  return true;
};

/** A sparse file's size: 64 bits in two both-byte orders halves (1.12), or 32 bits (1.09) (RRIP 4.1.7). */
const readSparse: Reader = (block, at, length, { result }) => {
  if (length < 12) return false;
  const size = length >= 21 ? block.u32le(at + 4) * 2 ** 32 + block.u32le(at + 12) : block.u32le(at + 4);
  if (Number.isSafeInteger(size)) result.sparseSize = size;
  return true;
};

const readChildLink: Reader = (block, at, length, { result }) => {
  if (length < 12) return false;
  result.childLink = block.u32le(at + 4);
  return true;
};

const readParentLink: Reader = (block, at, length, { result }) => {
  if (length < 12) return false;
  result.parentLink = block.u32le(at + 4);
  return true;
};

/** Names of the extensions in use: RRIP_1991A, IEEE_P1282, IEEE_1282, AAIP_... (SUSP 5.5). */
const readExtension: Reader = (block, at, length, { result }) => {
  if (length < 8 || 8 + block.u8(at + 4) > length) return false;
  if (result.extensions.length < MAX_EXTENSIONS)
    result.extensions = [...result.extensions, String.fromCharCode(...block.part(at + 8, block.u8(at + 4)))];
  return true;
};

/** Extended attributes and ACLs; they go on in the next entry. What is past the bound is left out (AAIP 2.0). */
const readAttributes: Reader = (block, at, length, { result }) => {
  if (length < 5) return false;
  const before = result.attributes ?? NO_BYTES;
  if (before.length + length > MAX_TEXT) return true;
  result.attributes = concat([before, block.part(at + 5, length - 5)]);
  return true;
};

/** Counts what makes a record one of Rock Ridge's own. */
const counted =
  (reader: Reader): Reader =>
  (block, at, length, state) => {
    if (!reader(block, at, length, state)) return false;
    state.result.count++;
    return true;
  };

/** How each entry is read, by signature; false where it is too short for its kind (RRIP 4.1, SUSP 5). */
export const READERS = new Map<number, Reader>([
  [signature('PX'), counted(readPosix)],
  [signature('PN'), counted(readDevice)],
  [signature('SL'), counted(readLink)],
  [signature('NM'), counted(readName)],
  [signature('TF'), counted(readTimes)],
  [signature('CL'), counted(readChildLink)],
  [signature('PL'), counted(readParentLink)],
  [signature('RE'), counted((_block, _at, _length, { result }) => (result.relocated = true))],
  [signature('SF'), counted(readSparse)],
  [signature('RR'), counted(() => true)],
  [signature('ZF'), readCompression],
  [signature('Z2'), readCompression],
  [signature('AL'), readAttributes],
  [signature('AA'), () => true],
  [signature('ER'), readExtension],
]);
