import { expect, test } from 'vitest';
import { nameParts, plainName, shorten } from './names.ts';

const perCharacter = (text: string) => [...text].length;

test('a control character and a direction override are shown as chips', () => {
  expect(nameParts('a\u0000b\u202etxt.exe')).toEqual([
    { text: 'a', chip: false },
    { text: '␀', chip: true },
    { text: 'b', chip: false },
    { text: '⟨RLO⟩', chip: true },
    { text: 'txt.exe', chip: false },
  ]);
  expect(plainName('x\u200b')).toBe('x⟨ZWSP⟩');
});

test('a lone surrogate is a chip, a pair is not', () => {
  expect(plainName('\ud800')).toBe('⟨D800⟩');
  expect(nameParts('😀.txt')).toHaveLength(1);
});

test('a long name keeps its end', () => {
  expect(shorten('minimal.enhanced-secureboot.squashfs', 24, perCharacter)).toBe('minimal.enhanc….squashfs');
  expect(shorten('short.txt', 24, perCharacter)).toBe('short.txt');
});

test('a name is never shortened to nothing', () => {
  expect(shorten('abcdefghijklmnop', 2, perCharacter)).toBe('a…ijklmnop');
});
