import { expect, test } from 'vitest';
import { rowTop, rowsInView, scaleOf, scrollFor } from './window.ts';

test('a list that a browser can scroll is not scaled', () => {
  expect(scaleOf(100_000, 28, 600)).toEqual({ height: 2_800_000, factor: 1 });
});

test('the last row of a list that is too high is reached at the end of the scroll', () => {
  const { height, factor } = scaleOf(2_000_000, 28, 600);
  const end = height - 600;
  const { to } = rowsInView(end * factor, 600, 28, 2_000_000);
  expect(to).toBe(2_000_000);
  expect(rowTop(1_999_999, 28, end, factor) + 28).toBeCloseTo(height, 3);
});

test('only the rows in view and a few beyond are rendered', () => {
  const { from, to } = rowsInView(28_000, 560, 28, 100_000);
  expect(from).toBe(992);
  expect(to).toBe(1029);
});

test('a row in view needs no scroll', () => {
  expect(scrollFor(5, 0, 600, 28)).toBeNull();
  expect(scrollFor(0, 100, 600, 28)).toBe(0);
  expect(scrollFor(30, 0, 600, 28)).toBe(268);
});
