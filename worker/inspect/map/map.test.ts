import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAP_KINDS, NO_VIEW, type DiscMap } from '../../protocol/disc-map.ts';
import { buildImage, both32, entry, ER, NM, PX, SP, join, type Node, type Options } from '../../formats/iso9660/testing/build.ts';
import { TestDisc, type Layout, type Node as UdfNode } from '../../formats/udf/testing/build.ts';
import { BytesSource } from '../../source/bytes.ts';
import { pathOf } from '../../catalog/path.ts';
import type { DiscImage } from '../image.ts';
import { openImage } from '../open.ts';
import { discMap } from './index.ts';

const SECTOR = 2048;
const fixtures = new URL('../../../fixtures/', import.meta.url);

async function mapOf(bytes: Uint8Array): Promise<{ map: DiscMap; image: DiscImage }> {
  const image = await openImage(new BytesSource(bytes, 'test.iso'));
  await image.readAll();
  return { map: await discMap(image), image };
}

function runsOf({ map, image }: { map: DiscMap; image: DiscImage }): { start: number; length: number; kind: string; owner: string }[] {
  return Array.from({ length: map.runs }, (_, run) => {
    const number = map.views[run]!;
    const view = number === NO_VIEW ? null : image.view(map.viewIds[number]!);
    const owner = view
      ? pathOf(view.catalog, (name) => view.volume.decodeName(name), map.owners[run]!)
      : map.structureNames[map.owners[run]!]!.name;
    return { start: map.starts[run]!, length: map.starts[run + 1]! - map.starts[run]!, kind: MAP_KINDS[map.kinds[run]!]!, owner };
  });
}

const build = (nodes: readonly Node[], options?: Options) => mapOf(buildImage(nodes, options));
const file = (name: string, bytes: number, record?: Node['record']): Node => ({
  name,
  contents: new Uint8Array(bytes).fill(65),
  ...(record ? { record } : {}),
});

describe('the map of every fixture', () => {
  const images = readdirSync(fixtures).filter((name) => name.endsWith('.img.gz'));

  it.each(images)('%s gives each byte one owner, and its sums are those of its runs', async (name) => {
    const bytes = gunzipSync(readFileSync(new URL(name, fixtures)));
    const { map } = await mapOf(bytes);
    expect([map.size, map.starts[0], map.starts[map.runs]]).toEqual([bytes.length, 0, map.extent]);
    const sums = new Map<string, number>();
    for (let run = 0; run < map.runs; run++) {
      const length = map.starts[run + 1]! - map.starts[run]!;
      expect(length).toBeGreaterThan(0);
      const kind = MAP_KINDS[map.kinds[run]!]!;
      sums.set(kind, (sums.get(kind) ?? 0) + length);
    }
    expect(Object.fromEntries(map.totals.map(({ kind, bytes: sum }) => [kind, sum]))).toEqual(Object.fromEntries(sums));
    expect(map.totals.reduce((sum, total) => sum + total.bytes, 0)).toBe(map.extent);
    expect(map.overlapCount).toBe(0);
  });

  /** Their extents are known from the tool that wrote the listing beside each fixture. */
  it('names system area, descriptors, path tables and directories of a disc by genisoimage, in that order', async () => {
    const runs = runsOf(await mapOf(gunzipSync(readFileSync(new URL('level1.img.gz', fixtures)))));
    expect(runs.slice(0, 3).map(({ start, owner, kind }) => [start, owner, kind])).toEqual([
      [0, 'System area, zeros', 'sys'],
      [16 * SECTOR, 'Primary volume descriptor', 'sys'],
      [17 * SECTOR, 'Volume descriptor set terminator', 'sys'],
    ]);
    expect(runs.filter(({ owner }) => owner === 'Path table of the primary volume descriptor')).toHaveLength(2);
    expect(runs.find(({ owner }) => owner === '/')?.kind).toBe('dir');
    expect(runs.at(-1)).toMatchObject({ owner: 'Padding, zeros', kind: 'gap', length: 150 * SECTOR });
  });
});

