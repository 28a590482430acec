import { describe, expect, it } from 'vitest';
import { CHARSETS, charsetNamed } from '../protocol/charset.ts';
import { decoderOf } from './charset.ts';

const name = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

describe('8-bit names are read in the charset that is chosen', () => {
  it.each([
    ['cp437', '84948145e1', 'äöüEß'],
    ['cp850', '84948145d5', 'äöüEı'],
    ['windows-1252', 'e4f6fc80', 'äöü€'],
    ['shift_jis', '93fa967b', '日本'],
    ['euc-jp', 'c6fccbdc', '日本'],
    ['gbk', 'd6d0b9fa', '中国'],
    ['big5', 'a4a4b0ea', '中國'],
    ['euc-kr', 'c7d1b1b9', '한국'],
    ['koi8-r', 'cdc9d2', 'мир'],
    ['ibm866', 'aca8e0', 'мир'],
    ['windows-1251', 'ece8f0', 'мир'],
    ['utf-8', 'c3a9ff', 'é\ufffd'],
  ] as const)('%s', (charset, hex, text) => {
    expect(decoderOf(charset)(name(hex))).toBe(text);
  });

  it('every charset offered has a decoder that keeps ASCII', () => {
    for (const { id } of CHARSETS) expect(decoderOf(id)(name('41622e5f31'))).toBe('Ab._1');
  });

  it('is found by its usual other names', () => {
    expect(['CP866', 'Latin-1', 'Shift JIS', 'GB2312', 'UTF8', 'nonsense'].map(charsetNamed)).toEqual([
      'ibm866',
      'windows-1252',
      'shift_jis',
      'gbk',
      'utf-8',
      null,
    ]);
  });
});
