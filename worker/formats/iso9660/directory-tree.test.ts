import { describe, expect, it } from 'vitest';
import { buildImage, DATE, DATE_MS, type Node } from './testing/build.ts';
import { codesOf, contentsOf, listTree, openBytes, viewOf } from './testing/tree.ts';

const bytesOf = (length: number, seed = 1): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 17 + (at >> 8)) & 255);
const plain = async (bytes: Uint8Array) => {
  const volume = viewOf(await openBytes(bytes), 'iso9660');
  return { volume, tree: await listTree(volume), codes: codesOf(volume) };
};
const patched = (bytes: Uint8Array, at: number, values: ArrayLike<number>): Uint8Array => {
  bytes.set(values, at);
  return bytes;
};
/** Offset of the directory record with this identifier. */
const recordAt = (bytes: Uint8Array, name: string): number => {
  const text = String.fromCharCode(...bytes);
  let at = text.indexOf(name, 20 * 2048);
  while (at >= 0 && bytes[at - 1] !== name.length) at = text.indexOf(name, at + 1);
  // Path tables hold identifiers too: a record has its length before it.
  while (at >= 0 && (bytes[at - 33] as number) < 34) at = text.indexOf(name, at + 1);
  return at - 33;
};

describe('a directory tree (ECMA-119 6.8, 9.1)', () => {
  const usual: Node[] = [
    { name: 'A.TXT;1', contents: bytesOf(100) },
    { name: 'SUB', children: [{ name: 'B.BIN;1', contents: bytesOf(5000, 2) }] },
  ];

  it('is listed with sizes, dates and contents', async () => {
    const { tree, codes, volume } = await plain(buildImage(usual));
    expect([...tree.keys()]).toEqual(['/A.TXT', '/SUB', '/SUB/B.BIN']);
    expect(tree.get('/A.TXT')?.modified).toBe(DATE_MS);
    expect(await contentsOf(tree, '/SUB/B.BIN')).toEqual(bytesOf(5000, 2));
    expect(codes).toEqual([]);
    expect(volume.label).toBe('TEST');
    expect(volume.claimedSize).toBe(buildImage(usual).length);
  });

  for (const blockSize of [512, 1024, 2048]) {
    it(`counts blocks of ${blockSize} bytes`, async () => {
      const { tree, codes } = await plain(buildImage(usual, { blockSize }));
      expect(await contentsOf(tree, '/SUB/B.BIN')).toEqual(bytesOf(5000, 2));
      expect(codes).toEqual([]);
    });
  }

  for (const [size, from] of [
    [0, 2048],
    [3, 2048],
    [65535, 2048],
    [2048, 512],
  ] as const)
    // prettier-ignore
    it(`finds the root with blocks of ${from} bytes where ${size} are recorded`, async () => {
      const bytes = patched(buildImage(usual, { blockSize: from }), 16 * 2048 + 128, [size & 255, size >> 8, size >> 8, size & 255]);
      const { tree, codes } = await plain(bytes);
      expect(await contentsOf(tree, '/A.TXT')).toEqual(bytesOf(100));
      expect(codes).toContain('block-size');
    });

  it('joins consecutive records of one identifier whose multi-extent flag is set', async () => {
    const { tree } = await plain(buildImage([{ name: 'M.BIN;1', contents: bytesOf(5000), sections: [2048, 1000, 1952] }, ...usual]));
    expect(await contentsOf(tree, '/M.BIN')).toEqual(bytesOf(5000));
    expect(tree.get('/M.BIN')?.record.runs).toHaveLength(3);
  });

  it('joins sections across sectors of the directory', async () => {
    const fill = Array.from({ length: 44 }, (_, index): Node => ({ name: `F${String(index).padStart(3, '0')}.TXT;1` }));
    const { tree } = await plain(buildImage([...fill, { name: 'M.BIN;1', contents: bytesOf(4000), sections: [1000, 1000, 1000, 1000] }]));
    expect(await contentsOf(tree, '/M.BIN')).toEqual(bytesOf(4000));
  });

  it('does not join records that merely share a name, nor a last part that is missing', async () => {
    const twins: Node[] = [{ name: 'X.TXT;1', contents: bytesOf(10) }, { name: 'X.TXT;1', contents: bytesOf(10) }]; // prettier-ignore
    expect((await plain(buildImage(twins))).tree.size).toBe(1); // both are /X.TXT;1 in this map
    const { tree, codes } = await plain(buildImage([{ name: 'L.BIN;1', contents: bytesOf(10), flags: 128 }]));
    expect(tree.get('/L.BIN')?.size).toBe(10);
    expect(codes).toContain('multi-extent-unfinished');
  });

  it('reads contents behind an extended attribute record', async () => {
    const { tree } = await plain(buildImage([{ name: 'X.BIN;1', contents: bytesOf(3000), record: { attributeBlocks: 2 } }]));
    expect(await contentsOf(tree, '/X.BIN')).toEqual(bytesOf(3000));
  });

  it('reads interleaved files unit by unit, also behind an attribute record in a unit of its own', async () => {
    const interleave = { unitBlocks: 2, gapBlocks: 3 };
    const nodes: Node[] = [
      { name: 'I.BIN;1', contents: bytesOf(15000), record: interleave },
      { name: 'J.BIN;1', contents: bytesOf(9000, 5), record: { ...interleave, attributeBlocks: 1 } },
    ];
    const { tree } = await plain(buildImage(nodes));
    expect(await contentsOf(tree, '/I.BIN')).toEqual(bytesOf(15000));
    expect(tree.get('/I.BIN')?.record).toMatchObject({ pieces: 4, runs: { length: 4 } });
    expect(await contentsOf(tree, '/J.BIN')).toEqual(bytesOf(9000, 5));
  });

  it('takes the little-endian place unless only the big-endian one lies inside', async () => {
    const right = buildImage([{ name: 'A.TXT;1', contents: bytesOf(100), record: { lbaBig: 1, sizeBig: 7 } }]);
    const first = await plain(right);
    expect(await contentsOf(first.tree, '/A.TXT')).toEqual(bytesOf(100));
    expect(first.codes).toEqual(['both-endian-disagree']);
    const wrong = buildImage(usual);
    const second = await plain(patched(wrong, recordAt(wrong, 'A.TXT;1') + 2, [255, 255, 255, 0]));
    expect(await contentsOf(second.tree, '/A.TXT')).toEqual(bytesOf(100));
  });

  it('follows the sections of a file over padding to the next block of 512 bytes', async () => {
    const bytes = buildImage([{ name: 'BIG.BIN;1', contents: bytesOf(1000), sections: [512, 488] }], { blockSize: 512 });
    const at = recordAt(bytes, 'BIG.BIN;1');
    const second = at + (bytes[at] as number);
    const next = Math.ceil(second / 512) * 512;
    bytes.set(bytes.slice(second, second + (bytes[at] as number)), next);
    bytes.fill(0, second, next);
    const { tree, codes } = await plain(bytes);
    expect(await contentsOf(tree, '/BIG.BIN')).toEqual(bytesOf(1000));
    expect(codes).toEqual([]);
  });

  it('shows hidden and associated files, marked', async () => {
    const { tree } = await plain(buildImage([{ name: 'H.TXT;1', flags: 1 }, { name: 'Z.TXT;1', flags: 4 }])); // prettier-ignore
    expect(tree.get('/H.TXT')?.hidden).toBe(true);
    expect(tree.get('/Z.TXT')?.associated).toBe(true);
  });

  it('goes on behind a zero length byte at the next sector', async () => {
    const many = Array.from({ length: 100 }, (_, index): Node => ({ name: `FILE${String(index).padStart(3, '0')}.TXT;1` }));
    expect((await plain(buildImage(many))).tree.size).toBe(100);
  });

  it('reads a directory whose size is no multiple of the block, or larger than its contents', async () => {
    for (const size of [117, 2048 * 9]) {
      const bytes = buildImage(usual);
      const at = recordAt(bytes, 'SUB');
      const big = [size & 255, size >> 8, 0, 0, 0, 0, size >> 8, size & 255];
      const { tree, codes } = await plain(patched(bytes, at + 10, big));
      expect([...tree.keys()]).toEqual(['/A.TXT', '/SUB', '/SUB/B.BIN']);
      expect(codes).toContain('directory-size-disagree');
    }
  });

  it('mends a record by the one of its two lengths that fits, and keeps those behind it', async () => {
    for (const [offset, value] of [
      [0, 1],
      [0, 33],
      [32, 255],
    ] as const) {
      // prettier-ignore
      const bytes = buildImage([...usual, { name: 'Z.TXT;1', contents: bytesOf(5) }]);
      const { tree, codes } = await plain(patched(bytes, recordAt(bytes, 'A.TXT;1') + offset, [value]));
      expect([...tree.keys()].slice(0, 3)).toEqual(['/A.TXT', '/SUB', '/Z.TXT']);
      expect(codes).toContain('record-lengths');
    }
  });

  it('lists a directory that contains itself once, and does not enter it again', async () => {
    const { tree, codes } = await plain(buildImage([{ name: 'A', children: [{ name: 'LOOP', children: [], pointTo: '/A' }] }]));
    expect([...tree.keys()]).toEqual(['/A', '/A/LOOP']);
    expect(codes).toContain('directory-loop');
  });

  it('does not read a directory whose beginning is zeros', async () => {
    const bytes = buildImage([{ name: 'SUB', children: [{ name: 'X.TXT;1' }] }, { name: 'Z.TXT;1' }]);
    const at = recordAt(bytes, 'SUB');
    const start = new DataView(bytes.buffer).getUint32(at + 2, true) * 2048;
    const { tree, codes } = await plain(patched(bytes, start, new Uint8Array(2048)));
    expect([...tree.keys()]).toEqual(['/SUB', '/Z.TXT']);
    expect(codes).toContain('directory-blank');
  });

  it('reads the first sector only of directories that are more than the image can hold', async () => {
    const nodes = Array.from({ length: 80 }, (_, index): Node => ({ name: `D${index}`, children: [{ name: 'X.TXT;1' }] }));
    const bytes = new Uint8Array(4 << 20);
    bytes.set(buildImage(nodes));
    for (let index = 0; index < 80; index++) {
      const at = recordAt(bytes.subarray(0, 60 * 2048), `D${index}`);
      const view = new DataView(bytes.buffer);
      const start = view.getUint32(at + 2, true) * 2048;
      for (const place of [at, start]) {
        view.setUint32(place + 10, 2 << 20, true);
        view.setUint32(place + 14, 2 << 20);
      }
    }
    const { tree, codes } = await plain(bytes);
    expect(codes).toContain('directories-overlap');
    expect(tree.has('/D79/X.TXT')).toBe(true);
  });

  it('enters the first of two directories in one place only', async () => {
    const { tree, codes } = await plain(buildImage([{ name: 'A', children: [{ name: 'X.TXT;1' }] }, { name: 'B', children: [], pointTo: '/A' }])); // prettier-ignore
    expect([...tree.keys()]).toEqual(['/A', '/B', '/A/X.TXT']);
    expect(codes).toContain('directory-shared');
  });

  it('stops at 256 levels and says so', async () => {
    let node: Node = { name: 'X', children: [] };
    for (let level = 0; level < 300; level++) node = { name: 'D', children: [node] };
    const { tree, codes } = await plain(buildImage([node]));
    expect(tree.size).toBe(257);
    expect(codes).toContain('directory-depth');
  });

  it('marks files past the end of the image as cut or missing', async () => {
    const bytes = buildImage([{ name: 'A.BIN;1', contents: bytesOf(6000) }, { name: 'B.BIN;1', contents: bytesOf(6000) }]); // prettier-ignore
    const { tree: whole } = await plain(bytes);
    const offset = (path: string): number => (whole.get(path)?.record.runs[0] as { offset: number }).offset;
    const { tree, codes } = await plain(bytes.slice(0, offset('/A.BIN') + 3000));
    expect([tree.get('/A.BIN')?.presence, tree.get('/B.BIN')?.presence]).toEqual(['cut', 'missing']);
    expect(tree.get('/B.BIN')?.size).toBe(6000);
    expect(codes).toContain('file-past-end');
  });

  it('knows files that begin alike and go on elsewhere as two', async () => {
    const sections = [2048, 2048];
    const twice = (record: Node['record']): Node[] => ['A.BIN;1', 'B.BIN;1'].map((name) => ({ name, contents: bytesOf(4096), sections, ...(record ? { record } : {}) })); // prettier-ignore
    const bytes = buildImage(twice({}));
    const [a, b] = [recordAt(bytes, 'A.BIN;1'), recordAt(bytes, 'B.BIN;1')];
    patched(bytes, b + 2, bytes.slice(a + 2, a + 10));
    const { tree } = await plain(bytes);
    const [first, second] = [tree.get('/A.BIN')?.record, tree.get('/B.BIN')?.record];
    expect(second?.runs[0]).toEqual(first?.runs[0]);
    expect(second?.identity).not.toBe(first?.identity);
  });

  it('lists thousands of interleaved files and makes the runs of those asked for', async () => {
    const files = Array.from({ length: 200 }, (_, index): Node => ({ name: `I${index}.BIN;1`, record: { lba: 1, size: 3 << 20, unitBlocks: 1, gapBlocks: 1 } })); // prettier-ignore
    const bytes = new Uint8Array(8 << 20);
    bytes.set(buildImage(files));
    const { tree } = await plain(bytes);
    const { record, source, presence } = tree.get('/I7.BIN') ?? {};
    expect([tree.size, record?.runs.length, source?.size, presence]).toEqual([200, 1536, 3 << 20, 'whole']);
    // Made anew each time: none are kept for an entry described.
    expect(record?.runs).not.toBe(record?.runs);
  });

  it('lists a file of more pieces than are told apart, and refuses it alone', async () => {
    const record = { lba: 1, size: 8 << 20, unitBlocks: 1, gapBlocks: 1 };
    const nodes: Node[] = [{ name: 'MANY.BIN;1', sections: new Array<number>(1100).fill(1), record }, { name: 'Z.BIN;1', contents: bytesOf(5) }]; // prettier-ignore
    const bytes = new Uint8Array(16 << 20);
    bytes.set(buildImage(nodes));
    const volume = viewOf(await openBytes(bytes), 'iso9660');
    const seen: number[] = [];
    await volume.read({ begin() {}, end() {}, add: ({ record: place }) => seen.push(place) });
    expect(codesOf(volume)).toContain('too-many-units');
    const [many, small] = await volume.describe(seen);
    expect(many?.runs).toEqual([]);
    expect(() => many && volume.open(many, 'many')).toThrow('interleaved');
    expect(small && (await volume.open(small, 'z').read(0, 5))).toEqual(bytesOf(5));
  });

  it('knows files of one place as one, and says nothing of empty ones', async () => {
    const bytes = buildImage([{ name: 'A.BIN;1', contents: bytesOf(100) }, { name: 'B.BIN;1', contents: bytesOf(100) }, { name: 'C.BIN;1' }]); // prettier-ignore
    const from = recordAt(bytes, 'A.BIN;1');
    const { tree } = await plain(patched(bytes, recordAt(bytes, 'B.BIN;1') + 2, bytes.slice(from + 2, from + 10)));
    expect(tree.get('/A.BIN')?.record.identity).toBe(tree.get('/B.BIN')?.record.identity);
    expect(tree.get('/C.BIN')?.record.identity).toBeNull();
  });
});

