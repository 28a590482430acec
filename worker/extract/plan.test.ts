import { describe, expect, it, vi } from 'vitest';
import { BytesSource } from '../source/bytes.ts';
import { MAX_CHANGES } from './changes.ts';
import { executePlan, summarize } from './save.ts';
import { testDisc, type TestEntry } from './testing.ts';
import { tarLayout, tarSize } from './tar.ts';

const tree: readonly TestEntry[] = [
  {
    name: 'a',
    children: [
      {
        name: 'b',
        children: [
          { name: 'x', data: '1' },
          { name: 'y', data: '22' },
        ],
      },
      { name: 'c', data: '333' },
      { name: 'h', data: '4444', hidden: true },
      { name: 'hd', children: [{ name: 'in', data: '5' }], hidden: true },
      { name: 'c', data: 'resource', associated: true },
    ],
  },
  { name: 'd', data: '666666' },
  { name: 'e', children: [{ name: 'f', children: [{ name: 'g', data: '7' }] }] },
];

async function paths(disc: ReturnType<typeof testDisc>, chosen: readonly string[], hidden = false): Promise<string[]> {
  return [...(await disc.plan({ paths: chosen, hidden })).members()].map((member) => member.path);
}

describe('what a plan holds', () => {
  const disc = testDisc(tree);

  it.each([
    [['/'], ['a', 'a/b', 'a/b/x', 'a/b/y', 'a/c', 'd', 'e', 'e/f', 'e/f/g']],
    [['/a'], ['a', 'a/b', 'a/b/x', 'a/b/y', 'a/c']],
    [
      ['/a/b', '/a/c'],
      ['b', 'b/x', 'b/y', 'c'],
    ],
    [
      ['/a/c', '/a', '/a/b/x'],
      ['a', 'a/b', 'a/b/x', 'a/b/y', 'a/c'],
    ],
    [
      ['/', '/d'],
      ['a', 'a/b', 'a/b/x', 'a/b/y', 'a/c', 'd', 'e', 'e/f', 'e/f/g'],
    ],
    [['/a/b/x'], ['x']],
    [
      ['/a/b/x', '/e/f/g'],
      ['a', 'a/b', 'a/b/x', 'e', 'e/f', 'e/f/g'],
    ],
    [
      ['/a/b/x', '/a/c'],
      ['b', 'b/x', 'c'],
    ],
    [['/a/h'], ['h']],
    [
      ['/a/hd', '/d'],
      ['a', 'a/hd', 'a/hd/in', 'd'],
    ],
    [[], []],
  ])('of %j is the tree below their common directory', async (chosen, wanted) => {
    expect(await paths(disc, chosen)).toEqual(wanted);
  });

  it('holds what is hidden or associated where that is wanted', async () => {
    expect(await paths(disc, ['/a'], true)).toEqual(['a', 'a/b', 'a/b/x', 'a/b/y', 'a/c', 'a/h', 'a/hd', 'a/hd/in', 'a/c (2)']);
  });

  it.each([
    [['/'], 'zip', 'TEST.zip'],
    [['/a'], 'tar', 'a.tar'],
    [['/a/b', '/a/c'], 'zip', 'a.zip'],
    [['/a', '/d'], 'zip', 'TEST.zip'],
    [['/d'], 'zip', 'd.zip'],
    [['/d'], 'file', 'd'],
  ] as const)('of %j as %s proposes the name %s', async (chosen, format, name) => {
    expect((await disc.plan({ paths: chosen, format })).name).toBe(name);
  });

  it.each([
    ['zip', { files: 2, links: 1, linkTexts: 1, devices: 0 }],
    ['tar', { files: 2, links: 1, linkTexts: 1, devices: 1 }],
    ['folder', { files: 3, links: 0, linkTexts: 2, devices: 0 }],
  ] as const)('as %s counts links apart from the texts that stand for them', async (format, counts) => {
    const linked = testDisc([
      { name: 'file', data: 'f' },
      { name: 'inside', target: 'file' },
      { name: 'outside', target: '/etc/passwd' },
      { name: 'null', kind: 'device', mode: 0o020666, device: [1, 3] },
    ]);
    expect(summarize(await linked.plan({ paths: ['/'], format }))).toMatchObject(counts);
  });

  it('refuses to save as one file what is not one', async () => {
    for (const chosen of [['/a'], ['/a/c', '/d'], []]) {
      const plan = await disc.plan({ paths: chosen, format: 'file' });
      await expect(executePlan(plan, { openTarget: null, limit: 0 })).rejects.toMatchObject({ name: 'Unsupported' });
    }
  });
});

