import { describe, expect, it } from 'vitest';
import { concat } from '../../bytes/concat.ts';
import { ImageError } from '../../protocol/errors.ts';
import { BytesSource } from '../../source/bytes.ts';
import { udf } from './index.ts';
import { cs0, PARTITION, SECTOR, TestDisc, u32, type Layout, type Node } from './testing/build.ts';
import { readDisc } from './testing/tree.ts';

const bytes = (length: number, seed = 1): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7 + (at >> 8)) & 255);
const utf8 = new TextEncoder();
const flip = (image: Uint8Array, at: number): void => void image.set([(image[at] ?? 0) ^ 0x55], at);
const SPLIT = [SECTOR, 2 * SECTOR, SECTOR, 100];
const SPLIT_SIZE = SPLIT.reduce((sum, length) => sum + length, 0);

const many = Array.from({ length: 200 }, (_, index): Node => ({ name: `entry ${index} with a longish name`, contents: bytes(index) }));
const TREE: readonly Node[] = [
  { name: 'small.txt', contents: bytes(700) },
  { name: 'empty', contents: bytes(0) },
  { name: 'extents.bin', contents: bytes(SPLIT_SIZE), stored: 'long', split: SPLIT },
  { name: 'extended.bin', contents: bytes(5000), stored: 'extended', extended: true },
  { name: 'chain.bin', contents: bytes(SPLIT_SIZE, 3), stored: 'chain', split: SPLIT },
  { name: 'Ünïcödé', children: [{ name: '日本語', children: [{ name: '😀 deep.txt', contents: bytes(9) }] }] },
  { name: 'many', children: many },
  { name: 'last', contents: bytes(3) },
];

describe('the partitions that UDF knows', () => {
  it.each<Layout>(['plain', 'virtual', 'sparable', 'metadata'])('%s: every entry and every byte', async (layout) => {
    const disc = await readDisc(new TestDisc(TREE, layout).bytes);
    expect(disc.codes).toEqual([]);
    expect(disc.paths).toHaveLength(210);
    expect(await disc.contents('/small.txt')).toEqual(bytes(700));
    expect(await disc.contents('/empty')).toEqual(bytes(0));
    expect(await disc.contents('/extents.bin')).toEqual(bytes(SPLIT_SIZE));
    expect(await disc.contents('/extended.bin')).toEqual(bytes(5000));
    expect(await disc.contents('/chain.bin')).toEqual(bytes(SPLIT_SIZE, 3));
    expect(await disc.contents('/Ünïcödé/日本語/😀 deep.txt')).toEqual(bytes(9));
    expect(await disc.contents('/many/entry 199 with a longish name')).toEqual(bytes(199));
    expect(disc.volume).toMatchObject({ label: 'TEST DISC', created: Date.UTC(2024, 1, 29, 12, 34, 56, 780) });
    expect(disc.entry('/last').modified).toBe(Date.UTC(2024, 1, 29, 12, 34, 56, 780));
  });

  it('names the revision, and what the partitions claim', async () => {
    const { volume, opened } = await readDisc(new TestDisc(TREE).bytes);
    expect(volume.title).toBe('UDF 1.02');
    expect(volume.claimedSize).toBeGreaterThan(0);
    expect(opened.report[0]?.descriptors.map(({ title }) => title)).toContain('Logical volume descriptor');
  });

  it('the mirror stands in for a damaged metadata file, and for a damaged block of it', async () => {
    const whole = new TestDisc(TREE, 'metadata');
    const main = whole.bytes.slice();
    main.fill(0, whole.offsetOf([0, 0]), whole.offsetOf([1, 0]));
    const byMirror = await readDisc(main);
    expect(byMirror.codes).toEqual(['file-entry', 'metadata-file']);
    expect(byMirror.paths).toHaveLength(210);
    const block = whole.bytes.slice();
    const entry = whole.entries.get('small.txt') as number;
    block.fill(0xcc, entry, entry + SECTOR);
    const byBlock = await readDisc(block);
    expect(byBlock.codes).toEqual(['metadata-mirror']);
    expect(await byBlock.contents('/small.txt')).toEqual(bytes(700));
  });

  it('a table of virtual blocks that is cut off is told, not guessed', async () => {
    const { bytes: image } = new TestDisc(TREE, 'virtual');
    await expect(udf.open(new BytesSource(image.slice(0, -SECTOR), 'cut.udf'))).rejects.toThrow(ImageError);
  });

  it('padding behind the table of virtual blocks does not hide it', async () => {
    const { bytes: image } = new TestDisc(TREE, 'virtual');
    const padded = concat([image, new Uint8Array(150 * SECTOR)]);
    expect((await readDisc(padded)).paths).toHaveLength(210);
  });
});

