import { describe, expect, it } from 'vitest';
import type { ExistingFiles, SaveResult } from '../protocol/save.ts';
import { saveToFolder, type FolderOptions } from './folder.ts';
import { HandleDirectory } from './folder-target.ts';
import type { ExtractionPlan } from './plan.ts';
import { FakeRoot } from './testing-folder.ts';
import { MAX_PICKER_NAME } from './picker-names.ts';
import { testDisc, type TestEntry } from './testing.ts';

const MODIFIED = Date.UTC(2021, 5, 7, 8, 9, 10);
const many = (count: number): TestEntry[] => Array.from({ length: count }, (_, at) => ({ name: `f${at}`, data: `content ${at}` }));
const planOf = (entries: readonly TestEntry[]): Promise<ExtractionPlan> => testDisc(entries).plan({ format: 'folder' });

function into(root: FakeRoot, plan: ExtractionPlan, options: Partial<FolderOptions> = {}): Promise<SaveResult> {
  const target = new HandleDirectory(root.handle);
  return saveToFolder(plan, { target, existing: 'skip', verify: false, ...options });
}

/** What stands in the folder, without the list of what could not be kept. */
async function files(root: FakeRoot): Promise<Record<string, string>> {
  const tree = await root.tree();
  for (const path of Object.keys(tree)) if (/^isoscope-manifest/.test(path)) delete tree[path];
  return tree;
}

describe('a save into a folder', () => {
  it('writes the tree with its empty directories and empty files, and leaves no journal', async () => {
    const root = new FakeRoot();
    const plan = await planOf([
      { name: 'a', data: 'A' },
      { name: 'empty', data: '' },
      { name: 'none', children: [] },
      { name: 'd', children: [{ name: 'e', children: [{ name: 'b', data: 'B' }] }] },
      { name: 'packed', data: 'P', compression: 'test' },
    ]);
    const result = await into(root, plan, { verify: true });
    expect(await root.tree()).toEqual({ a: 'A', empty: '', 'none/': '', 'd/': '', 'd/e/': '', 'd/e/b': 'B', packed: 'P' });
    expect(result).toMatchObject({ name: 'target', blob: null, files: 4, failed: [] });
    expect(result.folder).toEqual({ written: 4, kept: 0, resumed: 0, numbered: 0, verified: 4, manifest: null });
  });

  it('has several files open at once, but large ones one after another', async () => {
    const root = new FakeRoot();
    await into(root, await planOf(many(100)));
    expect(root.mostOpen).toBeGreaterThan(4);
    expect(root.mostOpen).toBeLessThanOrEqual(32 + 1);
    const large = new FakeRoot();
    await into(large, await planOf(Array.from({ length: 4 }, (_, at) => ({ name: `${at}`, data: new Uint8Array(40 << 20) }))));
    expect(large.mostOpen).toBe(1);
  });

  it.each<[ExistingFiles, Record<string, string>, object]>([
    ['skip', { same: 'S', other: 'old', 'other (2)': 'there' }, { written: 0, kept: 2, numbered: 0 }],
    ['replace', { same: 'S', other: 'new', 'other (2)': 'there' }, { written: 2, kept: 0, numbered: 0 }],
    ['different', { same: 'S', other: 'new', 'other (2)': 'there' }, { written: 1, kept: 1, numbered: 0 }],
    [
      'keep-both',
      { same: 'S', 'same (2)': 'S', other: 'old', 'other (2)': 'there', 'other (3)': 'new' },
      { written: 2, kept: 0, numbered: 2 },
    ],
  ])('meets files that are there already: %s', async (existing, expected, report) => {
    const root = new FakeRoot();
    await root.put('same', 'S');
    await root.put('other', 'old');
    await root.put('other (2)', 'there');
    const result = await into(
      root,
      await planOf([
        { name: 'same', data: 'S' },
        { name: 'other', data: 'new' },
      ]),
      { existing },
    );
    expect(await files(root)).toEqual(expected);
    expect(result.folder).toMatchObject(report);
    expect(result.files).toBe(2);
  });

  it('keeps both of files whose numbered names are cut to the same one', async () => {
    const root = new FakeRoot();
    const long = 'x'.repeat(MAX_PICKER_NAME - 1);
    const entries = ['a', 'b', 'c'].map((end) => ({ name: long + end, data: `new ${end}` }));
    for (const { name } of entries) await root.put(name, 'old');
    const result = await into(root, await planOf(entries), { existing: 'keep-both' });
    expect(result.folder).toMatchObject({ written: 3, numbered: 3 });
    expect(Object.values(await files(root)).sort()).toEqual(['new a', 'new b', 'new c', 'old', 'old', 'old']);
  });

  it('takes a name in another case for the same file only where the file system does', async () => {
    const plan = await planOf([{ name: 'README', data: 'new' }]);
    const linux = new FakeRoot();
    await linux.put('readme', 'old');
    await into(linux, plan);
    expect(await files(linux)).toEqual({ readme: 'old', README: 'new' });
    const windows = new FakeRoot();
    windows.foldsCase = true;
    await windows.put('readme', 'old');
    expect((await into(windows, plan)).folder).toMatchObject({ written: 0, kept: 1 });
    expect(await files(windows)).toEqual({ readme: 'old' });
  });

  it('names what is in the way, and writes the rest', async () => {
    const root = new FakeRoot();
    await root.put('d', 'a file where a directory must be');
    await root.put('f/inside', 'a directory where a file must be');
    const plan = await planOf([
      { name: 'd', children: [{ name: 'x', data: 'X' }] },
      { name: 'f', data: 'F' },
      { name: 'g', data: 'G' },
    ]);
    const { failed, files: saved } = await into(root, plan, { existing: 'replace' });
    expect(failed.map(({ path }) => path).sort()).toEqual(['/d', '/d/x', '/f']);
    expect(saved).toBe(1);
    expect(await files(root)).toMatchObject({
      d: 'a file where a directory must be',
      'f/inside': 'a directory where a file must be',
      g: 'G',
    });
  });

  it('names one damaged file of a thousand and saves the others', async () => {
    const root = new FakeRoot();
    const entries = many(1000);
    entries[500] = { name: 'bad', data: 'some bytes', compression: 'broken' };
    const { failed, files: saved } = await into(root, await planOf(entries));
    expect(failed).toEqual([expect.objectContaining({ path: '/bad', saved: null, reason: expect.stringContaining('broken') })]);
    expect(saved).toBe(999);
    const tree = await root.tree();
    expect(tree.bad).toBeUndefined();
    expect(Object.keys(tree)).toHaveLength(1000); // and the list that names it
    expect(JSON.parse(tree['isoscope-manifest.json'] as string).entries).toEqual([
      { path: '/bad', saved: null, reason: expect.stringContaining('broken') },
    ]);
  });

  it('tells what a folder cannot keep, before and after', async () => {
    const root = new FakeRoot();
    const plan = await planOf([
      { name: 'timed', data: 'T', modified: MODIFIED, mode: 0o100755, uid: 1, gid: 2 },
      { name: 'link', target: 'timed' },
      { name: 'tty', kind: 'device', mode: 0o020666 },
      { name: 'start.lnk', data: 'L' },
      { name: 'isoscope-manifest.json', data: 'the disc has one itself' },
    ]);
    expect(plan.losses?.counts).toEqual({ times: 1, modes: 1, links: 1, devices: 1 });
    const { folder } = await into(root, plan, { verify: true });
    const tree = await root.tree();
    expect(folder?.manifest).toBe('isoscope-manifest (2).json');
    expect(tree['link.link.txt']).toBe('timed');
    expect(tree['start.lnk_']).toBe('L');
    expect(tree['isoscope-manifest.json']).toBe('the disc has one itself');
    const manifest = JSON.parse(tree['isoscope-manifest (2).json'] as string);
    expect(manifest).toMatchObject({ isoscope: 'manifest', version: 1, tree: 'Test', label: 'TEST' });
    expect(manifest.entries).toEqual([
      { path: '/timed', modified: '2021-06-07T08:09:10.000Z', mode: '0755', uid: 1, gid: 2, crc32: 'be047a60' },
      {
        path: '/link',
        saved: 'link.link.txt',
        reason: expect.stringContaining('cannot hold links'),
        link: 'timed',
        crc32: expect.any(String),
      },
      { path: '/tty', saved: null, reason: expect.stringContaining('device') },
      { path: '/start.lnk', saved: 'start.lnk_', reason: expect.stringContaining('Windows'), crc32: expect.any(String) },
    ]);
  });
});

