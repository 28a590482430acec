import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  ascii,
  both32,
  buildImage,
  CE,
  DATE,
  entry,
  ER,
  join,
  le32,
  NM,
  PX,
  SL,
  SP,
  type Layout,
  type Node,
  type Options,
} from './testing/build.ts';
import { Block } from '../../bytes/block.ts';
import { readRockRidge } from './rock-ridge.ts';
import { codesOf, contentsOf, listTree, openBytes, viewOf } from './testing/tree.ts';

const FILE = 0o100644;
const DIRECTORY = 0o040755;
const LINK = 0o120777;
const root = join(SP(), PX(DIRECTORY), ER());
const ridge = async (
  nodes: readonly Node[],
  options: Options = { rootSystemUse: root },
  area: (image: Uint8Array) => Uint8Array = (image) => image,
) => {
  const volume = viewOf(await openBytes(area(buildImage(nodes, options))), 'rockridge');
  const tree = await listTree(volume);
  return { volume, tree, codes: codesOf(volume), paths: [...tree.keys()] };
};
const file = (...use: Uint8Array[]): Node[] => [{ name: 'A.;1', contents: ascii('hello'), systemUse: join(...use) }];
/** Writes continuation areas at the first free block, which is block 18 of these images (descriptor, terminator). */
const withArea =
  (...areas: readonly (readonly [offset: number, bytes: Uint8Array])[]) =>
  (image: Uint8Array): Uint8Array => {
    for (const [offset, bytes] of areas) image.set(bytes, 18 * 2048 + offset);
    return image;
  };
const ce = (offset: number, length: number) => ({ area }: Layout) => join(PX(FILE), CE(area, offset, length)); // prettier-ignore

