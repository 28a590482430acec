import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { concat } from '../../bytes/concat.ts';
import { BlobSource } from '../../source/blob.ts';
import type { SectorForm } from '../../source/raw-sector.ts';
import { checkSectors } from './check-sectors.ts';
import { openMedium, shiftedMedium } from './index.ts';
import { plainImage, type Medium } from './medium.ts';
import { allOf, named, rawImage, rawSector, tinyDisc, same } from './testing.ts';

const disc = new Uint8Array(gunzipSync(readFileSync(new URL('../../../fixtures/rockridge.img.gz', import.meta.url)))).slice(0, 64 * 2048);

async function opened(...files: [string, Uint8Array | string][]): Promise<Medium> {
  return openMedium(files.map(([name, bytes]) => named(name, bytes)));
}
const codes = (medium: Medium): string[] => medium.findings.list.map(({ code }) => code);
const subchannel = new Uint8Array(96).fill(0x40);

describe('a medium is recognised by its data', () => {
  it.each<[string, 1 | 2, number, (sector: Uint8Array) => Uint8Array]>([
    ['2,352 bytes, mode 1', 1, 2352, (sector) => sector],
    ['2,352 bytes, mode 2', 2, 2352, (sector) => sector],
    ['2,448 bytes', 1, 2448, (sector) => concat([sector, subchannel])],
    ['2,336 bytes', 2, 2336, (sector) => sector.subarray(16)],
    ['2,056 bytes', 2, 2056, (sector) => sector.subarray(16, 2072)],
  ])('raw sectors of %s, under any name', async (_, mode, size, cut) => {
    const medium = await opened(['disc.iso', rawImage(disc, mode, cut)]);
    expect(medium.title).toContain(`raw ${size.toLocaleString('en')}-byte sectors`);
    expect(same(await allOf(medium.data), disc)).toBe(true);
    expect(same(await allOf(plainImage(medium)), disc)).toBe(true);
    expect(codes(medium)).toEqual([]);
  });

  it('raw sectors of which the first are damaged', async () => {
    const bytes = rawImage(disc, 1);
    bytes.fill(0x55, 0, 16);
    bytes.fill(0x55, 2352 * 2, 2352 * 2 + 16);
    const medium = await opened(['a', bytes]);
    expect(same(await allOf(medium.data), disc)).toBe(true);
    expect(medium.findings.list.map(({ code, at }) => [code, at])).toEqual([
      ['sector-sync', 0],
      ['sector-sync', 2 * 2352],
    ]);
  });

  it('raw sectors that begin with their pregap', async () => {
    const pregap = rawImage(new Uint8Array(150 * 2048), 1, undefined, -150);
    const medium = await opened(['a.bin', concat([pregap, rawImage(disc, 1)])]);
    expect(same(await allOf(medium.data), disc)).toBe(true);
  });

  it('a plain image stays the file itself, as a slice that costs nothing', async () => {
    const medium = await openMedium([new BlobSource(new Blob([disc]), 'a.iso')]);
    expect(medium.kind).toBe('plain');
    expect(medium.data.blob?.(0, 2048)).toBeInstanceOf(Blob);
  });
});

