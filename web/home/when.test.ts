import { expect, test } from 'vitest';
import { when } from './when.ts';

const at = (text: string) => new Date(text).getTime();

test('days are counted by midnights of the local time, not by 24 hours', () => {
  const now = at('2026-11-28T00:30:00');
  expect(when(at('2026-11-28T00:10:00'), now, 'en')).toBe('today');
  expect(when(at('2026-11-27T23:50:00'), now, 'en')).toBe('yesterday');
  expect(when(at('2026-11-27T00:00:00'), now, 'en')).toBe('yesterday');
  expect(when(at('2026-11-22T12:00:00'), now, 'de')).toBe('vor 6 Tagen');
  expect(when(at('2026-11-20T12:00:00'), now, 'en')).toBe('Nov 20, 2026');
  expect(when(now + 1000, now, 'en')).toBe('today');
});