describe('Rock Ridge', () => {
  it('is recognised by SP, with its skip, also behind CD-XA attributes (SUSP 5.3)', async () => {
    const xa = Uint8Array.of(0, 0, 0, 0, 0x0d, 0x55, 0x58, 0x41, 0, 0, 0, 0, 0, 0);
    const { paths } = await ridge(file(xa, PX(FILE), NM('after xa')), { rootSystemUse: join(xa, SP(14), PX(DIRECTORY)) });
    expect(paths).toEqual(['/after xa']);
  });

  it('is read where SP is missing and the entries are plain to see', async () => {
    const { paths, codes } = await ridge(file(PX(FILE), NM('name')), {});
    expect([paths, codes]).toEqual([['/name'], ['susp-sp-missing']]);
    expect((await ridge(file(), { rootSystemUse: ER() })).codes).toEqual(['susp-sp-missing']);
  });

  it('is no view where records hold something else', async () => {
    const opened = await openBytes(buildImage(file(ascii('SOME BYTES'))));
    expect(opened.volumes.map(({ id }) => id)).toEqual(['iso9660']);
  });

  it('is read where the writer left the pad byte of the identifier out (ECMA-119 9.1.12)', async () => {
    const { paths } = await ridge([{ name: 'AB.;1', record: { pad: false } }, { name: 'ABC.;1', systemUse: join(PX(FILE), NM('no pad')), record: { pad: false } }]); // prettier-ignore
    expect(paths).toContain('/no pad');
  });

  it('puts names together over several NM entries, and keeps the identifier for CURRENT and PARENT (RRIP 4.1.4)', async () => {
    expect((await ridge(file(PX(FILE), NM('one-', 1), NM('two-', 1), NM('three')))).paths).toEqual(['/one-two-three']);
    expect((await ridge(file(PX(FILE), NM('', 2)))).paths).toEqual(['/A']);
    expect((await ridge(file(PX(FILE), NM('', 4)))).paths).toEqual(['/A']);
    expect((await ridge(file(PX(FILE)))).paths).toEqual(['/A']);
  });

  it('puts link targets together from components (RRIP 4.1.3)', async () => {
    const target = async (...links: Uint8Array[]): Promise<string> => {
      const { tree, volume } = await ridge(file(PX(LINK), NM('l'), ...links));
      expect(tree.get('/l')?.kind).toBe('symlink');
      return volume.decodeName(tree.get('/l')?.record.target ?? new Uint8Array(0));
    };
    expect(await target(SL([0, 'dir'], [1, 'part-of-'], [0, 'component'], [2, ''], [4, ''], [0, 'x']))).toBe(
      'dir/part-of-component/./../x',
    );
    expect(await target(SL([8, ''], [0, 'etc'], [0, 'passwd']))).toBe('/etc/passwd');
    expect(await target(SL([0, 'a'], [0, ''], [0, 'b']))).toBe('a//b');
    expect(await target(SL([0, 'a'], [1, 'b']), SL([0, 'c']))).toBe('a/bc');
  });

  it('has modes, links, owners, and serial numbers in the long form of PX (RRIP 4.1.1)', async () => {
    const { tree } = await ridge([...file(PX(FILE, 2, 77), NM('x')), { name: 'B.;1', systemUse: join(PX(FILE, 2, 77), NM('y')) }, { name: 'C.;1', systemUse: join(PX(FILE), NM('z')) }]); // prettier-ignore
    expect(tree.get('/x')?.record).toMatchObject({ mode: FILE, links: 2, uid: 1000, gid: 100 });
    expect(tree.get('/y')?.record.identity).toBe('serial:77');
    expect(tree.get('/z')?.record.identity).toBeNull();
  });

  it('has times of 7 and 17 bytes, any of them, which win over the record (RRIP 4.1.6)', async () => {
    const short = entry('TF', [2 | 4, ...Uint8Array.of(100, 1, 1, 0, 0, 0, 0), ...DATE]);
    const long = entry('TF', [128 | 1 | 2, ...ascii('1999123123595900'), 0, ...ascii('2001020304050607'), 4]);
    const { tree } = await ridge([{ name: 'A', systemUse: join(PX(FILE), short) }, { name: 'B', systemUse: join(PX(FILE), long) }]); // prettier-ignore
    expect(tree.get('/A')?.modified).toBe(Date.UTC(2000, 0, 1));
    expect(tree.get('/A')?.record.times.accessed).toBe(Date.UTC(2024, 1, 29, 12, 34, 56));
    expect(tree.get('/B')?.record.times).toEqual({
      created: Date.UTC(1999, 11, 31, 23, 59, 59),
      modified: Date.UTC(2001, 1, 3, 3, 5, 6, 70),
    });
  });

  it('has devices, in one half or two (RRIP 4.1.2), and other kinds by mode', async () => {
    const device = (high: number, low: number): Uint8Array => join(PX(0o060660), entry('PN', [...both32(high), ...both32(low)]));
    const { tree } = await ridge([{ name: 'A', systemUse: device(0, 0x801) }, { name: 'B', systemUse: device(8, 2) }, { name: 'C', systemUse: PX(0o010644) }]); // prettier-ignore
    expect([tree.get('/A')?.record.device, tree.get('/B')?.record.device]).toEqual([[8, 1], [8, 2]]); // prettier-ignore
    expect([tree.get('/A')?.kind, tree.get('/C')?.kind]).toEqual(['device', 'other']);
  });

  it('says that a sparse file cannot be read, with its size (RRIP 4.1.7)', async () => {
    const volume = viewOf(
      await openBytes(buildImage(file(PX(FILE), entry('SF', [...both32(1), ...both32(5), 1])), { rootSystemUse: root })),
      'rockridge',
    );
    await expect(listTree(volume)).rejects.toMatchObject({ name: 'Unsupported', feature: 'sparse' });
  });

  it('ignores access control lists and extensions it does not know', async () => {
    expect((await ridge(file(PX(FILE), entry('AL', [0, 1, 2, 3]), entry('QQ', [1]), NM('x')))).paths).toEqual(['/x']);
  });
});

describe('bounds of one record', () => {
  it('keeps 16 extensions, and 64 KiB of continuation areas', async () => {
    const many = join(...Array.from({ length: 1700 }, ER));
    const length = many.length + 28;
    const big = new Uint8Array(1 << 20);
    for (let area = 0; area < 3; area++) big.set(join(many, CE(100 + 16 * (area + 1), 0, length)), (100 + 16 * area) * 2048);
    const use = join(SP(), CE(100, 0, length));
    const block = new Block(big, 0);
    const reading = readRockRidge(new Block(use, 0), 0, use.length, 2048, (area) => block.slice(area.offset, area.length));
    expect(reading.extensions).toHaveLength(16);
    expect(reading.problem?.code).toBe('continuation-length');
  });

  it('cuts a name at 1,024 bytes and tells of one above 255', async () => {
    const parts = (count: number): Uint8Array => join(...Array.from({ length: count }, () => NM('n'.repeat(200), 1)));
    const read = (use: Uint8Array) => readRockRidge(new Block(use, 0), 0, use.length, 2048, () => null);
    expect(read(parts(2))).toMatchObject({ problem: { severity: 'warning', code: 'name-length' } });
    expect(read(parts(9)).name).toHaveLength(1000);
  });
});

