import { appendFile, lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SourceError } from '../protocol/errors.ts';
import { FileHandleSource } from '../source/file-handle.ts';
import type { ByteSource } from '../source/source.ts';
import { inTemporary } from './node-judges.ts';
import { extractToFolder } from './node-folder.ts';
import { NodeFileSink } from './node-sink.ts';
import { executePlan, summarize } from './save.ts';
import { FileSink, targetError } from './sink.ts';
import { testDisc, type TestEntry } from './testing.ts';

const MIB = 1024 * 1024;
const TIME = Date.UTC(2021, 5, 7, 8, 9, 10);
const entries: readonly TestEntry[] = [
  ...Array.from({ length: 30 }, (_, index) => ({ name: `small${index}`, data: `content ${index}` })),
  { name: 'large', data: new Uint8Array(6 * MIB).fill(1) },
  { name: 'larger', data: new Uint8Array(9 * MIB).fill(2) },
  { name: 'packed', data: new Uint8Array(MIB).fill(3), compression: 'test' },
];
const forms = [
  { format: 'zip', compression: 'stored' },
  { format: 'zip', compression: 'fast' },
  { format: 'zip', compression: 'small' },
  { format: 'tar', compression: 'stored' },
  { format: 'tgz', compression: 'fast' },
] as const;

/** A source that calls `before` ahead of every read and every chunk. */
function watched(source: ByteSource, before: () => void): ByteSource {
  return {
    name: source.name,
    size: source.size,
    async read(offset, length, signal) {
      before();
      return source.read(offset, length, signal);
    },
    async *stream(offset, length, signal) {
      for await (const chunk of source.stream(offset, length, signal)) {
        for (let at = 0; at < chunk.length; at += MIB) {
          before();
          signal?.throwIfAborted();
          yield chunk.subarray(at, at + MIB);
        }
      }
    },
  };
}

describe.each(forms)('a save as $format ($compression)', (form) => {
  it('that meets a read error, at whichever read, fails with it and leaves nothing', async () => {
    await inTemporary(async (directory) => {
      let reads = 0;
      let failAt = Infinity;
      const fail = (): void => {
        if (++reads === failAt) throw new SourceError('changed', 'it was changed');
      };
      const disc = testDisc(entries, undefined, (image) => watched(image, fail));
      const path = join(directory, 'out');
      const run = async (): Promise<unknown> => {
        reads = 0;
        return executePlan(await disc.plan(form), { openTarget: () => NodeFileSink.open(path), limit: 0 });
      };
      await run();
      const all = reads;
      expect(all).toBeGreaterThan(10);
      await writeFile(path, 'what was there before');
      for (failAt = 1; failAt <= all; failAt++) {
        await expect(run()).rejects.toMatchObject({ name: 'SourceError', code: 'changed' });
        expect(await readdir(directory)).toEqual(['out']);
      }
      expect(await readFile(path, 'utf8')).toBe('what was there before');
    });
  });

  it('that is cancelled, at whichever read, ends as cancelled and leaves nothing', async () => {
    await inTemporary(async (directory) => {
      let reads = 0;
      let cancelAt = Infinity;
      let controller = new AbortController();
      const disc = testDisc(entries, undefined, (image) => watched(image, () => ++reads === cancelAt && controller.abort()));
      const run = async (): Promise<unknown> => {
        reads = 0;
        controller = new AbortController();
        const plan = await disc.plan(form);
        return executePlan(plan, { openTarget: () => NodeFileSink.open(join(directory, 'out')), limit: 0, signal: controller.signal });
      };
      for (cancelAt = 1; cancelAt <= 16; cancelAt += 3) {
        await expect(run()).rejects.toMatchObject({ name: 'AbortError' });
        expect(await readdir(directory)).toEqual([]);
      }
    });
  });

  it('whose target is full says so and leaves nothing', async () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    let left = Infinity;
    let aborted = false;
    let writes = 0;
    const run = async (): Promise<unknown> => {
      const sink = {
        size: 0,
        async write(bytes: Uint8Array) {
          writes++;
          if (left-- === 0) throw targetError(full, 'out');
          this.size += bytes.length;
        },
        patch: async () => undefined,
        async truncate(size: number) {
          this.size = size;
        },
        close: async () => Promise.reject(new Error('closed what is not whole')),
        async abort() {
          aborted = true;
        },
      };
      return executePlan(await testDisc(entries).plan(form), { openTarget: async () => sink, limit: 0 });
    };
    await expect(run()).rejects.toThrow('closed what is not whole');
    for (const at of [0, writes >> 1, writes - 1]) {
      left = at;
      aborted = false;
      await expect(run()).rejects.toMatchObject({ code: 'target-full' });
      expect(aborted).toBe(true);
    }
  });

  it('leaves a member out that cannot be decompressed, names it, and saves the rest', async () => {
    const disc = testDisc([
      { name: 'good', data: 'good' },
      { name: 'bad', data: 'some bytes', compression: 'broken', identity: 'i' },
      { name: 'good too', data: 'good' },
    ]);
    const result = await executePlan(await disc.plan(form), { openTarget: null, limit: 1e6 });
    expect(result.files).toBe(2);
    expect(result.failed).toEqual([expect.objectContaining({ path: '/bad', saved: null, reason: expect.stringContaining('broken') })]);
    expect(result.blob?.size).toBe(result.size);
  });
});

