import { describe, expect, it } from 'vitest';
import { SourceError } from '../protocol/errors.ts';
import type { ExistingFiles, SaveResult } from '../protocol/save.ts';
import type { ByteSource } from '../source/source.ts';
import { saveToFolder, type FolderOptions } from './folder.ts';
import { HandleDirectory } from './folder-target.ts';
import type { ExtractionPlan } from './plan.ts';
import { FakeRoot, type Fault } from './testing-folder.ts';
import { testDisc, type TestEntry } from './testing.ts';

const COUNT = 60;
const content = (at: number): string => `content ${at} `.repeat(1 + (at % 7));
const entries: readonly TestEntry[] = [
  { name: 'd', children: Array.from({ length: COUNT / 2 }, (_, at) => ({ name: `a${at}`, data: content(at) })) },
  ...Array.from({ length: COUNT / 2 }, (_, at) => ({ name: `b${at}`, data: content(at) })),
];
const whole: Readonly<Record<string, string>> = Object.fromEntries([
  ['d/', ''],
  ...Array.from({ length: COUNT / 2 }, (_, at) => [`d/a${at}`, content(at)]),
  ...Array.from({ length: COUNT / 2 }, (_, at) => [`b${at}`, content(at)]),
]);

async function save(root: FakeRoot, options: Partial<FolderOptions> = {}, wrap?: (image: ByteSource) => ByteSource): Promise<SaveResult> {
  const plan = await testDisc(entries, undefined, wrap).plan({ format: 'folder' });
  const target = new HandleDirectory(root.handle);
  return saveToFolder(plan, { target, existing: 'skip', verify: false, journalEvery: 0, ...options });
}

/** Fails the n-th step of a kind, and all after it, as the platform does. */
function failing(kind: Parameters<Fault>[0], n: number, name: string): Fault {
  let count = 0;
  return (step, path) => {
    if (step !== kind || path.includes('isoscope-')) return;
    if (++count >= n) throw new DOMException(`the platform's ${name}`, name);
  };
}

/** All that stands there is whole; gives how many files. */
async function expectWhole(root: FakeRoot): Promise<number> {
  const found = Object.entries(await root.tree()).filter(([path]) => !path.startsWith('isoscope-') && !path.endsWith('/'));
  for (const [path, text] of found) expect(text, path).toBe(whole[path]);
  return found.length;
}

const journals = (root: FakeRoot): string[] => [...root.children.keys()].filter((name) => name.startsWith('isoscope-resume-'));

