import { expect, test } from 'vitest';
import { Selection } from './selection.svelte.ts';

function listOf(count: number): Selection {
  const selection = new Selection();
  selection.replace(Uint32Array.from({ length: count }, (_, index) => index + 10));
  return selection;
}

test('a selection that a slip has changed comes back', () => {
  const selection = listOf(6);
  selection.move(1, 'only');
  selection.toggle(3);
  selection.toggle(5);
  selection.move(0, 'only');
  expect([...selection.ids()]).toEqual([10]);
  selection.undo();
  expect([...selection.ids()]).toEqual([11, 13, 15]);
  selection.undo();
  expect([...selection.ids()]).toEqual([11, 13]);
});

test('an extension by many keys is one step, and going from row to row is none', () => {
  const selection = listOf(100);
  for (let index = 0; index < 5; index++) selection.move(index, 'only');
  expect(selection.canUndo).toBe(false);
  for (let index = 5; index < 50; index++) selection.move(index, 'extend');
  expect(selection.count).toBe(46);
  selection.undo();
  expect([...selection.ids()]).toEqual([14]);
  expect(selection.canUndo).toBe(false);
});

test('what is no longer in the list does not come back, and another directory has nothing to undo', () => {
  const selection = listOf(4);
  selection.all();
  selection.clear();
  selection.replace(Uint32Array.of(11, 99));
  selection.undo();
  expect([...selection.ids()]).toEqual([11]);
  selection.all();
  selection.reset();
  expect([selection.canUndo, selection.count]).toEqual([false, 0]);
});

test('all the others are selected at once', () => {
  const selection = listOf(4);
  selection.move(2, 'only');
  selection.invert();
  expect([...selection.ids()]).toEqual([10, 11, 13]);
});

test('what is kept for it stays small in lists of a million', () => {
  const selection = listOf(1_000_000);
  for (let times = 0; times < 6; times++) {
    selection.all();
    selection.clear();
  }
  let steps = 0;
  for (; selection.canUndo; steps++) selection.undo();
  expect(steps).toBeLessThan(8);
});
