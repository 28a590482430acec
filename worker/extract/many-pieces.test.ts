import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../source/source.ts';
import { summarize } from './save.ts';
import { testDisc } from './testing.ts';

const KIB = 1024;

/** A disc of so many files of one size, over an image that need not be there. */
async function computed(count: number, size: number, format: 'zip' | 'tar'): Promise<number> {
  const image: ByteSource = {
    name: 'large.iso',
    size: count * size,
    read: () => Promise.reject(new Error('nothing is to be read')),
    stream: () => {
      throw new Error('nothing is to be read');
    },
  };
  const entries = Array.from({ length: count }, (_, at) => ({ name: `f${at}`, runs: [{ offset: at * size, length: size }] }));
  return summarize(await testDisc(entries, image).plan({ format })).computed;
}

describe.each(['zip', 'tar'] as const)('what a %s without a file to write to holds in memory', (format) => {
  it('is nothing for a few thousand large files, which are slices', async () => {
    expect(await computed(5000, 300 * KIB, format)).toBe(0);
  });

  it('is nothing to speak of for few small ones', async () => {
    expect(await computed(10_000, 4 * KIB, format)).toBe(0);
  });

  it('is the bytes of many small ones, which are packed: such a download is streamed', async () => {
    expect(await computed(30_000, 4 * KIB, format)).toBe(30_000 * 4 * KIB);
  });

  it('is all of more files than a Blob has slices for', async () => {
    expect(await computed(60_000, 256 * KIB, format)).toBe(60_000 * 256 * KIB);
    expect(await computed(25_000, 100 * KIB, format)).toBe(25_000 * 100 * KIB);
  });
});