describe('an image in another place', () => {
  it.each([512, 2048, 1000, 300_001])('behind %i other bytes is found', async (prefix) => {
    const medium = await opened(['a.iso', concat([new Uint8Array(prefix).fill(1), disc])]);
    expect(medium.kind).toBe('plain');
    const shifted = await shiftedMedium(medium);
    expect(same(await allOf((shifted as Medium).data), disc)).toBe(true);
  });

  it('whose first sectors are missing gets zeros in their place', async () => {
    const shifted = await shiftedMedium(await opened(['a.iso', disc.slice(16 * 2048)]));
    expect(same((await allOf((shifted as Medium).data)).slice(16 * 2048), disc.slice(16 * 2048))).toBe(true);
  });

  it('that is not there is not found', async () => {
    expect(await shiftedMedium(await opened(['a', new Uint8Array(100_000).fill(1)]))).toBeNull();
    expect(await shiftedMedium(await opened(['a', new Uint8Array(0)]))).toBeNull();
  });

  it.each<[string, Uint8Array]>([
    ['plain', tinyDisc(11_700)],
    ['raw', rawImage(tinyDisc(11_700), 1, undefined, 11_700)],
    ['raw, with addresses from 0', rawImage(tinyDisc(11_700), 1)],
    ['of 2,336 bytes', rawImage(tinyDisc(11_700), 2, (sector) => sector.subarray(16))],
  ])('of a later session alone stands where its extents say: %s', async (_, bytes) => {
    const medium = await opened(['session2.iso', bytes]);
    const data = await allOf(medium.data);
    expect(same(data.slice(11_700 * 2048), tinyDisc(11_700))).toBe(true);
    // The descriptors are shown at sector 16 too, as a drive does.
    expect(same(data.slice(16 * 2048, 18 * 2048), tinyDisc(11_700).slice(16 * 2048, 18 * 2048))).toBe(true);
    expect(medium.tracks).toMatchObject([{ start: 11_700 }]);
    expect(codes(medium)).toEqual(['session-alone']);
  });

  it('is not looked for where the root directory is damaged', async () => {
    const bytes = tinyDisc();
    bytes.fill(0xaa, 18 * 2048, 19 * 2048);
    expect((await opened(['a.iso', bytes])).kind).toBe('plain');
  });
});

describe('parts of a split image', () => {
  const parts = ([0, 50_000, 70_001] as const).map((from, index, all): [string, Uint8Array] => [
    `disc.iso.00${index + 1}`,
    disc.slice(from, all[index + 1]),
  ]);
  it('are joined in the order of their numbers', async () => {
    const medium = await opened(...([parts[2], parts[0], parts[1]] as [string, Uint8Array][]));
    expect(medium.name).toBe('disc.iso');
    expect(same(await allOf(medium.data), disc)).toBe(true);
  });
  it('of which one is missing are not opened, and it is named', async () => {
    await expect(opened(...([parts[2], parts[0]] as [string, Uint8Array][]))).rejects.toThrow('“disc.iso.002” is not here');
  });
  it('of which one came alone name another', async () => {
    expect((await opened(parts[0] as [string, Uint8Array])).missing).toEqual(['disc.iso.002']);
    expect((await opened(parts[1] as [string, Uint8Array])).missing).toEqual(['disc.iso.001']);
  });
});

describe('the checksums of sectors', () => {
  it.each<[string, 1 | 2, (sector: Uint8Array) => Uint8Array, number, SectorForm['size']]>([
    ['mode 1', 1, (sector) => sector, 100, 2352],
    ['mode 2', 2, (sector) => sector, 100, 2352],
    ['mode 2 without headers', 2, (sector) => sector.subarray(16), 100, 2336],
  ])('name the sector of which one bit changed: %s', async (_, mode, cut, at, size) => {
    const bytes = rawImage(disc, mode, cut);
    expect(await checkSectors(await opened(['a', bytes]))).toMatchObject({ checked: 64, bad: 0 });
    bytes[20 * size + at] = (bytes[20 * size + at] as number) ^ 4;
    const check = await checkSectors(await opened(['a', bytes]));
    expect(check).toMatchObject({ checked: 64, bad: 1 });
    expect(check.findings.list).toMatchObject([
      { code: 'sector-edc', at: 20 * size, detail: 'Sector 20 of track 1 differs from its checksum.' },
    ]);
  });

  it('cover form 2 where it has one', async () => {
    const bytes = concat([
      rawImage(disc, 2),
      rawSector(2, new Uint8Array(2324).fill(3), 64, true),
      rawSector(2, new Uint8Array(2324), 65, true),
    ]);
    bytes[65 * 2352 + 30] = 1;
    bytes.fill(0, 66 * 2352 - 4); // none recorded: not compared
    expect(await checkSectors(await opened(['a', bytes]))).toMatchObject({ bad: 0 });
    bytes[64 * 2352 + 2300] = 1;
    expect(await checkSectors(await opened(['a', bytes]))).toMatchObject({ bad: 1 });
  });
});
