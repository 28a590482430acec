import { analyse } from 'chardet';
import { charsetNamed } from '../protocol/charset.ts';
import type { TextCharset } from '../protocol/preview.ts';

/** Bytes at the start of a file by which it is taken for text, and its charset guessed. */
export const SAMPLE = 64 * 1024;

/** Control characters that stand in texts: tab, line ends, form feed, escape (terminal colours), and DOS's end of file. */
const IN_TEXTS = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1a, 0x1b]);
/** Other control characters in a thousand that a text in an 8-bit charset may have. */
const ODD_PER_MILLE = 2;

/** Bytes of the mark that says the charset at the start of a text; 0 where none stands there. */
export function markLength(bytes: Uint8Array, charset: TextCharset): number {
  if (charset === 'utf-8') return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  if (charset === 'utf-16le') return bytes[0] === 0xff && bytes[1] === 0xfe ? 2 : 0;
  if (charset === 'utf-16be') return bytes[0] === 0xfe && bytes[1] === 0xff ? 2 : 0;
  return 0;
}

/**
 * The charset of a text by its beginning: by its mark, else UTF-8 where it is that without a fault, else
 * UTF-16 by its zeros, else a guess by the frequency of letters. Null where it is no text.
 */
export function guessText(bytes: Uint8Array, whole: boolean): TextCharset | null {
  if (bytes.length === 0) return 'utf-8';
  for (const charset of ['utf-8', 'utf-16le', 'utf-16be'] as const) if (markLength(bytes, charset) > 0) return charset;
  const odd = oddControls(bytes);
  if (odd === 0 && isUtf8(bytes, whole)) return 'utf-8';
  const wide = wideCharset(bytes);
  if (wide) return wide;
  if (odd * 1000 > bytes.length * ODD_PER_MILLE || bytes.includes(0)) return null;
  if (isUtf8(bytes, whole)) return 'utf-8';
  for (const { name, confidence } of analyse(bytes)) {
    const known = charsetNamed(name);
    if (known && known !== 'utf-8' && confidence >= 20) return known;
  }
  return 'windows-1252';
}

function oddControls(bytes: Uint8Array): number {
  let odd = 0;
  for (const byte of bytes) if ((byte < 0x20 && !IN_TEXTS.has(byte)) || byte === 0x7f) odd++;
  return odd;
}

/** A character may be cut at the end of a sample: `stream` waits for its rest. */
function isUtf8(bytes: Uint8Array, whole: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
    return true;
  } catch {
    return false;
  }
}

/** UTF-16 without a mark: every other byte of Latin text is zero, and nothing else is. */
function wideCharset(bytes: Uint8Array): TextCharset | null {
  const length = bytes.length & ~1;
  if (length < 8) return null;
  const zeros = [0, 0];
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeros[at & 1] = (zeros[at & 1] as number) + 1;
  const [even, odd] = zeros as [number, number];
  const many = length / 2 / 3;
  if (odd > many && even < length / 200 && isWide(bytes, length, true)) return 'utf-16le';
  if (even > many && odd < length / 200 && isWide(bytes, length, false)) return 'utf-16be';
  return null;
}

function isWide(bytes: Uint8Array, length: number, little: boolean): boolean {
  const units = new DataView(bytes.buffer, bytes.byteOffset, length);
  for (let at = 0; at < length; at += 2) {
    const unit = units.getUint16(at, little);
    if (unit < 0x20 && !IN_TEXTS.has(unit)) return false;
  }
  return true;
}
