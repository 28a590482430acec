/** Least length of a match: a token's low half counts from it (LZ4 block format: sequences). */
const MIN_MATCH = 4;
/** A half of a token of this value is followed by bytes that are added to it. */
const GOES_ON = 15;

/**
 * The first `size` bytes that one LZ4 block (LZ4 block format description) gives, of at most `most`. It may have bytes behind
 * it, as blocks that are padded have. Throws RangeError where it is damaged or gives too few.
 */
export function decodeLz4Block(stored: Uint8Array, size: number, most = size): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(most);
  let from = 0;
  let to = 0;
  const next = (): number => {
    const byte = stored[from++];
    if (byte === undefined) throw new RangeError('it ends too early');
    return byte;
  };
  const extended = (half: number): number => {
    let length = half;
    if (half === GOES_ON) {
      let byte: number;
      do length += byte = next();
      while (byte === 255);
    }
    return length;
  };
  for (;;) {
    const token = next();
    const literals = extended(token >> 4);
    if (from + literals > stored.length || to + literals > most) throw new RangeError('its literals do not fit');
    out.set(stored.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (to >= size) return out.subarray(0, size);
    const distance = next() + next() * 256;
    const length = extended(token & 15) + MIN_MATCH;
    if (distance === 0 || distance > to || to + length > most) throw new RangeError('a match lies outside');
    // What is copied may be what was just written: the run repeats itself.
    if (distance >= length) out.copyWithin(to, to - distance, to - distance + length);
    else for (let at = to; at < to + length; at++) out[at] = out[at - distance] as number;
    to += length;
  }
}
