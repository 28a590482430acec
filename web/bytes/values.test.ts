import { expect, test } from 'vitest';
import { parseHex, typedPatterns, type Form } from './patterns.ts';
import { hexOffset, parsePlace } from './places.ts';
import { readings } from './values.ts';

const read = (hex: string) =>
  Object.fromEntries(readings(Buffer.from(hex.replaceAll(' ', ''), 'hex')).map(({ label, ...rest }) => [label, rest]));

const typed = (text: string, form: Form) => typedPatterns(text, form, false).patterns.map(({ bytes }) => [...bytes]);

test('whole numbers are read in both orders, signed where that differs', () => {
  expect(read('fe ff ff ff ff ff ff ff')).toMatchObject({
    '8 bits': { little: '254, or -2' },
    '16 bits': { little: '65,534, or -2', big: '65,279, or -257' },
    '32 bits': { little: '4,294,967,294, or -2' },
    '64 bits': { little: '18,446,744,073,709,551,614, or -2' },
  });
});

test('floats are read as the processor reads them', () => {
  expect(read('00 00 c0 3f')['Float, 32']?.little).toBe('1.5');
  expect(read('3f f8 00 00 00 00 00 00')['Float, 64']?.big).toBe('1.5');
});

test('dates are read in the forms that discs hold', () => {
  expect(read('7c 09 06 05 0a 2a 08')['ISO, 7 bytes']?.little).toBe('2024-09-06 05:10:42 UTC+02:00');
  expect(read(Buffer.from('2024090605104200\0').toString('hex'))['ISO, 17 bytes']?.little).toBe('2024-09-06 05:10:42 UTC');
  expect(read('80 e9 da 66')['Unix']?.little).toBe('2024-09-06 11:37:36');
  // 2024-09-06 05:10:42 as MS-DOS writes it: time 2955h, date 5926h.
  expect(read('55 29 26 59')['DOS']?.little).toBe('2024-09-06 05:10:42');
  expect(read('00 80 3e d5 de b1 9d 01')['FILETIME']?.little).toBe('1970-01-01 00:00:00');
  expect(read('78 10 e8 07 09 06 05 0a 2a 00 00 00')['UDF']?.little).toBe('2024-09-06 05:10:42 UTC+02:00');
});

test('no date is made of what is none', () => {
  expect(read('00 00 00 00 00 00 00')['ISO, 7 bytes']).toBeUndefined();
  expect(read('7c 02 1f 05 0a 2a 08')['ISO, 7 bytes']).toBeUndefined();
  expect(read('ff ff ff ff')['DOS']).toBeUndefined();
});

test('places are typed as offsets and sectors', () => {
  const size = 10 * 2048;
  expect(parsePlace('0x800', size, 0)).toBe(2048);
  expect(parsePlace('800h', size, 0)).toBe(2048);
  expect(parsePlace('2,048', size, 0)).toBe(2048);
  expect(parsePlace('#3', size, 0)).toBe(3 * 2048);
  expect(parsePlace('+0x10', size, 5)).toBe(21);
  expect(parsePlace('-6', size, 5)).toBeNull();
  expect(parsePlace('#10', size, 0)).toBeNull();
  expect(parsePlace('ten', size, 0)).toBeNull();
  expect(hexOffset(40, 2 ** 32 + 1)).toBe('000000028');
});

test('bytes are typed as hex, text is looked for in three forms', () => {
  expect(parseHex('43 44,30 0x31')).toEqual(Uint8Array.of(0x43, 0x44, 0x30, 0x31));
  expect(parseHex('4')).toBeNull();
  expect(typed('é', 'any')).toEqual([
    [0xc3, 0xa9],
    [0xe9, 0],
    [0, 0xe9],
  ]);
});

test('text is looked for in one form where one was chosen', () => {
  expect(typed('é', 'utf-8')).toEqual([[0xc3, 0xa9]]);
  expect(typed('é', 'utf-16')).toEqual([
    [0xe9, 0],
    [0, 0xe9],
  ]);
  expect(typed('é', 'latin-1')).toEqual([[0xe9]]);
});

test('what cannot be looked for is said, nothing typed is no problem', () => {
  expect(typedPatterns('č', 'latin-1', true)).toEqual({ patterns: [], problem: 'Latin-1 has no such letters.' });
  expect(typedPatterns('4g', 'hex', true)).toEqual({ patterns: [], problem: expect.stringContaining('pairs of hex digits') });
  expect(typedPatterns('', 'hex', true)).toEqual({ patterns: [], problem: '' });
});

test('bytes typed as hex have no case, text has where asked for', () => {
  expect(typedPatterns('41', 'hex', true).patterns).toEqual([{ bytes: Uint8Array.of(0x41), anyCase: false }]);
  expect(typedPatterns('A', 'utf-8', true).patterns).toEqual([{ bytes: Uint8Array.of(0x41), anyCase: true }]);
  expect(typedPatterns('A', 'utf-8', false).patterns).toEqual([{ bytes: Uint8Array.of(0x41), anyCase: false }]);
});
