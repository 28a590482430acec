import { describe, expect, it } from 'vitest';
import { SourceError } from '../../protocol/errors.ts';
import type { ByteSource } from '../../source/source.ts';
import { DirectoryWindows } from './windows.ts';

const MIB = 1024 * 1024;

/** An image of 64 MiB that notes what is read of it, and fails where it is told to. */
class Noted implements ByteSource {
  readonly name = 'noted';
  readonly size = 64 * MIB;
  readonly reads: [start: number, length: number][] = [];
  failing = false;

  async read(offset: number, length: number): Promise<Uint8Array> {
    this.reads.push([offset / MIB, length / MIB]);
    if (this.failing) throw new SourceError('changed', 'The file was changed.', offset);
    return new Uint8Array(length);
  }

  stream(): AsyncGenerator<Uint8Array, void, void> {
    throw new Error('not needed');
  }
}

describe('windows of directories', () => {
  it('double while directories fill them, and the next is read while one is decoded', async () => {
    const source = new Noted();
    const windows = new DirectoryWindows(source, []);
    for (let offset = 0; offset < 12 * MIB;) {
      const { length } = await windows.load(offset, 0);
      windows.use(length);
      offset += length;
    }
    expect(source.reads).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
      [4, 4],
      [8, 4],
      [12, 4],
    ]);
  });

  it('shrink where directories lie far apart, and nothing is read that was not asked for', async () => {
    const source = new Noted();
    const windows = new DirectoryWindows(source, []);
    for (let offset = 0; offset < 64 * MIB; offset += 16 * MIB) {
      await windows.load(offset, 0);
      windows.use(2048);
    }
    expect(source.reads).toEqual([
      [0, 1],
      [16, 0.5],
      [32, 0.25],
      [48, 0.125],
    ]);
  });

  it('are read again when asked for, where reading ahead failed', async () => {
    const source = new Noted();
    const windows = new DirectoryWindows(source, []);
    windows.use((await windows.load(0, 0)).length);
    windows.use((await windows.load(MIB, 0)).length);
    source.failing = true;
    windows.use((await windows.load(2 * MIB, 0)).length);
    await expect(windows.load(4 * MIB, 0)).rejects.toThrow(SourceError);
    source.failing = false;
    expect((await windows.load(4 * MIB, 0)).base).toBe(4 * MIB);
  });

  describe('with the places of directories foretold', () => {
    const everyFrom = (start: number, count: number): number[] => Array.from({ length: count }, (_, at) => start + at * 4096);

    it('are large from the first, and three more are on their way while one is decoded', async () => {
      const source = new Noted();
      const windows = new DirectoryWindows(source, [], Float64Array.from(everyFrom(0, 6000)));
      await windows.load(0, 0);
      expect(source.reads).toEqual([0, 4, 8, 12].map((start) => [start, 4]));
      await windows.load(4 * MIB, 0);
      expect(source.reads.slice(4)).toEqual([[16, 4]]);
    });

    it('leave out what lies between', async () => {
      const source = new Noted();
      const windows = new DirectoryWindows(source, [], Float64Array.from([...everyFrom(0, 1024), ...everyFrom(40 * MIB, 1024)]));
      await windows.load(0, 0);
      expect(source.reads).toEqual([
        [0, 4],
        [40, 4],
      ]);
    });

    it('are read as without where few lie in one window, or where nobody asks for what was foretold', async () => {
      const source = new Noted();
      const windows = new DirectoryWindows(source, [], Float64Array.from([...everyFrom(0, 8), ...everyFrom(32 * MIB, 1024)]));
      await windows.load(0, 0);
      expect(source.reads).toEqual([[0, 1]]);
      await windows.load(60 * MIB, 0);
      expect(source.reads.slice(1)).toEqual([[60, 0.5]]);
    });
  });
});