describe('a file of which nothing is stored', () => {
  it('is said to be so, not to be on another disc', async () => {
    const sparse = entry('SF', [...both32(0), ...both32(100_000), 1]);
    const { tree, volume } = await ridge([{ name: 'A.;1', systemUse: join(PX(FILE), NM('a'), sparse) }]);
    const record = tree.get('/a')?.record;
    expect(record?.size).toBe(100_000);
    expect(() => record && volume.open(record, 'a')).toThrow('nothing is stored');
  });
});

describe('continuation areas (SUSP 5.1)', () => {
  const name = NM('continued');

  it('are followed, one after another', async () => {
    const nodes: Node[] = [{ name: 'A.;1', systemUse: ce(0, 28) }];
    const { paths, codes } = await ridge(nodes, { rootSystemUse: root }, withArea([0, CE(18, 600, name.length)], [600, name]));
    expect([paths, codes]).toEqual([['/continued'], []]);
  });

  it('end where they lead in a circle, to the outside, or on and on', async () => {
    const nodes: Node[] = [{ name: 'A.;1', systemUse: ce(0, 28) }, { name: 'B.;1', systemUse: join(PX(FILE), NM('b')) }]; // prettier-ignore
    const chain = Array.from({ length: 40 }, (_, index) => [index * 28, CE(18, (index + 1) * 28, 28)] as const);
    const areas = { 'continuation-cycle': [[0, CE(18, 0, 28)]], 'continuation-outside': [[0, CE(1 << 20, 0, 28)]], 'continuation-chain': chain, 'continuation-length': [[0, CE(18, 100, 1 << 30)]] } as const; // prettier-ignore
    for (const [code, area] of Object.entries(areas)) {
      const { paths, codes } = await ridge(nodes, { rootSystemUse: root }, withArea(...area));
      expect([paths, codes]).toEqual([['/A', '/b'], [code]]);
    }
  });

  it('that lie far apart are read together', async () => {
    const nodes = Array.from({ length: 50 }, (_, index): Node => ({ name: `F${index}`, systemUse: ce(index * 40, 40) }));
    const areas = nodes.map((_, index) => [index * 40, NM(`far-${index}`)] as const);
    const { paths } = await ridge(nodes, { rootSystemUse: root }, withArea(...areas));
    expect(paths).toEqual(nodes.map((_, index) => `/far-${index}`));
  });

  it('or entries that are cut short lose only themselves (SUSP 4.1)', async () => {
    for (const bad of [Uint8Array.of(0x4e, 0x4d, 0, 1, 0, 97), Uint8Array.of(0x4e, 0x4d, 255, 1, 0, 97), entry('PX', [1, 2, 3])]) {
      const { paths, codes } = await ridge([...file(bad), { name: 'B.;1', systemUse: join(PX(FILE), NM('b')) }]);
      expect(paths).toEqual(['/A', '/b']);
      expect(codes).toHaveLength(1);
    }
  });
});

