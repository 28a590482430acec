import { expect, test } from 'vitest';
import { exactSize, longTime, modeText, shortTime, size, timeLeft } from './figures.ts';

test('sizes are binary, with the digits of the look', () => {
  expect(size(11)).toBe('11 B');
  expect(size(4_553_104_718)).toBe('4.24 GiB');
  expect(size(1024 * 1024 - 1)).toBe('1.0 MiB');
  expect(exactSize(1)).toBe('1 byte');
  expect(exactSize(2048)).toBe('2.0 KiB, 2,048 bytes');
});

test('times are in UTC', () => {
  expect(shortTime(1725599442000)).toBe('2024-09-06 05:10');
  expect(longTime(1725599442000)).toBe('6 September 2024, 05:10:42 UTC');
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
