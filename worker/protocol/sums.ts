/** The sums that an image is compared by. BLAKE2b is what B2SUMS holds. */
export type SumName = 'md5' | 'sha1' | 'sha256' | 'sha512' | 'blake2b' | 'blake3';

export const SUM_TITLES: Readonly<Record<SumName, string>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha512: 'SHA-512',
  blake2b: 'BLAKE2b',
  blake3: 'BLAKE3',
};

/** Sums in hex of small letters, those that were asked for. */
export type Sums = Readonly<Partial<Record<SumName, string>>>;

/** The sums of one of the files that an image was opened from. */
export interface FileSums {
  readonly name: string;
  readonly size: number;
  readonly sums: Sums;
}

/** A sum that somebody publishes. */
export interface PublishedSum {
  /** In hex of small letters. */
  readonly value: string;
  /** What it can be by its length, narrowed where the text says which; the likely one first. */
  readonly algorithms: readonly SumName[];
  /** The file as the text names it; null for a bare value. */
  readonly name: string | null;
  /** Line of the text, counted from 1. */
  readonly line: number;
}

/** How an image compares with what is published of it. */
export interface SumComparison {
  /** `none`: the text holds no sum; `absent`: none of its sums is of this image, by name or by value. */
  readonly state: 'right' | 'wrong' | 'absent' | 'none';
  /** How the sum was picked: by the image's name, by its value alone, or as the only one; null without. */
  readonly by: 'name' | 'value' | 'only' | null;
  readonly algorithm: SumName | null;
  readonly published: PublishedSum | null;
  readonly sentence: string;
}

/** A longer text is no list of sums: those of whole archives of images have some 100,000 lines. */
const MAX_TEXT = 16 * 1024 * 1024;
const MAX_LINES = 500_000;

/** What a value can be, by its digits. */
const BY_DIGITS: Readonly<Record<number, readonly SumName[]>> = {
  32: ['md5'],
  40: ['sha1'],
  64: ['sha256', 'blake3'],
  128: ['sha512', 'blake2b'],
};

const HEX = '[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128}';
/** `SHA256 (name) = …` of BSD and CHECKSUM files, `SHA2-256(name)= …` of openssl. */
const TAGGED = new RegExp(`^\\\\?([A-Za-z][A-Za-z0-9/-]{2,15}) ?\\((.*)\\) ?= ?(${HEX})$`);
/** `…  name`, `… *name` of the coreutils, with a backslash before a line whose name is escaped. */
const COREUTILS = new RegExp(`^(\\\\?)(${HEX})(?: [ *]|\\t+|\\s+)(\\S.*)$`);
/** `SHA256  …  path` of PowerShell's Get-FileHash, `HASH SHA256 …  path` of openSUSE. */
const TABLE = new RegExp(`^(?:HASH )?([A-Z0-9]{3,10})\\s+(${HEX})\\s+(\\S.*)$`);
/** The last word of a line, for `name: …` and `name …`: no quantifier meets another, whatever a line holds. */
const LAST_WORD = new RegExp(`[\\s:=](${HEX})$`);
/** `SHA256: …`, `sha256:…`, or the value alone. */
const BARE = new RegExp(`^(?:([A-Za-z][A-Za-z0-9-]{2,11})(?:sum)?\\s*[:=-]\\s*)?(${HEX})$`);

/**
 * The sums in a text: lists of the coreutils and of BSD, signed ones, lists of one name or none, or a pasted value with
 * blanks or colons in it. `list` is the name of the file it came from, which may say the algorithm (B2SUMS, x.iso.md5).
 */
export function parseSums(text: string, list = ''): readonly PublishedSum[] {
  const lines = signedText(text.slice(0, MAX_TEXT).replace(/^\ufeff/, '').split(/\r\n|\r|\n/, MAX_LINES)); // prettier-ignore
  const hint = algorithmOf(list);
  let heading: SumName | null = hint;
  const sums: PublishedSum[] = [];
  for (const { text: line, number } of lines) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const sum = lineOf(line, number, heading);
    if (sum) sums.push(sum);
    // A heading names what follows: "SHA256 hash of x.iso:" of certutil, "### SHA256 checksums".
    else heading = algorithmOf(line) ?? heading;
  }
  if (sums.length > 0) return sums;
  const value = text.trim().replace(/[\s:]+/g, '').toLowerCase(); // prettier-ignore
  const algorithms = new RegExp(`^(?:${HEX})$`).test(value) ? narrowed(value, hint) : [];
  return algorithms.length > 0 ? [{ value, algorithms, name: null, line: 1 }] : [];
}

function lineOf(line: string, number: number, heading: SumName | null): PublishedSum | null {
  const made = (value: string, tag: SumName | null, name: string | null): PublishedSum | null => {
    const algorithms = narrowed(value, tag);
    return algorithms.length > 0 ? { value: value.toLowerCase(), algorithms, name, line: number } : null;
  };
  const tagged = TAGGED.exec(line);
  if (tagged) return made(tagged[3] as string, algorithmOf(tagged[1] as string), unescaped(tagged[2] as string, line.startsWith('\\')));
  const bare = BARE.exec(line);
  if (bare) return made(bare[2] as string, algorithmOf(bare[1] ?? '') ?? heading, null);
  const table = TABLE.exec(line);
  if (table) return made(table[2] as string, algorithmOf(table[1] as string), table[3] as string);
  const plain = COREUTILS.exec(line);
  if (plain) return made(plain[2] as string, heading, unescaped(plain[3] as string, plain[1] !== ''));
  const value = LAST_WORD.exec(line)?.[1];
  if (value === undefined) return null;
  const name = line.slice(0, -value.length).trimEnd().replace(/[:=]$/, '').trimEnd();
  return made(value, algorithmOf(name) ?? heading, name);
}

