import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge, inTemporary, PYTHON_TAR, PYTHON_ZIP, PYTHON_ZIP_HEADERS } from './node-judges.ts';
import { NodeFileSink } from './node-sink.ts';
import type { ExtractionPlan } from './plan.ts';
import type { Sink } from './sink.ts';
import { executePlan, summarize } from './save.ts';
import { testDisc, type TestDisc, type TestEntry } from './testing.ts';

const LIMIT = 256 * 1024 * 1024;
const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');
const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 2654435761) >>> 13);
const noise = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65_536)));
  return bytes;
};
const TIME = Date.UTC(2021, 5, 7, 8, 9, 10);

/** A tree with everything in it. */
const tree: readonly TestEntry[] = [
  { name: 'empty', children: [], mode: 0o040700, modified: TIME },
  { name: 'empty.txt', data: '', modified: TIME },
  { name: 'one.bin', data: 'x', mode: 0o100755, uid: 1000, gid: 100, modified: TIME },
  { name: 'text.txt', data: 'hello '.repeat(5000), modified: TIME },
  { name: 'large.bin', data: pattern(700_000), modified: TIME },
  { name: 'packed.bin', data: pattern(300_000), compression: 'test', modified: TIME },
  {
    name: 'dir',
    modified: TIME,
    children: [
      { name: 'é日本😀.txt', data: 'unicode', modified: TIME },
      { name: `${'long '.repeat(40)}name.txt`, data: 'long', modified: TIME },
      { name: 'nested', children: [{ name: 'deep.txt', data: 'deep', modified: TIME }], modified: TIME },
      { name: 'up', target: '../one.bin', modified: TIME },
      { name: 'escape', target: '../../../etc/passwd', modified: TIME },
      { name: 'absolute', target: '/etc/passwd', modified: TIME },
    ],
  },
  { name: 'here', target: 'dir/nested', modified: TIME },
  { name: 'old.txt', data: 'old', modified: Date.UTC(1950, 0, 1) },
  { name: 'new.txt', data: 'new', modified: Date.UTC(2200, 0, 1) },
  { name: 'CON', data: 'device', modified: TIME },
  { name: 'a?b', data: '1', modified: TIME },
  { name: 'a_b', data: '2', modified: TIME },
  { name: 'same', data: 'file', modified: TIME },
  { name: 'same', children: [{ name: 'inside', data: 'dir', modified: TIME }], modified: TIME },
  { name: 'null', kind: 'device', mode: 0o020666, device: [1, 3], modified: TIME },
  { name: 'sda', kind: 'device', mode: 0o060660, device: [8, 0], modified: TIME },
  { name: 'pipe', kind: 'device', mode: 0o010644, modified: TIME },
  { name: 'socket', kind: 'other', modified: TIME },
];

async function save(plan: ExtractionPlan, path: string): Promise<{ size: number; failed: number }> {
  const result = await executePlan(plan, { openTarget: () => NodeFileSink.open(path), limit: LIMIT });
  expect(result.blob).toBeNull();
  expect((await stat(path)).size).toBe(result.size);
  return { size: result.size, failed: result.failed.length };
}

/** Save once into a file and once as a Blob: both must be the same bytes, of the size foretold. */
async function saveBoth(disc: TestDisc, request: Parameters<TestDisc['plan']>[0], path: string): Promise<void> {
  const plan = await disc.plan(request);
  const { size } = await save(plan, path);
  const foretold = summarize(plan).size;
  if (foretold !== null) expect(size).toBe(foretold);
  const { blob } = await executePlan(await disc.plan(request), { openTarget: null, limit: LIMIT });
  expect(sha256(new Uint8Array(await (blob as Blob).arrayBuffer()))).toBe(sha256(await readFile(path)));
}

