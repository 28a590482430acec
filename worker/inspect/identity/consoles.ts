import type { Block } from '../../bytes/block.ts';
import { zeroEndedText } from '../../bytes/text.ts';
import { atOffset, evidence, oneLine } from './disc.ts';
import { withArticle, type Family, type Found } from './found.ts';

const SECTOR = 2048;
/** Where Sony's serial numbers say that a game was sold. */
const SERIAL_REGIONS: Readonly<Record<string, string>> = { U: 'America', E: 'Europe', P: 'Japan', K: 'Korea', A: 'Asia' };

/** A game of a console, by the names that it has. */
function game(system: string, name: string, serial: string, lines: Found['evidence'], what = 'game'): Found {
  const known = [name, serial].map(oneLine).filter((part) => part !== '');
  const noun = `${system} ${what}`;
  const called = oneLine(name) === '' ? known[0] : `“${oneLine(name)}”`;
  return {
    kind: system.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    title: [noun, ...known].join(', '),
    sentence: `${withArticle(noun)}${called === undefined ? '' : `, ${called}`}`,
    evidence: lines,
  };
}

/** PlayStation 1 and 2: SYSTEM.CNF names the program that is started, and so the serial number. */
const playstation: Family = async (disc) => {
  const path = '/SYSTEM.CNF';
  const text = await disc.text(path);
  const [, second, program = ''] = /^\s*BOOT(2)?\s*=\s*cdrom0?:\\?([^\s;]{1,64})/im.exec(text ?? '') ?? [];
  if (text === null || program === '') return null;
  const system = second === undefined ? 'PlayStation' : 'PlayStation 2';
  const serial = program.split('\\').at(-1)?.replace('_', '-').replace('.', '').toUpperCase() ?? ''; // prettier-ignore
  const region = /^[A-Z]{4}-\d{5}$/.test(serial) ? SERIAL_REGIONS[serial[2] ?? ''] : undefined;
  const [, version] = /^\s*VER\s*=\s*([\d.]{1,8})/im.exec(text) ?? [];
  return game(system, '', serial, [
    evidence('Starts', program, disc.at(path)),
    ...(region === undefined ? [] : [evidence('Sold in', `${region}, by its serial number ${serial}`, disc.at(path))]),
    ...(version === undefined ? [] : [evidence('Version', version, disc.at(path))]),
  ]);
};

/** Entries of a PARAM.SFO; games have up to 30. */
const MAX_PARAMETERS = 256;

/** Texts of a PARAM.SFO by their keys (psdevwiki, "PARAM.SFO"); null where it is none. */
export function readParameters(block: Block): Map<string, string> | null {
  if (block.length < 20 || block.u32be(0) !== 0x00505346) return null;
  const [keys, values, count] = [block.u32le(8), block.u32le(12), Math.min(block.u32le(16), MAX_PARAMETERS)];
  const found = new Map<string, string>();
  for (let index = 0, at = 20; index < count && at + 16 <= block.length; index++, at += 16) {
    const [key, length, value] = [keys + block.u16le(at), block.u32le(at + 4), values + block.u32le(at + 12)];
    // 0x0204 is text that a zero ends, 0x0004 text without one.
    if (![0x0204, 0x0004].includes(block.u16le(at + 2)) || key >= block.length || value + length > block.length) continue;
    const name = zeroEndedText(block.part(key, Math.min(64, block.length - key)));
    const [text = ''] = new TextDecoder().decode(block.part(value, length)).split('\0');
    found.set(name, text);
  }
  return found;
}

/** What of the parameters is told. */
const PARAMETERS: readonly (readonly [key: string, label: string])[] = [
  ['TITLE', 'Title'],
  ['TITLE_ID', 'Serial'],
  ['DISC_ID', 'Serial'],
  ['VERSION', 'Version'],
  ['APP_VER', 'Version'],
  ['DISC_VERSION', 'Version'],
  ['PSP_SYSTEM_VER', 'Needs system'],
  ['PS3_SYSTEM_VER', 'Needs system'],
];

const withParameters: Family = async (disc) => {
  const path = disc.first('/PS3_GAME/PARAM.SFO', '/PSP_GAME/PARAM.SFO', '/UMD_VIDEO/PARAM.SFO');
  const block = path === null ? null : await disc.head(path, 64 * 1024);
  const parameters = block && readParameters(block);
  if (path === null || !parameters) return null;
  const umd = path.startsWith('/PS3') ? '' : ((await disc.text('/UMD_DATA.BIN')) ?? '').split('|')[0] ?? ''; // prettier-ignore
  const system = path.startsWith('/PS3') ? 'PlayStation 3' : 'PSP';
  const serial = parameters.get('TITLE_ID') ?? parameters.get('DISC_ID') ?? umd;
  return game(
    system,
    parameters.get('TITLE') ?? '',
    serial,
    [
      ...PARAMETERS.flatMap(([key, label]) => {
        const text = parameters.get(key);
        return text === undefined ? [] : [evidence(label, text, disc.at(path))];
      }),
      ...(umd === '' ? [] : [evidence('UMD', umd, disc.at('/UMD_DATA.BIN'))]),
    ],
    path.startsWith('/UMD_VIDEO') ? 'UMD video' : 'game',
  );
};

