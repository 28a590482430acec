/** Bytes to look for, prepared once for many places (Horspool). */
export interface Needle {
  readonly bytes: Uint8Array;
  /** What a byte is compared as: itself, or a Latin capital as its small letter. */
  readonly fold: Uint8Array;
  /** How far the pattern may move when this byte stands under its end. */
  readonly skip: Uint16Array;
}

/** Prepare bytes to be looked for; `anyCase`: Latin letters match in either case. At most 65,535 bytes. */
export function needleOf(bytes: Uint8Array, anyCase = false): Needle {
  const fold = Uint8Array.from({ length: 256 }, (_, byte) => (anyCase && byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));
  const folded = bytes.map((byte) => fold[byte] as number);
  const last = folded.length - 1;
  const skip = new Uint16Array(256).fill(folded.length);
  for (let byte = 0; byte < 256; byte++) {
    const at = folded.lastIndexOf(fold[byte] as number, last - 1);
    if (at >= 0 && last > 0) skip[byte] = last - at;
  }
  return { bytes: folded, fold, skip };
}

/** The first place that begins at `from` or later, before `limit`, and lies in the bytes whole; -1. */
export function firstOf(bytes: Uint8Array, { bytes: wanted, fold, skip }: Needle, limit: number, from = 0): number {
  const last = wanted.length - 1;
  for (let at = from; at < limit && at + last < bytes.length; at += skip[bytes[at + last] as number] as number) {
    let place = last;
    while (place >= 0 && fold[bytes[at + place] as number] === wanted[place]) place--;
    if (place < 0) return at;
  }
  return -1;
}

/** The last place that begins before `limit`; -1. */
export function lastOf(bytes: Uint8Array, { bytes: wanted, fold }: Needle, limit: number): number {
  for (let at = Math.min(limit - 1, bytes.length - wanted.length); at >= 0; at--) {
    let place = 0;
    while (place < wanted.length && fold[bytes[at + place] as number] === wanted[place]) place++;
    if (place === wanted.length) return at;
  }
  return -1;
}