describe('identifiers (ECMA-119 7.5, 7.6)', () => {
  it('lose ;1 and one dot, unless siblings would become equal', async () => {
    const names = ['A.TXT;1', 'A.TXT;2', 'B.;1', 'C;1', 'C.;1', 'D.TXT;32767', 'E..;1', 'F', 'G.', 'H.TXT;0'];
    const { tree } = await plain(buildImage(names.map((name) => ({ name }))));
    expect([...tree.keys()].map((path) => path.slice(1))).toEqual([
      'A.TXT',
      'A.TXT;2',
      'B',
      'C;1',
      'C.;1',
      'D.TXT;32767',
      'E.',
      'F',
      'G',
      'H.TXT;0',
    ]);
  });

  it('are guessed where they are not ASCII: UTF-8, Shift-JIS, else windows-1252', async () => {
    const names = [
      Uint8Array.of(0xc3, 0xa9),
      Uint8Array.of(0x93, 0xfa, 0x96, 0x7b),
      Uint8Array.of(0xe4, 0xf6, 0xfc),
      Uint8Array.of(0xe9, 0x74, 0xe9),
    ];
    const { tree } = await plain(buildImage(names.map((name) => ({ name }))));
    expect([...tree.keys()]).toEqual(['/é', '/日本', '/äöü', '/été']);
  });

  it('are UCS-2 in Joliet, where an unpaired surrogate is shown as U+FFFD', async () => {
    const opened = await openBytes(buildImage([], { joliet: [{ name: 'lone-\ud83d-hi' }, { name: 'pair-\ud83d\ude00' }, { name: 'v;1' }] })); // prettier-ignore
    expect([...(await listTree(viewOf(opened, 'joliet'))).keys()]).toEqual(['/lone-\ufffd-hi', '/pair-😀', '/v;1']);
    expect(opened.volumes.map(({ id }) => id)).toEqual(['joliet', 'iso9660']);
  });

  it('are up to 207 bytes long in a version 2 descriptor (ISO 9660:1999)', async () => {
    const name = `${'long'.repeat(51)}.txt`;
    const opened = await openBytes(buildImage([{ name: 'L.TXT;1' }], { version2: [{ name }] }));
    expect([...(await listTree(viewOf(opened, 'iso1999'))).keys()]).toEqual([`/${name}`]);
  });
});