describe.each([...forms, { format: 'directory', compression: 'stored' }] as const)(
  'what cannot be decoded, saved as $format ($compression)',
  (form) => {
    it('is left out with the reason, and the rest is saved', async () => {
      const disc = testDisc([
        { name: 'good', data: 'good' },
        { name: 'unknown', data: 'some bytes', compression: 'unknown' },
        { name: 'large unknown', data: new Uint8Array(5 * MIB), compression: 'late' },
        { name: 'late', data: 'some bytes', compression: 'late' },
        { name: 'other size', data: 'some bytes', listed: 4 },
        { name: 'good too', data: 'good' },
      ]);
      const plan = await disc.plan(form);
      expect(plan.changes.listed).toEqual([
        expect.objectContaining({ path: '/unknown', saved: null, reason: expect.stringContaining('not decoded') }),
        expect.objectContaining({ path: '/other size', saved: null, reason: expect.stringContaining('10 bytes where 4') }),
      ]);
      await inTemporary(async (directory) => {
        const result =
          form.format === 'directory'
            ? await extractToFolder(plan, directory)
            : await executePlan(plan, { openTarget: null, limit: 16 * MIB });
        expect(result.files).toBe(2);
        expect(result.failed.map((one) => one.path).sort()).toEqual(['/large unknown', '/late']);
      });
    });
  },
);

describe('an image that is written to between its checksums and its copy', () => {
  it.each([...forms, { format: 'directory', compression: 'stored' }] as const)(
    'ends $format ($compression), and nothing is left',
    async (form) => {
      await inTemporary(async (directory) => {
        const path = join(directory, 'a.iso');
        await writeFile(path, new Uint8Array(1000));
        const image = await FileHandleSource.open(path, 'a.iso');
        const plan = await testDisc([{ name: 'f', runs: [{ offset: 0, length: 1000 }] }], image).plan(form);
        await image.verifyUnchanged();
        await appendFile(path, 'more');
        const verify = (): Promise<void> => image.verifyUnchanged();
        const out = join(directory, 'out');
        const save =
          form.format === 'directory'
            ? extractToFolder(plan, directory, { verify })
            : executePlan(plan, { openTarget: () => NodeFileSink.open(out, verify), limit: 0 });
        await expect(save).rejects.toMatchObject({ name: 'SourceError', code: 'changed' });
        expect(await readdir(directory)).toEqual(['a.iso']);
        await image.close();
      });
    },
  );
});