describe('a save into a folder that fails midway', () => {
  it.each([
    ['the disk is full', 'write', 'QuotaExceededError', 'target-full'],
    ['the permission is taken back', 'make', 'NotAllowedError', 'target-denied'],
    ['the folder is removed', 'make', 'NotFoundError', 'target-gone'],
    ['the folder is removed while a file is closed', 'close', 'NotFoundError', 'target-gone'],
  ] as const)('because %s: says what is saved, leaves nothing incomplete, and goes on later', async (_what, step, name, code) => {
    const root = new FakeRoot();
    root.fault = failing(step, 25, name);
    const error = await save(root).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ code });
    const saved = await expectWhole(root);
    expect((error as SourceError).message).toContain(`${saved} of ${COUNT} files are saved`);
    expect(saved).toBeGreaterThan(0);
    expect(journals(root)).toHaveLength(1);

    root.fault = () => undefined;
    const result = await save(root);
    expect(result.folder).toMatchObject({ resumed: saved, written: COUNT - saved, kept: 0 });
    expect(await root.tree()).toEqual(whole);
  });

  it('because the image changed: the error is the image’s, and nothing saved before is lost', async () => {
    const root = new FakeRoot();
    let reads = 0;
    const fail = (image: ByteSource): ByteSource => ({
      name: image.name,
      size: image.size,
      async read(offset, length, signal) {
        if (++reads > 95) throw new SourceError('changed', 'it was changed');
        return image.read(offset, length, signal);
      },
      stream: (offset, length, signal) => image.stream(offset, length, signal),
    });
    await expect(save(root, {}, fail)).rejects.toMatchObject({
      code: 'changed',
      message: expect.stringMatching(/it was changed \d+ of 60/),
    });
    expect(await expectWhole(root)).toBeGreaterThan(0);
  });

  it('because it was cancelled: whole files stay, none is left open', async () => {
    const root = new FakeRoot();
    const controller = new AbortController();
    let closed = 0;
    root.fault = (step, path) => {
      if (step === 'close' && path.includes('/a') && ++closed === 20) controller.abort();
    };
    await expect(save(root, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(root.openFiles).toBe(0);
    const saved = await expectWhole(root);
    expect(saved).toBeGreaterThan(0);
    root.fault = () => undefined;
    expect((await save(root)).folder).toMatchObject({ resumed: saved, written: COUNT - saved });
  });

  it('because it was cancelled inside a large file: that stops within a chunk and leaves nothing of it', async () => {
    const root = new FakeRoot();
    const controller = new AbortController();
    let writes = 0;
    root.fault = (step, path) => {
      if (step === 'write' && path === '/large' && ++writes === 2) controller.abort();
    };
    const plan = await testDisc([{ name: 'large', data: new Uint8Array(24 << 20), compression: 'test' }]).plan({ format: 'folder' });
    const target = new HandleDirectory(root.handle);
    const saving = saveToFolder(plan, { target, existing: 'skip', verify: false, signal: controller.signal });
    await expect(saving).rejects.toMatchObject({ name: 'AbortError' });
    expect(writes).toBeLessThanOrEqual(3);
    expect(root.openFiles).toBe(0);
    expect(await root.tree()).toEqual({});
  });

  it.each<ExistingFiles>(['skip', 'replace'])(
    'because a closed file has another size: it does not stay under its name (%s)',
    async (existing) => {
      const root = new FakeRoot();
      if (existing === 'replace') await root.put('d/a7', 'old');
      root.spoil = (path, bytes) => (path === '/d/a7' ? bytes.slice(1) : null);
      await expect(save(root, { existing })).rejects.toMatchObject({ code: 'unreadable' });
      expect((await root.tree())['d/a7']).toBeUndefined();
    },
  );

  it('because every name is refused as the stick was pulled: ends instead of naming them all', async () => {
    const root = new FakeRoot();
    let closed = 0;
    root.fault = (step) => {
      if (step === 'close') closed++;
      if (closed > 20) throw new DOMException('no medium', 'InvalidStateError');
    };
    await expect(save(root)).rejects.toMatchObject({ code: 'target-gone' });
  });
});

describe('one file that the folder does not take', () => {
  it.each([
    ['TypeError', 'does not take this name'],
    ['AbortError', 'safety check'],
    ['NoModificationAllowedError', 'Another program'],
    ['UnknownError', 'could not be written'],
  ])('(%s) is named, and the rest is saved', async (name, reason) => {
    const root = new FakeRoot();
    const error = name === 'TypeError' ? new TypeError('Name is not allowed.') : new DOMException('no', name);
    root.fault = (step, path) => {
      if (step === 'close' && path.endsWith('/a7')) throw error;
    };
    const { failed, files } = await save(root);
    expect(failed).toEqual([expect.objectContaining({ path: '/d/a7', saved: null, reason: expect.stringContaining(reason) })]);
    expect(files).toBe(COUNT - 1);
    expect((await root.tree())['d/a7']).toBeUndefined();
    expect(root.openFiles).toBe(0);
  });
});

