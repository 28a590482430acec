import { afterEach, beforeEach, expect, test } from 'vitest';
import { count, day, exactSize, longTime, modeText, shortTime, size, timeLeft, useLocale } from './figures.ts';
import { units } from './units.svelte.ts';

beforeEach(() => useLocale('en-US'));
afterEach(() => {
  useLocale();
  Object.assign(units, { decimal: false, iso: false });
});

/** Languages put spaces of several kinds beside figures. */
const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, ' ');

test('sizes are binary, with the digits of the look', () => {
  expect(size(11)).toBe('11 B');
  expect(size(4_553_104_718)).toBe('4.24 GiB');
  expect(size(1024 * 1024 - 1)).toBe('1.0 MiB');
  expect(exactSize(1)).toBe('1 byte');
  expect(exactSize(2048)).toBe('2.0 KiB, 2,048 bytes');
});

test('times are in UTC', () => {
  expect(plain(shortTime(1725599442000))).toBe('09/06/2024, 05:10 AM');
  expect(plain(longTime(1725599442000))).toBe('Sep 6, 2024, 05:10:42 AM UTC');
  expect([shortTime(NaN), longTime(Infinity), day(NaN)]).toEqual(['', '', '']);
});

test('dates are ISO 8601 where that was chosen', () => {
  units.iso = true;
  expect(shortTime(1725599442000)).toBe('2024-09-06 05:10');
  expect(day(1725599442000)).toBe('2024-09-06');
  expect(longTime(1725599442000)).toBe('2024-09-06 05:10:42 UTC');
});

test('figures are written as the language has them', () => {
  useLocale('de-DE');
  expect([count(2698104), size(4_553_104_718), shortTime(1725599442000), day(1725599442000)]).toEqual([
    '2.698.104',
    '4,24 GiB',
    '06.09.2024, 05:10',
    '6. September 2024',
  ]);
  useLocale('fr-FR');
  expect(plain(count(2698104))).toBe('2 698 104');
});

test('sizes count by thousands where that was chosen', () => {
  units.decimal = true;
  expect([size(999), size(1000), size(4_700_000_000), size(999_960), exactSize(1000)]).toEqual([
    '999 B',
    '1.0 kB',
    '4.70 GB',
    '1.0 MB',
    '1.0 kB, 1,000 bytes',
  ]);
});

test('modes are written as ls writes them', () => {
  expect(modeText(0o100755)).toBe('-rwxr-xr-x');
  expect(modeText(0o041777)).toBe('drwxrwxrwt');
  expect(modeText(0o104644)).toBe('-rwSr--r--');
});

test('the time left is rounded', () => {
  expect(timeLeft(0.2)).toBe('1 s left');
  expect(timeLeft(300)).toBe('5 min left');
});
