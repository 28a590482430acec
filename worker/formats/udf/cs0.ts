import { textFromWtf8, wtf8FromUcs2be } from '../../bytes/text.ts';

const NONE = new Uint8Array(0);

/**
 * OSTA compressed Unicode as UTF-8, unpaired surrogates as WTF-8: the first byte says how many bits a
 * character has (UDF 2.60 2.1.1). 254 and 255 stand in deleted identifiers; any other is taken for 8.
 */
export function wtf8FromCs0(bytes: Uint8Array, from = 0, to = bytes.length): Uint8Array {
  if (to <= from) return NONE;
  const compression = bytes[from];
  const characters = bytes.subarray(from + 1, to);
  if (compression === 16 || compression === 255) return wtf8FromUcs2be(characters);
  return utf8FromLatin1(characters);
}

/** Whether what stands behind the compression identifier is the name in UTF-8 as it is: ASCII, a byte for each character. */
export function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  if (to <= from || bytes[from] !== 8) return false;
  for (let at = from + 1; at < to; at++) if ((bytes[at] as number) >= 0x80) return false;
  return true;
}

/** Whether the compression identifier is one that exists (UDF 2.60 2.1.1). */
export function isCs0(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
  const compression = bytes[from];
  if (to <= from || compression === 8 || compression === 254) return true;
  return (compression === 16 || compression === 255) && (to - from) % 2 === 1;
}

/** Text of a dstring: CS0 in a field whose last byte is the length (ECMA-167 1/7.2.12). */
export function textOfDstring(field: Uint8Array): string {
  const length = Math.min(field[field.length - 1] ?? 0, field.length - 1);
  return textFromWtf8(wtf8FromCs0(field.subarray(0, length))).replace(/[\0 ]+$/, '');
}

function utf8FromLatin1(bytes: Uint8Array): Uint8Array {
  let high = 0;
  for (const byte of bytes) if (byte >= 0x80) high++;
  if (high === 0) return bytes;
  const out = new Uint8Array(bytes.length + high);
  let at = 0;
  for (const byte of bytes) {
    if (byte < 0x80) out[at++] = byte;
    else {
      out[at++] = 0xc0 | (byte >> 6);
      out[at++] = 0x80 | (byte & 63);
    }
  }
  return out;
}