describe.each(['stored', 'fast', 'small'] as const)('a %s ZIP', (compression) => {
  it('is read by unzip, 7zz, Python and bsdtar without a word, with every name, mode, time and byte', async (context) => {
    await inTemporary(async (directory) => {
      const zip = join(directory, 'a.zip');
      await saveBoth(testDisc(tree), { format: 'zip', compression }, zip);
      await judge(context, 'unzip', ['-tqq', zip]);
      expect(await judge(context, '7zz', ['t', zip])).toMatch(/Everything is Ok/);
      expect((await judge(context, 'bsdtar', ['-tf', zip])).split('\n')).toContain('dir/nested/deep.txt');
      const members = JSON.parse(await judge(context, 'python3', ['-c', PYTHON_ZIP, zip])) as [
        string,
        number,
        number,
        number,
        number[],
        string,
        number,
      ][];
      const byName = new Map(members.map((member) => [member[0], member]));
      expect(byName.get('one.bin')?.slice(1, 6)).toEqual([1, 0o100755, 0, [2021, 6, 7, 8, 9, 10], sha256('x')]);
      expect(byName.get('empty/')?.[2]).toBe(0o040700);
      expect(byName.get('text.txt')?.[3]).toBe(compression !== 'stored' ? 8 : 0);
      expect(byName.get('text.txt')?.[5]).toBe(sha256('hello '.repeat(5000)));
      expect(byName.get('large.bin')?.[5]).toBe(sha256(pattern(700_000)));
      expect(byName.get('packed.bin')?.[5]).toBe(sha256(pattern(300_000)));
      expect(byName.get('dir/up')?.[2]).toBe(0o120777);
      expect(byName.get('dir/escape.link.txt')?.[5]).toBe(sha256('../../../etc/passwd'));
      expect(byName.get('dir/absolute.link.txt')?.[2]).toBe(0o100644);
      expect(byName.get('old.txt')?.[4]).toEqual([1980, 1, 1, 0, 0, 0]);
      expect(byName.get('new.txt')?.[4]?.[0]).toBe(2107);
      for (const name of ['_CON', 'a_b', 'a_b (2)', 'same', 'same (2)/inside', 'dir/é日本😀.txt', 'empty.txt'])
        expect([...byName.keys()]).toContain(name);
      for (const name of ['null', 'sda', 'pipe', 'socket']) expect(byName.has(name)).toBe(false);
      expect(new Set(members.map((member) => member[6] & ~2))).toEqual(new Set([0x800]));
    });
  });

  it.for(compression === 'stored' ? [0, 1, 65_535, 65_536] : compression === 'fast' ? [0, 1, 70_000] : [0, 1])(
    'of %i members is counted right by all',
    async (count, context) => {
      await inTemporary(async (directory) => {
        const zip = join(directory, 'a.zip');
        const entries = Array.from({ length: count }, (_, index) => ({ name: `f${index}`, data: index % 7 === 0 ? 'tiny' : '' }));
        const plan = await testDisc(entries).plan({ compression });
        await save(plan, zip);
        if (count > 0) await judge(context, 'unzip', ['-tqq', zip]);
        expect(await judge(context, '7zz', ['t', zip])).toMatch(/Everything is Ok/);
        expect(JSON.parse(await judge(context, 'python3', ['-c', PYTHON_ZIP_HEADERS, zip]))).toHaveLength(count);
        if (count > 0) expect((await judge(context, 'bsdtar', ['-tf', zip])).trimEnd().split('\n')).toHaveLength(count);
      });
    },
  );
});

