import { expect, test } from 'vitest';
import { dividePanes } from './panes.ts';

const all = { tree: true, details: true };
const none = { tree: null, details: null };
const widths = (...of: Parameters<typeof dividePanes>): number[] => {
  const { tree, details } = dividePanes(...of);
  return [tree.width, of[0] - tree.width - details.width, details.width];
};

test('what was chosen counts, but the list keeps its names and sizes', () => {
  expect(widths(1920, all, none)).toEqual([288, 1212, 420]);
  expect(widths(1920, all, { tree: 500, details: 300 })).toEqual([500, 1120, 300]);
  expect(widths(1000, all, { tree: 900, details: 900 })).toEqual([432, 328, 240]);
  expect(widths(900, all, none)).toEqual([256, 340, 304]);
});

test('a pane that is not shown takes no room from the other', () => {
  expect(dividePanes(1000, { tree: false, details: true }, none).details).toEqual({ width: 304, min: 240, max: 672 });
});