describe('entries', () => {
  it('deleted identifiers are left out, hidden ones are marked', async () => {
    const disc = await readDisc(
      new TestDisc([
        { name: 'gone', contents: bytes(1), characteristics: 4 },
        { name: 'hidden', contents: bytes(1), characteristics: 1 },
      ]).bytes,
    );
    expect(disc.paths).toEqual(['/hidden']);
    expect(disc.entry('/hidden').hidden).toBe(true);
  });

  it('links share an identity, other files do not', async () => {
    const disc = await readDisc(
      new TestDisc([
        { name: 'a', contents: bytes(5) },
        { name: 'b', sameAs: 'a' },
        { name: 'c', contents: bytes(5) },
      ]).bytes,
    );
    const [a, b, c] = await Promise.all(['/a', '/b', '/c'].map(disc.record));
    expect(a?.identity).toBe(b?.identity);
    expect(a?.identity).not.toBe(c?.identity);
  });

  it('holes are zeros, and extents behind the end of a file are not part of it', async () => {
    const disc = await readDisc(
      new TestDisc([{ name: 'sparse', contents: bytes(3 * SECTOR), stored: 'short', split: [SECTOR, -SECTOR, SECTOR] }]).bytes,
    );
    const wanted = bytes(3 * SECTOR);
    wanted.fill(0, SECTOR, 2 * SECTOR);
    expect(await disc.contents('/sparse')).toEqual(wanted);
    expect((await disc.record('/sparse')).runs).toHaveLength(3);
  });

  it('an ICB of strategy 4096: the entry that indirect entries lead to', async () => {
    const disc = new TestDisc([
      { name: 'old', contents: bytes(5) },
      { name: 'between', contents: bytes(6) },
      { name: 'new', contents: bytes(7) },
    ]);
    const at = (name: string): number => disc.entries.get(name) ?? 0;
    const view = new DataView(disc.bytes.buffer);
    view.setUint16(at('old') + 20, 4096, true);
    disc.seal(at('old'));
    disc.bytes.fill(0, at('between') + 16, at('between') + SECTOR);
    view.setUint16(at('between'), 259, true);
    view.setUint32(at('between') + 36, SECTOR, true);
    view.setUint32(at('between') + 40, at('new') / SECTOR - PARTITION, true);
    disc.seal(at('between'));
    const read = await readDisc(disc.bytes);
    expect(read.codes).toEqual([]);
    expect(await read.contents('/old')).toEqual(bytes(7));
    view.setUint32(at('between') + 40, at('between') / SECTOR - PARTITION, true);
    disc.seal(at('between'));
    const looped = await readDisc(disc.bytes);
    expect(looped.codes).toContain('icb-loop');
    expect(await looped.contents('/old')).toEqual(bytes(5));
  });

  it('symbolic links by their path components', async () => {
    const component = (type: number, name = ''): Uint8Array => concat([Uint8Array.of(type, cs0(name).length, 0, 0), cs0(name)]);
    const disc = await readDisc(
      new TestDisc([
        { name: 'up', link: concat([component(3), component(4), component(5, 'ö')]) },
        { name: 'abs', link: concat([component(2), component(5, 'etc'), component(5, 'x')]) },
      ]).bytes,
    );
    const target = async (path: string): Promise<string> => new TextDecoder().decode((await disc.record(path)).target ?? undefined);
    expect(await target('/up')).toBe('.././ö');
    expect(await target('/abs')).toBe('/etc/x');
  });

  it('modes, owners, devices and times with zones', async () => {
    const device = concat([u32(12), Uint8Array.of(1, 0, 0, 0), u32(24, 0, 8, 1)]);
    const disc = await readDisc(
      new TestDisc([
        { name: 'exec', contents: bytes(1), permissions: (7 << 10) | (5 << 5) | 1, flags: 1 << 6, zone: 120 },
        { name: 'unzoned', contents: bytes(1), zone: -2047 },
        { name: 'sda1', fileType: 6, attributes: device },
        { name: 'pipe', fileType: 9 },
      ]).bytes,
    );
    expect(await disc.record('/exec')).toMatchObject({ mode: 0o104751, uid: 1000, gid: null, zoneKnown: true, links: 1 });
    expect(disc.entry('/exec').modified).toBe(Date.UTC(2024, 1, 29, 10, 34, 56, 780));
    expect((await disc.record('/unzoned')).zoneKnown).toBe(false);
    expect(await disc.record('/sda1')).toMatchObject({ kind: 'device', device: [8, 1], mode: 0o060544 });
    expect(await disc.record('/pipe')).toMatchObject({ kind: 'other', mode: 0o010544 });
  });

  it('names as recorded: 16 bits, unpaired surrogates, slashes, and forms that do not exist', async () => {
    const disc = await readDisc(
      new TestDisc([{ name: Uint8Array.of(16, 0xd8, 0x3d) }, { name: 'a/b' }, { name: Uint8Array.of(77, 0x41) }, { name: '日本' }]).bytes,
    );
    expect([1, 2, 3, 4].map((id) => [...(disc.sink.entries[id]?.name ?? [])])).toEqual([
      [0xed, 0xa0, 0xbd],
      [...utf8.encode('a/b')],
      [0x41],
      [...utf8.encode('日本')],
    ]);
    expect(disc.codes).toEqual(['name-compression']);
  });
});