describe('relocated directories (RRIP 4.1.5)', () => {
  const link = ({ at }: Layout, path: string): Uint8Array => join(PX(DIRECTORY), NM('deep'), entry('CL', both32(at.get(path) ?? 0)));
  const moved = (name: string, more: readonly Node[] = []): Node[] => [
    {
      name: 'TOP',
      children: [{ name: 'DEEP', systemUse: (image: Layout) => link(image, `/${name}/DEEP`) }],
      systemUse: join(PX(DIRECTORY), NM('top')),
    },
    {
      name,
      systemUse: join(PX(DIRECTORY), NM(name.toLowerCase())),
      children: [
        {
          name: 'DEEP',
          systemUse: join(PX(DIRECTORY), NM('deep'), entry('RE', [])),
          children: [{ name: 'IN.TXT;1', contents: ascii('in'), systemUse: join(PX(FILE), NM('in')) }],
        },
        ...more,
      ],
    },
  ];

  for (const name of ['RR_MOVED', 'ELSEWHERE'])
    it(`are shown in their place, and ${name}, emptied, is not`, async () => {
      const { tree, codes } = await ridge(moved(name));
      expect([...tree.keys()]).toEqual(['/top', '/top/deep', '/top/deep/in']);
      expect(await contentsOf(tree, '/top/deep/in')).toEqual(ascii('in'));
      expect(codes).toEqual([]);
    });

  it('leave their directory where something else is in it', async () => {
    const { paths } = await ridge(moved('RR_MOVED', [{ name: 'OWN.TXT;1', systemUse: PX(FILE) }]));
    expect(paths).toEqual(['/top', '/rr_moved', '/top/deep', '/rr_moved/OWN.TXT', '/top/deep/in']);
  });

  it('are told of where no place leads to them', async () => {
    const nodes = moved('RR_MOVED').slice(1);
    expect((await ridge(nodes)).codes).toEqual(['relocated-orphan']);
  });

  it('that lead to the root are listed, not entered', async () => {
    const { paths, codes } = await ridge([{ name: 'A', systemUse: (image: Layout) => link(image, '') }]);
    expect([paths, codes]).toEqual([['/deep'], ['directory-loop']]);
  });
});

describe('zisofs', () => {
  const contents = Uint8Array.from({ length: 100_000 }, (_, at) => (at * at) >> 7);
  contents.fill(0, 32768, 65536);
  const blocks = [0, 1, 2, 3].map((index) => contents.subarray(index * 32768, (index + 1) * 32768));
  const packed = blocks.map((block) => (block.every((byte) => byte === 0) ? new Uint8Array(0) : zlibSync(block)));
  const pointers = (start: number): number[] => packed.reduce((list, block) => [...list, (list.at(-1) as number) + block.length], [start]);
  const version1 = join(
    Uint8Array.of(0x37, 0xe4, 0x53, 0x96, 0xc9, 0xdb, 0xd6, 0x07, ...le32(100_000), 4, 15, 0, 0),
    Uint8Array.from(pointers(36).flatMap(le32)),
    ...packed,
  );
  const version2 = join(
    Uint8Array.of(0xef, 0x22, 0x55, 0xa1, 0xbc, 0x1b, 0x95, 0xa0, 0, 6, 1, 15, ...le32(100_000), ...le32(0), 0, 0, 0, 0),
    Uint8Array.from(pointers(64).flatMap((at) => [...le32(at), ...le32(0)])),
    ...packed,
  );
  const ZF = entry('ZF', [...ascii('pz'), 4, 15, ...both32(100_000)]);
  const Z2 = entry('Z2', [...ascii('PZ'), 6, 15, ...le32(100_000), ...le32(0)], 2);

  for (const [what, stored, use] of [
    ['version 1 by ZF', version1, ZF],
    ['version 2 by Z2', version2, Z2],
  ] as const)
    // prettier-ignore
    it(`${what} gives the contents, whole and in parts`, async () => {
      const { tree, codes } = await ridge([{ name: 'Z', contents: stored, systemUse: join(PX(FILE), use) }]);
      expect(tree.get('/Z')?.size).toBe(100_000);
      expect(await contentsOf(tree, '/Z')).toEqual(contents);
      expect(await tree.get('/Z')?.source?.read(32760, 40_000)).toEqual(contents.slice(32760, 72760));
      expect(codes).toEqual([]);
    });

  it('that is damaged, lies, or is another algorithm fails for its file alone', async () => {
    const change = (at: number, values: number[]): Uint8Array => {
      const bytes = version1.slice();
      bytes.set(values, at);
      return bytes;
    };
    for (const stored of [
      change(13, [200]),
      change(13, [14]),
      change(16, le32(1 << 30)),
      change(20, le32(35)),
      change(8, le32(9)),
      change(60, [255, 255]),
      change(version1.length - 1, [0x5a]),
      ascii('not zisofs at all, but long enough'),
    ]) {
      const { tree } = await ridge([{ name: 'Z', contents: stored, systemUse: join(PX(FILE), ZF) }]);
      await expect(contentsOf(tree, '/Z')).rejects.toMatchObject({ name: 'ImageError', code: 'zisofs' });
    }
    const { codes } = await ridge([
      { name: 'Z', contents: version1, systemUse: join(PX(FILE), entry('ZF', [...ascii('pz'), 4, 15, ...both32(0xffffffff)])) },
    ]);
    expect(codes).toEqual(['zisofs-size']);
  });
});
