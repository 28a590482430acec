import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 as zlibCrc } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../source/source.ts';
import { inTemporary, judge, PYTHON_TAR, PYTHON_ZIP_HEADERS } from './node-judges.ts';
import { NodeFileSink } from './node-sink.ts';
import { executePlan, summarize } from './save.ts';
import { testDisc } from './testing.ts';
import { writeLayout } from './write-layout.ts';
import { zipLayout } from './zip.ts';

/** A large image of zeros that is nowhere: archives of it are written with holes. */
const nothing: ByteSource = {
  name: 'zeros',
  size: 2 ** 40,
  read: async (_offset, length) => new Uint8Array(length),
  async *stream(_offset, length) {
    const chunk = new Uint8Array(4 * 1024 * 1024);
    for (let done = 0; done < length; done += chunk.length) yield chunk.subarray(0, Math.min(chunk.length, length - done));
  },
};
const hole = (length: number): { runs: { zeros: number }[] } => ({ runs: [{ zeros: length }] });

describe('a ZIP past 4 GiB', () => {
  it.for([2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1])(
    'has a member of %i bytes, and one after it, where all say',
    async (size, context) => {
      await inTemporary(async (directory) => {
        const zip = join(directory, 'a.zip');
        const disc = testDisc(
          [
            { name: 'before.txt', data: '' },
            { name: 'large.bin', ...hole(size) },
            { name: 'after.txt', data: '' },
            { name: 'dir', children: [] },
          ],
          nothing,
        );
        const plan = await disc.plan({});
        // The headers alone are asked about here, so the CRC may be any.
        const { layout } = await zipLayout(plan, new Uint32Array(plan.count), new Set());
        expect(layout.size).toBe(summarize(plan).size);
        const sink = await NodeFileSink.open(zip);
        await writeLayout(layout, sink);
        await sink.close();
        expect((await stat(zip)).size).toBe(layout.size);
        const members = JSON.parse(await judge(context, 'python3', ['-c', PYTHON_ZIP_HEADERS, zip])) as [string, number, number][];
        expect(members.map(([name, bytes]) => [name, bytes])).toEqual([
          ['before.txt', 0],
          ['large.bin', size],
          ['after.txt', 0],
          ['dir/', 0],
        ]);
        expect(members[2]?.[2]).toBeGreaterThan(size);
        expect(await judge(context, '7zz', ['l', '-slt', zip])).toContain(`Size = ${size}\n`);
        expect(await judge(context, 'unzip', ['-l', zip])).toContain(String(size));
        expect(await judge(context, 'bsdtar', ['-tvf', zip])).toContain(String(size));
      });
    },
  );

  it('is whole for 7zz and unzip, by every byte', async (context) => {
    await inTemporary(async (directory) => {
      const zip = join(directory, 'a.zip');
      const disc = testDisc(
        [
          { name: 'large.bin', ...hole(2 ** 32 + 1) },
          { name: 'after.txt', runs: [{ offset: 0, length: 1000 }] },
        ],
        nothing,
      );
      const plan = await disc.plan({});
      let phases = '';
      const result = await executePlan(plan, {
        openTarget: () => NodeFileSink.open(zip),
        limit: 0,
        onProgress: ({ phase, done, total }) => {
          if (!phases.endsWith(phase)) phases += phase;
          expect(done).toBeLessThanOrEqual(total);
        },
      });
      expect(phases).toBe('checksumwrite');
      expect(result.size).toBe((await stat(zip)).size);
      expect(await judge(context, '7zz', ['t', zip])).toMatch(/Everything is Ok/);
      await judge(context, 'unzip', ['-tqq', zip]);
    });
  }, 120_000);
});