describe('how the volume is found', () => {
  const whole = new TestDisc(TREE).bytes;
  const changed = (change: (image: Uint8Array) => void): Uint8Array => {
    const image = whole.slice();
    change(image);
    return image;
  };
  const erase =
    (sector: number, count = 1) =>
    (image: Uint8Array) =>
      image.fill(0xaa, sector * SECTOR, (sector + count) * SECTOR);

  it('without a recognition sequence, by the anchor', async () => {
    const image = changed(erase(16, 3));
    expect(await udf.probe(new BytesSource(image, 'x'))).toBe(true);
    expect((await readDisc(image)).codes).toEqual(['no-recognition']);
  });
  it('by the anchor at the end, also with padding behind it', async () => {
    const image = changed(erase(256));
    expect((await readDisc(image)).codes).toEqual(['anchor-elsewhere']);
    expect((await readDisc(concat([image, new Uint8Array(150 * SECTOR)]))).paths).toHaveLength(210);
  });
  it('by the reserve sequence', async () => {
    const disc = await readDisc(changed(erase(32, 4)));
    expect(disc.codes).toContain('main-sequence');
    expect(disc.paths).toHaveLength(210);
  });
  it('without any anchor, by the descriptors themselves', async () => {
    const image = changed(erase(256));
    image.fill(0, image.length - SECTOR);
    expect((await readDisc(image)).codes).toEqual(['no-anchor']);
  });
  it('is refused with an ImageError where nothing leads to it', async () => {
    const image = changed(erase(32, 4));
    erase(48, 4)(image);
    await expect(udf.open(new BytesSource(image, 'x'))).rejects.toThrow(ImageError);
    expect(await udf.probe(new BytesSource(new Uint8Array(600_000), 'x'))).toBe(false);
  });
});

