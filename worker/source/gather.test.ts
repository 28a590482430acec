import { describe, expect, it } from 'vitest';
import { CountingSource } from './counting.ts';
import { Gather } from './gather.ts';
import type { ByteSource } from './source.ts';

const SIZE = 12 * 1024 * 1024 + 77;
const BYTES = new Uint8Array(new Uint32Array(Math.ceil(SIZE / 4)).map((_, at) => Math.imul(at, 2654435761)).buffer, 0, SIZE);

/** A source that streams in chunks of these sizes in turn, always in the same buffer. */
function choppy(sizes: readonly number[]): ByteSource {
  return {
    name: 'choppy',
    size: SIZE,
    read: async (offset, length) => BYTES.slice(offset, offset + length),
    async *stream(offset, length) {
      const buffer = new Uint8Array(Math.max(...sizes));
      for (let done = 0, turn = 0; done < length; turn++) {
        const size = Math.min(sizes[turn % sizes.length] as number, length - done);
        buffer.fill(0xee);
        buffer.set(BYTES.subarray(offset + done, offset + done + size));
        yield buffer.subarray(0, size);
        done += size;
      }
    },
  };
}

/** Places in no order: some lie on others, some at the end of the source, some outside. */
function places(count: number, most: number): { offsets: number[]; lengths: number[] } {
  let state = 1;
  const next = (below: number): number => (state = (Math.imul(state, 48271) >>> 0) % 2147483647) % below;
  const offsets = Array.from({ length: count }, () => next(SIZE + 5000));
  return { offsets: [...offsets, offsets[0] as number, SIZE - 1], lengths: [...offsets.map(() => next(most)), 9, 100] };
}

describe('scattered places', () => {
  it.each([
    ['whole chunks', [2048 * 100], 2048],
    ['odd chunks', [65_536, 1, 4097, 300_000], 2048],
    ['chunks smaller than what is wanted', [10_000, 333], 30_000],
  ])('that lie densely come from one stream, each with its bytes: %s', async (_, sizes, most) => {
    const source = new CountingSource(choppy(sizes));
    const { offsets, lengths } = places(1500, most);
    const taken = new Map<number, Uint8Array>();
    await new Gather(source).visit(offsets, lengths, (index, window, at, length) => taken.set(index, window.bytes.slice(at, at + length)));
    for (const [index, offset] of offsets.entries()) {
      const length = Math.max(0, Math.min(lengths[index] as number, SIZE - offset));
      const wanted = BYTES.subarray(offset, offset + length);
      if (Buffer.compare(taken.get(index) ?? new Uint8Array(0), wanted) !== 0) throw new Error(`place ${index} has other bytes`);
    }
    expect(source.reads).toBe(1);
  });

  it('that lie far apart come from windows', async () => {
    const source = new CountingSource(choppy([65_536]));
    const taken: number[] = [];
    await new Gather(source).visit([12_000_000, 5, 6_000_000], 16, (index, window, at) => {
      taken.push(index);
      expect(window.base + at).toBe([12_000_000, 5, 6_000_000][index]);
    });
    expect(taken).toEqual([1, 2, 0]);
    expect(source.reads).toBe(3);
  });
});
