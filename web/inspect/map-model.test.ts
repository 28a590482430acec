import { expect, it } from 'vitest';
import { MAP_KINDS, NO_VIEW, type DiscMap } from '../../worker/protocol/disc-map.ts';
import { MapModel } from './map-model.ts';
import { Spiral } from './spiral.ts';

function mapOf(lengths: readonly number[], kinds: readonly number[]): DiscMap {
  const starts = new Float64Array(lengths.length + 1);
  for (const [index, length] of lengths.entries()) starts[index + 1] = starts[index]! + length;
  const extent = starts.at(-1)!;
  return {
    starts,
    kinds: Uint8Array.from(kinds),
    views: new Uint8Array(lengths.length).fill(NO_VIEW),
    owners: new Uint32Array(lengths.length),
    runs: lengths.length,
    extent,
    size: extent,
    viewIds: [],
    structureNames: [{ name: 'x', kind: 'sys' }],
  } as unknown as DiscMap;
}

const random = (seed: number) => () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;

it('the run of a byte is the one that a walk from the beginning finds', () => {
  const next = random(3);
  const lengths = Array.from({ length: 500 }, () => 1 + Math.floor(next() * 90));
  const model = new MapModel(
    mapOf(
      lengths,
      lengths.map((length) => length % MAP_KINDS.length),
    ),
  );
  for (let byte = 0; byte < model.map.extent; byte += 7) {
    const run = model.runAt(byte);
    expect(model.start(run) <= byte && byte < model.start(run) + model.length(run)).toBe(true);
  }
  expect(model.runAt(-5)).toBe(0);
  expect(model.runAt(model.map.extent * 2)).toBe(499);
});

it('a part of a stretch has the kind that has most of its bytes: by sums as by the runs themselves', () => {
  const next = random(5);
  const lengths = Array.from({ length: 60_000 }, () => 2048 * (1 + Math.floor(next() * 30)));
  const kinds = lengths.map(() => Math.floor(next() * 9));
  const model = new MapModel(mapOf(lengths, kinds));
  const { starts, extent } = model.map;
  for (const [from, to, steps] of [
    [0, extent, 500],
    [0, extent, 37],
    [extent * 0.3, extent * 0.5, 4000],
  ] as const) {
    const found = model.kindsOf(from, to, steps);
    let wrong = 0;
    for (let index = 0; index < steps; index++) {
      const [begin, end] = [from + ((to - from) / steps) * index, from + ((to - from) / steps) * (index + 1)];
      const totals = new Float64Array(MAP_KINDS.length);
      for (let run = model.runAt(begin); run < lengths.length && starts[run]! < end; run++)
        totals[kinds[run]!]! += Math.min(end, starts[run + 1]!) - Math.max(begin, starts[run]!);
      // Sums are of whole cells, a sixteenth of a part at the most: one at each edge may be its neighbour's.
      if (Math.max(...totals) - totals[found[index]!]! > (end - begin) / 8) wrong++;
    }
    expect(wrong).toBe(0);
  }
});

it('a small file is not lost beside a large one where there are few', () => {
  const model = new MapModel(mapOf([10_000_000, 2048, 10_000_000], [3, 6, 3]));
  expect([...model.kindsOf(0, model.map.extent, 100)].filter((kind) => kind === 6)).toHaveLength(1);
});

it('a place on the spiral leads back to its byte, and none beside it', () => {
  const spiral = new Spiral(336, 30, 1_000_000_000);
  for (const byte of [0, 1000, 123_456_789, 500_000_000, 999_999_000]) {
    const { x, y } = spiral.point(byte);
    expect(Math.abs(spiral.byteAt(x, y)! - byte)).toBeLessThan(20_000);
  }
  expect(spiral.byteAt(168, 168)).toBeNull();
  expect(spiral.byteAt(1, 1)).toBeNull();
});
