import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const FORMATS = new URL('.', import.meta.url);
const COVERAGE = new URL('../../docs/formats.md', FORMATS);

/** Standards whose sections docs/formats.md lists so far, and those cited as a whole; a new format adds its own. */
const STANDARDS = ['ECMA-119', 'ECMA-130', 'SUSP', 'RRIP', 'El Torito', 'Joliet', 'ECMA-167', 'UDF 1.50', 'UDF 2.60'];
const WHOLE = ['CD-ROM XA', 'CSO', 'High Sierra', 'zisofs', 'FAT 1.03'];
const SECTION = new RegExp(`^(?:(${STANDARDS.join('|')}) [0-9./]+|${WHOLE.join('|')})$`);

/** Sections cited as "(RRIP 4.1.1)", "(SUSP 4, 5.3)" in comments, or as 'ECMA-119 9.1' in findings. */
function citations(text: string): string[] {
  const found: string[] = [];
  for (const [, inside = ''] of text.matchAll(/[('`]([^()'`\n]{3,80})[)'`]/g)) {
    let standard = '';
    for (const part of inside.split(/, | to /)) {
      if (/^\d/.test(part) && standard) found.push(`${standard} ${part}`);
      else {
        const [, name = ''] = SECTION.exec(part) ?? [];
        standard = name;
        if (name) found.push(part);
      }
    }
  }
  return found.filter((citation) => SECTION.test(citation));
}

it('every section cited in worker/formats has a row in docs/formats.md', () => {
  const coverage = new Set(
    readFileSync(COVERAGE, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .flatMap((line) => (line.split('|')[2] ?? '').split(',').map((cell) => cell.replace(/\(.*\)|:.*/, '').trim())),
  );
  const lacking = new Map<string, string>();
  for (const path of readdirSync(FORMATS, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue;
    for (const citation of citations(readFileSync(new URL(path, FORMATS), 'utf8')))
      if (!coverage.has(citation)) lacking.set(citation, path);
  }
  expect(Object.fromEntries(lacking)).toEqual({});
});
