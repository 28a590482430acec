import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertSafePath, foldName, safeName, safeNames, unsafeTarget, utf8Length, discNameOf } from './names.ts';

const cases: readonly (readonly [string, string])[] = [
  // Nothing to change.
  ...[
    'README.TXT',
    '.hidden',
    '..hidden',
    'a b',
    'a.b.c',
    'été',
    'e\u0301te\u0301',
    '日本語.txt',
    '😀.png',
    '~x',
    'x~1',
    'CONSOLE',
    'CONFIG.SYS',
    'COM',
    'COM10',
    'LPT',
    'AUXILIARY',
    'NULL',
    'desktop.ini',
    'autorun.inf',
    'x.lnk',
    'x.url',
    'a.{20D04FE0-3AEA-1069-A2D8-08002B30309D}',
    'photo.jpg        .exe',
    '#',
    '%00',
    '%2e%2e',
    '$MFT',
    '[x]',
    '{x}',
    "it's",
    'a;1',
    'a=b',
    'a,b',
    'a&b',
    'a^b',
    'a`b',
    'a!b',
    'a@b',
    '-rf',
    '--help',
    'com¹x',
    'ＣＯＮ',
    '．．',
    '／',
    '⁄',
    '❤️',
    'ﬁ',
    'ß',
    'İ',
    '\ufffd',
    '\u3000x',
    'x'.repeat(255),
    'é'.repeat(127),
    '日'.repeat(85),
    '😀'.repeat(63),
  ].map((name) => [name, name] as const),
  // Empty, dots, spaces.
  ['', '_'],
  ['.', '_'],
  ['..', '__'],
  ['...', '___'],
  ['. .', '___'],
  [' ', '_'],
  ['  ', '__'],
  ['name.', 'name_'],
  ['name..', 'name__'],
  ['name ', 'name_'],
  ['name. .', 'name___'],
  [' name', '_name'],
  ['  name', '__name'],
  ['.. ', '___'],
  ['a/..', 'a___'],
  // Separators and what Windows refuses.
  ['a/b', 'a_b'],
  ['a\\b', 'a_b'],
  ['/', '_'],
  ['\\', '_'],
  ['/etc/passwd', '_etc_passwd'],
  ['../x', '.._x'],
  ['..\\x', '.._x'],
  ['C:', 'C_'],
  ['C:\\x', 'C__x'],
  ['a:b', 'a_b'],
  ['file.txt:stream', 'file.txt_stream'],
  ['a<b', 'a_b'],
  ['a>b', 'a_b'],
  ['a"b', 'a_b'],
  ['a|b', 'a_b'],
  ['a?b', 'a_b'],
  ['a*b', 'a_b'],
  ['\\\\?\\C:\\x', '____C__x'],
  ['//server/share', '__server_share'],
  // Control characters.
  ['a\0b', 'a_b'],
  ['\0', '_'],
  ['a\nb', 'a_b'],
  ['a\rb', 'a_b'],
  ['a\tb', 'a_b'],
  ['\x1b[31m', '_[31m'],
  ['a\x7fb', 'a_b'],
  ['a\x80b', 'a_b'],
  ['a\x9fb', 'a_b'],
  ['a\u2028b', 'a_b'],
  ['a\u2029b', 'a_b'],
  ['a\x01', 'a_'],
  // Bidirectional and invisible ones.
  ['photo\u202egpj.exe', 'photo_gpj.exe'],
  ['a\u202ab', 'a_b'],
  ['a\u202db', 'a_b'],
  ['a\u2066b\u2069', 'a_b_'],
  ['a\u200eb', 'a_b'],
  ['a\u200fb', 'a_b'],
  ['a\u061cb', 'a_b'],
  ['a\u200bb', 'a_b'],
  ['a\u200cb', 'a_b'],
  ['a\u200db', 'a_b'],
  ['a\u2060b', 'a_b'],
  ['\ufeffa', '_a'],
  ['a\u00adb', 'a_b'],
  ['a\u180eb', 'a_b'],
  ['\u3164', '_'],
  ['a\u{e0041}b', 'a_b'],
  ['a\ufe00b', 'a_b'],
  ['a\ufff9b', 'a_b'],
  // What is no character.
  ['a\ud800b', 'a\ufffdb'],
  ['a\udc00', 'a\ufffd'],
  ['\ud800', '\ufffd'],
  ['\udc00\ud800', '\ufffd\ufffd'],
  ['a\uffffb', 'a_b'],
  ['a\ufdd0b', 'a_b'],
  ['a\u{1ffff}b', 'a_b'],
  // Devices of Windows.
  ['CON', '_CON'],
  ['con', '_con'],
  ['Con.txt', '_Con.txt'],
  ['CON.', 'CON_'],
  ['CON ', 'CON_'],
  ['CON .txt', '_CON .txt'],
  ['con.tar.gz', '_con.tar.gz'],
  ['PRN', '_PRN'],
  ['AUX', '_AUX'],
  ['aux.c', '_aux.c'],
  ['NUL', '_NUL'],
  ['nul.', 'nul_'],
  ['NUL:', 'NUL_'],
  ['COM1', '_COM1'],
  ['com9.log', '_com9.log'],
  ['COM0', '_COM0'],
  ['COM¹', '_COM¹'],
  ['com².txt', '_com².txt'],
  ['LPT1', '_LPT1'],
  ['lpt³', '_lpt³'],
  ['LPT9.x', '_LPT9.x'],
  ['CONIN$', '_CONIN$'],
  ['conout$.txt', '_conout$.txt'],
  ['CLOCK$', '_CLOCK$'],
  ['.CON', '.CON'],
  ['CON/x', 'CON_x'],
  // Too long: cut, the extension kept, no character split.
  ['x'.repeat(256), 'x'.repeat(255)],
  ['x'.repeat(300) + '.txt', 'x'.repeat(251) + '.txt'],
  ['é'.repeat(128), 'é'.repeat(127)],
  ['é'.repeat(128) + '.iso', 'é'.repeat(125) + '.iso'],
  ['日'.repeat(86), '日'.repeat(85)],
  ['😀'.repeat(64), '😀'.repeat(63)],
  ['e\u0301'.repeat(100), 'e\u0301'.repeat(85)],
  ['x'.repeat(254) + 'e\u0301', 'x'.repeat(254)],
  ['a.' + 'b'.repeat(300), 'a.' + 'b'.repeat(253)],
  ['x'.repeat(254) + '. y', 'x'.repeat(254) + '_'],
];