describe.each(['tar', 'tgz'] as const)('a %s', (format) => {
  it('is read by GNU tar, bsdtar, 7zz and Python without a word, with every name, mode, owner, time, link and device', async (context) => {
    await inTemporary(async (directory) => {
      const tar = join(directory, format === 'tar' ? 'a.tar' : 'a.tar.gz');
      const linked = { data: 'shared', mode: 0o100600, modified: TIME };
      const disc = testDisc([
        ...tree,
        { name: 'hard', ...linked, identity: 'i1' },
        { name: 'hard too é', ...linked, data: '', runs: [{ offset: 0, length: 1 }], identity: 'i9' },
        { name: 'owner', data: 'o', uid: 3_000_000, gid: 4_000_000_000, modified: TIME },
        { name: `${'d'.repeat(120)}`, children: [{ name: 'f'.repeat(90), data: 'prefix', modified: TIME }], modified: TIME },
        { name: 'far', target: `dir/${'x'.repeat(150)}`, modified: TIME },
      ]);
      await saveBoth(disc, { format }, tar);
      for (const program of ['tar', 'bsdtar'] as const) {
        const names = (await judge(context, program, ['-tf', tar])).trimEnd().split('\n');
        expect(names).toContain('dir/nested/');
        expect(names).toContain(`${'d'.repeat(120)}/${'f'.repeat(90)}`);
      }
      expect(await judge(context, '7zz', ['t', tar])).toMatch(/Everything is Ok/);
      const members = JSON.parse(await judge(context, 'python3', ['-c', PYTHON_TAR, tar])) as [
        string,
        number,
        number,
        number,
        number,
        number,
        string,
        string,
        number,
        number,
        string,
      ][];
      const byName = new Map(members.map((member) => [member[0], member]));
      expect(byName.get('one.bin')).toEqual(['one.bin', 1, 0o755, 1000, 100, TIME / 1000, '0', '', 0, 0, sha256('x')]);
      expect(byName.get('large.bin')?.[10]).toBe(sha256(pattern(700_000)));
      expect(byName.get('packed.bin')?.[10]).toBe(sha256(pattern(300_000)));
      expect(byName.get('dir/é日本😀.txt')?.[10]).toBe(sha256('unicode'));
      expect(byName.get(`dir/${'long '.repeat(40)}name.txt`)?.[10]).toBe(sha256('long'));
      expect(byName.get('dir/up')?.slice(6, 8)).toEqual(['2', '../one.bin']);
      expect(byName.get('far')?.[7]).toBe(`dir/${'x'.repeat(150)}`);
      expect(byName.get('dir/escape.link.txt')?.[10]).toBe(sha256('../../../etc/passwd'));
      expect(byName.get('owner')?.slice(3, 5)).toEqual([3_000_000, 4_000_000_000]);
      expect(byName.get('old.txt')?.[5]).toBe(Date.UTC(1950, 0, 1) / 1000);
      expect(byName.get('new.txt')?.[5]).toBe(Date.UTC(2200, 0, 1) / 1000);
      expect(byName.get('null')?.slice(6, 10)).toEqual(['3', '', 1, 3]);
      expect(byName.get('sda')?.slice(6, 10)).toEqual(['4', '', 8, 0]);
      expect(byName.get('pipe')?.[6]).toBe('6');
    });
  });

  it('holds files that share an identity once, and as links where owner, mode and time are the same', async (context) => {
    await inTemporary(async (directory) => {
      const runs = [{ offset: 0, length: 6 }];
      const file = { runs, identity: 'i1', modified: TIME };
      const disc = testDisc([
        { name: 'store', data: 'shared' },
        { name: 'a é', ...file },
        { name: 'b', ...file },
        { name: 'c', ...file, mode: 0o100600 },
        { name: 'd', runs, modified: TIME },
      ]);
      const tar = join(directory, format === 'tar' ? 'a.tar' : 'a.tar.gz');
      await saveBoth(disc, { format }, tar);
      await judge(context, 'tar', ['-xf', tar, '-C', directory]);
      const inode = async (name: string): Promise<number> => (await stat(join(directory, name))).ino;
      expect(await inode('b')).toBe(await inode('a é'));
      expect(await inode('c')).not.toBe(await inode('b'));
      expect(await inode('d')).not.toBe(await inode('b'));
      for (const name of ['a é', 'b', 'c', 'd']) expect(await readFile(join(directory, name), 'utf8')).toBe('shared');
      expect((await judge(context, 'bsdtar', ['-tvf', tar])).split('\n').filter((line) => line.startsWith('h'))).toHaveLength(1);
    });
  });

  it.for([0, 1, 70_000])('of %i members is counted right by all', async (count, context) => {
    await inTemporary(async (directory) => {
      const tar = join(directory, format === 'tar' ? 'a.tar' : 'a.tar.gz');
      await save(await testDisc(Array.from({ length: count }, (_, index) => ({ name: `f${index}`, data: '' }))).plan({ format }), tar);
      for (const program of ['tar', 'bsdtar'] as const)
        expect((await judge(context, program, ['-tf', tar])).split('\n').length - 1).toBe(count);
      expect(JSON.parse(await judge(context, 'python3', ['-c', PYTHON_TAR, tar]))).toHaveLength(count);
    });
  });
});

/** A file that can only be appended to, and that was told how long it will be. */
async function appendTo(path: string, size: number | null): Promise<Sink> {
  const file = await NodeFileSink.open(path);
  return {
    get size() {
      return file.size;
    },
    write: (bytes) => file.write(bytes),
    close: async () => {
      expect(file.size).toBe(size);
      await file.close();
    },
    abort: () => file.abort(),
  };
}

