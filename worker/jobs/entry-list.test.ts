import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../protocol/entry.ts';
import type { ListFormat } from '../protocol/save.ts';
import { csvCell, sumLine } from './entry-list.ts';
import { ImageInspector } from './inspector.ts';

const LIMIT = 64 * 1024 * 1024;
const DISC = new File([gunzipSync(readFileSync(new URL('../../fixtures/rockridge.img.gz', import.meta.url)))], 'rr.iso');

async function opened(): Promise<ImageInspector> {
  const inspector = new ImageInspector('test');
  await inspector.open([DISC], () => undefined);
  return inspector;
}

async function listOf(list: ListFormat): Promise<string> {
  const inspector = await opened();
  const { plan } = await inspector.planList({ view: 'rockridge', entries: Uint32Array.of(ROOT), hidden: true, list });
  const { blob } = await inspector.save(plan, { to: 'blob', limit: LIMIT }, () => undefined);
  return (await blob?.text()) ?? '';
}

describe('a list of entries', () => {
  it('as SHA256SUMS is found right by sha256sum in what the ZIP of the same holds', async () => {
    const inspector = await opened();
    const request = {
      view: 'rockridge',
      entries: Uint32Array.of(ROOT),
      format: 'zip',
      compression: 'stored',
      partial: false,
      hidden: true,
    } as const;
    const { plan } = await inspector.plan(request);
    const zip = (await inspector.save(plan, { to: 'blob', limit: LIMIT }, () => undefined)).blob as Blob;
    const files = Object.keys(unzipSync(new Uint8Array(await zip.arrayBuffer()))).filter((name) => !name.endsWith('/'));
    const folder = mkdtempSync(join(tmpdir(), 'isoscope-sums-'));
    try {
      writeFileSync(join(folder, 'x.zip'), new Uint8Array(await zip.arrayBuffer()));
      // unzip would drop the “;1” of a name as a version of VMS.
      execFileSync('python3', ['-m', 'zipfile', '-e', 'x.zip', '.'], { cwd: folder });
      writeFileSync(join(folder, 'SHA256SUMS'), await listOf('sha256'));
      const verdict = execFileSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: folder }).toString().trim().split('\n');
      expect(verdict.every((line) => line.endsWith(': OK'))).toBe(true);
      expect(verdict.length).toBeGreaterThan(5);
      expect(verdict.length).toBeLessThanOrEqual(files.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('as CSV has a line for each entry, as JSON an object', async () => {
    const json = JSON.parse(await listOf('json')) as { path: string; kind: string }[];
    const lines = (await listOf('csv')).trimEnd().split('\r\n');
    expect(lines[0]).toContain('path,name,kind,size');
    expect(lines.length).toBe(json.length + 1);
    expect(json.filter(({ kind }) => kind === 'file').length).toBeGreaterThan(3);
  });

  it('puts an apostrophe before what a spreadsheet would run as a formula, and quotes what needs it', () => {
    expect(['=1+1', '+1', '-1', '@x', '\tx'].map(csvCell)).toEqual(["'=1+1", "'+1", "'-1", "'@x", "'\tx"]);
    expect([csvCell('a,"b"'), csvCell(null), csvCell(-5), csvCell('a\nb'), csvCell('plain')]).toEqual([
      '"a,""b"""',
      '',
      '-5',
      '"a\nb"',
      'plain',
    ]);
  });

  it('escapes a line end in a name as sha256sum does', () => {
    expect(sumLine('00', 'a\nb\\c')).toBe('\\00  a\\nb\\\\c\n');
    expect(sumLine('00', 'plain')).toBe('00  plain\n');
  });
});
