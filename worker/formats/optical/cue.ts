/** A CUE sheet is a few kilobytes; nothing larger is taken for one. */
export const MAX_SHEET = 256 * 1024;
/** Tracks of a disc (its table of contents has two decimal digits for them), and files and lines that are read of a sheet. */
export const MAX_TRACKS = 99;
const MAX_LINES = 10_000;

export interface CueTrack {
  readonly number: number;
  readonly session: number;
  /** As written, in capitals: `AUDIO`, `MODE1/2352`, ... */
  readonly mode: string;
  /** Sectors of silence in front that no file holds. */
  pregap: number;
  postgap: number;
  /** Sectors from the start of the file: [index, sector], in order. */
  readonly indexes: (readonly [number, number])[];
}

export interface CueFile {
  readonly name: string;
  /** As written, in capitals: `BINARY`, `MOTOROLA`, `WAVE`, ... */
  readonly kind: string;
  readonly tracks: CueTrack[];
}

/** Charsets that names in sheets are written in, in the order they are tried. */
const CHARSETS = ['utf-8', 'shift_jis', 'gbk', 'euc-kr', 'big5', 'windows-1251', 'windows-1252'];

/** True where bytes are the text of a CUE sheet. */
export function isCue(bytes: Uint8Array): boolean {
  const text = decode(bytes.subarray(isMarked(bytes) ? MARK.length : 0), 'latin1') ?? '';
  return /^[ \t\ufeff]*FILE[ \t]+\S/im.test(text) && /^[ \t]*TRACK[ \t]+\d+[ \t]+\S/im.test(text);
}

/**
 * The files of a sheet. Names are written in whatever charset its writer used: that one is taken by
 * which all names are those of files that are here.
 */
export function readCueSheet(bytes: Uint8Array, isHere: (name: string) => boolean): CueFile[] {
  let first: CueFile[] | null = null;
  for (const charset of utf16(bytes) ?? CHARSETS) {
    const text = decode(bytes, charset);
    if (text === null) continue;
    const files = parseCue(text);
    if (files.every((file) => isHere(file.name))) return files;
    first ??= files;
  }
  return first ?? [];
}

/** The mark that some editors put in front of UTF-8; a reader of Latin letters sees three of them. */
const MARK = [0xef, 0xbb, 0xbf];

function isMarked(bytes: Uint8Array): boolean {
  return MARK.every((byte, at) => bytes[at] === byte);
}

function utf16(bytes: Uint8Array): string[] | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return ['utf-16le'];
  return bytes[0] === 0xfe && bytes[1] === 0xff ? ['utf-16be'] : null;
}

function decode(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(utf16(bytes)?.[0] ?? charset, { fatal: charset !== 'latin1' }).decode(bytes);
  } catch {
    return null;
  }
}

/** The files and tracks of a CUE sheet (CDRWIN); what is not known of it is passed over. */
export function parseCue(text: string): CueFile[] {
  const files: CueFile[] = [];
  let session = 1;
  let track: CueTrack | undefined;
  let tracks = 0;
  for (const line of text.split(/\r\n|\r|\n/, MAX_LINES)) {
    const [command = '', first = '', second = ''] = words(line);
    const file = files.at(-1);
    if (command === 'REM' && first.toUpperCase() === 'SESSION') session = Math.max(session, natural(second, MAX_TRACKS) ?? session);
    else if (command === 'FILE' && files.length < MAX_TRACKS) {
      files.push({ name: first, kind: second.toUpperCase() || 'BINARY', tracks: [] });
      track = undefined;
    } else if (command === 'TRACK' && file && tracks < MAX_TRACKS) {
      const number = natural(first, MAX_TRACKS) ?? ++tracks;
      track = { number, session, mode: second.toUpperCase(), pregap: 0, postgap: 0, indexes: [] };
      tracks++;
      file.tracks.push(track);
    } else if (track && command === 'INDEX') {
      const [index, sector] = [natural(first, 99), frames(second)];
      if (index !== null && sector !== null && track.indexes.length < 100) track.indexes.push([index, sector]);
    } else if (track && command === 'PREGAP') track.pregap = frames(first) ?? 0;
    else if (track && command === 'POSTGAP') track.postgap = frames(first) ?? 0;
  }
  return files.filter((each) => each.tracks.length > 0);
}

/** The words of a line; quotes keep spaces, and a FILE's unquoted name may hold spaces too. */
function words(line: string): string[] {
  const text = line.replace(/^\ufeff/, '').trim();
  const command = /^\S*/.exec(text)?.[0].toUpperCase() ?? '';
  const rest = text.slice(command.length).trim();
  const quoted = /^"([^"]*)"?\s*(\S*)/.exec(rest);
  if (quoted) return [command, quoted[1] as string, quoted[2] as string];
  const kinded = command === 'FILE' ? /^(.*\S)\s+(BINARY|MOTOROLA|WAVE|AIFF|MP3|FLAC)$/i.exec(rest) : null;
  if (kinded) return [command, kinded[1] as string, kinded[2] as string];
  return [command, ...rest.split(/\s+/, 2)];
}

function natural(word: string, most: number): number | null {
  return /^\d{1,3}$/.test(word) && Number(word) <= most ? Number(word) : null;
}

/** Sectors of a time in minutes, seconds and frames of 1/75 s. */
function frames(word: string): number | null {
  const match = /^(\d{1,4}):(\d{1,2}):(\d{1,2})$/.exec(word);
  return match ? (Number(match[1]) * 60 + Number(match[2])) * 75 + Number(match[3]) : null;
}
