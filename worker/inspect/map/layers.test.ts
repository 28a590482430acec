import { describe, expect, it } from 'vitest';
import { NO_VIEW } from '../../protocol/disc-map.ts';
import { BytesSource } from '../../source/bytes.ts';
import { ascending } from './ascending.ts';
import { fill } from './fill.ts';
import { GapReader } from './gaps.ts';
import { overlay } from './overlay.ts';
import { Pace } from './pace.ts';
import { Spans } from './spans.ts';
import { StructureNames } from './structure-names.ts';
import { sweep } from './sweep.ts';

const pace = new Pace();

/** Numbers that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function spansOf(list: readonly (readonly [start: number, end: number, view: number, owner: number])[]): Spans {
  const spans = new Spans();
  for (const [start, end, view, owner] of list) spans.add(start, end, 3, view, owner);
  return spans;
}

function listed({ count, start, end, view, owner }: Spans): number[][] {
  return Array.from({ length: count }, (_, index) => [start[index]!, end[index]!, view[index]!, owner[index]!]);
}

describe('the order of places', () => {
  it('is that of a sort, and keeps equal ones as they stood, up to 2^53', async () => {
    const next = numbers(7);
    for (const most of [10, 70_000, 2 ** 33, 2 ** 52]) {
      const values = Float64Array.from({ length: 3000 }, () => next(most));
      const expected = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
      expect([...(await ascending(values, values.length, pace))]).toEqual(expected);
    }
  });
});

describe('layers', () => {
  it('give every byte to the one that begins first, and on to whoever reaches further: as painted byte by byte', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = numbers(seed);
      const claims = Array.from({ length: 1 + next(12) }, (_, owner) => {
        const start = next(90);
        return [start, start + 1 + next(20), next(2), owner] as const;
      });
      const painted = new Int32Array(120).fill(-1);
      for (const [start, end, , owner] of [...claims].sort((a, b) => a[0] - b[0] || a[3] - b[3]))
        for (let at = start; at < end; at++) if (painted[at] === -1) painted[at] = owner;
      const { spans } = await sweep(spansOf(claims), pace);
      const found = new Int32Array(120).fill(-1);
      let last = 0;
      for (const [start, end, , owner] of listed(spans)) {
        expect(start).toBeGreaterThanOrEqual(last);
        found.fill(owner!, start, end);
        last = end!;
      }
      expect([...found]).toEqual([...painted]);
    }
  });

  it('lie over each other: the upper one keeps its bytes, and what it hides is told', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = numbers(seed);
      const layer = async (view: number): Promise<Spans> => {
        const claims = Array.from({ length: next(8) }, (_, owner) => {
          const start = next(90);
          return [start, start + 1 + next(20), view, owner] as const;
        });
        return (await sweep(spansOf(claims), pace)).spans;
      };
      const [upper, lower] = [await layer(1), await layer(2)];
      const painted = new Int32Array(120).fill(-1);
      for (const spans of [lower, upper])
        for (const [start, end, view, owner] of listed(spans)) painted.fill(view! * 100 + owner!, start, end);
      let hidden = 0;
      const joined = await overlay(upper, lower, pace, (_upper, _lower, from, to) => (hidden += to - from));
      const found = new Int32Array(120).fill(-1);
      let last = 0;
      for (const [start, end, view, owner] of listed(joined)) {
        expect(start).toBeGreaterThanOrEqual(last);
        found.fill(view! * 100 + owner!, start, end);
        last = end!;
      }
      expect([...found]).toEqual([...painted]);
      const bytes = ({ count, start, end }: Spans): number => {
        let sum = 0;
        for (let index = 0; index < count; index++) sum += end[index]! - start[index]!;
        return sum;
      };
      expect(bytes(joined)).toBe(bytes(upper) + bytes(lower) - hidden);
    }
  });

  it('are filled up to the end without a break, whatever the places are at which gaps change their name', async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const next = numbers(seed);
      const sectors = 1 + next(60);
      const size = sectors * 2048 - next(2048);
      const bytes = new Uint8Array(size);
      for (let index = 0; index < next(4); index++) bytes[next(size)] = 1;
      const claims = Array.from({ length: next(10) }, (_, owner) => {
        const start = next(sectors * 2048);
        return [start, start + 1 + next(9000), 0, owner] as const;
      });
      const { spans } = await sweep(spansOf(claims), pace);
      const extent = size + next(3) * 5000;
      const absent = next(2) === 0 ? [] : [{ offset: next(size), length: next(5000) }];
      const bounds = {
        size,
        extent,
        promised: size + next(6000),
        volumeEnd: next(size),
        contentsEnd: next(size),
        sessionStart: next(size),
        absent,
      };
      const names = new StructureNames();
      const filled = await fill(spans, bounds, new GapReader(new BytesSource(bytes, 'x')), names, pace);
      let at = 0;
      for (const [start, end, view, owner] of listed(filled.spans)) {
        expect(start).toBe(at);
        expect(end).toBeGreaterThan(at);
        if (view === NO_VIEW) {
          const name = names.list[owner!]!.name;
          const part = bytes.subarray(start, Math.min(end!, size));
          if (name.endsWith(', zeros')) expect(part.every((byte) => byte === 0)).toBe(true);
          if (name.endsWith(', not zeros')) expect(part.some((byte) => byte !== 0)).toBe(true);
          if (start! >= size) expect(names.list[owner!]!.kind).toBe('miss');
        }
        at = end!;
      }
      expect(at).toBe(extent);
    }
  });
});

describe('two owners of one extent', () => {
  const swept = async (...claims: (readonly [number, number, number, number])[]) => {
    const { shared, disagreements, overlapCount, overlaps, lonely } = await sweep(spansOf(claims), pace);
    return { shared: shared.extents, disagreements, overlapCount, hows: overlaps.map(({ how }) => how), lonely: [...lonely.keys()] };
  };

  it('are one file with two names where they are the same extent of one tree', async () => {
    expect(await swept([10, 20, 0, 1], [10, 20, 0, 2])).toMatchObject({ shared: 1, overlapCount: 0, lonely: [0] });
  });

  it('are one file in two trees where the trees are two', async () => {
    expect(await swept([10, 20, 0, 1], [10, 20, 1, 7])).toMatchObject({ shared: 0, overlapCount: 0, disagreements: 0, lonely: [] });
  });

  it('of two trees that begin together and end apart disagree', async () => {
    expect(await swept([10, 20, 0, 1], [10, 24, 1, 7])).toMatchObject({ overlapCount: 0, disagreements: 1 });
  });

  it('overlap where their ranges cross, or one is inside the other', async () => {
    expect(await swept([10, 20, 0, 1], [15, 25, 0, 2])).toMatchObject({ overlapCount: 1, hows: ['partial'] });
    expect(await swept([10, 20, 0, 1], [12, 14, 0, 2])).toMatchObject({ overlapCount: 1, hows: ['inside'] });
    expect(await swept([10, 20, 0, 1], [10, 14, 0, 2])).toMatchObject({ overlapCount: 1, hows: ['inside'] });
  });

  it('that are pieces of one file are no overlap', async () => {
    expect(await swept([10, 20, 0, 1], [15, 25, 0, 1])).toMatchObject({ overlapCount: 0 });
  });
});
