import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MODE2_2056, MODE2_2336, wholeSectors } from './sector.ts';
import { rawImage, rawSector, same } from './testing.ts';
import { BytesSource } from '../../source/bytes.ts';
import { CountingSource } from '../../source/counting.ts';
import { RawSectorSource, type SectorFault, type SectorForm } from '../../source/raw-sector.ts';
import { SwappedSource } from '../../source/swapped.ts';

const PLAIN = Uint8Array.from({ length: 40 * 2048 }, (_, at) => (at * 2654435761) >>> 11);
const FORMS: readonly (readonly [string, SectorForm, 1 | 2, (sector: Uint8Array) => Uint8Array])[] = [
  ['2,352 bytes in mode 1', wholeSectors(1), 1, (sector) => sector],
  ['2,352 bytes in mode 2', wholeSectors(2), 2, (sector) => sector],
  ['2,448 bytes with subchannel', wholeSectors(1, 2448), 1, (sector) => Uint8Array.from([...sector, ...new Array<number>(96).fill(7)])],
  ['2,336 bytes', MODE2_2336, 2, (sector) => sector.subarray(16)],
  ['2,056 bytes', MODE2_2056, 2, (sector) => sector.subarray(16, 16 + 2056)],
];

async function streamed(source: RawSectorSource | SwappedSource, offset: number, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of source.stream(offset, length)) parts.push(chunk.slice());
  return new Uint8Array(Buffer.concat(parts));
}

describe.each(FORMS)('sectors of %s', (_, form, mode, cut) => {
  const stored = new BytesSource(rawImage(PLAIN, mode, cut), 'raw');

  it('give the plain bytes in any range', async () => {
    const source = new RawSectorSource(stored, form);
    expect(source.size).toBe(PLAIN.length);
    await fc.assert(
      fc.asyncProperty(fc.nat(PLAIN.length), fc.nat(PLAIN.length), async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(same(await source.read(from, to - from), PLAIN.slice(from, to))).toBe(true);
        expect(same(await streamed(source, from, to - from), PLAIN.slice(from, to))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('count from an offset, and no farther than told', async () => {
    const source = new RawSectorSource(stored, form, { offset: 3 * form.size, sectors: 5 });
    expect(same(await source.read(0, source.size), PLAIN.slice(3 * 2048, 8 * 2048))).toBe(true);
    expect(new RawSectorSource(stored, form, { offset: 3 * form.size, sectors: 500 }).sectors).toBe(37);
  });
});

describe('raw sectors', () => {
  it('are streamed in large reads', async () => {
    const counting = new CountingSource(new BytesSource(new Uint8Array(5_000 * 2352), 'raw'));
    const source = new RawSectorSource(counting, wholeSectors(1));
    expect((await streamed(source, 1, source.size - 1)).length).toBe(5_000 * 2048 - 1);
    expect(counting.reads).toBeLessThanOrEqual(6);
  });

  it('cannot be smaller than what is taken from them', () => {
    expect(() => new RawSectorSource(new BytesSource(new Uint8Array(5_000), 'raw'), wholeSectors(1, 1))).toThrow(RangeError);
  });

  it('with a broken sync pattern, another mode or of form 2 are named once, and give their contents', async () => {
    const bytes = rawImage(PLAIN, 2);
    bytes[5 * 2352 + 3] = 0;
    bytes[7 * 2352 + 15] = 9;
    bytes.set(rawSector(2, PLAIN.subarray(9 * 2048, 10 * 2048), 9, true), 9 * 2352);
    const faults: [number, SectorFault, number][] = [];
    const source = new RawSectorSource(new BytesSource(bytes, 'raw'), wholeSectors(2), { onFault: (...fault) => faults.push(fault) });
    expect(same(await source.read(0, source.size), PLAIN)).toBe(true);
    await source.read(0, source.size);
    expect(faults).toEqual([
      [5, 'sync', 5 * 2352],
      [7, 'mode', 7 * 2352],
      [9, 'form-2', 9 * 2352],
    ]);
  });

  it('of a damaged disc are named up to a bound', async () => {
    let told = 0;
    const source = new RawSectorSource(new BytesSource(new Uint8Array(3_000 * 2352), 'raw'), wholeSectors(1), { onFault: () => told++ });
    await source.read(0, source.size);
    expect(told).toBe(1_000);
  });
});

describe('samples in the other byte order', () => {
  it('change places in any range', async () => {
    const swapped = new SwappedSource(new BytesSource(PLAIN, 'plain'));
    const wanted = PLAIN.map((_, at) => PLAIN[at ^ 1] as number);
    await fc.assert(
      fc.asyncProperty(fc.nat(PLAIN.length), fc.nat(PLAIN.length), async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(same(await swapped.read(from, to - from), wanted.slice(from, to))).toBe(true);
        expect(same(await streamed(swapped, from, to - from), wanted.slice(from, to))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
