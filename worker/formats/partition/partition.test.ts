import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../codec/crc32.ts';
import { BytesSource } from '../../source/bytes.ts';
import { Findings } from '../findings.ts';
import { partitionsOf, readSystemArea } from './index.ts';

const FIXTURES = new URL('../../../fixtures/partitions/', import.meta.url);
const disk = (name: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(new URL(`${name}.bin.gz`, FIXTURES))));
const reported = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'));
const read = async (bytes: Uint8Array, findings = new Findings()) =>
  partitionsOf(await readSystemArea(new BytesSource(bytes, 'x'), [], findings), bytes.length);
const places = (partitions: Awaited<ReturnType<typeof read>>): number[][] => partitions.map(({ offset, size }) => [offset, size]);

/** A disk of 512-byte sectors with these records at these sectors: [type, start, sectors]. */
function mbr(sectors: number, tables: Readonly<Record<number, readonly (readonly [number, number, number])[]>>): Uint8Array {
  const bytes = new Uint8Array(sectors * 512);
  const view = new DataView(bytes.buffer);
  for (const [sector, records] of Object.entries(tables)) {
    const base = Number(sector) * 512;
    for (const [index, [type, start, count]] of records.entries()) {
      bytes[base + 446 + index * 16 + 4] = type;
      view.setUint32(base + 446 + index * 16 + 8, start, true);
      view.setUint32(base + 446 + index * 16 + 12, count, true);
    }
    view.setUint16(base + 510, 0xaa55, true);
  }
  return bytes;
}

describe('partitions', () => {
  it.each(['gpt', 'mbr'])('of a disc with a %s are where xorriso says (UEFI 5.2, 5.3)', async (name) => {
    const partitions = await read(disk(name));
    expect(places(partitions)).toEqual(reported(name));
    expect(partitions.find(({ number }) => number === 2)?.type).toBe('EFI system');
    expect(partitions.every(({ scheme }) => scheme === name)).toBe(true);
  });

  it('come from the copy of the GPT where the first header is damaged', async () => {
    const bytes = disk('gpt');
    bytes[512 + 40] = 99;
    expect(places(await read(bytes))).toEqual(reported('gpt'));
  });

  it('are none where both headers are damaged: the MBR beside them only protects', async () => {
    const bytes = disk('gpt');
    bytes.fill(0, 512, 1024);
    bytes.fill(0, bytes.length - 512);
    expect(await read(bytes)).toEqual([]);
  });

  it('of a GPT whose copies disagree, or claim more than there is, are read, and that is said', async () => {
    const codes = async (change: (bytes: Uint8Array, view: DataView) => void, size?: number): Promise<[number, string[]]> => {
      const bytes = disk('gpt');
      change(bytes, new DataView(bytes.buffer));
      const findings = new Findings();
      const found = await read(bytes.subarray(0, size), findings);
      return [found.length, findings.list.map(({ code }) => code)];
    };
    const all = (reported('gpt') as unknown[]).length;
    const sum = (view: DataView): void => {
      view.setUint32(528, 0, true);
      view.setUint32(528, crc32(new Uint8Array(view.buffer, 512, 92)), true);
    };
    expect(await codes(() => undefined)).toEqual([all, []]);
    expect(await codes((bytes) => bytes.fill(0, bytes.length - 512))).toEqual([all, ['gpt-backup-missing']]);
    expect(await codes(() => undefined, disk('gpt').length - 2048)).toEqual([all, ['gpt-backup-missing']]);
    expect(await codes((bytes) => (bytes[bytes.length - 470] = 1))).toEqual([all, ['gpt-backup-damaged']]);
    expect(await codes((bytes) => (bytes[512 + 40] = 99))).toEqual([all, ['gpt-first-copy']]);
    // 2^32 - 1 entries, with a checksum that is right.
    const endless = await codes((_, view) => {
      view.setUint32(592, 0xffffffff, true);
      sum(view);
    });
    expect(endless).toEqual([all, expect.arrayContaining(['gpt-entries-count'])]);
  });

  it('inside an extended one are numbered from 5, and a chain that returns ends', async () => {
    const chain = { 0: [[0x83, 1, 4], [5, 10, 40]], 10: [[0x83, 1, 5], [5, 10, 10]], 20: [[7, 2, 3], [5, 0, 10]] } as const; // prettier-ignore
    const partitions = await read(mbr(64, chain));
    expect(partitions.map(({ number, offset, size }) => [number, offset / 512, size / 512])).toEqual([
      [1, 1, 4],
      [5, 11, 5],
      [6, 22, 3],
    ]);
  });

  it('that begin behind the end, and those of a FAT volume that has no table, are none', async () => {
    expect(await read(mbr(8, { 0: [[0x83, 100, 4]] }))).toEqual([]);
    const fat = mbr(8, { 0: [[0x83, 1, 4]] });
    fat[446] = 0x41;
    expect(await read(fat)).toEqual([]);
    expect(await read(new Uint8Array(100))).toEqual([]);
  });
});