describe('a map', () => {
  it('gives the rest of a file’s last sector to the file', async () => {
    const runs = runsOf(await build([file('A.TXT;1', 10), file('B.EXE;1', 5000)]));
    expect(runs.filter(({ owner }) => /^\/[AB]/.test(owner)).map(({ owner, length, kind }) => [owner, length, kind])).toEqual([
      ['/A.TXT', SECTOR, 'txt'],
      ['/B.EXE', 3 * SECTOR, 'exe'],
    ]);
  });

  it('names a hard link’s extent once, and says that it is shared', async () => {
    const nodes = [file('A.BIN;1', 4096)];
    const { map: alone, image } = await build(nodes);
    const lba = image.view('iso9660')!.catalog.offset(1) / SECTOR;
    expect(alone.shared.extents).toBe(0);
    const { map } = await build([file('A.BIN;1', 4096), file('B.BIN;1', 4096, { lba: lba, lbaBig: lba })]);
    expect([map.shared, map.overlapCount]).toEqual([{ extents: 1, bytes: 4096 }, 0]);
  });

  it('tells two files that cross on the disc', async () => {
    const place = (await build([file('A.BIN;1', 4096)])).image.view('iso9660')!.catalog.offset(1) / SECTOR + 1;
    const found = await build([file('A.BIN;1', 4096), file('B.BIN;1', 4096, { lba: place, lbaBig: place })]);
    expect(found.map.overlaps).toEqual([
      {
        how: 'partial',
        offset: place * SECTOR,
        length: SECTOR,
        first: { view: 'iso9660', entry: 1, path: '/A.BIN' },
        second: { view: 'iso9660', entry: 2, path: '/B.BIN' },
      },
    ].map((overlap) => expect.objectContaining(overlap))); // prettier-ignore
    expect(found.map.findings).toContainEqual(expect.objectContaining({ code: 'map-overlap', at: place * SECTOR }));
  });

  it('tells a file that lies over the volume descriptors', async () => {
    const { map } = await build([file('A.BIN;1', 2048, { lba: 16, lbaBig: 16 })]);
    expect(map.overlaps).toEqual([expect.objectContaining({ how: 'structure', offset: 16 * SECTOR, second: 'Primary volume descriptor' })]);
  });

  it('finds bytes that no file has, between files and behind the volume', async () => {
    const bytes = buildImage([{ name: 'A.BIN;1', contents: new Uint8Array(6000).fill(1), sections: [2048, 2048, 1904] }]);
    const image = await openImage(new BytesSource(bytes, 'a.iso'));
    await image.readAll();
    const hole = image.view('iso9660')!.catalog.offset(1) + SECTOR;
    const longer = new Uint8Array(bytes.length + 3 * SECTOR + 5);
    longer.set(bytes);
    longer[hole + 100] = 7;
    longer.fill(9, bytes.length + SECTOR);
    const found = await mapOf(longer);
    const runs = runsOf(found);
    expect(runs.find(({ start }) => start === hole)).toMatchObject({ owner: 'Gap, not zeros', kind: 'gap', length: SECTOR });
    expect(found.map.findings.map(({ code }) => code).sort()).toEqual(['map-appended', 'map-gap-contents']);
    expect(runs.at(-1)).toMatchObject({ owner: 'Behind the volume, not zeros', start: bytes.length, length: 3 * SECTOR + 5 });
  });

  it('tells what is missing of a cut image, and of which file', async () => {
    const whole = buildImage([file('A.TXT;1', 2048), file('B.BIN;1', 20_480)]);
    const cut = whole.length - 5 * SECTOR - 100;
    const found = await mapOf(whole.slice(0, cut));
    const missing = runsOf(found).filter(({ kind }) => kind === 'miss');
    expect(missing[0]).toMatchObject({ start: cut, owner: '/B.BIN' });
    expect([found.map.size, found.map.extent]).toEqual([cut, whole.length]);
    expect(missing.reduce((sum, { length }) => sum + length, 0)).toBe(whole.length - cut);
  });

  it('ends where the volume does, though a file claims to lie terabytes behind it', async () => {
    const whole = buildImage([file('A.TXT;1', 2048), file('B.BIN;1', 20_480, { lba: 2 ** 31, lbaBig: 2 ** 31 })]);
    const { map } = await mapOf(whole);
    expect(map.extent).toBe(whole.length);
    expect(map.findings.map(({ code }) => code)).toContain('map-outside');
  });

  it('gives sparse and compressed files what is stored of them', async () => {
    const sparse = entry('SF', [...both32(0), ...both32(100_000), 1]);
    const nodes = [{ name: 'S.;1', contents: new Uint8Array(3000).fill(1), systemUse: join(NM('s.bin'), PX(0o100644), sparse) }];
    const found = await build(nodes, { rootSystemUse: join(SP(), PX(0o040755), ER()) });
    expect(runsOf(found).filter(({ owner }) => owner === '/s.bin')).toEqual([expect.objectContaining({ length: 2 * SECTOR, kind: 'oth' })]);
  });

  it('counts files of one tree that no other has', async () => {
    const found = await build([file('A.TXT;1', 10), file('B.TXT;1', 10)], { joliet: [{ ...file('other.txt', 10) }] });
    expect(found.map.orphans.reduce((sum, { files }) => sum + files, 0)).toBeGreaterThan(0);
  });
});