describe('a save into a folder that is cut off', () => {
  const mine = { 'd/a3': 'mine', b2: 'mine too', b4: content(4) };
  const policies: readonly ExistingFiles[] = ['skip', 'replace', 'keep-both', 'different'];

  it.each(policies)('at any moment goes on to the same end as if it had not been (%s)', async (existing) => {
    const begin = async (): Promise<FakeRoot> => {
      const root = new FakeRoot();
      for (const [path, text] of Object.entries(mine)) await root.put(path, text);
      return root;
    };
    const straight = await begin();
    let steps = 0;
    straight.fault = () => void steps++;
    await save(straight, { existing });
    const { 'isoscope-manifest.json': _list, ...expected } = await straight.tree();
    // What the user had alone is never touched, where both are kept; a twin of it may be taken for the copy.
    for (let cut = 1; cut < steps; cut += 1 + Math.floor(cut / 20)) {
      const root = await begin();
      await new Promise<void>((resolve) => {
        let step = 0;
        root.fault = () => {
          if (++step < cut) return undefined;
          resolve();
          return new Promise<void>(() => undefined); // the tab is gone: nothing is answered any more
        };
        save(root, { existing }).then(() => resolve(), resolve);
      });
      root.fault = () => undefined;
      const result = await save(root, { existing });
      expect(result.files).toBe(COUNT);
      expect(result.failed).toEqual([]);
      const { 'isoscope-manifest.json': _again, ...found } = await root.tree();
      const twin = found['b4 (2)'] === undefined && expected['b4 (2)'] !== undefined ? { ...found, 'b4 (2)': content(4) } : found;
      expect(twin, `cut at step ${cut}`).toEqual(expected);
    }
  });

  it('and saved again with another choice goes by the new one', async () => {
    const root = new FakeRoot();
    for (const [path, text] of Object.entries(mine)) await root.put(path, text);
    root.fault = failing('write', 55, 'QuotaExceededError');
    await expect(save(root, { existing: 'skip' })).rejects.toMatchObject({ code: 'target-full' });
    expect(await root.tree()).toMatchObject({ 'd/a3': 'mine', b2: 'mine too' });
    root.fault = () => undefined;
    expect((await save(root, { existing: 'replace' })).folder).toMatchObject({ kept: 0 });
    expect(await root.tree()).toEqual(whole);
  });

  it.each(['the date', 'a byte far from the start'])('is not gone on with from an image of which %s is another', async (what) => {
    const root = new FakeRoot();
    const data = new Uint8Array(1 << 20);
    const two = (bytes: Uint8Array): TestEntry[] => [
      { name: 'one', data: bytes },
      { name: 'two', data: 'T' },
    ];
    const changed = data.slice();
    if (what !== 'the date') changed.fill(1, 1 << 19);
    const dated =
      (modified: number) =>
      (image: ByteSource): ByteSource => ({
        name: image.name,
        size: image.size,
        modified,
        read: (...range) => image.read(...range),
        stream: (...range) => image.stream(...range),
      });
    const target = new HandleDirectory(root.handle);
    root.fault = (step, path) => {
      if (step === 'close' && path === '/two') throw new DOMException('full', 'QuotaExceededError');
    };
    const first = await testDisc(two(data), undefined, dated(1)).plan({ format: 'folder' });
    await expect(saveToFolder(first, { target, existing: 'skip', verify: false })).rejects.toMatchObject({ code: 'target-full' });
    root.fault = () => undefined;
    const second = await testDisc(two(changed), undefined, dated(what === 'the date' ? 2 : 1)).plan({ format: 'folder' });
    const again = new HandleDirectory(root.handle);
    const { folder } = await saveToFolder(second, { target: again, existing: 'replace', verify: false });
    expect(folder).toMatchObject({ written: 2, resumed: 0 });
  });

  it('is not gone on with from an image that differs in one of 64 places alone', async () => {
    const SIZE = 320 * 1024;
    const plan = (bytes: Uint8Array): Promise<ExtractionPlan> =>
      testDisc([
        { name: 'one', data: bytes },
        { name: 'two', data: 'T' },
      ]).plan({ format: 'folder' });
    const image = SIZE + 2048;
    for (let place = 13; place < 64; place++) {
      const root = new FakeRoot();
      root.fault = (step, path) => {
        if (step === 'close' && path === '/two') throw new DOMException('full', 'QuotaExceededError');
      };
      const into = (wanted: ExtractionPlan): Promise<SaveResult> =>
        saveToFolder(wanted, { target: new HandleDirectory(root.handle), existing: 'skip', verify: false });
      await expect(into(await plan(new Uint8Array(SIZE)))).rejects.toMatchObject({ code: 'target-full' });
      root.fault = () => undefined;
      const changed = new Uint8Array(SIZE);
      changed[Math.floor(((image - 4096) * place) / 63) + 100] = 1;
      // A file of another image is somebody's: gone on with, it would have been written over as one of ours.
      expect((await into(await plan(changed))).folder, `place ${place}`).toMatchObject({ kept: 1, written: 1, resumed: 0 });
      expect(journals(root)).toHaveLength(1);
    }
  });

  it('writes the last files again where the disk lost them', async () => {
    const root = new FakeRoot();
    let closed = 0;
    root.fault = (step, path) => {
      if (step === 'close' && path.includes('/b') && ++closed === 25) throw new DOMException('full', 'QuotaExceededError');
    };
    await expect(save(root)).rejects.toMatchObject({ code: 'target-full' });
    root.fault = () => undefined;
    const noted = JSON.parse((await root.tree())[journals(root)[0] as string] as string) as { mark: number };
    const at = noted.mark - 1 - (1 + COUNT / 2); // behind "d" and what is in it
    const last = (await root.getFileHandle(`b${at}`)) as unknown as { content: Blob };
    last.content = new Blob(['\0'.repeat(content(at).length)]);
    const shorter = (await root.getFileHandle('b0')) as unknown as { content: Blob };
    shorter.content = new Blob([]);
    await save(root);
    expect(await root.tree()).toEqual(whole);
  });

  it('takes away what the browser left of files that were being written, and nothing else of that kind', async () => {
    const root = new FakeRoot();
    root.fault = failing('write', 20, 'QuotaExceededError');
    await expect(save(root)).rejects.toBeInstanceOf(SourceError);
    root.fault = () => undefined;
    await root.put('b7.crswap', 'half');
    await root.put(`${journals(root)[0]}.crswap`, '{');
    await root.put('other.crswap', 'of somebody else');
    await save(root);
    expect(await root.tree()).toEqual({ ...whole, 'other.crswap': 'of somebody else' });
  });

  it('takes no journal of another image, or one that somebody wrote by hand', async () => {
    const root = new FakeRoot();
    root.fault = failing('write', 20, 'QuotaExceededError');
    await expect(save(root)).rejects.toBeInstanceOf(SourceError);
    root.fault = () => undefined;
    const [name] = journals(root) as [string];
    const text = (await root.tree())[name] as string;
    for (const forged of [
      '',
      '{',
      text.replace(/"mark":\d+/, '"mark":1e9'),
      text.replace(/"numbered":\[\]/, '"numbered":[[3,"../../x"]]'),
    ]) {
      await root.put(name, forged);
      await save(root);
      expect(await root.tree()).toEqual(whole);
      await root.put(name, text);
    }
    const other = await testDisc([
      { name: 'other', data: 'O' },
      { name: 'more', data: 'M' },
    ]).plan({ format: 'folder' });
    const result = await saveToFolder(other, { target: new HandleDirectory(root.handle), existing: 'skip', verify: false });
    expect(result.folder).toMatchObject({ written: 2, resumed: 0 });
    expect(journals(root)).toEqual([name]);
  });
});

