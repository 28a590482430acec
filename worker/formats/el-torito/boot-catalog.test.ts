import { describe, expect, it } from 'vitest';
import { Catalog } from '../../catalog/catalog.ts';
import { BytesSource } from '../../source/bytes.ts';
import { elTorito } from './index.ts';

const SECTOR = 2048;
const MEDIUM = 3000 * SECTOR;
const CATALOG = 20 * SECTOR;

const le16 = (value: number): number[] => [value & 255, value >> 8];
const le32 = (value: number): number[] => [...le16(value & 0xffff), ...le16(value >>> 16)];
const text = (letters: string): number[] => [...letters].map((letter) => letter.charCodeAt(0));
const validation = (platform = 0): number[] => {
  const bytes = [1, platform, 0, 0, ...new Array<number>(24).fill(0), 0, 0, 0x55, 0xaa];
  let sum = 0;
  for (let at = 0; at < 32; at += 2) sum += (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  bytes.splice(28, 2, ...le16(-sum & 0xffff));
  return bytes;
};
const row = (...bytes: number[]): number[] => [...bytes, ...new Array<number>(32 - bytes.length).fill(0)];
const image = (lba: number, media = 0, sectors = 4, id = 0x88): number[] => row(id, media, 0, 0, 0, 0, ...le16(sectors), ...le32(lba));
const section = (platform: number, count: number, last = true): number[] => row(last ? 0x91 : 0x90, platform, ...le16(count));

/** A medium with a boot record as the second descriptor, this catalog, and pieces at sectors. */
async function open(catalog: number[], pieces: readonly (readonly [lba: number, bytes: number[]])[] = [], size = MEDIUM) {
  const bytes = new Uint8Array(MEDIUM);
  bytes.set([1, ...text('CD001'), 1], 16 * SECTOR);
  bytes.set([0, ...text('CD001'), 1, ...text('EL TORITO SPECIFICATION')], 17 * SECTOR);
  bytes.set(le32(CATALOG / SECTOR), 17 * SECTOR + 71);
  bytes.set([255, ...text('CD001'), 1], 18 * SECTOR);
  bytes.set(catalog, CATALOG);
  for (const [lba, piece] of pieces) bytes.set(piece, lba * SECTOR);
  const opened = await elTorito.open(new BytesSource(bytes.slice(0, size), 'boot.iso'));
  const [volume] = opened.volumes;
  const catalogOf = new Catalog();
  await volume?.read(catalogOf);
  const names = Array.from({ length: catalogOf.count - 1 }, (_, index) => volume?.decodeName(catalogOf.name(index + 1)));
  const codes = [...opened.findings.list, ...(volume?.findings.list ?? [])].map(({ code }) => code);
  return { boot: opened.boot, names, codes, volume, catalog: catalogOf };
}

const fat = (sectors: number): number[] => {
  const bytes = new Array<number>(512).fill(0);
  bytes.splice(11, 5, ...le16(512), 1, ...le16(1));
  bytes.splice(19, 2, ...le16(sectors));
  bytes.splice(510, 2, 0x55, 0xaa);
  return bytes;
};
const infoTable = (lba: number, length: number): number[] => [0, 0, 0, 0, 0, 0, 0, 0, ...le32(16), ...le32(lba), ...le32(length)];

describe('El Torito', () => {
  it('lists the default entry and those of all sections, by platform and emulation (El Torito 2.2, 2.3)', async () => {
    const { boot, names, codes } = await open([
      ...validation(),
      ...image(30),
      ...section(0xef, 1, false),
      ...image(40),
      ...section(2, 2),
      ...image(50, 2),
      ...image(60, 4, 1, 0),
    ]);
    expect(names).toEqual(['1-bios-no-emulation.img', '2-uefi.img', '3-mac-floppy-1.44.img', '4-mac-hard-disk.img']);
    expect(boot.map(({ bootable }) => bootable)).toEqual([true, true, true, false]);
    expect(codes).toEqual([]);
  });

  it('gives the real size: of the FAT volume, the boot information table, the floppy, else what is loaded', async () => {
    const disk = new Array<number>(512).fill(0);
    disk.splice(446, 16, 0x80, 0, 0, 0, 6, 0, 0, 0, ...le32(1), ...le32(99));
    disk.splice(510, 2, 0x55, 0xaa);
    const entries = [
      ...validation(),
      ...image(30),
      ...section(0xef, 3, false),
      ...image(40, 0, 0),
      ...image(41, 0, 1),
      ...image(42, 0, 8),
      ...section(0, 3),
      ...image(50, 1),
      ...image(51, 4),
      ...image(52),
    ];
    const { boot, catalog, volume } = await open(entries, [[30, infoTable(30, 38912)], [40, fat(2880)], [41, fat(60000)], [51, disk]]); // prettier-ignore
    expect(boot.map(({ size }) => size)).toEqual([38912, 2880 * 512, 60000 * 512, 4096, 1_228_800, 100 * 512, 2048]);
    const [described] = (await volume?.describe([catalog.record(2)])) ?? [];
    expect((described && (await volume?.open(described, 'x').read(510, 2)))?.join()).toBe('85,170');
  });

  it('of 0 sectors and no FAT volume reaches to the end of the medium (UEFI 13.3.2.1)', async () => {
    expect((await open([...validation(0xef), ...image(40, 0, 0)])).boot[0]?.size).toBe(MEDIUM - 40 * SECTOR);
  });

  it('is read where the checksum is wrong, the validation entry missing, or a section too short', async () => {
    const wrong = validation();
    wrong[28] = 77;
    expect(await open([...wrong, ...image(30)])).toMatchObject({ codes: ['boot-catalog-checksum'], boot: [{ loadSectors: 4 }] });
    expect((await open([...row(9), ...image(30)])).codes).toEqual(['boot-catalog-validation']);
    expect((await open([...validation(), ...image(30), ...section(0xef, 65535), ...image(40)])).codes).toEqual(['boot-catalog-section']);
  });

  it('past the end of the image is said so, and nothing else fails', async () => {
    expect(await open([], [], CATALOG)).toMatchObject({ codes: ['boot-catalog-past-end'], boot: [], volume: undefined });
    expect((await open([...validation(), ...image(2999, 0, 4), ...image(30)], [], MEDIUM - 4 * SECTOR)).codes).toContain(
      'boot-image-past-end',
    );
  });

  it('keeps its whole size where the image ends inside of it, and is cut', async () => {
    const { boot, codes, volume, catalog } = await open([...validation(), ...image(2000, 2)]);
    expect([boot[0]?.size, catalog.presence(1), codes]).toEqual([1_474_560, 'whole', []]);
    const cut = await open([...validation(), ...image(2900, 2)]);
    expect([cut.boot[0]?.size, cut.catalog.presence(1), cut.codes]).toEqual([1_474_560, 'cut', ['boot-image-past-end']]);
    const [record] = (await cut.volume?.describe([cut.catalog.record(1)])) ?? [];
    expect(record).toMatchObject({ presence: 'cut', size: 1_474_560, runs: [{ offset: 2900 * SECTOR, length: 1_474_560 }] });
    expect(volume?.findings.damaged).toBe(false);
  });

  it('for a BIOS, of 0 sectors and no known kind, is one sector of the disc', async () => {
    expect((await open([...validation(), ...image(40, 0, 0)])).boot[0]?.size).toBe(SECTOR);
    expect((await open([...validation(), ...image(40, 0, 0)], [[40, infoTable(40, 9000)]])).boot[0]?.size).toBe(9000);
  });

  it('is listed where it follows the default entry without a section header, and that is said', async () => {
    expect(await open([...validation(), ...image(30), ...image(40)])).toMatchObject({
      names: ['1-bios-no-emulation.img', '2-bios-no-emulation.img'],
      codes: ['boot-catalog-headless'],
    });
  });

  it('lists 64 images at most', async () => {
    const many = Array.from({ length: 90 }, () => image(30)).flat();
    expect((await open([...validation(), ...image(30), ...section(0, 90), ...many])).boot).toHaveLength(64);
  });
});
