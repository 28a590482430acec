import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { constants, crc32 as zlibCrc, deflateRawSync, gunzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32, crc32Joined } from './crc32.ts';
import { deflated, deflatedBlock, REACH, type Level } from './deflate.ts';
import { opened, storedBlocks } from './deflate-open.ts';

const noise = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65_536)));
  return bytes;
};
const text = (length: number): Uint8Array =>
  new TextEncoder()
    .encode(Array.from({ length: length / 8 + 1 }, (_, at) => ((at * 7919) % 4096).toString(16).padStart(7, ' ')).join(' '))
    .subarray(0, length);
/** Few values in short repeats with changes between them, as instructions have. */
const program = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => ((at % 7) * 37 + ((at * at) >> 9) * (at % 3 === 0 ? 11 : 1)) & (at % 5 === 0 ? 0xff : 0x3f));
const beginning = (file: string, length: number): Uint8Array => {
  const [bytes, descriptor] = [new Uint8Array(length), openSync(file, 'r')];
  readSync(descriptor, bytes, 0, length, 0);
  closeSync(descriptor);
  return bytes;
};
const KINDS: readonly (readonly [string, Uint8Array])[] = [
  ['one byte', Uint8Array.of(7)],
  ['zeros', new Uint8Array(300_000)],
  ['text', text(400_000)],
  ['noise', noise(200_000)],
  ['both', Uint8Array.from([...text(70_000), ...noise(70_000), ...new Uint8Array(70_000)])],
];

describe('a deflate stream opened again', () => {
  const settings = [0, 1, 6, 9].flatMap((level) =>
    [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY].map((strategy) => ({ level, strategy })),
  );

  it.each(KINDS)('stands before another, and both are read (%s)', (_, bytes) => {
    for (const options of settings) {
      const first = opened(deflateRawSync(bytes, options));
      const whole = Buffer.concat([first, first, deflateRawSync(Buffer.from('end'))]);
      expect(Buffer.compare(inflateRawSync(whole), Buffer.concat([bytes, bytes, Buffer.from('end')]))).toBe(0);
    }
  });

  it('is refused where it is none, or is cut', () => {
    const stream = deflateRawSync(text(10_000));
    expect(() => opened(Uint8Array.of(7))).toThrow(RangeError);
    for (const length of [0, 1, 100, stream.length - 1]) expect(() => opened(stream.subarray(0, length))).toThrow(RangeError);
  });
});

describe('blocks one after another', () => {
  it.each([
    ['fast', true],
    ['fast', false],
    ['small', true],
  ] as const)('are one stream that zlib reads (%s, CompressionStream: %s), the same at every run', async (level: Level, native) => {
    const contents = KINDS.map(([, bytes]) => bytes);
    const make = async (): Promise<Buffer> => {
      const parts: Uint8Array[] = [];
      for (const [at, bytes] of contents.entries()) {
        const before = contents[at - 1]?.slice(-REACH) ?? null;
        parts.push(await deflatedBlock(bytes, level, before, at === contents.length - 1, native));
      }
      return Buffer.concat(parts);
    };
    const stream = await make();
    expect(Buffer.compare(inflateRawSync(stream), Buffer.concat(contents))).toBe(0);
    expect(Buffer.compare(stream, await make())).toBe(0);
    for (const bytes of contents) expect(Buffer.compare(inflateRawSync(await deflated(bytes, level, native)), bytes)).toBe(0);
  });

  it('may be stored ones', () => {
    const bytes = noise(200_000);
    expect(
      Buffer.compare(inflateRawSync(Buffer.concat([storedBlocks(bytes, false), storedBlocks(bytes, true)])), Buffer.concat([bytes, bytes])),
    ).toBe(0);
  });

  it('of small are smaller than of fast', async () => {
    const bytes = new Uint8Array(readFileSync('docs/formats.md'));
    expect((await deflated(bytes, 'small')).length).toBeLessThan((await deflated(bytes, 'fast')).length);
  });

  it('of both kinds are one stream', async () => {
    const [first, second, third] = [text(100_000), program(9_000), text(50_000)];
    const stream = Buffer.concat([
      await deflatedBlock(first, 'small', null, false),
      await deflatedBlock(second, 'fast', null, false),
      await deflatedBlock(third, 'small', Uint8Array.from([...first, ...second]).slice(-REACH), true),
    ]);
    expect(Buffer.compare(inflateRawSync(stream), Buffer.concat([first, second, third]))).toBe(0);
  });
});

describe('small is never larger than fast', () => {
  const files = (folder: string, ending: string): (readonly [string, Uint8Array])[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => [name, new Uint8Array(readFileSync(join(folder, name)).subarray(0, 300_000))]);
  const made = [0, 1, 2, 255, 256, 257, 1000, 5000, 32_768, 65_537].flatMap((length) => [
    [`text of ${length}`, text(length)] as const,
    [`program of ${length}`, program(length)] as const,
    [`noise of ${length}`, noise(length)] as const,
    [`zeros of ${length}`, new Uint8Array(length)] as const,
  ]);

  it.each([
    ['our sources', [...files('worker/extract', '.ts'), ...files('worker/formats/udf', '.ts')]],
    ['documents', files('docs', '.md')],
    ['images', files('fixtures', '.gz').map(([name, bytes]) => [name, new Uint8Array(gunzipSync(bytes)).subarray(0, 200_000)] as const)],
    ['a program', [['node', new Uint8Array(beginning(process.execPath, 1_000_000))] as const]],
    ['made bytes', made],
  ])(
    'of %s, whole and as blocks',
    async (_, corpus) => {
      expect(corpus.length).toBeGreaterThan(0);
      for (const [name, bytes] of corpus) {
        for (const native of [true, false]) {
          const whole = (await deflated(bytes, 'small', native)).length;
          expect(whole, name).toBeLessThanOrEqual((await deflated(bytes, 'fast', native)).length);
          const block = (await deflatedBlock(bytes, 'small', bytes.slice(-REACH), false, native)).length;
          expect(block, name).toBeLessThanOrEqual((await deflatedBlock(bytes, 'fast', null, false, native)).length);
        }
      }
    },
    60_000,
  );
});

it('the CRC of two parts is that of the whole, without reading them', () => {
  const bytes = noise(300_000);
  for (const cut of [0, 1, 2, 255, 65_536, 299_999, 300_000]) {
    const [first, second] = [bytes.subarray(0, cut), bytes.subarray(cut)];
    expect(crc32Joined(crc32(first), crc32(second), second.length)).toBe(zlibCrc(bytes));
  }
  // 8 GiB of zeros behind one byte, by halves: the sum of a whole is that of its parts in any order of joining.
  const half = zlibCrc(Buffer.alloc(2 ** 20));
  let [sum, length] = [half, 2 ** 20];
  for (; length < 2 ** 33; length *= 2) sum = crc32Joined(sum, sum, length);
  expect(crc32Joined(crc32Joined(crc32(Uint8Array.of(1)), sum, length), half, 2 ** 20)).toBe(
    crc32Joined(crc32(Uint8Array.of(1)), crc32Joined(sum, half, 2 ** 20), length + 2 ** 20),
  );
});