describe('verifying after writing', () => {
  it('names a file that reads back otherwise, and removes it', async () => {
    const root = new FakeRoot();
    root.spoil = (path, bytes) => (path === '/d/a7' ? bytes.map((byte, at) => (at === 3 ? byte ^ 1 : byte)) : null);
    const { failed, folder, files } = await save(root, { verify: true });
    expect(failed).toEqual([expect.objectContaining({ path: '/d/a7', reason: expect.stringContaining('not what had been written') })]);
    expect(folder).toMatchObject({ verified: COUNT - 1 });
    expect(files).toBe(COUNT - 1);
    expect((await root.tree())['d/a7']).toBeUndefined();
  });

  it('writes what an interrupted save had written again where it reads back otherwise', async () => {
    const root = new FakeRoot();
    root.fault = failing('write', 58, 'QuotaExceededError');
    await expect(save(root)).rejects.toBeInstanceOf(SourceError);
    root.fault = () => undefined;
    const directory = await root.getDirectoryHandle('d');
    const early = (await directory.getFileHandle('a1')) as unknown as { content: Blob };
    early.content = new Blob(['x'.repeat(content(1).length)]);
    const { failed, folder } = await save(root, { verify: true });
    expect(failed).toEqual([]);
    expect(folder).toMatchObject({ verified: COUNT });
    expect(await root.tree()).toEqual(whole);
  });
});
