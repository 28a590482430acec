import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ImageError } from '../../protocol/errors.ts';
import { SECTOR, TestDisc, type Layout, type Node } from './testing/build.ts';
import { readDisc } from './testing/tree.ts';

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at & 255);
const SPLIT = [SECTOR, 2 * SECTOR, 100];
const TREE: readonly Node[] = [
  { name: 'inline', contents: bytes(300) },
  { name: 'chain', contents: bytes(3 * SECTOR + 100), stored: 'chain', split: SPLIT },
  { name: 'dir', children: [{ name: 'sub', children: [{ name: 'deep', contents: bytes(10) }] }] },
  { name: 'link', link: Uint8Array.of(5, 2, 0, 0, 8, 65) },
  { name: 'many', children: Array.from({ length: 60 }, (_, index): Node => ({ name: `number ${index} of them`, contents: bytes(index) })) },
];
const LAYOUTS: readonly Layout[] = ['plain', 'virtual', 'sparable', 'metadata'];
const WHOLE = new Map(LAYOUTS.map((layout) => [layout, new TestDisc(TREE, layout)]));

/** Offsets of all descriptors of a disc: what is worth breaking. */
function descriptorsOf(image: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 0; at + 16 <= image.length; at += 4) {
    let sum = 0;
    for (let index = 0; index < 16; index++) if (index !== 4) sum += image[at + index] ?? 0;
    if (image[at] !== 0 && image[at + 2] === 2 && (image[at + 5] ?? 1) === 0 && (sum & 255) === image[at + 4]) found.push(at);
  }
  return found;
}

const PLACES = new Map(LAYOUTS.map((layout) => [layout, descriptorsOf((WHOLE.get(layout) as TestDisc).bytes)]));
const VALUES = [0, 1, 0x7f, 0x80, 0xff];

it('a descriptor with any bytes in it, summed up again, gives findings or an ImageError, within a budget of reads', async () => {
  const mutation = fc.record({
    which: fc.nat(),
    at: fc.nat({ max: 511 }),
    value: fc.oneof(fc.constantFrom(...VALUES), fc.nat({ max: 255 })),
    width: fc.constantFrom(1, 2, 4, 8),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...LAYOUTS),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (layout, mutations, cut) => {
        const disc = new TestDisc([], 'plain');
        const whole = WHOLE.get(layout) as TestDisc;
        const places = PLACES.get(layout) as number[];
        disc.bytes = whole.bytes.slice();
        for (const { which, at, value, width } of mutations) {
          const place = places[which % places.length] as number;
          disc.bytes.fill(value, place + 16 + at, place + 16 + at + width);
          disc.seal(place);
        }
        if (cut) disc.bytes = disc.bytes.slice(0, Math.floor(disc.bytes.length * 0.6));
        try {
          const read = await readDisc(disc.bytes, 10_000);
          expect(read.source.reads).toBeLessThan(400);
          expect(read.source.bytes).toBeLessThan(200_000_000);
          for (const entry of read.sink.entries.slice(1)) {
            if (!entry) continue;
            expect(Number.isSafeInteger(entry.size) && Number.isSafeInteger(entry.record)).toBe(true);
            try {
              const [record] = await read.volume.describe([entry.record]);
              if (record?.kind === 'file') expect(read.volume.open(record, 'x').size).toBe(record.size);
            } catch (error) {
              expect(error).toBeInstanceOf(ImageError);
            }
          }
        } catch (error) {
          if (!(error instanceof ImageError)) throw error;
        }
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
