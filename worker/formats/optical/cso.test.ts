import { readFileSync } from 'node:fs';
import { deflateRawSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLz4Block } from '../../codec/lz4.ts';
import { ImageError, SourceError } from '../../protocol/errors.ts';
import { openMedium } from './index.ts';
import { plainImage, type Medium } from './medium.ts';
import { allOf, named, same } from './testing.ts';

const FIXTURES = new URL('../../../fixtures/', import.meta.url);
const unpacked = (path: string): Uint8Array => gunzipSync(readFileSync(new URL(`${path}.gz`, FIXTURES)));
const image = unpacked('zisofs.img');
const written = ['one.cso', 'large-blocks.cso', 'two.cso', 'one.zso'] as const;

/** A file of version 1 with the given stored blocks, aligned to 2^shift bytes. */
function csoOf(bytes: Uint8Array, blockSize: number, shift: number): Uint8Array {
  const count = Math.ceil(bytes.length / blockSize);
  const unit = 2 ** shift;
  const parts: Uint8Array[] = [];
  const index: number[] = [];
  let at = Math.ceil((24 + (count + 1) * 4) / unit) * unit;
  for (let block = 0; block < count; block++) {
    const contents = bytes.subarray(block * blockSize, (block + 1) * blockSize);
    const small = new Uint8Array(deflateRawSync(contents));
    const stored = small.length < contents.length ? small : contents;
    index.push(at / unit + (stored === small ? 0 : 2 ** 31));
    const padded = new Uint8Array(Math.ceil(stored.length / unit) * unit).fill(0xa5);
    padded.set(stored);
    parts.push(padded);
    at += padded.length;
  }
  index.push(at / unit);
  const file = new Uint8Array(at);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode('CISO'));
  view.setBigUint64(8, BigInt(bytes.length), true);
  view.setUint32(16, blockSize, true);
  file[20] = 1;
  file[21] = shift;
  for (const [block, entry] of index.entries()) view.setUint32(24 + block * 4, entry, true);
  let to = at - parts.reduce((sum, { length }) => sum + length, 0);
  for (const part of parts) {
    file.set(part, to);
    to += part.length;
  }
  return file;
}

describe('a compressed image', () => {
  it.each(written)('as maxcso writes it holds the image, to the byte (%s)', async (name) => {
    const medium = await openMedium([named(name, unpacked(`wrapped/${name}`))]);
    expect(medium).toMatchObject({ kind: 'wrapped', missing: [] });
    expect(medium.findings.list).toEqual([]);
    expect(same(await allOf(medium.data), image)).toBe(true);
    expect(plainImage(medium)).toMatchObject({ name: `${name.split('.')[0]}.iso`, size: image.length });
  });

  it('of any block size and alignment gives any range of it', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 9000 });
    const runs = fc.array(fc.tuple(bytes, fc.nat({ max: 40 })), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        runs,
        fc.constantFrom(512, 2048, 4096),
        fc.nat({ max: 11 }),
        fc.nat(),
        fc.nat(),
        async (parts, size, shift, from, to) => {
          const contents = Buffer.concat(parts.flatMap(([part, times]) => [part, Buffer.alloc(times * 100)]));
          const { data } = await openMedium([named('a.cso', csoOf(contents, size, shift))]);
          expect(same(await allOf(data), contents)).toBe(true);
          const [first = 0, last = 0] = [from, to].map((at) => at % (contents.length + 1)).sort((a, b) => a - b);
          expect(same(await data.read(first, last - first), contents.subarray(first, last))).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each(written)('that is cut off gives what is there, and says so (%s)', async (name) => {
    const file = unpacked(`wrapped/${name}`);
    for (const part of [0.5, 0.9]) {
      const medium = await openMedium([named(name, file.subarray(0, Math.floor(file.length * part)))]);
      expect(medium.data.size).toBeLessThan(image.length);
      expect(medium.findings.list).toEqual([expect.objectContaining({ code: 'wrapped-cut', severity: 'damage' })]);
      expect(same(await allOf(medium.data), image.subarray(0, medium.data.size))).toBe(true);
    }
  });

  it.each(written)('with any bytes changed reads, or fails with where and why (%s)', async (name) => {
    const file = unpacked(`wrapped/${name}`);
    const changes = fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const bytes = file.slice();
        for (const [at, value] of changed) bytes[at] = value;
        const medium = await openMedium([named(name, bytes)]).catch((error: unknown) => error);
        if (medium instanceof ImageError) return; // what tells where an image begins is damaged itself
        const { data } = medium as Medium;
        // What the header claims need not be: a sector here and there shows whether reading is bounded.
        for (let at = 0; at < Math.min(data.size - 1, 1 << 20); at += 4096) {
          const error = await data.read(at, 1).then(
            () => null,
            (reason: unknown) => reason,
          );
          if (error !== null) expect(error instanceof ImageError || error instanceof SourceError).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('fails the reads that need a damaged block, and no others', async () => {
    const file = csoOf(image, 2048, 0);
    const view = new DataView(file.buffer);
    const index = Array.from({ length: image.length / 2048 }, (_, block) => view.getUint32(24 + block * 4, true));
    const packed = index.findIndex((entry, block) => block > 20 && entry < 2 ** 31);
    file.fill(0xff, index[packed], (index[packed] as number) + 8);
    const { data } = await openMedium([named('a.cso', file)]);
    await expect(data.read(packed * 2048, 10)).rejects.toMatchObject({ name: 'ImageError', code: 'cso', at: packed * 2048 });
    expect(same(await data.read(0, packed * 2048), image.subarray(0, packed * 2048))).toBe(true);
    expect(same(await data.read((packed + 1) * 2048, 2048), image.subarray((packed + 1) * 2048, (packed + 2) * 2048))).toBe(true);
  });
});

describe('an LZ4 block', () => {
  it.each([
    ['ends early', [0x50, 1, 2]],
    ['copies from before its beginning', [0x10, 1, 2, 0]],
    ['copies from nowhere', [0x10, 1, 0, 0]],
    ['gives more than there is room for', [0x1f, 1, 1, 0, 255, 255, 0]],
    ['has a length without an end', [0xff, 255, 255]],
  ])('that %s is refused', (_what, bytes) => {
    expect(() => decodeLz4Block(Uint8Array.from(bytes), 64)).toThrow(RangeError);
  });
});
