/**
 * Deflate (RFC 1951) of one block after another: a stream that a compressor has ended is opened again, so that the next
 * can follow. What has no sync flush (CompressionStream) can be joined so, as gzjoin of zlib's examples does.
 */

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is masked or comes from a table, and the copy has room behind it */

const LENGTH_EXTRA = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0);
const DISTANCE_EXTRA = Uint8Array.of(0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13);
/** Order in which the lengths of the code lengths' own codes stand (RFC 1951 3.2.7). */
const LENGTHS_ORDER = Uint8Array.of(16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15);
const MAX_BITS = 15;
const END_OF_BLOCK = 256;
/** Most that is added: the rest of a byte, an empty stored block. */
const ROOM = 8;
/** An empty stored block behind its three bits of header: LEN and its complement. */
const EMPTY_STORED = [0, 0, 0xff, 0xff] as const;
const MAX_STORED = 0xffff;

/** A finished stream without its end: nothing in it is marked last, it stops at a whole byte, and another may follow. */
export function opened(stream: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(stream.length + ROOM);
  bytes.set(stream);
  const { header, end } = lastBlock(bytes, stream.length * 8);
  bytes[header >> 3] = bytes[header >> 3]! & ~(1 << (header & 7));
  // Three zero bits (not last, stored) stand in what is left of the byte, or in the next.
  const at = Math.ceil((end + 3) / 8);
  bytes.set(EMPTY_STORED, at);
  return bytes.subarray(0, at + EMPTY_STORED.length);
}

/** Bytes as stored blocks, for what does not shrink; at a whole byte, the last one marked where nothing follows. */
export function storedBlocks(contents: Uint8Array, last: boolean): Uint8Array<ArrayBuffer> {
  const count = Math.ceil(contents.length / MAX_STORED);
  const bytes = new Uint8Array(contents.length + 5 * count);
  for (let block = 0, at = 0; block < count; block++) {
    const part = contents.subarray(block * MAX_STORED, (block + 1) * MAX_STORED);
    bytes[at] = last && block === count - 1 ? 1 : 0;
    new DataView(bytes.buffer).setUint32(at + 1, part.length | (~part.length << 16), true);
    bytes.set(part, at + 5);
    at += 5 + part.length;
  }
  return bytes;
}

/** Bit offsets of the last block's header and of the end. Throws RangeError where the stream is none. */
function lastBlock(bytes: Uint8Array, limit: number): { header: number; end: number } {
  const walker = new Walker(bytes, limit);
  for (;;) {
    const header = walker.at;
    const bits = walker.take(3);
    const type = bits >> 1;
    if (type === 0) walker.stored();
    else if (type === 1) walker.symbols(FIXED_LITERALS, FIXED_DISTANCES);
    else if (type === 2) walker.dynamic();
    else throw new RangeError('a deflate block of no known kind');
    if (bits & 1) return { header, end: walker.at };
  }
}

/** Codes by the bits that begin with them: symbol << 4 | bits of the code; 0 for none. */
interface Codes {
  readonly table: Uint16Array;
  readonly mask: number;
}

/** Canonical codes of these lengths (RFC 1951 3.2.2). */
function codes(lengths: Uint8Array): Codes {
  const counts = new Uint16Array(MAX_BITS + 1);
  let most = 1;
  for (const length of lengths) {
    counts[length] = counts[length]! + 1;
    if (length > most) most = length;
  }
  const next = new Uint16Array(MAX_BITS + 2);
  counts[0] = 0;
  for (let bits = 1; bits <= MAX_BITS; bits++) next[bits + 1] = (next[bits]! + counts[bits]!) << 1;
  const table = new Uint16Array(1 << most);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    const code = next[length]!;
    next[length] = code + 1;
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
  }
  return { table, mask: table.length - 1 };
}

const FIXED_LITERALS = codes(Uint8Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8)));
const FIXED_DISTANCES = codes(new Uint8Array(30).fill(5));

/** Goes over the blocks of a stream without making what they stand for. */
class Walker {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #limit: number;

  constructor(bytes: Uint8Array, limit: number) {
    this.#bytes = bytes;
    this.#limit = limit;
  }

  take(count: number): number {
    const byte = this.at >> 3;
    const bytes = this.#bytes;
    const word = bytes[byte]! | (bytes[byte + 1]! << 8) | (bytes[byte + 2]! << 16);
    const value = (word >> (this.at & 7)) & ((1 << count) - 1);
    this.at += count;
    if (this.at > this.#limit) throw new RangeError('a deflate stream without an end');
    return value;
  }

  stored(): void {
    this.at = (this.at + 7) & ~7;
    const length = this.take(16);
    this.at += 16 + length * 8;
  }

  dynamic(): void {
    const literals = this.take(5) + 257;
    const distances = this.take(5) + 1;
    const own = new Uint8Array(19);
    for (let left = this.take(4) + 4, at = 0; left > 0; left--) own[LENGTHS_ORDER[at++]!] = this.take(3);
    const { table, mask } = codes(own);
    const lengths = new Uint8Array(literals + distances);
    for (let at = 0; at < lengths.length;) {
      const entry = table[this.take(7) & mask]!;
      if (entry === 0) throw new RangeError('a deflate block with a code that is none');
      this.at -= 7 - (entry & 15);
      const symbol = entry >> 4;
      if (symbol < 16) lengths[at++] = symbol;
      else if (symbol === 16) {
        const before = lengths[at - 1] ?? 0;
        const count = 3 + this.take(2);
        lengths.fill(before, at, at + count);
        at += count;
      } else at += symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
    }
    this.symbols(codes(lengths.subarray(0, literals)), codes(lengths.subarray(literals)));
  }

  /** Over literals and matches, past the end of the block. */
  symbols(literals: Codes, distances: Codes): void {
    const bytes = this.#bytes;
    const limit = this.#limit;
    let at = this.at;
    for (;;) {
      if (at >= limit) throw new RangeError('a deflate stream without an end');
      let byte = at >> 3;
      let word = bytes[byte]! | (bytes[byte + 1]! << 8) | (bytes[byte + 2]! << 16);
      const literal = literals.table[(word >> (at & 7)) & literals.mask]!;
      if (literal === 0) throw new RangeError('a deflate block with a code that is none');
      at += literal & 15;
      const symbol = literal >> 4;
      if (symbol < END_OF_BLOCK) continue;
      if (symbol === END_OF_BLOCK) break;
      at += LENGTH_EXTRA[symbol - END_OF_BLOCK - 1]!;
      byte = at >> 3;
      word = bytes[byte]! | (bytes[byte + 1]! << 8) | (bytes[byte + 2]! << 16);
      const distance = distances.table[(word >> (at & 7)) & distances.mask]!;
      at += (distance & 15) + DISTANCE_EXTRA[distance >> 4]!;
    }
    this.at = at;
  }
}