describe('a deflated ZIP', () => {
  it('has large members streamed, stored where they do not shrink, with Zip64 where the size needs it', async (context) => {
    await inTemporary(async (directory) => {
      const zip = join(directory, 'a.zip');
      const noise = new Uint8Array(6 * 1024 * 1024);
      for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
      const disc = testDisc([
        { name: 'zeros.bin', data: new Uint8Array(5_000_000) },
        { name: 'noise.bin', data: noise },
        { name: 'zeros.7z', data: new Uint8Array(5_000_001) },
        { name: 'broken.bin', data: new Uint8Array(5_000_002), compression: 'broken' },
        { name: 'small.bin', data: 'small '.repeat(99) },
      ]);
      const plan = await disc.plan({ compression: 'fast' });
      const result = await executePlan(plan, { openTarget: () => NodeFileSink.open(zip), limit: 0 });
      expect(result.failed.map((one) => one.path)).toEqual(['/broken.bin']);
      expect(await judge(context, '7zz', ['t', zip])).toMatch(/Everything is Ok/);
      await judge(context, 'unzip', ['-tqq', zip]);
      const list = await judge(context, '7zz', ['l', '-slt', zip]);
      expect([...list.matchAll(/^Method = (.*)$/gm)].map((match) => match[1])).toEqual(['Deflate', 'Store', 'Store', 'Deflate']);
    });
  });

  it('marks sizes past 4 GiB in its header though what is stored is small', async () => {
    const { localHeader } = await import('./zip-records.ts');
    const plan = await testDisc([{ name: 'x', ...hole(2 ** 32) }], nothing).plan({});
    const header = localHeader(plan.member(0)!, { crc: 1, method: 8, compressed: 1000, size: 2 ** 32 });
    const view = new DataView(header.buffer);
    expect([view.getUint16(4, true), view.getUint32(18, true), view.getUint32(22, true)]).toEqual([45, 0xffffffff, 0xffffffff]);
    expect([view.getUint16(40, true), view.getBigUint64(44, true), view.getBigUint64(52, true)]).toEqual([1, 2n ** 32n, 1000n]);
  });

  it('has room for what deflate makes larger, just below 4 GiB', async () => {
    const { localHeader } = await import('./zip-records.ts');
    const size = 2 ** 32 - 1000;
    const member = (await testDisc([{ name: 'x', ...hole(size) }], nothing).plan({})).member(0)!;
    const view = new DataView(localHeader(member, { crc: 1, method: 8, compressed: 2 ** 32 + 326_000, size }).buffer);
    expect([view.getUint32(18, true), view.getUint32(22, true)]).toEqual([0xffffffff, 0xffffffff]);
    expect([view.getBigUint64(44, true), view.getBigUint64(52, true)]).toEqual([BigInt(size), 2n ** 32n + 326_000n]);
    expect(localHeader(member, { crc: 1, method: 0, compressed: size, size }).length).toBe(view.byteLength - 20);
  });
});

describe('a TAR past 8 GiB', () => {
  it.for([2 ** 33 - 1, 2 ** 33, 2 ** 33 + 1])('has a member of %i bytes, and one after it, where all say', async (size, context) => {
    await inTemporary(async (directory) => {
      const tar = join(directory, 'a.tar');
      const disc = testDisc(
        [
          { name: 'large.bin', ...hole(size) },
          { name: 'after.txt', runs: [{ offset: 0, length: 10 }] },
        ],
        nothing,
      );
      const plan = await disc.plan({ format: 'tar' });
      const result = await executePlan(plan, { openTarget: () => NodeFileSink.open(tar), limit: 0 });
      expect(result.size).toBe(summarize(plan).size);
      for (const program of ['tar', 'bsdtar'] as const) {
        const list = await judge(context, program, ['-tvf', tar]);
        expect(list).toContain(String(size));
        expect(list).toContain('after.txt');
      }
      const members = JSON.parse(await judge(context, 'python3', ['-c', PYTHON_TAR, tar])) as [string, number][];
      expect(members.map(([name, bytes]) => [name, bytes])).toEqual([
        ['large.bin', size],
        ['after.txt', 10],
      ]);
    });
  });
});

it('the CRC is that of zlib, in any pieces', async () => {
  const { crc32 } = await import('../codec/crc32.ts');
  const { RunningCrc } = await import('./crc.ts');
  const bytes = Uint8Array.from({ length: 5_000_000 }, (_, at) => (at * 2654435761) >>> 9);
  for (const length of [0, 1, 15, 16, 17, 31, 33, 1000, 5_000_000]) {
    const part = bytes.subarray(0, length);
    expect(crc32(part)).toBe(zlibCrc(part));
    for (const size of [length, 5_000_000]) {
      const running = await RunningCrc.begin(size);
      for (let at = 0; at < length; at += 70_001) running.update(part.subarray(at, Math.min(length, at + 70_001)));
      expect(running.finish()).toBe(zlibCrc(part));
    }
  }
});