describe('an archive into what can only be appended to', () => {
  const large = [
    ...tree,
    { name: 'large.txt', data: 'over and over '.repeat(300_000), modified: TIME },
    { name: 'noise.bin', data: noise(3_000_000), modified: TIME },
    { name: 'broken.bin', data: noise(3_000_000), compression: 'broken' },
    { name: 'last.txt', data: 'last', modified: TIME },
  ] as const;

  it.for([
    ['zip', 'fast'],
    ['zip', 'small'],
    ['tgz', 'fast'],
    ['tgz', 'small'],
  ] as const)('is measured first, and then the same bytes as elsewhere (%s, %s)', async ([format, compression], context) => {
    await inTemporary(async (directory) => {
      const [file, appended] = [join(directory, 'file'), join(directory, 'appended')];
      const disc = testDisc(large);
      await executePlan(await disc.plan({ format, compression }), { openTarget: () => NodeFileSink.open(file), limit: 0 });
      const phases: string[] = [];
      const result = await executePlan(await disc.plan({ format, compression }), {
        openTarget: (size) => appendTo(appended, size),
        appendOnly: true,
        limit: 0,
        onProgress: ({ phase, done, total }) => {
          if (phases.at(-1) !== phase) phases.push(phase);
          expect(done).toBeLessThanOrEqual(total);
        },
      });
      expect(phases).toEqual(format === 'zip' ? ['measure', 'write'] : ['checksum', 'measure', 'write']);
      expect(result.failed.map(({ path }) => path)).toEqual(['/broken.bin']);
      expect(sha256(await readFile(appended))).toBe(sha256(await readFile(file)));
      // Read without seeking: local headers alone must tell everything.
      const names = (await judge(context, 'sh', ['-c', `cat '${appended}' | bsdtar -tf -`])).split('\n');
      expect(names).toContain('large.txt');
      expect(names).toContain('last.txt');
      expect(names).not.toContain('broken.bin');
    });
  });

  it('ends where the image gives other bytes than were measured', async () => {
    let changed = false;
    const disc = testDisc([{ name: 'a.txt', data: 'some text '.repeat(300) }], undefined, (image) => ({
      ...image,
      name: image.name,
      size: image.size,
      read: async (offset, length, signal) => {
        const bytes = (await image.read(offset, length, signal)).slice();
        if (changed) bytes[5] = 0;
        changed = true;
        return bytes;
      },
      stream: (offset, length, signal) => image.stream(offset, length, signal),
    }));
    await inTemporary(async (directory) => {
      const saving = executePlan(await disc.plan({ compression: 'fast' }), {
        openTarget: (size) => appendTo(join(directory, 'a.zip'), size),
        appendOnly: true,
        limit: 0,
      });
      await expect(saving).rejects.toMatchObject({ name: 'SourceError', code: 'changed' });
      expect(await readdir(directory)).toEqual([]);
    });
  });
});

describe('what is extracted from the archives', () => {
  it.for(['zip', 'tar'] as const)('by 7zz and bsdtar from a %s is the tree', async (format, context) => {
    await inTemporary(async (directory) => {
      const disc = testDisc(tree.filter((entry) => entry.kind !== 'device'));
      const archive = join(directory, `a.${format}`);
      await save(await disc.plan({ format }), archive);
      for (const [program, args] of [
        ['7zz', ['x', '-snld', `-o${directory}/7zz`, archive]],
        ['bsdtar', ['-xf', archive, '-C', `${directory}/bsdtar`]],
      ] as const) {
        const out = join(directory, program);
        if (program === 'bsdtar') await import('node:fs/promises').then((fs) => fs.mkdir(out));
        await judge(context, program, args);
        expect(await readFile(join(out, 'dir/nested/deep.txt'), 'utf8')).toBe('deep');
        expect(await readFile(join(out, 'dir/é日本😀.txt'), 'utf8')).toBe('unicode');
        expect(await readlink(join(out, 'dir/up'))).toBe('../one.bin');
        expect(await readdir(join(out, 'empty'))).toEqual([]);
        expect((await stat(join(out, 'one.bin'))).mode & 0o777).toBe(0o755);
        expect((await stat(join(out, 'one.bin'))).mtimeMs).toBe(TIME);
        expect(existsSync(join(out, 'dir/escape'))).toBe(false);
      }
    });
  });

  it('are the same bytes at every run', async () => {
    await inTemporary(async (directory) => {
      for (const format of ['zip', 'tar', 'tgz'] as const) {
        const hashes = new Set<string>();
        for (const run of [1, 2]) {
          await save(await testDisc(tree).plan({ format }), join(directory, `${run}`));
          hashes.add(sha256(await readFile(join(directory, `${run}`))));
        }
        expect(hashes.size).toBe(1);
      }
      await writeFile(join(directory, 'done'), '');
    });
  });
});