describe('the map of UDF', () => {
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at % 250) + 1);
  const tree: readonly UdfNode[] = [
    { name: 'inline.txt', contents: bytes(700) },
    { name: 'extents.bin', contents: bytes(5 * SECTOR), stored: 'long', split: [SECTOR, 2 * SECTOR, 2 * SECTOR] },
    { name: 'chain.bin', contents: bytes(5 * SECTOR), stored: 'chain', split: [SECTOR, 2 * SECTOR, 2 * SECTOR] },
    { name: 'holes.bin', contents: bytes(3 * SECTOR), stored: 'long', split: [SECTOR, -SECTOR, SECTOR] },
    { name: 'streamed', contents: bytes(9), streams: [{ name: 'stream', contents: bytes(6000), stored: 'long' }] },
    { name: 'directory', children: [{ name: 'deep.exe', contents: bytes(3000), stored: 'long' }] },
  ];

  it.each<Layout>(['plain', 'virtual', 'sparable', 'metadata'])('%s: nothing that was written is nobody’s', async (layout) => {
    const disc = new TestDisc(tree, layout);
    const found = await mapOf(disc.bytes);
    const runs = runsOf(found);
    // The directory of streams has no name, and a packet that was moved leaves the old one behind.
    const lost = runs.filter(({ kind, owner }) => kind === 'gap' && owner.endsWith('not zeros'));
    if (layout !== 'sparable') expect(lost.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(SECTOR);
    expect([found.map.overlapCount, found.map.starts[found.map.runs]]).toEqual([0, disc.bytes.length]);
    const bytesOf = (path: string, kind: string): number =>
      runs.filter(({ owner, kind: own }) => owner === path && own === kind).reduce((sum, { length }) => sum + length, 0);
    expect([bytesOf('/extents.bin', 'oth'), bytesOf('/chain.bin', 'oth'), bytesOf('/holes.bin', 'oth'), bytesOf('/directory/deep.exe', 'exe')]).toEqual([5 * SECTOR, 5 * SECTOR, 2 * SECTOR, 2 * SECTOR]); // prettier-ignore
    expect(bytesOf('/inline.txt', 'dir')).toBe(SECTOR);
    for (const [name, offset] of disc.entries)
      if (layout !== 'sparable' && !name.startsWith('\0'))
        expect(runs.find(({ start, length }) => offset >= start && offset < start + length)?.kind).toMatch(/dir|sys/);
    const names = new Set(found.map.structures.map(({ name }) => name));
    for (const name of ['Anchor volume descriptor pointer', 'Volume descriptor sequence', 'Volume descriptor sequence, reserve'])
      expect(names).toContain(name);
    if (layout === 'virtual') expect(names).toContain('File entry of the virtual allocation table');
    if (layout === 'metadata') expect([...names].filter((name) => /metadata (mirror )?file$/.test(name))).toHaveLength(2);
  });
});
