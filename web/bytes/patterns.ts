import type { Pattern } from '../../worker/protocol/preview.ts';

/** How what is looked for stands in the bytes: `any` of UTF-8 and UTF-16 in both orders, one of them, or typed as the bytes. */
export type Form = 'any' | 'utf-8' | 'utf-16' | 'latin-1' | 'hex';

/** What to look for, any of it; nothing where nothing was typed, or where `problem` says what is wrong with it. */
export interface Typed {
  readonly patterns: readonly Pattern[];
  /** A plain sentence; empty where there is none. */
  readonly problem: string;
}

/** The bytes that a person who typed this looks for. Case is a matter of texts alone. */
export function typedPatterns(text: string, form: Form, anyCase: boolean): Typed {
  if (text === '') return { patterns: [], problem: '' };
  if (form === 'hex') {
    const bytes = parseHex(text);
    return bytes
      ? { patterns: [{ bytes, anyCase: false }], problem: '' }
      : { patterns: [], problem: 'Bytes are typed as pairs of hex digits: 43 44 30 30 31' };
  }
  const codes = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  if (form === 'latin-1' && codes.some((code) => code > 255)) return { patterns: [], problem: 'Latin-1 has no such letters.' };
  const forms = {
    'utf-8': [new TextEncoder().encode(text)],
    'utf-16': [
      Uint8Array.from(codes.flatMap((code) => [code & 255, code >> 8])),
      Uint8Array.from(codes.flatMap((code) => [code >> 8, code & 255])),
    ],
    'latin-1': [Uint8Array.from(codes)],
  };
  const found = form === 'any' ? [...forms['utf-8'], ...forms['utf-16']] : forms[form];
  return { patterns: found.map((bytes) => ({ bytes, anyCase })), problem: '' };
}

/** Bytes typed as hex, "43 44 30 30 31" or "0x4344"; null where it is not that. */
export function parseHex(text: string): Uint8Array | null {
  const digits = text.replace(/0x|[\s,]/gi, '');
  if (digits === '' || digits.length % 2 === 1 || !/^[0-9a-f]+$/i.test(digits)) return null;
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}