describe('dates (ECMA-119 9.1.5)', () => {
  const dated = async (date: number[]) => {
    const { tree, codes } = await plain(buildImage([{ name: 'A', record: { date: Uint8Array.from(date) } }]));
    return [tree.get('/A')?.modified, codes] as const;
  };

  it('have a zone of -52 to +56 quarters of an hour', async () => {
    expect(await dated([...DATE.subarray(0, 6), 56])).toEqual([DATE_MS - 14 * 3_600_000, []]);
    expect(await dated([...DATE.subarray(0, 6), 256 - 52])).toEqual([DATE_MS + 13 * 3_600_000, []]);
  });

  it('ignore a zone beyond that', async () => expect(await dated([...DATE.subarray(0, 6), 57])).toEqual([DATE_MS, ['date-zone']]));
  it('are none where all zero', async () => expect(await dated([0, 0, 0, 0, 0, 0, 0])).toEqual([NaN, []]));
  it('are none where they do not exist', async () => expect(await dated([124, 13, 1, 0, 0, 0, 0])).toEqual([NaN, ['date-invalid']]));
});

describe('volume descriptors (ECMA-119 8)', () => {
  const nodes: Node[] = [{ name: 'SUB', children: [{ name: 'A.TXT;1', contents: bytesOf(9) }] }];

  it('need no terminator', async () => {
    const opened = await openBytes(buildImage(nodes, { terminator: false }));
    expect((await listTree(viewOf(opened, 'iso9660'))).size).toBe(2);
    expect(opened.findings.list.map(({ code }) => code)).toEqual(['descriptor-terminator']);
  });

  it('may stand behind other sectors', async () => {
    const bytes = buildImage(nodes, { joliet: [] });
    bytes.copyWithin(17 * 2048, 16 * 2048, 17 * 2048);
    bytes.fill(0, 16 * 2048, 17 * 2048);
    expect((await listTree(viewOf(await openBytes(bytes), 'iso9660'))).size).toBe(2);
  });

  it('may claim no blocks, too few, or too many', async () => {
    for (const [blocks, code] of [
      [0, 'volume-size-zero'],
      [20, 'volume-size-small'],
      [60000, null],
    ] as const) {
      // prettier-ignore
      const bytes = patched(buildImage(nodes), 16 * 2048 + 80, [blocks & 255, blocks >> 8, 0, 0, 0, 0, blocks >> 8, blocks & 255]);
      const { tree, codes, volume } = await plain(bytes);
      expect(await contentsOf(tree, '/SUB/A.TXT')).toEqual(bytesOf(9));
      expect(codes).toEqual(code ? [code] : []);
      expect(volume.claimedSize).toBe(blocks > 0 ? blocks * 2048 : null);
    }
  });

  it('may hold reserved bytes that are not zero', async () => {
    const opened = await openBytes(patched(buildImage(nodes), 16 * 2048 + 72, [1]));
    expect(opened.findings.list.map(({ code }) => code)).toEqual(['reserved-bytes']);
  });

  it('need no path table, and bear a wrong one', async () => {
    expect((await plain(buildImage(nodes, { pathTable: false }))).codes).toEqual(['path-table-absent']);
    const bytes = buildImage(nodes);
    const little = new DataView(bytes.buffer).getUint32(16 * 2048 + 140, true) * 2048;
    expect((await plain(patched(bytes.slice(), little + 18, [0x4c]))).codes).toEqual(['path-table-disagree']);
    expect((await plain(patched(bytes.slice(), 16 * 2048 + 140, new Uint8Array(12).fill(255)))).codes).toEqual(['path-table-unreadable']);
  });

  it('that name no readable root are mended by the path table', async () => {
    const bytes = patched(buildImage(nodes), 16 * 2048 + 158, [255, 255, 255, 0, 0, 255, 255, 255]);
    const { tree, codes } = await plain(bytes);
    expect(await contentsOf(tree, '/SUB/A.TXT')).toEqual(bytesOf(9));
    expect(codes).toContain('root-by-path-table');
  });

  it('that name no readable root and no path table fail for this tree alone', async () => {
    const bytes = buildImage(nodes, { pathTable: false, joliet: [{ name: 'a' }] });
    const opened = await openBytes(patched(bytes, 16 * 2048 + 158, [255, 255, 255, 0, 0, 255, 255, 255]));
    await expect(listTree(viewOf(opened, 'iso9660'))).rejects.toMatchObject({ name: 'ImageError', code: 'root-unreadable' });
    expect((await listTree(viewOf(opened, 'joliet'))).size).toBe(1);
  });

  it('tell which disc of a set holds a file', async () => {
    const bytes = buildImage([{ name: 'A', contents: bytesOf(5), record: { volume: 2 } }]);
    const { tree, codes } = await plain(patched(bytes, 16 * 2048 + 120, [2, 0, 0, 2]));
    expect(tree.get('/A')?.presence).toBe('missing');
    expect(codes).toEqual(['other-volume']);
  });
});

describe('High Sierra', () => {
  it('has CDROM at byte 9, fields 8 bytes later, dates of 6 bytes and flags at byte 24', async () => {
    const nodes: Node[] = [{ name: 'READ.ME;1', contents: bytesOf(300) }, { name: 'DIR', children: [{ name: 'IN.TXT;1', contents: bytesOf(4000, 3), flags: 1 }] }]; // prettier-ignore
    const opened = await openBytes(buildImage(nodes, { highSierra: true, label: 'SIERRA' }));
    expect(opened.volumes.map(({ id }) => id)).toEqual(['highsierra']);
    const volume = viewOf(opened, 'highsierra');
    const tree = await listTree(volume);
    expect([...tree.keys()]).toEqual(['/READ.ME', '/DIR', '/DIR/IN.TXT']);
    expect(await contentsOf(tree, '/DIR/IN.TXT')).toEqual(bytesOf(4000, 3));
    expect(tree.get('/DIR/IN.TXT')?.hidden).toBe(true);
    expect(tree.get('/READ.ME')?.modified).toBe(DATE_MS);
    expect([volume.label, volume.zoneKnown, volume.created]).toEqual(['SIERRA', false, DATE_MS]);
    expect(codesOf(volume)).toEqual([]);
  });
});
