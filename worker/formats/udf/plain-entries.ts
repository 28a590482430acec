import type { Block } from '../../bytes/block.ts';
import type { ScannedEntry } from '../volume.ts';
import { FILE_TYPES, formOf, icbAt, STRATEGY_4096 } from './file-entry.ts';
import { blockOf, partitionOf, type Space } from './space.ts';
import { isSound } from './tag.ts';
import { readTimestamp } from './timestamp.ts';

/** Forms of allocation descriptors, and those of one extent each (ECMA-167 4/14.6.8, 4/14.14). */
const SHORT = 0;
const LONG = 1;
const INLINE = 3;
const SHORT_LENGTH = 8;
const LONG_LENGTH = 16;
const TAKEN = 1;
const BARRED = 2;

/**
 * File entries of which there is nothing to say, and nearly every one is such: a file whose sums are right,
 * without streams, of one extent that the image holds or with its contents inside. They are decoded into
 * columns, for parsing is mostly what it leaves behind; all others take the way through `file-entry.ts`.
 */
export class PlainEntries {
  readonly #space: Space;
  /** Per place: 0 for nothing yet, or one of these two. */
  readonly #state: Uint8Array;
  readonly #size: Float64Array;
  readonly #modified: Float64Array;
  readonly #offset: Float64Array;

  constructor(count: number, space: Space) {
    this.#space = space;
    this.#state = new Uint8Array(count);
    this.#size = new Float64Array(count);
    this.#modified = new Float64Array(count);
    this.#offset = new Float64Array(count);
  }

  /** Whether this place holds one. */
  has(slot: number): boolean {
    return this.#state[slot] === TAKEN;
  }

  /** Take none into this place: its identifier says that it is a directory, and that is to be compared. */
  bar(slot: number): void {
    this.#state[slot] = BARRED;
  }

  /** Put what is known of one into an entry. */
  fill(slot: number, entry: PlainEntry): void {
    entry.size = this.#size[slot] as number;
    entry.modified = this.#modified[slot] as number;
    entry.offset = this.#offset[slot] as number;
  }

  /** Decode the file entry of an ICB into a place; false where it is not plain (ECMA-167 4/14.9, 4/14.17). */
  take(slot: number, block: Block, at: number, limit: number, address: number): boolean {
    if (this.#state[slot] === BARRED || !isSound(block, at, limit, blockOf(address))) return false;
    const type = block.u8(at + 27);
    if ((type !== FILE_TYPES.bytes && type !== FILE_TYPES.unspecified) || block.u16le(at + 20) === STRATEGY_4096) return false;
    const form = formOf(block, at);
    if (form.streams >= 0 && icbAt(block, at + form.streams) >= 0) return false;
    const attributes = block.u32le(at + form.lengths);
    const descriptors = block.u32le(at + form.lengths + 4);
    const claimed = block.u32le(at + 56);
    if (block.u32le(at + 60) !== 0 || form.end + attributes + descriptors > limit) return false;
    const offset = this.#place(block, at + form.end + attributes, descriptors, claimed, block.u16le(at + 34) & 7, partitionOf(address));
    if (offset < 0) return false;
    this.#state[slot] = TAKEN;
    this.#size[slot] = claimed;
    this.#modified[slot] = readTimestamp(block, at + form.modified);
    this.#offset[slot] = offset;
    return true;
  }

  /** Where the contents stand, by descriptors of so many bytes at `at`: NaN for none, -1 where that takes more to tell. */
  #place(block: Block, at: number, length: number, claimed: number, form: number, own: number): number {
    if (form === INLINE) return length < claimed ? -1 : claimed > 0 ? block.base + at : NaN;
    if (claimed === 0) return length === 0 ? NaN : -1;
    if (length !== (form === SHORT ? SHORT_LENGTH : form === LONG ? LONG_LENGTH : -1)) return -1;
    // The two top bits say what the extent is: none of them, that it is recorded.
    const bytes = block.u32le(at);
    if (bytes < claimed || bytes >= 2 ** 30) return -1;
    const { partitions, held } = this.#space;
    const span = partitions[form === SHORT ? own : block.u16le(at + 8)]?.span(block.u32le(at + 4));
    return span && span.length >= claimed && !held.gaps && span.offset + claimed <= held.size ? span.offset : -1;
  }
}

/** A plain entry on its way into the catalog: one object that is used again and again. */
export class PlainEntry implements ScannedEntry {
  size = NaN;
  modified = NaN;
  offset = NaN;
  record = NaN;
  hidden = false;
  readonly name = new Uint8Array(0);
  readonly kind = 'file';
  readonly presence = 'whole';
  readonly associated = false;
  readonly scattered = false;
  readonly content = true;
}
