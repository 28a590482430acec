import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BytesSource } from '../source/bytes.ts';
import { peek } from './peek.ts';

const of = (name: string, bytes: Uint8Array | string) =>
  peek(new BytesSource(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, name));

/** A PNG's beginning that claims this size. */
function png(width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.write('89504e470d0a1a0a0000000d49484452', 'hex');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'isoscope-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const python = (script: string, ...args: string[]) => execFileSync('python3', ['-c', script, ...args]);

test('pictures are known by their headers, whatever they are called', async () => {
  expect(await of('x.exe', png(640, 480))).toEqual({ kind: 'picture', title: 'PNG picture', type: 'image/png', width: 640, height: 480 });
  const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([0x40, 1, 0xf0, 0, 0, 0, 0, 0x3b])]);
  expect(await of('x', gif)).toMatchObject({ type: 'image/gif', width: 320, height: 240 });
  const jpeg = Buffer.concat([
    Buffer.from('ffd8ffe1fffe', 'hex'),
    Buffer.alloc(65532),
    Buffer.from('ffc000110801e00280030122000000', 'hex'),
    Buffer.alloc(9000),
  ]);
  expect(await of('x', jpeg)).toMatchObject({ type: 'image/jpeg', width: 640, height: 480 });
  const lossless = Buffer.from('5249464600000000574542505650384c000000002f3fc13b0000000000000000', 'hex');
  expect(await of('x', lossless)).toMatchObject({ type: 'image/webp', width: 320, height: 240 });
});

test('a picture that would take the memory of the page is not drawn, and it is said', async () => {
  expect(await of('bomb.png', png(60_000, 60_000))).toMatchObject({ kind: 'bytes', reason: expect.stringContaining('60000 × 60000') });
  const icon = Buffer.concat([Buffer.from('00000100010010100000010020004000000016000000', 'hex'), png(60_000, 60_000)]);
  expect(await of('bomb.ico', icon)).toMatchObject({ kind: 'bytes' });
});

test('an SVG is text that may also be drawn, unless it repeats repeats', async () => {
  expect(await of('a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')).toMatchObject({
    kind: 'text',
    drawn: 'image/svg+xml',
  });
  expect(await of('b.svg', `<svg>${'<use href="#a"/>'.repeat(25)}</svg>`)).toMatchObject({ kind: 'text', drawn: null });
  expect(await of('c.svg', '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>')).toMatchObject({ kind: 'text', drawn: null });
  expect(await of('made.py', 'print("<svg></svg>")')).toMatchObject({ kind: 'text', drawn: null });
  expect(await of('d.svg', '<?xml version="1.0"?>\n<!-- made -->\n<svg width="9"/>')).toMatchObject({ drawn: 'image/svg+xml' });
  expect(await of('page.html', '<!doctype html><script>alert(1)</script>')).toMatchObject({ kind: 'text', drawn: null });
});

test('sound and film are told by their marks, PDF and unknown bytes are shown as bytes', async () => {
  expect(await of('x', Buffer.from('RIFF\0\0\0\0WAVEfmt \0\0\0\0'))).toMatchObject({ kind: 'sound', type: 'audio/wav' });
  expect(await of('x', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isom'))).toMatchObject({ kind: 'film', type: 'video/mp4' });
  expect(await of('x.pdf', '%PDF-1.7\n')).toMatchObject({ kind: 'bytes', title: 'PDF document' });
  expect(
    await of(
      'x',
      Uint8Array.from({ length: 999 }, (_, at) => (at * 7919) >> 3),
    ),
  ).toMatchObject({ kind: 'bytes', title: '' });
  expect(await of('empty', '')).toMatchObject({ kind: 'bytes', title: 'Empty file' });
});

test('a ZIP is listed as python wrote it, also behind a program', () =>
  inFolder(async (folder) => {
    const write = `import sys,zipfile
z=zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_DEFLATED)
for n in range(2500): z.writestr(zipfile.ZipInfo('dir/ä %d.txt'%n,(2024,2,3,4,5,6)),'x'*n)
z.close()`;
    python(write, `${folder}/a.zip`);
    const bytes = readFileSync(`${folder}/a.zip`);
    for (const file of [bytes, Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(5000), bytes])]) {
      const found = await of('a.zip', file);
      expect(found).toMatchObject({ kind: 'archive', title: 'ZIP archive', count: 2500 });
      if (found.kind !== 'archive') throw new Error(found.kind);
      expect(found.members).toHaveLength(2000);
      expect(found.members[1999]).toEqual({
        name: 'dir/ä 1999.txt',
        directory: false,
        size: 1999,
        modified: Date.UTC(2024, 1, 3, 4, 5, 6),
      });
    }
    expect(await of('cut.zip', bytes.subarray(0, 5000))).toMatchObject({ kind: 'bytes', title: 'ZIP archive' });
  }));

test('a TAR is listed as GNU tar and python wrote it, long names too', () =>
  inFolder(async (folder) => {
    const long = `${'d'.repeat(90)}/${'n'.repeat(120)}.txt`;
    mkdirSync(`${folder}/${'d'.repeat(90)}`);
    writeFileSync(`${folder}/${long}`, 'x'.repeat(70_000));
    writeFileSync(`${folder}/short.txt`, 'short');
    for (const format of ['gnu', 'pax', 'ustar']) {
      const names = format === 'ustar' ? ['short.txt'] : [long, 'short.txt'];
      execFileSync('tar', ['-cf', `${folder}/a.tar`, `--format=${format}`, ...names], { cwd: folder });
      const found = await of('a.tar', readFileSync(`${folder}/a.tar`));
      if (found.kind !== 'archive') throw new Error(found.kind);
      expect(found.members.map(({ name, size }) => [name, size])).toEqual(names.map((name) => [name, name === long ? 70_000 : 5]));
      expect(found.count).toBe(names.length);
    }
  }));

test('a program of this machine is told as what it is', async () => {
  const node = await of('node', readFileSync(process.execPath).subarray(0, 4 * 1024 * 1024));
  expect(node).toMatchObject({ kind: 'program' });
  if (node.kind !== 'program') throw new Error(node.kind);
  expect(node.title).toMatch(/^ELF, (program|library)/);
  const machine = process.arch === 'arm64' ? 'ARM64' : process.arch;
  expect(Object.fromEntries(node.facts)).toMatchObject({ 'Made for': machine, Word: '64 bits, little-endian' });
});
