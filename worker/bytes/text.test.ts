import { describe, expect, it } from 'vitest';
import { guessText, textFromWtf8, wtf8FromUcs2be } from './text.ts';

const ucs2 = (...codes: number[]): Uint8Array => Uint8Array.from(codes.flatMap((code) => [code >> 8, code & 255]));

describe('UCS-2 as WTF-8', () => {
  it('is UTF-8 for all text, surrogate pairs too', () => {
    expect(textFromWtf8(wtf8FromUcs2be(ucs2(0x41, 0xe4, 0x65e5, 0xd83d, 0xde00)))).toBe('Aä日😀');
  });

  it('keeps unpaired surrogates as bytes of their own, and shows each as one U+FFFD', () => {
    const bytes = wtf8FromUcs2be(ucs2(0xd83d, 0x41, 0xde00));
    expect([...bytes]).toEqual([0xed, 0xa0, 0xbd, 0x41, 0xed, 0xb8, 0x80]);
    expect(textFromWtf8(bytes)).toBe('\ufffdA\ufffd');
  });

  it('leaves an odd last byte out', () => expect(wtf8FromUcs2be(Uint8Array.of(0, 0x41, 0)).length).toBe(1));
});

describe('8-bit text of no recorded charset', () => {
  it('is UTF-8 where valid, Shift-JIS by its lead bytes, else windows-1252', () => {
    expect(guessText(Uint8Array.of(0xc3, 0xa9))).toBe('é');
    expect(guessText(Uint8Array.of(0x93, 0xfa, 0x96, 0x7b))).toBe('日本');
    expect(guessText(Uint8Array.of(0xe9, 0x74, 0xe9))).toBe('été');
    expect(guessText(Uint8Array.of(0xff, 0x00))).toBe('ÿ\0');
  });
});
