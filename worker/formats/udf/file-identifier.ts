import { Block } from '../../bytes/block.ts';
import type { Findings } from '../findings.ts';
import { isAscii, isCs0, wtf8FromCs0 } from './cs0.ts';
import { addressOf } from './space.ts';
import { isCrcRight, isTag, readTag, TAG, TAGS } from './tag.ts';

/** Bytes of a file identifier descriptor before its variable parts. */
const FIXED = 38;
const HIDDEN = 1;
const DIRECTORY = 2;
const DELETED = 4;
const PARENT = 8;

/** A file identifier descriptor that names a child (ECMA-167 4/14.4). */
export interface FileIdentifier {
  /** The bytes that hold its name as UTF-8, which is those from `nameStart` to `nameEnd`. */
  readonly names: Uint8Array;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly hidden: boolean;
  readonly directory: boolean;
  /** Address of the child's ICB; -1 where it has none. */
  readonly icb: number;
}

/** The name alone; shares memory. */
export function nameOf({ names, nameStart, nameEnd }: FileIdentifier): Uint8Array {
  return names.subarray(nameStart, nameEnd);
}

/** What of a directory's bytes was decoded. */
export interface IdentifierScan {
  readonly identifiers: FileIdentifier[];
  /** Bytes decoded: what is left begins an identifier whose end is still to come. */
  readonly used: number;
  /** False where something could not be read. */
  readonly complete: boolean;
}

/**
 * The identifiers in a directory's bytes, wherever block borders are (ECMA-167 4/14.4). `last` says
 * that no more bytes come. `placeOf` gives the absolute offset of a byte, for findings. Where one
 * cannot be read, reading goes on at the next tag that adds up.
 */
export function scanIdentifiers(
  bytes: Uint8Array,
  last: boolean,
  placeOf: (at: number) => number | null,
  findings: Findings,
): IdentifierScan {
  const block = new Block(bytes, 0);
  const identifiers: FileIdentifier[] = [];
  let complete = true;
  let at = 0;
  while (at + FIXED <= bytes.length) {
    if (!isTag(block, at, TAGS.fileIdentifier) && !isLikely(block, at, last)) {
      const next = nextIdentifier(block, at + 4);
      if (!isZero(bytes, at, Math.min(next, bytes.length))) {
        findings.add(
          'damage',
          'file-identifier',
          placeOf(at),
          'ECMA-167 4/14.4',
          `A file identifier cannot be read; ${next < bytes.length ? 'reading went on at the next one' : 'the rest of the directory is lost'}.`,
        );
        complete = false;
      }
      at = next;
      continue;
    }
    const implementation = block.u16le(at + 36);
    let end = at + FIXED + implementation + block.u8(at + 19);
    if (end > bytes.length && !last) break;
    let next = at + ((end - at + 3) & ~3);
    if (end > bytes.length || !beginsAt(block, next, last)) {
      // The lengths lie: the CRC covers the descriptor too, and may know better.
      const other = at + ((TAG + readTag(block, at).crcLength + 3) & ~3);
      if (end > bytes.length || (other > at + FIXED && other < next && beginsAt(block, other, last))) {
        findings.add(
          'damage',
          'file-identifier-length',
          placeOf(at),
          'ECMA-167 4/14.4.4',
          'The lengths in a file identifier lead past its end; its name was cut.',
        );
        complete = false;
        next = other < next ? other : nextIdentifier(block, at + 4);
        end = Math.min(end, next, bytes.length);
      }
    } else if (!isTag(block, at, TAGS.fileIdentifier))
      findings.add(
        'damage',
        'tag-checksum',
        placeOf(at),
        'ECMA-167 3/7.2.3',
        'The tag of a file identifier has a wrong checksum; its fields were used as they are.',
      );
    else if (!isCrcRight(block, at, bytes.length - at))
      findings.add(
        'damage',
        'tag-crc',
        placeOf(at),
        'ECMA-167 3/7.2.6',
        'The CRC of a file identifier disagrees with its bytes; its fields were used as they are.',
      );
    const from = Math.min(end, at + FIXED + implementation);
    const flags = block.u8(at + 18);
    if (!(flags & (DELETED | PARENT))) {
      if (!isCs0(bytes, from, end))
        findings.add(
          'warning',
          'name-compression',
          placeOf(at),
          'UDF 2.60 2.1.1',
          `A name is in no form of OSTA compressed Unicode (${bytes[from]}); its bytes were taken as Latin letters.`,
        );
      const hasIcb = (block.u32le(at + 20) & 0x3fffffff) > 0;
      // Most names are of ASCII: they stay where they stand.
      const plain = isAscii(bytes, from, end);
      const names = plain ? bytes : wtf8FromCs0(bytes, from, end);
      identifiers.push({
        names,
        nameStart: plain ? from + 1 : 0,
        nameEnd: plain ? end : names.length,
        hidden: (flags & HIDDEN) !== 0,
        directory: (flags & DIRECTORY) !== 0,
        icb: hasIcb ? addressOf(block.u32le(at + 24), block.u16le(at + 28)) : -1,
      });
    }
    at = next;
  }
  const used = Math.min(at, bytes.length);
  if (last && used < bytes.length && !isZero(bytes, used, bytes.length)) {
    findings.add('damage', 'file-identifier', placeOf(used), 'ECMA-167 4/14.4', 'A directory ends within a file identifier.');
    complete = false;
  }
  return { identifiers, used, complete };
}

/** Whether an identifier stands here whose tag does not add up: its lengths lead to the next one. */
function isLikely(block: Block, at: number, last: boolean): boolean {
  if (block.u16le(at) !== TAGS.fileIdentifier) return false;
  const next = at + ((FIXED + block.u16le(at + 36) + block.u8(at + 19) + 3) & ~3);
  return next <= block.length && (next === block.length ? last : next + TAG <= block.length && isTag(block, next, TAGS.fileIdentifier));
}

/** Whether another identifier begins here, or the bytes end. */
function beginsAt(block: Block, at: number, last: boolean): boolean {
  if (at + TAG > block.length) return !last || at >= block.length;
  return isTag(block, at, TAGS.fileIdentifier) || block.u16le(at) === 0;
}

/** Where the next tag of an identifier stands, in steps of four bytes; past the end where none does. */
function nextIdentifier(block: Block, from: number): number {
  let at = from;
  while (at + TAG <= block.length && !(block.u16le(at) === TAGS.fileIdentifier && isTag(block, at, TAGS.fileIdentifier))) at += 4;
  return at;
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}