describe('what a plan leaves out', () => {
  const broken = testDisc([
    { name: 'cut.bin', data: 'present', size: 5000, runs: [{ offset: 0, length: 5000 }], presence: 'cut' },
    { name: 'gone.bin', runs: [{ offset: 99_999, length: 10 }], presence: 'missing' },
    { name: 'lies.bin', runs: [{ offset: 1000, length: 1_000_000 }] },
    { name: 'good.bin', data: 'g' },
    { name: 'bad.bin', data: 'b', bad: true },
    { name: 'bad', children: [{ name: 'inside', data: 'i' }], bad: true },
    ...Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, data: 'x' })),
  ]);

  it('is named with the reason, and the rest is there', async () => {
    const plan = await broken.plan({});
    const all = [...plan.members()].map((member) => member.path);
    expect(all).toContain('good.bin');
    expect(all).toContain('bad/inside');
    expect(all).toHaveLength(1 + 2 + 20);
    const { changes, leftOutCount } = summarize(plan);
    expect(leftOutCount).toBe(4);
    expect(
      changes
        .filter((change) => change.saved === null)
        .map((change) => change.path)
        .sort(),
    ).toEqual(['/bad.bin', '/cut.bin', '/gone.bin', '/lies.bin']);
    for (const change of changes) expect(change.reason).toMatch(/^[A-Z].*\.?$/);
  });

  it('is saved as far as it is present where that is wanted, and named so', async () => {
    const plan = await broken.plan({ partial: true });
    const all = new Map([...plan.members()].map((member) => [member.path, member.size]));
    const { size } = broken.image;
    expect(all.get('cut.bin.partial')).toBe(Math.min(5000, size));
    expect(all.get('lies.bin.partial')).toBe(size - 1000);
    expect(all.has('gone.bin')).toBe(false);
    const { blob, size: saved } = await executePlan(plan, { openTarget: null, limit: 0 });
    expect(blob?.size).toBe(saved);
  });

  it('is saved whole with zeros for what is not there only where that is chosen, and is named', async () => {
    const plan = await broken.plan({ holes: 'zeros' });
    const filled = [...plan.members()].find((member) => member.path === 'lies.bin');
    const planned = (await broken.plan({ partial: true })).members();
    const present = [...planned].find((member) => member.path === 'lies.bin.partial')?.size ?? 0;
    expect(filled?.size).toBeGreaterThan(present);
    const source = plan.contents(filled?.index ?? -1);
    const bytes = await source.read(0, source.size);
    expect(bytes.subarray(present).every((byte) => byte === 0)).toBe(true);
    expect(bytes.subarray(0, present).some((byte) => byte !== 0)).toBe(true);
    const change = summarize(plan).changes.find(({ path }) => path === '/lies.bin');
    expect(change).toMatchObject({ saved: 'lies.bin' });
    expect(change?.reason).toContain('are saved as zeros');
    expect([...plan.members()].some((member) => member.path === 'gone.bin')).toBe(false);
  });

  it('is counted beyond the first two hundred', async () => {
    const plan = await testDisc(Array.from({ length: 500 }, (_, index) => ({ name: `a${index}?`, data: '' }))).plan({});
    expect(plan.changes.listed).toHaveLength(MAX_CHANGES);
    expect(summarize(plan).changeCount).toBe(500);
  });
});

describe('a file that begins with a hole', () => {
  it('is saved with it, wherever in the image its bytes stand', async () => {
    const image = new BytesSource(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 'image');
    // The hole's length less one is where the bytes begin.
    const plan = await testDisc([{ name: 'f', runs: [{ zeros: 4 }, { offset: 3, length: 2 }] }], image).plan({});
    expect([...(await plan.contents(0).read(0, 6))]).toEqual([0, 0, 0, 0, 4, 5]);
  });
});

describe('a plan of a very large tree', () => {
  it('stays small: 300,000 files in 300 directories', async () => {
    const disc = testDisc(
      Array.from({ length: 300 }, (_, directory) => ({
        name: `directory ${directory}`,
        children: Array.from({ length: 1000 }, (_unused, file) => ({ name: `file ${file}.txt`, data: '' })),
      })),
    );
    const plan = await disc.plan({ format: 'tar' });
    expect(plan.files).toBe(300_000);
    expect(plan.path(plan.count - 1)).toBe('directory 299/file 999.txt');
    expect(summarize(plan).size).toBeGreaterThan(300_000 * 512);
  });
});

it('a tree deeper than calls may be nested is planned, with the length of every path', async () => {
  const levels = 12_000;
  let nested: TestEntry = { name: 'd', children: [] };
  for (let depth = 1; depth < levels; depth++) nested = { name: 'd', children: [nested, { name: 'f', data: 'f' }] };
  const plan = await testDisc([nested]).plan({});
  expect([plan.directories, plan.files]).toEqual([levels, levels - 1]);
  for (const index of [0, levels - 1, levels, plan.count - 1]) expect(plan.path(index).length).toBe(plan.pathLength(index));
  expect(plan.pathLength(levels - 1)).toBe(2 * levels - 1);
});

it('a TAR of long paths is measured and laid out by their lengths alone', async () => {
  const inner = { name: 'second', data: 'twice', identity: 'one' };
  let nested: TestEntry = { name: 'é', data: 'deep' };
  for (let depth = 0; depth < 300; depth++) nested = { name: `directory ${depth}`, children: [{ ...inner, name: 'first' }, inner, nested] };
  const plan = await testDisc([nested]).plan({ format: 'tar' });
  const made = vi.spyOn(plan, 'path');
  const size = tarSize(plan);
  const { layout } = await tarLayout(plan, new Set());
  expect(Math.max(...made.mock.results.map(({ value }) => (value as string).length))).toBeLessThanOrEqual(256);
  expect(made.mock.calls.length).toBeLessThan(200);
  expect(layout.size).toBe(size);
});

describe('a path longer than a ZIP can tell', () => {
  it.each(['stored', 'fast', 'small'] as const)('is left out with the reason, and the rest is saved (%s)', async (compression) => {
    let nested: TestEntry = { name: 'deep', data: 'deep' };
    for (let depth = 0; depth < 258; depth++) nested = { name: `${depth}`.padEnd(254, 'd'), children: [nested, { name: 'f', data: 'f' }] };
    const plan = await testDisc([nested]).plan({ compression });
    expect(plan.changes.leftOut).toBe(4);
    expect(plan.changes.listed.slice(0, 4).every((change) => change.saved === null && change.reason.includes('65535'))).toBe(true);
    const { blob, files } = await executePlan(plan, { openTarget: null, limit: 1e9 });
    expect([files, plan.directories]).toEqual([256, 257]);
    expect(blob?.size).toBeGreaterThan(256 * 32_768);
  });
});
