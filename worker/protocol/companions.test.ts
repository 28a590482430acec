import { expect, it } from 'vitest';
import { groupFiles } from './companions.ts';

it.each([
  ['a sheet and its only file', ['a.bin', 'A.CUE'], [[1, 0]]],
  ['a sheet and a file for each track', ['Game (Track 2).bin', 'Game.cue', 'Game (Track 1).bin', 'other.iso'], [[1, 0, 2], [3]]],
  ['a sheet that names its tracks otherwise', ['disc.cue', 'one.bin', 'two.wav'], [[0, 1, 2]]],
  [
    'two sheets',
    ['a.cue', 'b.cue', 'b.bin', 'a.bin'],
    [
      [0, 3],
      [1, 2],
    ],
  ],
  [
    'sheets of which one’s name begins the other’s',
    ['a.cue', 'a 2.cue', 'a 2.bin', 'a.bin'],
    [
      [0, 3],
      [1, 2],
    ],
  ],
  ['CloneCD', ['x.img', 'x.sub', 'x.ccd', 'x.cue', 'y.img'], [[2, 0, 1, 3], [4]]],
  ['Alcohol', ['x.mdf', 'x.mds'], [[1, 0]]],
  ['parts in any order', ['d.iso.002', 'd.iso.010', 'd.iso.001', 'e.001'], [[2, 0, 1], [3]]],
  ['images that have nothing to do with each other', ['a.iso', 'b.iso', 'c.nrg'], [[0], [1], [2]]],
  ['nothing', [], []],
])('files chosen together are grouped: %s', (_, names, groups) => {
  expect(groupFiles(names)).toEqual(groups);
});

it('many files are grouped at once', () => {
  const names = Array.from({ length: 3_000 }, (_, index) => `part.${String(index).padStart(4, '0')}`);
  expect(groupFiles(names)).toHaveLength(1);
});