describe('damage costs the entry alone', () => {
  it('sums that are wrong are told, and the fields used', async () => {
    const disc = new TestDisc(TREE);
    const checksum = disc.entries.get('small.txt') as number;
    flip(disc.bytes, checksum + 4);
    const crc = disc.entries.get('last') as number;
    flip(disc.bytes, crc + 40);
    const read = await readDisc(disc.bytes);
    expect(read.codes.sort()).toEqual(['tag-checksum', 'tag-crc']);
    expect(await read.contents('/small.txt')).toEqual(bytes(700));
  });

  it('a file entry that is none: listed, missing, the rest whole', async () => {
    const disc = new TestDisc(TREE);
    const at = disc.entries.get('small.txt') as number;
    disc.bytes.fill(0, at, at + SECTOR);
    const read = await readDisc(disc.bytes);
    expect(read.codes).toEqual(['file-entry']);
    expect(read.paths).toHaveLength(210);
    expect(read.entry('/small.txt').presence).toBe('missing');
    await expect(read.record('/small.txt')).rejects.toThrow(ImageError);
  });

  it('an identifier that cannot be read is passed over', async () => {
    const disc = new TestDisc(TREE);
    const at = disc.directories.get('many') as number;
    disc.bytes.fill(0xee, at + 40 + 3 * 72, at + 40 + 3 * 72 + 60);
    const read = await readDisc(disc.bytes);
    expect(read.codes).toEqual(['file-identifier']);
    expect(read.paths.length).toBeGreaterThan(206);
    expect(read.paths).toContain('/many/entry 199 with a longish name');
    expect(read.isPartial('/many')).toBe(true);
  });

  it('a directory that holds itself, and two names of one directory, are entered once', async () => {
    const disc = await readDisc(
      new TestDisc([
        { name: 'a', children: [{ name: 'self', sameAs: '', fileType: 4 }] },
        { name: 'b', sameAs: 'a', fileType: 4 },
      ]).bytes,
    );
    expect(disc.paths.sort()).toEqual(['/a', '/a/self', '/b']);
    expect(disc.codes.sort()).toEqual(['directory-loop', 'directory-shared']);
  });

  it('allocation descriptors that lead back to themselves end', async () => {
    const disc = new TestDisc(TREE);
    const [first, second] = disc.chained as [number, number];
    // The second block of descriptors leads to the first again.
    disc.bytes.copyWithin(second + 24 + 16, first + 24 + 16, first + 24 + 32);
    const view = new DataView(disc.bytes.buffer);
    view.setUint32(second + 24 + 16 + 4, first / SECTOR - 288, true);
    disc.seal(second);
    const read = await readDisc(disc.bytes);
    expect(read.codes).toEqual(['allocation']);
    expect(await read.contents('/small.txt')).toEqual(bytes(700));
  });

  it('a file that claims more than its extents hold shows what is there', async () => {
    const disc = new TestDisc(TREE);
    const at = disc.entries.get('extents.bin') as number;
    new DataView(disc.bytes.buffer).setBigUint64(at + 56, 1n << 60n, true);
    disc.seal(at);
    const read = await readDisc(disc.bytes);
    expect(read.codes).toEqual(['information-length']);
    expect(read.entry('/extents.bin').presence).toBe('cut');
    expect(await read.contents('/extents.bin')).toEqual(bytes(SPLIT_SIZE));
  });

  it('a root that cannot be read is an ImageError', async () => {
    const disc = new TestDisc(TREE);
    const at = disc.entries.get('') as number;
    disc.bytes.fill(0, at, at + SECTOR);
    await expect(readDisc(disc.bytes)).rejects.toThrow(ImageError);
  });
});

it('directories and file entries are read by windows, not one by one', async () => {
  const tree = Array.from({ length: 20 }, (_, index): Node => ({ name: `dir${index}`, children: many }));
  const { source, paths } = await readDisc(new TestDisc(tree).bytes);
  expect(paths).toHaveLength(20 * 201);
  expect(source.reads).toBeLessThan(60);
});