/** Where the file system of an Xbox disc may begin: by itself, and behind the video that other players show (Xbox, two of the 360's). */
const XBOX_PLACES = [0, 0x18300000, 0xfd90000, 0x2080000];

const xbox: Family = async (disc) => {
  for (const place of XBOX_PLACES) {
    const at = place + 32 * SECTOR;
    const block = await disc.bytes(at, 20);
    if (block && text(block, 0, 20) === 'MICROSOFT*XBOX*MEDIA')
      return game(place === 0xfd90000 || place === 0x2080000 ? 'Xbox 360' : 'Xbox', '', '', [evidence('File system', 'XDVDFS, which only an Xbox reads', atOffset(at))]); // prettier-ignore
  }
  return null;
};

/** What stands in the first bytes of Sega's discs: where the product number, its version and the name stand, and how long that is. */
const SEGA: readonly (readonly [mark: string, system: string, product: number, length: number, name: number, nameLength: number])[] = [
  ['SEGA SEGASATURN ', 'Sega Saturn', 32, 10, 96, 112],
  ['SEGA SEGAKATANA ', 'Sega Dreamcast', 64, 10, 128, 128],
  ['SEGADISCSYSTEM  ', 'Sega Mega-CD', 0x180, 14, 0x150, 48],
];

const sega: Family = async (disc) => {
  const { sessions, session } = disc.image.session;
  const starts = [0, (sessions[session - 1]?.start ?? 0) * SECTOR];
  for (const start of new Set(starts)) {
    const block = await disc.bytes(start, 512);
    const [mark, system, product = 0, length = 0, name = 0, nameLength = 0] = SEGA.find(([each]) => block && text(block, 0, 16) === each) ?? []; // prettier-ignore
    if (!block || mark === undefined || system === undefined) continue;
    const number = text(block, product, length);
    return game(system, text(block, name, nameLength), number, [evidence('Begins with', mark, atOffset(start)), evidence('Product', number, atOffset(start + product))]); // prettier-ignore
  }
  return null;
};

/** Nintendo's discs have a magic number: GameCube at 28, Wii at 24. */
const nintendo: Family = async (disc) => {
  const block = await disc.bytes(0, 0x60);
  const system = block?.u32be(0x1c) === 0xc2339f3d ? 'GameCube' : block?.u32be(0x18) === 0x5d1c9ea3 ? 'Wii' : null;
  if (!block || system === null) return null;
  const serial = text(block, 0, 6);
  return game(system, text(block, 0x20, 0x40), serial, [evidence('Serial', serial, atOffset(0)), evidence('Name', text(block, 0x20, 0x40), atOffset(0x20))]); // prettier-ignore
};

/** Consoles whose discs have marks at the beginning, or a file that only they have. */
const byMark: Family = async (disc) => {
  const begin = await disc.bytes(0, 6);
  if (begin?.u32be(0) === 0x015a5a5a && begin.u16be(4) === 0x5a5a)
    return game('3DO', '', '', [evidence('File system', 'Opera of the 3DO', atOffset(0))]);
  const engine = await disc.bytes(SECTOR + 32, 24);
  if (engine && text(engine, 0, 23) === 'PC Engine CD-ROM SYSTEM')
    return game('PC Engine CD', '', '', [evidence('Begins with', 'PC Engine CD-ROM SYSTEM', atOffset(SECTOR + 32))]);
  if (disc.has('/IPL.TXT') && disc.has('/ABS.TXT') && disc.has('/TITLE.SYS'))
    return game('Neo Geo CD', '', '', [evidence('Starts by', 'IPL.TXT', disc.at('/IPL.TXT'))]);
  if (disc.has('/CD32.TM')) return game('Amiga CD32', '', '', [evidence('Trademark', 'CD32.TM', disc.at('/CD32.TM'))]);
  if (disc.has('/CDTV.TM')) return game('Commodore CDTV', '', '', [evidence('Trademark', 'CDTV.TM', disc.at('/CDTV.TM'))]);
  if (disc.has('/PSX.EXE')) return game('PlayStation', '', '', [evidence('Starts', 'PSX.EXE', disc.at('/PSX.EXE'))]);
  return null;
};

/** Printable text of a field, blanks at its end kept out but for marks that have them. */
function text(block: Block, at: number, length: number): string {
  const plain = Array.from(block.part(at, length), (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte === 0 ? '\0' : '?')).join(''); // prettier-ignore
  return (plain.split('\0')[0] ?? '').padEnd(length === 16 ? 16 : 0);
}

/** Discs of consoles. */
export const consoles: readonly Family[] = [playstation, withParameters, xbox, sega, nintendo, byMark];