describe('the list beside the tree', () => {
  const one: TestEntry = { name: 'one', data: '1', modified: MODIFIED };
  const two: TestEntry = { name: 'two', data: '2', modified: MODIFIED };
  const listed = (text: string | undefined): unknown => JSON.parse(text ?? '{}').entries;
  const line = { modified: '2021-06-07T08:09:10.000Z' };

  it('gets a name of its own where that of another save stands, and is written anew by the same save', async () => {
    const root = new FakeRoot();
    const first = await planOf([one]);
    const second = await planOf([two]);
    const names: unknown[] = [];
    const save = async (plan: ExtractionPlan): Promise<void> => {
      names.push((await into(root, plan, { existing: 'replace' })).folder?.manifest);
    };
    await save(first);
    await save(second);
    await save(second);
    await save(first);
    expect(names).toEqual(['isoscope-manifest.json', 'isoscope-manifest (2).json', 'isoscope-manifest (2).json', 'isoscope-manifest.json']);
    const tree = await root.tree();
    expect(Object.keys(tree).sort()).toEqual(['isoscope-manifest (2).json', 'isoscope-manifest.json', 'one', 'two']);
    expect(listed(tree['isoscope-manifest.json'])).toEqual([{ path: '/one', ...line }]);
    expect(listed(tree['isoscope-manifest (2).json'])).toEqual([{ path: '/two', ...line }]);
  });

  it('never takes the place of a file that only looks like it', async () => {
    const root = new FakeRoot();
    await root.put('isoscope-manifest.json', '{"isoscope":"manifest","version":1,"save":"');
    expect((await into(root, await planOf([one]))).folder?.manifest).toBe('isoscope-manifest (2).json');
    expect((await root.tree())['isoscope-manifest.json']).toBe('{"isoscope":"manifest","version":1,"save":"');
  });

  it('is not written where nothing was, and tells which files of others were left', async () => {
    const root = new FakeRoot();
    await root.put('one', 'mine');
    expect((await into(root, await planOf([one]))).folder).toMatchObject({ kept: 1, manifest: null });
    expect(await root.tree()).toEqual({ one: 'mine' });
    expect((await into(root, await planOf([one, two]))).folder).toMatchObject({ kept: 1, written: 1, manifest: 'isoscope-manifest.json' });
    expect(listed((await root.tree())['isoscope-manifest.json'])).toEqual([
      { path: '/one', kept: expect.stringContaining('left as it was'), ...line },
      { path: '/two', ...line },
    ]);
  });
});
