import { expect, test } from 'vitest';
import { match } from './match.ts';

const marked = (label: string, query: string): string | undefined =>
  match(label, query)
    ?.parts.map(({ text, hit }) => (hit ? `[${text}]` : text))
    .join('');

test('every word has to be there, in any order, without case and accents', () => {
  expect(marked('Save as a TAR', 'tar save')).toBe('[Save] as a [TAR]');
  expect(marked('Français – déjà vu', 'deja')).toBe('Français – [déjà] vu');
  expect(marked('Save as a TAR', 'zip')).toBeUndefined();
  expect(marked('日本語', '本')).toBe('日[本]語');
});

test('places stay the same where folding makes a text longer', () => {
  expect(marked('İstanbul 😀 boot', 'boot')).toBe('İstanbul 😀 [boot]');
});

test('the beginning counts more than the beginning of a word, and that more than its inside', () => {
  const ranks = ['boot', 'the boot', 'reboot'].map((label) => match(label, 'boot')?.rank);
  expect(ranks).toEqual([0, 1, 2]);
  expect(marked('reboot boot', 'boot')).toBe('reboot [boot]');
});

test('an empty query fits all and marks nothing', () => {
  expect(match('Save', ' ')).toEqual({ rank: 0, parts: [{ text: 'Save', hit: false }] });
});
