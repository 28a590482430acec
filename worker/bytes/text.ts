import { decoderOf } from './charset.ts';

const REPLACEMENT = [0xef, 0xbf, 0xbd] as const;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const looseUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const latin = decoderOf('windows-1252');
let shiftJis: TextDecoder | undefined;

/** Longest text that is put together here: beyond, a decoder's call costs less than its bytes. */
const SHORT = 64;

/** The text of a short name of ASCII bytes (most names), several times faster than a decoder; null for any other. */
export function asciiText(bytes: Uint8Array): string | null {
  if (bytes.length > SHORT) return null;
  let text = '';
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}

/**
 * UCS-2 (or UTF-16), big-endian, as UTF-8; an unpaired surrogate becomes its three bytes (WTF-8), so
 * that nothing recorded is lost. An odd last byte is left out.
 */
export function wtf8FromUcs2be(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length >> 1) * 3);
  let length = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    let code = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    if (code >= 0xd800 && code < 0xdc00 && at + 3 < bytes.length) {
      const low = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 2;
      }
    }
    if (code < 0x80) out[length++] = code;
    else if (code < 0x800) {
      out[length++] = 0xc0 | (code >> 6);
      out[length++] = 0x80 | (code & 63);
    } else if (code < 0x10000) {
      out[length++] = 0xe0 | (code >> 12);
      out[length++] = 0x80 | ((code >> 6) & 63);
      out[length++] = 0x80 | (code & 63);
    } else {
      out[length++] = 0xf0 | (code >> 18);
      out[length++] = 0x80 | ((code >> 12) & 63);
      out[length++] = 0x80 | ((code >> 6) & 63);
      out[length++] = 0x80 | (code & 63);
    }
  }
  return out.subarray(0, length);
}

/** Text of UTF-8 or WTF-8 bytes; each unpaired surrogate and each bad sequence becomes U+FFFD. */
export function textFromWtf8(bytes: Uint8Array): string {
  const ascii = asciiText(bytes);
  if (ascii !== null) return ascii;
  let clean = bytes;
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (bytes[at] !== 0xed || (bytes[at + 1] as number) < 0xa0) continue;
    if (clean === bytes) clean = bytes.slice();
    clean.set(REPLACEMENT, at);
    at += 2;
  }
  return looseUtf8.decode(clean);
}

/**
 * Text of an 8-bit name whose charset is not recorded: UTF-8 where valid, else Shift-JIS where the
 * bytes are valid and use its lead bytes 81-9F (control characters elsewhere), else windows-1252.
 * Conservative on purpose: a wrong Latin name can be read, a wrong Japanese one cannot.
 */
export function guessText(bytes: Uint8Array): string {
  const ascii = asciiText(bytes);
  if (ascii !== null) return ascii;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    // not UTF-8: guess on
  }
  if (bytes.some((byte) => byte >= 0x81 && byte <= 0x9f)) {
    try {
      shiftJis ??= new TextDecoder('shift_jis', { fatal: true });
      const text = shiftJis.decode(bytes);
      if (!/[\ue000-\uf8ff]/.test(text)) return text;
    } catch {
      // not Shift-JIS either
    }
  }
  return latin(bytes);
}

/** Text of a padded field of a descriptor: guessed charset, trailing spaces and NULs left out (ECMA-119 7.4). */
export function fieldText(bytes: Uint8Array): string {
  return guessText(bytes).replace(/[\0 ]+$/, '');
}

/** Text of a field that a zero ends; what is no printable ASCII is left out, and spaces at its ends. */
export function zeroEndedText(bytes: Uint8Array): string {
  const [text = ''] = String.fromCharCode(...bytes).split('\0');
  return text.replace(/[^\x20-\x7e]/g, '').trim();
}
