import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Catalog } from '../../catalog/catalog.ts';
import { pathOf } from '../../catalog/path.ts';
import { BytesSource } from '../../source/bytes.ts';
import type { Run } from '../../source/runs.ts';
import { openFat } from './index.ts';

const FIXTURES = new URL('../../../fixtures/fat/', import.meta.url);
const names = readdirSync(FIXTURES).flatMap((file) => (file.endsWith('.img.gz') ? [file.slice(0, -'.img.gz'.length)] : []));
const volumeBytes = (name: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(new URL(`${name}.img.gz`, FIXTURES))));

async function open(bytes: Uint8Array, held: readonly Run[] = [{ offset: 0, length: bytes.length }]) {
  const { volume, layout } = await openFat(new BytesSource(bytes, 'x.img'), held, 'nested-1');
  const catalog = new Catalog();
  await volume.read(catalog);
  const codes = volume.findings.list.map(({ code }) => code);
  return { volume, layout, catalog, codes };
}

/** Every entry as the golden lists have it; no sum of what is not wholly there. */
async function rowsOf({ volume, catalog }: Pick<Awaited<ReturnType<typeof open>>, 'volume' | 'catalog'>): Promise<object[]> {
  const rows: object[] = [];
  for (let entry = 1; entry < catalog.count; entry++) {
    const path = pathOf(catalog, (bytes) => volume.decodeName(bytes), entry);
    if (catalog.kind(entry) === 'directory') {
      rows.push({ path, kind: 'directory' });
      continue;
    }
    const [record] = await volume.describe([catalog.record(entry)]);
    const hash = createHash('sha256');
    if (record?.presence === 'whole') {
      const source = volume.open(record, path);
      if (source.size > 0) hash.update(await source.read(0, source.size));
    }
    const modified = new Date(catalog.modified(entry)).toISOString();
    rows.push({ path, kind: 'file', size: catalog.size(entry), modified, sha256: hash.digest('hex') });
  }
  return rows.sort((a, b) => ((a as { path: string }).path < (b as { path: string }).path ? -1 : 1));
}

describe('a FAT volume', () => {
  it.each(names)('%s gives what 7-Zip gives of it: names, sizes, times, contents', async (name) => {
    const want = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')) as object[];
    const opened = await open(volumeBytes(name));
    expect(await rowsOf(opened)).toEqual(want);
    expect(opened.codes).toEqual([]);
    expect(opened.layout.bits).toBe(Number(/\d+/.exec(name)?.[0]));
    expect(opened.volume.label).toBe({ fat12: 'TWELVE', fat12clusters: 'BIG', fat16: 'SIXTEEN', fat32: 'THIRTYTWO' }[name]);
  });

  it('in pieces of a medium is the same, and its files lie at their places in that medium', async () => {
    const bytes = volumeBytes('fat12');
    const half = 700 * 512 + 100;
    const medium = new Uint8Array(bytes.length + 5000);
    medium.set(bytes.subarray(half), 1000);
    medium.set(bytes.subarray(0, half), 5000 + bytes.length - half);
    const held = [
      { offset: 5000 + bytes.length - half, length: half },
      { offset: 1000, length: bytes.length - half },
    ];
    expect(await rowsOf(await open(medium, held))).toEqual(await rowsOf(await open(bytes)));
  });

  it('cut short lists all that its directories name, and says which files are not whole', async () => {
    const bytes = volumeBytes('fat16').subarray(0, 200_000);
    const { catalog, codes } = await open(bytes);
    expect(codes).toContain('fat-cut');
    expect(catalog.count).toBeGreaterThan(100);
    expect(catalog.cut).toBeGreaterThan(0);
    expect(catalog.cut).toBeLessThan(catalog.files);
  });

  it('whose chains run in circles, or leave the volume, keeps the rest', async () => {
    const bytes = volumeBytes('fat12');
    const { catalog, volume, layout } = await open(bytes);
    const [loader] = await volume.describe([recordOf(catalog, volume, '/EFI/BOOT/BOOTX64.EFI')]);
    const [run] = loader?.runs ?? [];
    const cluster = 2 + ((run as { offset: number }).offset - layout.dataOffset) / layout.clusterSize;
    const set = (value: number): Uint8Array => {
      const changed = bytes.slice();
      for (let table = 0; table < 2; table++) {
        const at = layout.tableOffset + table * layout.tableLength + cluster + (cluster >> 1);
        const old = (changed[at] as number) | ((changed[at + 1] as number) << 8);
        const next = cluster & 1 ? (old & 0xf) | (value << 4) : (old & 0xf000) | value;
        changed.set([next & 255, next >> 8], at);
      }
      return changed;
    };
    for (const value of [cluster, 0, 0xff0, 0xfff]) {
      const damaged = await open(set(value));
      expect(damaged.catalog.count).toBe(catalog.count);
      expect(damaged.catalog.presence(entryOf(damaged.catalog, damaged.volume, '/EFI/BOOT/BOOTX64.EFI'))).toBe('cut');
      expect(damaged.catalog.cut).toBe(1);
    }
  });

  it('with a directory that holds itself lists it once more, and goes on', async () => {
    const bytes = volumeBytes('fat12');
    const { catalog, volume } = await open(bytes);
    const [outer, inner] = ['/EFI', '/EFI/BOOT'].map((path) => recordOf(catalog, volume, path)) as [number, number];
    bytes.copyWithin(inner + 26, outer + 26, outer + 28);
    expect((await open(bytes)).codes).toContain('directory-loop');
  });

  it('of two tables that differ, and with a long name whose sum is wrong, says so', async () => {
    const bytes = volumeBytes('fat12');
    const { catalog, volume, layout } = await open(bytes);
    const record = recordOf(catalog, volume, '/many/file-1.data');
    bytes[record - 32 + 13] = 0;
    bytes[layout.tableOffset + layout.tableLength + 100] = 0x77;
    const changed = await open(bytes);
    expect(changed.codes).toEqual(expect.arrayContaining(['fat-copies-differ', 'fat-long-name']));
    expect([entryOf(changed.catalog, changed.volume, '/many/file-1.data'), changed.catalog.count]).toEqual([-1, catalog.count]);
  });

  it('with any bytes changed is read, or refused, in its bounds', async () => {
    const bytes = volumeBytes('fat12');
    const change = fc.tuple(fc.oneof(fc.nat(90), fc.nat(20_000), fc.nat(bytes.length - 1)), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 40 }), async (changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[at] = value;
        try {
          const { catalog } = await open(changed);
          expect(catalog.count).toBeLessThan(100_000);
        } catch (error) {
          expect((error as Error).name).toBe('ImageError');
        }
      }),
      { numRuns: 150 },
    );
  });
});

function entryOf(catalog: Catalog, volume: { decodeName(bytes: Uint8Array): string }, path: string): number {
  for (let entry = 1; entry < catalog.count; entry++)
    if (pathOf(catalog, (bytes) => volume.decodeName(bytes), entry) === path) return entry;
  return -1;
}

function recordOf(catalog: Catalog, volume: { decodeName(bytes: Uint8Array): string }, path: string): number {
  return catalog.record(entryOf(catalog, volume, path));
}
