import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ROOT } from '../protocol/entry.ts';
import { SourceError } from '../protocol/errors.ts';
import { ImageInspector } from './inspector.ts';

const bytes = gunzipSync(readFileSync(new URL('../../fixtures/rockridge.img.gz', import.meta.url)));

async function opened(image: Uint8Array<ArrayBuffer>) {
  const inspector = new ImageInspector('test');
  await inspector.open([new File([image], 'x.iso')], () => undefined);
  const { entries } = await inspector.list('rockridge', ROOT, { sort: 'offset', descending: false, hidden: true, filter: '' });
  const files = (await inspector.rows('rockridge', entries)).filter(({ kind, size }) => kind === 'file' && (size ?? 0) > 0);
  return { inspector, files };
}

test('contents are those that stand in the image, read in parts and as a Blob', async () => {
  const { inspector, files } = await opened(bytes);
  expect(files.length).toBeGreaterThan(0);
  for (const { entry, offset, size, name } of files) {
    const subject = { view: 'rockridge', entry } as const;
    const contents = await inspector.contents(subject);
    expect(contents).toMatchObject({ name, size, missing: 0 });
    const stored = bytes.subarray(offset!, offset! + size!);
    expect(Buffer.from(await contents.blob!.arrayBuffer()).equals(stored)).toBe(true);
    const part = await inspector.read(subject, 1, 1_000_000);
    expect(Buffer.from(part).equals(stored.subarray(1))).toBe(true);
    expect(await inspector.read(subject, size!, 10)).toHaveLength(0);
  }
});

test('the image’s own bytes are read by place; a window that is kept is not given away', async () => {
  const { inspector } = await opened(bytes);
  for (let time = 0; time < 2; time++) {
    const sector = await inspector.read('image', 16 * 2048, 2048);
    expect(Buffer.from(sector).equals(bytes.subarray(16 * 2048, 17 * 2048))).toBe(true);
    structuredClone(sector, { transfer: [sector.buffer] });
  }
});

test('a file that the image cuts off is read as far as it goes, and how much is missing is said', async () => {
  const { files } = await opened(bytes);
  const last = files.at(-1)!;
  const { inspector } = await opened(bytes.subarray(0, last.offset! + 1));
  const subject = { view: 'rockridge', entry: last.entry } as const;
  expect(await inspector.contents(subject)).toMatchObject({ size: 1, missing: last.size! - 1 });
  expect(await inspector.read(subject, 0, 100)).toEqual(new Uint8Array(bytes.subarray(last.offset!, last.offset! + 1)));
});

test('an error of the source stays what it is, and a directory has no contents', async () => {
  const { inspector } = await opened(bytes);
  await expect(inspector.contents({ view: 'rockridge', entry: ROOT })).rejects.toThrow('Only files');
  const shrunk = new ImageInspector('test');
  const file = new File([bytes, new Uint8Array(4 * 1024 * 1024)], 'x.iso');
  await shrunk.open([file], () => undefined);
  // As a file that was changed on disk: its slices give less than they promise.
  file.slice = () => new Blob([]);
  await expect(shrunk.read('image', file.size - 1, 1)).rejects.toBeInstanceOf(SourceError);
});

test('a text is split, its rows are given, and a closed one is no longer known', async () => {
  const { inspector, files } = await opened(bytes);
  const { entry, offset, size } = files.find(({ name }) => name.endsWith('.txt')) ?? files[0]!;
  const state = await inspector.openText({ view: 'rockridge', entry }, 'windows-1252', () => undefined);
  expect(state).toMatchObject({ indexed: size, complete: true });
  const [first] = await inspector.textRows(state.id, 0, 1);
  expect(first?.line).toBe(1);
  expect(bytes.subarray(offset!, offset! + size!).toString('latin1')).toContain(first!.text.slice(0, 20));
  await inspector.closeText(state.id);
  await expect(inspector.textRows(state.id, 0, 1)).rejects.toThrow('no longer open');
});
