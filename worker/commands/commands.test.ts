import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporary } from '../extract/node-judges.ts';
import { ascii, both32, buildImage, entry, NM, PX, SP, ER, join as joined } from '../formats/iso9660/testing/build.ts';
import { SourceError } from '../protocol/errors.ts';
import type { EntryDetails } from '../protocol/entry.ts';
import { parseArguments, UsageError } from './arguments.ts';
import { cat } from './cat.ts';
import { tableLine } from './ls.ts';
import { map } from './map.ts';
import { openingError, Refusal } from './opening.ts';
import { extract, save } from './save.ts';
import type { Terminal } from './terminal.ts';

function testTerminal(directory: string, signal?: AbortSignal): Terminal & { readonly out: Uint8Array[]; readonly warnings: string[] } {
  const out: Uint8Array[] = [];
  const warnings: string[] = [];
  return {
    out,
    warnings,
    version: '0',
    print: async (text) => void out.push(typeof text === 'string' ? new TextEncoder().encode(text) : text),
    warn: (line) => void warnings.push(line),
    resolve: (path) => join(directory, path),
    ...(signal ? { signal } : {}),
  };
}

const sparse = entry('SF', [...both32(0), ...both32(100_000), 1]);
const image = buildImage(
  [
    { name: 'GOOD.;1', contents: ascii('good'), systemUse: joined(NM('good'), PX(0o100644)) },
    { name: 'SPARSE.;1', contents: new Uint8Array(2048), systemUse: joined(NM('sparse'), PX(0o100644), sparse) },
  ],
  { rootSystemUse: joined(SP(), PX(0o040755), ER()) },
);

describe('save and extract', () => {
  it.each([
    [save, 'out.zip', []],
    [save, 'out.zip', ['--compression=fast']],
    [save, 'out.tar', []],
    [extract, 'out', []],
  ] as const)('leave out a file in a form that is not decoded, and say so (%#)', async (command, out, options) => {
    await inTemporary(async (directory) => {
      await writeFile(join(directory, 'a.iso'), image);
      const terminal = testTerminal(directory);
      expect(await command(parseArguments([command.name, 'a.iso', out, ...options]), terminal)).toBe(1);
      expect(terminal.warnings).toEqual([expect.stringMatching(/^\/sparse: left out: .*does not decode/)]);
      expect((await readdir(directory)).sort()).toEqual(['a.iso', out]);
    });
  });

  it.each([
    [save, 'out/a.zip'],
    [extract, 'out'],
  ] as const)('leave nothing half written when the user ends them (%#)', async (command, out) => {
    await inTemporary(async (directory) => {
      await writeFile(join(directory, 'a.iso'), image);
      await mkdir(join(directory, 'out'));
      const terminal = testTerminal(directory, AbortSignal.abort());
      await expect(command(parseArguments([command.name, 'a.iso', out]), terminal)).rejects.toMatchObject({ name: 'AbortError' });
      expect(await readdir(join(directory, 'out'))).toEqual([]);
    });
  });
});

describe('map', () => {
  it('lists who owns every byte, a line for each run, and nothing twice', async () => {
    await inTemporary(async (directory) => {
      await writeFile(join(directory, 'a.iso'), image);
      const terminal = testTerminal(directory);
      expect(await map(parseArguments(['map', 'a.iso', '--json']), terminal)).toBe(0);
      const lines = Buffer.concat(terminal.out).toString().trim().split('\n');
      const runs = lines.map((line) => JSON.parse(line) as { start: number; length: number; kind: string; owner: string });
      expect(runs.reduce((at, { start, length }) => (start === at ? at + length : NaN), 0)).toBe(image.length);
      expect(runs.map(({ owner }) => owner)).toEqual(expect.arrayContaining(['Primary volume descriptor', '/', '/good', '/sparse']));
      const table = testTerminal(directory);
      await map(parseArguments(['map', 'a.iso']), table);
      expect(Buffer.concat(table.out).toString().split('\n')[1]).toMatch(/^ +32768 +2048 {2}sys {3}Primary volume descriptor$/);
    });
  });

  it('refuses what is no disc', async () => {
    await inTemporary(async (directory) => {
      await writeFile(join(directory, 'a.txt'), 'only text');
      await expect(map(parseArguments(['map', 'a.txt']), testTerminal(directory))).rejects.toThrow(Refusal);
    });
  });
});

describe('cat', () => {
  it('--partial gives what is present of a file that the image ends in, and no more', async () => {
    const contents = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251);
    const whole = buildImage([{ name: 'BIG.;1', contents }]);
    const at = Buffer.from(whole).indexOf(contents.subarray(0, 2048));
    await inTemporary(async (directory) => {
      await writeFile(join(directory, 'a.iso'), whole.subarray(0, at + 12_345));
      const terminal = testTerminal(directory);
      expect(await cat(parseArguments(['cat', 'a.iso', 'BIG', '--partial']), terminal)).toBe(1);
      expect(Buffer.concat(terminal.out).equals(contents.subarray(0, 12_345))).toBe(true);
      expect(terminal.warnings[0]).toContain('12345 of 20000');
      await expect(cat(parseArguments(['cat', 'a.iso', 'BIG']), terminal)).rejects.toThrow(Refusal);
    });
  });

  it('does not swallow an error of the output', async () => {
    await inTemporary(async (directory) => {
      await writeFile(join(directory, 'a.iso'), image);
      const terminal = { ...testTerminal(directory), print: () => Promise.reject(new SourceError('target-full', 'full')) };
      await expect(cat(parseArguments(['cat', 'a.iso', 'good', '--partial']), terminal)).rejects.toMatchObject({ code: 'target-full' });
    });
  });
});

it.each([
  ['ENOTDIR', UsageError],
  ['ENAMETOOLONG', UsageError],
  ['EIO', Refusal],
  ['ELOOP', Refusal],
  ['EMFILE', Refusal],
])('an image that cannot be opened with %s is told of in one clear line', (code, kind) => {
  const error = openingError(Object.assign(new Error(code), { code, syscall: 'open' }), 'a.iso');
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).not.toContain('\n');
});

it.each([
  [0o020666, 'c'],
  [0o060660, 'b'],
  [0o010644, 'p'],
])('a device of mode %o is listed as %s', (mode, letter) => {
  const details: Partial<EntryDetails> = { kind: 'device', mode, path: '/d', size: null, target: null, times: {}, presence: 'whole' };
  expect(tableLine(details as EntryDetails)[0]).toBe(letter);
});
