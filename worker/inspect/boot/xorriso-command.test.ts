import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BytesSource } from '../../source/bytes.ts';
import { xorrisoDocument } from '../documents.ts';
import { openImage } from '../open.ts';
import { ReportParts } from '../parts.ts';

const CORPUS = new URL('../../../../shared/corpus/real-open/', import.meta.url);
const ready = existsSync(CORPUS) && spawnSync('xorriso', ['-version']).status === 0;

/** What xorriso says of an image's boot setup, without what depends on where the files lie. */
function setup(path: string): string[] {
  const told = execFileSync('xorriso', ['-indev', path, '-report_el_torito', 'plain', '-report_system_area', 'plain'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const kept = told.split('\n').filter((line) => /^(El Torito (boot img|img path|img opts|cat path)|System area|MBR)/.test(line));
  return kept.map((line) =>
    line
      .replace(/(El Torito boot img.*?)\s+\d+$/, '$1')
      // Start and length of partitions
      .replace(/^(MBR partition +:.*?0x\w\w +0x\w\w).*$/, '$1'),
  );
}

describe.skipIf(!ready)('the xorriso command of a boot setup', () => {
  it.each(['debian-grub-rescue-2.06', 'debian-ipxe-1.0.0', 'debian-memtest86+-6.10-x64'])(
    'makes a disc that xorriso reports on as on the one it was taken from: %s',
    async (name) => {
      const bytes = gunzipSync(readFileSync(new URL(`${name}.iso.gz`, CORPUS)));
      const folder = mkdtempSync(join(tmpdir(), 'isoscope-xorriso-'));
      try {
        const file = `it's ${name}.iso`;
        writeFileSync(join(folder, file), bytes);
        const image = await openImage(new BytesSource(new Uint8Array(bytes), file));
        await image.readAll();
        const run = (command: string, args: string[]): void => {
          const { status, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
          expect(status, stderr).toBe(0);
        };
        run('xorriso', ['-osirrox', 'on', '-indev', file, '-extract', '/', 'files']);
        run('chmod', ['-R', 'u+w', 'files']);
        run('sh', ['-c', await xorrisoDocument(new ReportParts(image))]);
        expect(setup(join(folder, 'new.iso'))).toEqual(setup(join(folder, file)));
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    60_000,
  );
});
