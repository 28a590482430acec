import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourceError } from '../protocol/errors.ts';
import { BlobSource } from './blob.ts';
import { BytesSource } from './bytes.ts';
import { CountingSource } from './counting.ts';
import { FileHandleSource } from './file-handle.ts';
import { HeadSource } from './head.ts';
import { Layout } from './layout.ts';
import { packedBlob } from './packed-blob.ts';
import { readTogether } from './packing.ts';
import { RunsSource, type Run } from './runs.ts';
import { sliceSource } from './slice.ts';
import { heldFrom, holdsSome, type ByteSource } from './source.ts';
import { WindowCache } from './window.ts';

const SIZE = 100_003;
const BYTES = Uint8Array.from({ length: SIZE }, (_, at) => (at * 2654435761) >>> 11);
const plain = new BytesSource(BYTES, 'plain');
const onBlob = new BlobSource(new Blob([BYTES]), 'blob');

let directory: string;
let onDisk: FileHandleSource;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isoscope-source-'));
  await writeFile(join(directory, 'a'), BYTES);
  onDisk = await FileHandleSource.open(join(directory, 'a'), 'a');
});
afterAll(async () => {
  await onDisk.close();
  await rm(directory, { recursive: true });
});

/** A layout that gives the plain bytes, of all kinds of pieces. */
function layoutOf(source: ByteSource): Layout {
  const layout = new Layout('layout', (tag, into, at) => {
    into.set(BYTES.subarray(tag, tag + 100), at);
    return 100;
  });
  for (let at = 0, step = 0; at < SIZE; step++) {
    const length = Math.min(SIZE - at, [1, 7000, 100, 2048, 30_000][step % 5] as number);
    if (length === 100) layout.addMade(at, 100);
    else if (step % 2) layout.addSource(source, at, length);
    else layout.addBytes(BYTES.slice(at, at + length));
    at += length;
  }
  return layout;
}

async function collected(source: ByteSource, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of source.stream(offset, length, signal)) parts.push(chunk.slice());
  return new Uint8Array(Buffer.concat(parts));
}

const wrappers: readonly (readonly [string, () => ByteSource])[] = [
  ['a Blob', () => onBlob],
  ['a file on disk', () => onDisk],
  ['a counting source', () => new CountingSource(onBlob)],
  ['a window cache', () => new WindowCache(plain, 4096, 3)],
  ['a slice of everything', () => sliceSource(onBlob, 0, SIZE, 'slice')],
  [
    'runs',
    () =>
      new RunsSource(
        onBlob,
        [
          { offset: 0, length: 5 },
          { offset: 5, length: 50_000 },
          { offset: 50_005, length: SIZE - 50_005 },
        ],
        'runs',
      ),
  ],
  ['a layout', () => layoutOf(onBlob)],
  ['a layout over a source without Blobs', () => layoutOf(plain)],
  ['a layout of a layout', () => layoutOf(layoutOf(plain))],
];

const range = fc.tuple(fc.nat(SIZE), fc.nat(SIZE)).map(([a, b]) => [Math.min(a, b), Math.abs(a - b)] as const);