describe('one file', () => {
  it('leaves as slices, without a read', async () => {
    let reads = 0;
    const disc = testDisc(entries, undefined, (image) => {
      const counted = watched(image, () => reads++);
      return { ...counted, blob: (offset, length) => image.blob?.(offset, length) ?? null };
    });
    const plan = await disc.plan({ format: 'file', paths: ['/large'] });
    expect(summarize(plan)).toMatchObject({ name: 'large', size: 6 * MIB, computed: 0, files: 1 });
    const { blob } = await executePlan(plan, { openTarget: null, limit: 0 });
    expect(reads).toBe(0);
    expect(Buffer.from(await (blob as Blob).arrayBuffer()).equals(Buffer.alloc(6 * MIB, 1))).toBe(true);
  });

  it('that must be decoded is refused beyond the limit, with the reason', async () => {
    const plan = await testDisc(entries).plan({ format: 'file', paths: ['/packed'] });
    expect(summarize(plan).computed).toBe(MIB);
    await expect(executePlan(plan, { openTarget: null, limit: MIB - 1 })).rejects.toMatchObject({ name: 'Unsupported' });
    expect((await executePlan(plan, { openTarget: null, limit: MIB })).blob?.size).toBe(MIB);
  });
});

describe('the file that the user chose', () => {
  /** What a browser's handle does, in memory. */
  function fakeHandle(failWith: string | null = null): {
    handle: FileSystemFileHandle;
    state: { bytes: Buffer; closed: boolean; aborted: boolean; removed: boolean; writes: number };
  } {
    const state = { bytes: Buffer.alloc(0), closed: false, aborted: false, removed: false, writes: 0 };
    let swap = Buffer.alloc(0);
    const writable = {
      async write(step: { type: string; position: number; data: Uint8Array | Blob; size: number }) {
        if (failWith && state.writes > 0) throw new DOMException('no', failWith);
        state.writes++;
        if (step.type === 'truncate') swap = swap.subarray(0, step.size);
        else {
          const data = step.data instanceof Blob ? Buffer.from(await step.data.arrayBuffer()) : Buffer.from(step.data);
          const wider = Buffer.alloc(Math.max(swap.length, step.position + data.length));
          swap.copy(wider);
          data.copy(wider, step.position);
          swap = wider;
        }
      },
      async close() {
        state.closed = true;
        state.bytes = swap;
      },
      async abort() {
        state.aborted = true;
      },
    };
    const handle = {
      name: 'out',
      createWritable: async () => writable,
      getFile: async () => new Blob([state.bytes]),
      remove: async () => void (state.removed = true),
    };
    return { handle: handle as unknown as FileSystemFileHandle, state };
  }

  it.each(forms)('gets the same bytes as the Blob would have ($format, $compression)', async (form) => {
    const disc = testDisc(entries);
    const { handle, state } = fakeHandle();
    const result = await executePlan(await disc.plan(form), { openTarget: () => FileSink.open(handle), limit: 0 });
    expect(state.closed).toBe(true);
    expect(state.bytes.length).toBe(result.size);
    const { blob } = await executePlan(await disc.plan(form), { openTarget: null, limit: 1e9 });
    expect(Buffer.from(await (blob as Blob).arrayBuffer()).equals(state.bytes)).toBe(true);
    expect(state.writes).toBeLessThan(12);
  });

  it.each([
    ['QuotaExceededError', 'target-full'],
    ['NotAllowedError', 'target-denied'],
    ['NotFoundError', 'target-gone'],
  ])('that fails with %s is given up and, being empty, removed', async (name, code) => {
    const { handle, state } = fakeHandle(name);
    const plan = await testDisc(entries).plan({ compression: 'fast' });
    await expect(executePlan(plan, { openTarget: () => FileSink.open(handle), limit: 0 })).rejects.toMatchObject({
      name: 'SourceError',
      code,
    });
    expect(state).toMatchObject({ closed: false, aborted: true, removed: true });
  });
});

