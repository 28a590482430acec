import type { Block } from '../../bytes/block.ts';

/** Bytes of a system use entry before its own fields: signature, length, version (SUSP 4.1). */
export const ENTRY_HEADER = 4;
/** Continuation areas followed for one record; Linux follows 32 since CVE-2014-9420. */
export const MAX_CONTINUATIONS = 32;
/** Bytes of one continuation area that are looked at: no writer uses more than a block. */
export const MAX_CONTINUATION_LENGTH = 32 * 1024;

/** Bytes of continuation areas that are read for one record, all of them together. */
export const MAX_CONTINUED = 64 * 1024;

/** Place of a continuation area in the image: absolute offset, bytes (SUSP 5.1). */
export interface Continuation {
  readonly offset: number;
  readonly length: number;
}

/** Two letters of a signature as a number, so that a switch need make no strings (SUSP 4.1). */
export function signature(text: string): number {
  return (text.charCodeAt(0) << 8) | text.charCodeAt(1);
}

/** Whether an entry stands here: two signature letters, a length that fits, version 1 or 2 (SUSP 4.1). */
export function isEntry(block: Block, at: number, end: number): boolean {
  if (at + ENTRY_HEADER > end) return false;
  const { bytes } = block;
  const length = bytes[at + 2] as number;
  const version = bytes[at + 3];
  return (
    letter(bytes[at] as number) &&
    letter(bytes[at + 1] as number) &&
    length >= ENTRY_HEADER &&
    at + length <= end &&
    (version === 1 || version === 2)
  );
}

function letter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39);
}

/** What the SP entry says: bytes to skip in every other record (SUSP 5.3). */
export interface SharingIndicator {
  readonly skip: number;
  /** Absolute offset of the entry. */
  readonly offset: number;
}

/** Find SP in the system use area of the root's own record: at its start, or behind what CD-XA put there (SUSP 5.3). */
export function findSharingIndicator(block: Block, from: number, to: number): SharingIndicator | null {
  for (let at = from; at + 7 <= to; at++) {
    if (block.u16be(at) === 0x5350 && block.u8(at + 2) === 7 && block.u16be(at + 4) === 0xbeef)
      return { skip: block.u8(at + 6), offset: block.base + at };
  }
  return null;
}

/** Bytes of the XA attributes that CD-XA discs put before all else (Yellow Book XA II.2.7). */
export const XA_LENGTH = 14;

/** Whether XA attributes stand here: owner, attributes, "XA" at byte 6. */
export function isXa(block: Block, at: number, end: number): boolean {
  return at + XA_LENGTH <= end && block.u16be(at + 6) === 0x5841;
}

/** XA attribute bits: Mode 2 form 2 and interleaved files hold sectors of which an image keeps 2,048 bytes. */
export const XA_FORM2 = 0x1000;
export const XA_INTERLEAVED = 0x2000;

/**
 * Where the entries of a record begin: after `skip` (SUSP 5.3), after XA attributes that no skip
 * names, or one byte earlier where the writer left the pad byte out (ECMA-119 9.1.12).
 */
export function entriesStart(block: Block, from: number, to: number, skip: number, padded: boolean): number {
  const start = Math.min(from + skip, to);
  if (start === to || isEntry(block, start, to)) return start;
  if (isXa(block, start, to)) return start + XA_LENGTH;
  return padded && isEntry(block, start - 1, to) ? start - 1 : start;
}