describe('a name made safe', () => {
  it.each(cases.map(([name, wanted]) => [JSON.stringify(name).slice(0, 40), name, wanted] as const))('%s', (_title, name, wanted) => {
    const safe = safeName(name);
    expect(safe.name).toBe(wanted);
    expect(safe.reason === null).toBe(name === wanted);
    assertSafePath(safe.name);
  });

  it('has at least 120 cases here', () => expect(cases.length).toBeGreaterThanOrEqual(120));
});

/** Names made of what is troublesome. */
const trouble = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '.',
        '..',
        ' ',
        '/',
        '\\',
        ':',
        'CON',
        'nul',
        'COM1',
        '.txt',
        ' (2)',
        '\0',
        '\u202e',
        '\ud800',
        '\udc00',
        'é',
        'e\u0301',
        'E\u0301',
        'ß',
        'SS',
        'ς',
        'Σ',
        'İ',
        'i',
        'I',
        'ﬁ',
        '😀',
        '日',
        'A',
        'a',
        '_',
        '\u0301',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('x'.repeat(120), 'é'.repeat(128), '日'.repeat(60)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('the names of a directory made safe', () => {
  it('are safe, distinct, at most 255 bytes, and safe again as they are', () => {
    fc.assert(
      fc.property(fc.array(trouble, { maxLength: 30 }), (names) => {
        const safe = safeNames(names).map((one) => one.name);
        expect(safe.length).toBe(names.length);
        for (const name of safe) {
          assertSafePath(name);
          expect(name).not.toContain('/');
          expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(255);
          expect(utf8Length(name)).toBe(new TextEncoder().encode(name).length);
          expect(safeName(name)).toEqual({ name, reason: null });
        }
        expect(new Set(safe.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(safe.length);
        expect(new Set(safe.map((name) => name.normalize('NFD').toUpperCase())).size).toBe(safe.length);
        expect(safeNames(safe).map((one) => one.name)).toEqual(safe);
        for (const [index, name] of names.entries()) expect(safeNames(names)[index]?.reason === null).toBe(name === safe[index]);
      }),
      { numRuns: 1000 },
    );
  });

  it('get a number before the extension where they collide', () => {
    const names = (list: string[]): string[] => safeNames(list).map((one) => one.name);
    expect(names(['a.txt', 'A.TXT', 'a.txt'])).toEqual(['a.txt', 'A (2).TXT', 'a (3).txt']);
    expect(names(['caf\u00e9', 'cafe\u0301'])).toEqual(['caf\u00e9', 'cafe\u0301 (2)']);
    expect(names(['a?', 'a_'])).toEqual(['a_ (2)', 'a_']);
    expect(names(['x'.repeat(255), 'X'.repeat(255)])[1]).toBe('X'.repeat(251) + ' (2)');
    expect(names(['dir', 'dir', 'dir (2)'])).toEqual(['dir', 'dir (3)', 'dir (2)']);
    expect(foldName('STRASSE')).toBe(foldName('straße'));
  });

  it('stay linear when very many long ones differ in their ends, and each stands twice', () => {
    const long = Array.from({ length: 4000 }, (_, index) => `${'x'.repeat(251)}${String(index).padStart(4, '0')}`);
    const names = safeNames([...long, ...long]).map(({ name }) => name);
    expect(new Set(names).size).toBe(8000);
    expect(names.every((name) => utf8Length(name) <= 255)).toBe(true);
    expect(names[4000]).toMatch(/x \(2\)$/);
  });

  it('stay linear when very many are equal', () => {
    const safe = safeNames(Array.from({ length: 20_000 }, () => 'same?'));
    expect(new Set(safe.map((one) => one.name)).size).toBe(20_000);
  });
});

describe('the second look at a path', () => {
  it.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/..',
    '../a',
    'a/./b',
    'a\\b',
    'C:x',
    'a\0',
    'NUL',
    'a/con.txt',
    'x'.repeat(256),
    'a.',
    'a ',
    '\ud800',
    'a\u202eb',
  ])('refuses %j', (path) => {
    expect(() => assertSafePath(path)).toThrow(RangeError);
  });
  it.each(['a', 'a/b.c', '.x', 'é/日本', '😀'])('lets %j pass', (path) => assertSafePath(path));
});

describe('the target of a symbolic link', () => {
  it.each([
    ['x', 0, true],
    ['../x', 0, false],
    ['../x', 1, true],
    ['../../x', 1, false],
    ['/etc/passwd', 3, false],
    ['', 0, false],
    ['a/../b', 3, false],
    ['a/../../..', 1, false],
    ['./a//b/', 0, true],
    ['..', 1, true],
    ['..', 0, false],
    ['..\\..\\x', 2, false],
    ['C:/x', 0, false],
    ['a\0b', 0, false],
    ['CON', 0, false],
    ['x/'.repeat(3000), 0, false],
  ] as const)('%j at depth %i: %s', (target, depth, safe) => {
    expect(unsafeTarget(target, depth) === null).toBe(safe);
  });

  it('never leaves the tree, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', '', 'a', 'b', '...'), { maxLength: 8 }), fc.nat(4), (parts, depth) => {
        const target = parts.join('/');
        if (unsafeTarget(target, depth) !== null) return;
        let at = depth;
        for (const part of target.split('/')) {
          at += part === '..' ? -1 : part === '' || part === '.' ? 0 : 1;
          expect(at).toBeGreaterThanOrEqual(0);
        }
        expect(target.startsWith('/')).toBe(false);
      }),
    );
  });
});

describe('the name of a disc', () => {
  it.each([
    ['UBUNTU ', 'image.iso', 'UBUNTU'],
    ['', 'Best of 1984.cue', 'Best of 1984'],
    ['  ', 'disc.1.bin', 'disc.1'],
    ['', '', 'disc'],
  ])('of the label “%s” in %s is %s', (label, file, name) => expect(discNameOf(label, file)).toBe(name));
});