describe('a folder', () => {
  it('gets files, directories, links inside, modes and times, and nothing outside', async () => {
    await inTemporary(async (directory) => {
      const out = join(directory, 'out');
      const disc = testDisc([
        { name: 'd', mode: 0o040555, modified: TIME, children: [{ name: 'f', data: 'x', mode: 0o104755, modified: TIME }] },
        { name: 'in', target: 'd/f', modified: TIME },
        { name: 'out', target: '../../x', modified: TIME },
        { name: '..', data: 'dots', modified: TIME },
        { name: 'bad', data: 'b', compression: 'broken' },
        { name: 'null', kind: 'device', mode: 0o020666 },
      ]);
      const result = await extractToFolder(await disc.plan({ format: 'directory' }), out);
      expect(result.failed.map((one) => one.path)).toEqual(['/bad']);
      expect((await readdir(out)).sort()).toEqual(['__', 'd', 'in', 'out.link.txt']);
      expect(await readlink(join(out, 'in'))).toBe('d/f');
      expect((await stat(join(out, 'd/f'))).mode & 0o7777).toBe(0o755);
      expect((await stat(join(out, 'd/f'))).mtimeMs).toBe(TIME);
      expect((await stat(join(out, 'd'))).mtimeMs).toBe(TIME);
      expect(await readdir(directory)).toEqual(['out']);
    });
  });

  it('never follows a link that is there already', async () => {
    await inTemporary(async (directory) => {
      const out = join(directory, 'out');
      await mkdir(join(directory, 'outside'));
      await mkdir(out);
      await symlink('../outside', join(out, 'd'));
      const disc = testDisc([{ name: 'd', children: [{ name: 'f', data: 'x' }] }]);
      const result = await extractToFolder(await disc.plan({ format: 'directory' }), out);
      expect(result.failed.map((one) => one.path)).toEqual(['/d', '/d/f']);
      expect(await readdir(join(directory, 'outside'))).toEqual([]);
      await writeFile(join(directory, 'victim'), 'safe');
      await symlink('../victim', join(out, 'f'));
      const other = await extractToFolder(await testDisc([{ name: 'f', data: 'x' }]).plan({ format: 'directory' }), out);
      expect([other.files, other.failed.map((one) => one.path)]).toEqual([0, ['/f']]);
      expect(await readFile(join(directory, 'victim'), 'utf8')).toBe('safe');
    });
  });

  it('takes a second extract: a link replaces a link, and nothing else', async () => {
    await inTemporary(async (out) => {
      const disc = testDisc([
        { name: 'f', data: 'x', modified: -86_400_000 * 365 },
        { name: 'l', target: 'f', modified: -1500 },
        { name: 'm', target: 'f' },
      ]);
      const plan = await disc.plan({ format: 'directory' });
      await symlink('nowhere', join(out, 'l'));
      await writeFile(join(out, 'm'), 'mine');
      for (let round = 0; round < 2; round++) {
        const result = await extractToFolder(plan, out);
        expect([result.files, result.failed.map((one) => one.path)]).toEqual([1, ['/m']]);
        expect(await readlink(join(out, 'l'))).toBe('f');
        expect(await readFile(join(out, 'm'), 'utf8')).toBe('mine');
        expect((await stat(join(out, 'f'))).mtimeMs).toBe(-86_400_000 * 365);
        expect((await lstat(join(out, 'l'))).mtimeMs).toBe(-1500);
      }
    });
  });

  it('names what has too long a path, and goes on', async () => {
    await inTemporary(async (out) => {
      let nested: TestEntry = { name: 'deep', data: 'deep' };
      for (let depth = 0; depth < 20; depth++) nested = { name: 'd'.repeat(250), children: [nested] };
      const disc = testDisc([nested, { name: 'z', data: 'z' }]);
      const result = await extractToFolder(await disc.plan({ format: 'directory' }), out);
      expect(result.files).toBe(1);
      expect(result.failed.at(-1)).toMatchObject({ path: expect.stringMatching(/deep$/), reason: expect.stringContaining('longer') });
      expect(await readFile(join(out, 'z'), 'utf8')).toBe('z');
    });
  });
});