describe.each(wrappers)('%s', (_name, make) => {
  it('reads, streams and slices as the plain bytes on any range', async () => {
    const source = make();
    expect(source.size).toBe(SIZE);
    await fc.assert(
      fc.asyncProperty(range, async ([offset, length]) => {
        const wanted = BYTES.subarray(offset, offset + length);
        expect(Buffer.compare(await source.read(offset, length), wanted)).toBe(0);
        expect(Buffer.compare(await collected(source, offset, length), wanted)).toBe(0);
        const blob = source.blob?.(offset, length);
        if (blob) expect(Buffer.compare(new Uint8Array(await blob.arrayBuffer()), wanted)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what lies outside', async () => {
    const source = make();
    for (const [offset, length] of [
      [SIZE, 1],
      [-1, 1],
      [0, SIZE + 1],
      [SIZE + 1, 0],
    ] as const) {
      await expect(source.read(offset, length)).rejects.toMatchObject({ name: 'SourceError', code: 'past-end' });
    }
  });

  it('stops when cancelled in the middle', async () => {
    const source = make();
    const cancelled = AbortSignal.abort();
    await expect(collected(source, 0, SIZE, cancelled)).rejects.toMatchObject({ name: 'AbortError' });
    const controller = new AbortController();
    const stream = source.stream(0, SIZE, controller.signal);
    await stream.next();
    controller.abort();
    const rest = async (): Promise<void> => {
      for await (const _chunk of stream) void _chunk;
    };
    // One chunk may have been all of it; anything beyond is refused.
    await rest().catch((error: unknown) => expect((error as Error).name).toBe('AbortError'));
  });
});

describe('runs with holes', () => {
  it('read as zeros where nothing is stored', async () => {
    const runArbitrary: fc.Arbitrary<Run> = fc.oneof(
      fc.record({ zeros: fc.nat(300) }),
      range.filter(([, length]) => length < 5000).map(([offset, length]) => ({ offset, length })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(runArbitrary, { maxLength: 8 }), fc.nat(), fc.nat(), async (runs, a, b) => {
        const wanted = Buffer.concat(
          runs.map((run) => ('zeros' in run ? Buffer.alloc(run.zeros) : BYTES.subarray(run.offset, run.offset + run.length))),
        );
        const source = new RunsSource(onBlob, runs, 'runs');
        const layout = new Layout('layout');
        for (const run of runs)
          if ('zeros' in run) layout.addZeros(run.zeros);
          else layout.addSource(onBlob, run.offset, run.length);
        expect(source.size).toBe(wanted.length);
        const offset = wanted.length ? a % (wanted.length + 1) : 0;
        const length = b % (wanted.length - offset + 1);
        for (const one of [source, layout]) {
          expect(Buffer.compare(await one.read(offset, length), wanted.subarray(offset, offset + length))).toBe(0);
          expect(Buffer.compare(await collected(one, offset, length), wanted.subarray(offset, offset + length))).toBe(0);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a packed Blob', () => {
  it('holds the bytes of its layout, whatever the sizes of the pieces', async () => {
    const big = new BlobSource(new Blob([BYTES, BYTES, BYTES, BYTES, BYTES, BYTES]), 'big');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(4), fc.nat(600_000), fc.nat(big.size)), { maxLength: 12 }), async (pieces) => {
        const layout = new Layout('l', (tag, into, at) => {
          into.fill(tag, at, at + tag);
          return tag;
        });
        for (const [kind, length, offset] of pieces) {
          if (kind === 0) layout.addBytes(new Uint8Array(length % 1000).fill(7));
          else if (kind === 1) layout.addZeros(length);
          else if (kind === 2) layout.addMade(length % 1000, length % 1000);
          else if (kind === 3) layout.addSource(plain, 0, Math.min(length, SIZE));
          else layout.addSource(big, Math.min(offset, big.size - Math.min(length, big.size)), Math.min(length, big.size));
        }
        const blob = await packedBlob(layout, { limit: 1e9 });
        expect(Buffer.compare(new Uint8Array(await blob.arrayBuffer()), await layout.read(0, layout.size))).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('reads many small neighbours in few reads', async () => {
    const counting = new CountingSource(onBlob);
    const layout = new Layout('l');
    // Backwards, so that no two pieces become one and the order on disc is not that of the layout.
    for (let at = SIZE - 10; at >= 0; at -= 20) layout.addSource(counting, at, 10);
    await packedBlob(layout, { limit: 0 });
    expect(counting.reads).toBe(1);
  });

  it('refuses to decode more than its limit, and says so', async () => {
    const layout = new Layout('l');
    layout.addSource(plain, 0, 5000);
    await expect(packedBlob(layout, { limit: 4999 })).rejects.toMatchObject({ name: 'Unsupported', feature: 'save-in-memory' });
    expect((await packedBlob(layout, { limit: 5000 })).size).toBe(5000);
  });
});

describe('faults', () => {
  it('a Blob that gives less than it said is a changed file', async () => {
    const short = { size: 100, slice: () => new Blob([new Uint8Array(10)]) } as unknown as Blob;
    const source = new BlobSource(short, 'short');
    await expect(source.read(0, 50)).rejects.toMatchObject({ name: 'SourceError', code: 'changed' });
    await expect(collected(source, 0, 100)).rejects.toBeInstanceOf(SourceError);
  });

  it('a file cut short on disk is a changed file', async () => {
    const path = join(directory, 'cut');
    await writeFile(path, BYTES);
    const source = await FileHandleSource.open(path, 'cut');
    await truncate(path, 1000);
    await expect(source.read(900, 200)).rejects.toMatchObject({ name: 'SourceError', code: 'changed', at: 1000 });
    expect((await source.read(900, 100)).length).toBe(100);
    await source.close();
  });

  it('an error of one of many reads is the error of all', async () => {
    const failing: ByteSource = {
      name: 'f',
      size: SIZE,
      read: async () => Promise.reject(new SourceError('gone', 'gone')),
      stream: plain.stream.bind(plain),
    };
    const reads = [
      { source: plain, offset: 0, into: new Uint8Array(5) },
      { source: failing, offset: 9, into: new Uint8Array(5) },
    ];
    await expect(readTogether(reads)).rejects.toMatchObject({ code: 'gone' });
  });

  it('a layout refuses a piece that is not made as long as it was laid out', async () => {
    const layout = new Layout('l', () => 3);
    layout.addMade(0, 4);
    await expect(layout.read(0, 4)).rejects.toThrow(RangeError);
  });
});

describe('gaps of a layout', () => {
  const layout = new Layout('disc');
  layout.addSource(plain, 0, 100);
  layout.addAbsent(50);
  layout.addSource(plain, 0, 100);

  it('are no bytes of the disc: what is held ends where one begins', () => {
    expect([heldFrom(layout, 0, 100), heldFrom(layout, 90, 20), heldFrom(layout, 100, 20), heldFrom(layout, 240, 20)]).toEqual([
      100, 10, 0, 10,
    ]);
    expect([holdsSome(layout, 90, 20), holdsSome(layout, 100, 50), holdsSome(layout, 149, 2)]).toEqual([true, false, true]);
  });
  it('are seen through the sources that stand in front', () => {
    for (const source of [new HeadSource(layout), new CountingSource(layout), new WindowCache(layout)])
      expect(source.gaps).toEqual(layout.gaps);
  });
});