/** Of a text in a PGP signature's wrapper only what is signed (RFC 9580 7), its lines without the dashes put before them; else all lines. */
function signedText(lines: readonly string[]): { readonly text: string; readonly number: number }[] {
  const begin = lines.indexOf('-----BEGIN PGP SIGNED MESSAGE-----');
  const numbered = lines.map((line, index) => ({ text: line.trimEnd(), number: index + 1 }));
  if (begin < 0) return numbered.map(({ text, number }) => ({ text: text.trim(), number }));
  const blank = lines.findIndex((line, index) => index > begin && line.trim() === '');
  const end = lines.findIndex((line, index) => index > begin && line.startsWith('-----BEGIN PGP SIGNATURE-----'));
  return numbered
    .slice(blank < 0 ? begin + 1 : blank + 1, end < 0 ? undefined : end)
    .map(({ text, number }) => ({ text: text.replace(/^- /, '').trim(), number }));
}

/** The algorithm that a word, a heading or a file's name speaks of; null where it does not. */
function algorithmOf(text: string): SumName | null {
  const word = text.toLowerCase();
  if (/blake3|b3sum|\.b3\b|\bb3\b/.test(word)) return 'blake3';
  if (/blake2b?|b2sum|\.b2\b/.test(word)) return 'blake2b';
  if (/sha-?(2-)?512(?!\/)/.test(word)) return 'sha512';
  if (/sha-?(2-)?256/.test(word)) return 'sha256';
  if (/sha-?1(?!\d)/.test(word)) return 'sha1';
  return /md5/.test(word) ? 'md5' : null;
}

/** What a value can be: what the text says where its length agrees, else all of that length. */
function narrowed(value: string, tag: SumName | null): readonly SumName[] {
  const possible = BY_DIGITS[value.length] ?? [];
  return tag && possible.includes(tag) ? [tag] : possible;
}

/** A name with its escapes resolved, where the line says that it has some (coreutils: backslash, newline, carriage return). */
function unescaped(name: string, escaped: boolean): string {
  return escaped ? name.replace(/\\([\\nr])/g, (_, letter: string) => ({ '\\': '\\', n: '\n', r: '\r' })[letter] as string) : name;
}

/** The last part of a path, by either slash. */
export function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

/** The sums that are published under an image's name; its case does not count where no other name fits. */
function named(list: readonly PublishedSum[], name: string): readonly PublishedSum[] {
  const exact = list.filter((sum) => sum.name !== null && baseName(sum.name) === name);
  if (exact.length > 0) return exact;
  const folded = name.toLowerCase();
  return list.filter((sum) => sum.name !== null && baseName(sum.name).toLowerCase() === folded);
}

/** What has to be summed to compare an image with a list. */
export function neededSums(list: readonly PublishedSum[], name: string): readonly SumName[] {
  const wanted = named(list, name);
  const algorithms = new Set((wanted.length > 0 ? wanted : list).flatMap((sum) => sum.algorithms));
  return (Object.keys(SUM_TITLES) as SumName[]).filter((algorithm) => algorithms.has(algorithm));
}

/** Compare an image's sums with a list: with its own line by name, otherwise with the line that has its value. */
export function compareSums(list: readonly PublishedSum[], name: string, sums: Sums): SumComparison {
  const nothing = { by: null, algorithm: null, published: null };
  if (list.length === 0) return { ...nothing, state: 'none', sentence: 'There is no checksum in this text.' };
  const own = named(list, name);
  const candidates = own.length > 0 ? own : list;
  const match = (published: PublishedSum): SumName | undefined =>
    published.algorithms.find((algorithm) => sums[algorithm] === published.value);
  const wrong = own.find((published) => !match(published));
  if (wrong) {
    const algorithm = wrong.algorithms[0] as SumName;
    const sentence = `Not the file that line ${wrong.line} speaks of: its ${SUM_TITLES[algorithm]} is another.`;
    return { state: 'wrong', by: 'name', algorithm, published: wrong, sentence };
  }
  const found = candidates.find(match);
  if (found) {
    const algorithm = match(found) as SumName;
    const by = own.length > 0 ? 'name' : found.name === null ? 'only' : 'value';
    return { state: 'right', by, algorithm, published: found, sentence: rightSentence(by, SUM_TITLES[algorithm], found) };
  }
  const [only, more] = list;
  if (only && !more) {
    const algorithm = only.algorithms[0] as SumName;
    const about = only.name === null ? '' : `, which speaks of “${only.name}”`;
    return {
      state: 'wrong',
      by: 'only',
      algorithm,
      published: only,
      sentence: `Not the same: its ${SUM_TITLES[algorithm]} is another than the one given${about}.`,
    };
  }
  const sentence = `Not in this list: none of its ${list.length.toLocaleString('en')} lines has this name, and none this value.`;
  return { ...nothing, state: 'absent', sentence };
}

function rightSentence(by: 'name' | 'value' | 'only', title: string, { name, line }: PublishedSum): string {
  if (by === 'name') return `The same, to the last byte: its ${title} is the one that line ${line} gives for this name.`;
  if (by === 'only') return `The same, to the last byte: its ${title} is the one given.`;
  return `The same, to the last byte: its ${title} is that of “${name ?? ''}” (line ${line}); only the name is another.`;
}
