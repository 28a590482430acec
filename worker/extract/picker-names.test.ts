import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldName, safeName, safeNames, utf8Length } from './names.ts';
import { MAX_PICKER_NAME, PICKER } from './picker-names.ts';

/** What Chromium 156 said of a name when it was asked to write it into a folder of the disk (Linux, measured). */
const PROBED: readonly (readonly [string, boolean])[] = [
  ...['a.txt', '.hidden', 'x.local', 'é', 'x.lnk_', `x.${'y'.repeat(200)}`, 'x.exe', 'x.dll', 'x.search-ms', 'com0'].map(
    (name) => [name, true] as const,
  ),
  ...[244, 245, 246, 247, 248].map((length) => ['n'.repeat(length), true] as const),
  ...['..x', '.~x', '~x', 'x~', 'x.lnk', 'x.LNK', 'x.url', 'x.scf', 'desktop.ini', 'Thumbs.db'].map((name) => [name, false] as const),
  ...['a.{21EC2020-3AEA-1069-A2DD-08002B30309D}', 'CON', 'con.txt', 'com1', 'LPT9.x', 'clock$', 'conin$'].map(
    (name) => [name, false] as const,
  ),
  ...['a:b', 'a|b', '\u00a0x', 'x\u3000', 'a\u0600b', 'a\u200cb', 'a\u00adb', '\u202ex', '\ufdd0x'].map((name) => [name, false] as const),
  ...[249, 254, 255].map((length) => ['n'.repeat(length), false] as const),
];

/** Chromium's rule, written down a second time, as one test of a name (its IsSafePathComponent). */
function taken(name: string): boolean {
  const body = name.startsWith('.') ? name.slice(1) : name;
  if (/["*/:<>?\\|\p{Cc}\p{Cf}\ufdd0-\ufdef\ufffe\uffff]/u.test(body) || /[\ud800-\udfff]/u.test(body)) return false;
  const end = /[\p{White_Space}.~]/u;
  if (body === '' || end.test(body[0] as string) || end.test(body.at(-1) as string)) return false;
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (name.includes('.') && (['lnk', 'scf', 'url'].includes(extension) || /^\{.*\}$/.test(extension))) return false;
  if (/^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[1-9]|lpt[1-9])(\.|$)/i.test(name)) return false;
  if (/^(desktop\.ini|thumbs\.db)$/i.test(name)) return false;
  return new TextEncoder().encode(name).length <= 248;
}

const PIECES = [
  '.',
  '~',
  ' ',
  'a',
  'é',
  'lnk',
  '.lnk',
  '.url',
  '.scf',
  '.{',
  '}',
  '{x}',
  'con',
  'desktop.ini',
  'thumbs.db',
  '.crswap',
  '\u3000',
  '\u00a0',
  '\u0600',
  '\u200d',
  '\ud800',
  '\ufdd0',
  '?',
  ':',
  '\u202e',
  'n'.repeat(120),
  '字'.repeat(60),
];
const wild = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(''));

describe('names in a folder that a page writes', () => {
  it.each(PROBED)('%j: the rule written down here says what the browser said', (name, verdict) => {
    expect(taken(name)).toBe(verdict);
  });

  it.each(PROBED)('%j is saved under a name that the browser takes, and changes only where it must', (name, verdict) => {
    const { name: safe, reason } = PICKER.safe(name);
    expect(taken(safe)).toBe(true);
    expect(reason === null).toBe(safe === name);
    // What the browser takes changes only for the room that its swap file needs.
    if (verdict && utf8Length(name) <= MAX_PICKER_NAME && safeName(name).reason === null) expect(safe).toBe(name);
  });

  it.each([
    ['start.lnk', 'start.lnk_'],
    ['Desktop.ini', 'Desktop.ini_'],
    ['~temp', '_temp'],
    ['backup~', 'backup_'],
    ['..x', '._x'],
    ['.~lock.odt#', '._lock.odt#'],
    ['a.{20D04FE0}', 'a.{20D04FE0}_'],
    ['half.crswap', 'half.crswap_'],
    ['\u3000x', '_x'],
    ['.gitignore', '.gitignore'],
  ])('%j becomes %j', (name, safe) => {
    expect(PICKER.safe(name).name).toBe(safe);
  });

  it('whatever the name: the browser takes what comes out, which stays as it is when asked again', () => {
    fc.assert(
      fc.property(fc.oneof(wild, fc.string({ unit: 'binary', maxLength: 300 })), (name) => {
        const { name: safe } = PICKER.safe(name);
        expect(taken(safe)).toBe(true);
        expect(utf8Length(safe)).toBeLessThanOrEqual(MAX_PICKER_NAME);
        expect(PICKER.safe(safe)).toEqual({ name: safe, reason: null });
      }),
      { numRuns: 5000 },
    );
  });

  it('whatever the names of a directory: they stay distinct, also where case and composition do not count', () => {
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 20 }), (names) => {
        const safe = safeNames(names, PICKER).map(({ name }) => name);
        expect(new Set(safe.map(foldName)).size).toBe(names.length);
        for (const name of safe) expect(taken(name)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
