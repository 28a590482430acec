/**
 * Bytes in memory that remember where in the source they stand, with field readers named as the
 * standards name the forms: ECMA-119 7.2/7.3 ("both-byte orders"), ECMA-167 1/7.1 (Uint16, Uint32).
 * Reading outside throws RangeError; decoders check lengths before they read.
 */
export class Block {
  readonly bytes: Uint8Array;
  /** Absolute offset of `bytes[0]` in the image. */
  readonly base: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, base: number) {
    this.bytes = bytes;
    this.base = base;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }
  u8(at: number): number {
    return this.#view.getUint8(at);
  }
  i8(at: number): number {
    return this.#view.getInt8(at);
  }
  u16le(at: number): number {
    return this.#view.getUint16(at, true);
  }
  u16be(at: number): number {
    return this.#view.getUint16(at, false);
  }
  i16le(at: number): number {
    return this.#view.getInt16(at, true);
  }
  u32le(at: number): number {
    return this.#view.getUint32(at, true);
  }
  u32be(at: number): number {
    return this.#view.getUint32(at, false);
  }
  /** Uint64, little-endian, as a number; throws RangeError above 2^53 - 1. */
  u64le(at: number): number {
    return exact(this.#view.getBigUint64(at, true));
  }
  u64be(at: number): number {
    return exact(this.#view.getBigUint64(at, false));
  }
  /** The two halves of a both-byte orders 16-bit field (ECMA-119 7.2.3): [little, big]. */
  both16(at: number): readonly [number, number] {
    return [this.u16le(at), this.u16be(at + 2)];
  }
  /** The two halves of a both-byte orders 32-bit field (ECMA-119 7.3.3): [little, big]. */
  both32(at: number): readonly [number, number] {
    return [this.u32le(at), this.u32be(at + 4)];
  }
  /** Bytes of a part; shares memory. */
  part(at: number, length: number): Uint8Array {
    if (at < 0 || length < 0 || at + length > this.length) throw new RangeError(`part ${at}+${length} of ${this.length}`);
    return this.bytes.subarray(at, at + length);
  }
  /** A part as a Block of its own; shares memory. */
  slice(at: number, length: number): Block {
    return new Block(this.part(at, length), this.base + at);
  }
}

function exact(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('a 64-bit number above 2^53');
  return Number(value);
}
