/**
 * Names that every target takes (Windows, macOS, Linux; ZIP, TAR and folders): one policy, the
 * strictest of them, so that an archive made anywhere opens anywhere.
 */

/** Longest name of one component: bytes on Linux, UTF-16 units on Windows; bytes are stricter. */
export const MAX_NAME_BYTES = 255;
/** An extension longer than this is not one: the name is cut as a whole. */
const MAX_EXTENSION_BYTES = 32;

/** A name made safe, and why it had to change (null where it did not). */
export interface SafeName {
  readonly name: string;
  readonly reason: string | null;
}

/** What names a target takes. */
export interface NameRule {
  /** One name made safe by itself; total and idempotent. */
  readonly safe: (name: string) => SafeName;
  /** The longest name in bytes of UTF-8. */
  readonly maxBytes: number;
}

interface Rule {
  readonly pattern: RegExp;
  readonly replace: string | ((found: string) => string);
  readonly reason: string;
}

/** What each rule finds is replaced; after all of them none finds anything any more. */
const RULES: readonly Rule[] = [
  { pattern: /[\ud800-\udfff]/gu, replace: '\ufffd', reason: 'The name holds half of a character (a lone surrogate).' },
  { pattern: /[\p{Cc}\u2028\u2029]/gu, replace: '_', reason: 'The name holds control characters.' },
  {
    // Bidirectional controls, zero-width and other characters that show as nothing (UAX #9, UTS #39).
    pattern:
      /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu,
    replace: '_',
    reason: 'The name holds invisible characters or ones that turn the direction of writing.',
  },
  {
    pattern: /[\ufdd0-\ufdef\ufffe\uffff]|[\u{1fffe}\u{1ffff}\u{2fffe}\u{2ffff}\u{10fffe}\u{10ffff}]/gu,
    replace: '_',
    reason: 'The name holds code points that are no characters.',
  },
  { pattern: /[/\\]/g, replace: '_', reason: 'The name holds a path separator.' },
  { pattern: /[<>:"|?*]/g, replace: '_', reason: 'The name holds a character that Windows does not allow.' },
  { pattern: /^\.{1,2}$/, replace: (found) => '_'.repeat(found.length), reason: 'The name means a directory (“.” or “..”).' },
  { pattern: /[. ]+$/, replace: (found) => '_'.repeat(found.length), reason: 'The name ends in a dot or a space, which Windows drops.' },
  { pattern: /^ +/, replace: (found) => '_'.repeat(found.length), reason: 'The name begins with a space.' },
  { pattern: /^$/, replace: '_', reason: 'The name is empty.' },
  {
    // Device names, with any extension, spaces before it and superscript digits (Win32: naming files).
    pattern: /^(?=(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$))/i,
    replace: '_',
    reason: 'The name is that of a device on Windows.',
  },
];

const encoder = new TextEncoder();

/** Bytes of a name in UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A surrogate pair is four bytes: two for each of its units; a lone one is never asked here.
    length += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return length;
}

/** Put a text in UTF-8 into a buffer; returns its bytes. Names are short and mostly ASCII, where this is several times faster than TextEncoder. */
export function putUtf8(into: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) {
      const bytes = encoder.encode(text);
      into.set(bytes, at);
      return bytes.length;
    }
    into[at + index] = unit;
  }
  return text.length;
}

/** What needs no look at all: most names. */
const PLAIN = /^(?!con|prn|aux|nul|clock|com|lpt)[A-Za-z0-9_(+,=-][A-Za-z0-9_.()+,= -]{0,200}(?<![. ])$/i;

/** One name made safe by itself; total and idempotent. */
export function safeName(name: string): SafeName {
  if (PLAIN.test(name)) return { name, reason: null };
  let safe = name;
  let reason: string | null = null;
  for (const rule of RULES) {
    const changed = safe.replace(rule.pattern, rule.replace as string);
    if (changed !== safe) reason ??= rule.reason;
    safe = changed;
  }
  if (utf8Length(safe) > MAX_NAME_BYTES) {
    safe = cutName(safe, '', MAX_NAME_BYTES);
    reason ??= 'The name is longer than 255 bytes.';
  }
  return { name: safe, reason };
}

/** Names that every system takes: for archives, which are opened anywhere. */
export const PORTABLE: NameRule = { safe: safeName, maxBytes: MAX_NAME_BYTES };

/** What a disc is called in the name of a file: its label, else the image's file without its ending. */
export function discNameOf(label: string, file: string): string {
  return label.trim() || splitExtension(file)[0].trim() || 'disc';
}

/** Stem and extension (with its dot) of a name; a leading dot begins no extension. */
export function splitExtension(name: string): readonly [string, string] {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || utf8Length(name.slice(dot)) > MAX_EXTENSION_BYTES || /^\.[^.]* /.test(name.slice(dot))) return [name, ''];
  return [name.slice(0, dot), name.slice(dot)];
}

/** The name with `suffix` before its extension, its stem cut so that all fits into so many bytes. */
export function cutName(name: string, suffix: string, maxBytes: number): string {
  const [stem, extension] = splitExtension(name);
  const room = maxBytes - utf8Length(extension) - utf8Length(suffix);
  let cut = stem;
  if (utf8Length(stem) > room) {
    // By code points, so that none is cut apart; a combining mark stays with what it marks.
    let bytes = 0;
    let end = 0;
    let base = 0;
    for (const character of stem) {
      if (!/\p{M}/u.test(character)) base = end;
      bytes += utf8Length(character);
      if (bytes > room) break;
      end += character.length;
      if (end === stem.length) base = end;
    }
    cut = stem.slice(0, base > 0 ? base : end);
  }
  return (cut + suffix + extension).replace(/[. ]+$/, (found) => '_'.repeat(found.length));
}

/** What file systems take for the same name: case folded, composed alike (APFS, NTFS, exFAT). */
export function foldName(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return name.toLowerCase();
  // Twice around: folding can bring forth what folds again (ΐ, ŉ, final sigma).
  let fold = name;
  for (let round = 0; round < 2; round++) fold = fold.normalize('NFD').toUpperCase().toLowerCase().normalize('NFD').replaceAll('ς', 'σ');
  return fold;
}

/**
 * The names of one directory made safe together: in order, distinct even where case and
 * composition do not count. A name that is safe as it is keeps itself before one that is not.
 */
export function safeNames(names: readonly string[], rule: NameRule = PORTABLE): SafeName[] {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  const result: (SafeName | null)[] = names.map((name) => {
    const safe = rule.safe(name);
    if (safe.reason !== null) return null;
    const fold = foldName(safe.name);
    if (taken.has(fold)) return null;
    taken.add(fold);
    return safe;
  });
  return result.map((known, index) => {
    if (known) return known;
    const { name, reason } = rule.safe(names[index] as string);
    const fold = foldName(name);
    if (!taken.has(fold)) {
      taken.add(fold);
      return { name, reason };
    }
    const numbered = freeNumber(name, rule, taken, next);
    return {
      name: numbered,
      reason: reason ?? 'Another entry here has this name, or one that differs only in case or accents’ encoding.',
    };
  });
}

/**
 * A name with the first number that makes it distinct, now taken. Numbers go on where the last name stopped that is equal
 * once cut to make room for them: so a flood of equal names stays linear, and one of long names that differ in their ends.
 */
function freeNumber(name: string, rule: NameRule, taken: Set<string>, next: Map<string, number>): string {
  for (let digits = 1; ; digits++) {
    const key = foldName(cutName(name, ` (${'0'.repeat(digits)})`, rule.maxBytes));
    const end = 10 ** digits;
    for (let number = next.get(key) ?? Math.max(2, end / 10); number < end; number++) {
      const candidate = cutName(name, ` (${number})`, rule.maxBytes);
      const fold = foldName(candidate);
      if (taken.has(fold)) continue;
      taken.add(fold);
      next.set(key, number + 1);
      return candidate;
    }
    next.set(key, end);
  }
}

/**
 * The second look, by other means than the first, before a path is written: throws where it could
 * leave the directory it belongs in, or name anything but itself.
 */
export function assertSafePath(path: string): void {
  for (const component of path.split('/')) assertSafeComponent(component, path);
}

/** The same for paths one after another, of which many lie in one directory. */
export class PathGuard {
  /** The directory looked at last, with its slash. */
  #directory = '';

  assert(path: string): void {
    const end = path.lastIndexOf('/') + 1;
    if (end !== this.#directory.length || !path.startsWith(this.#directory)) {
      const directory = path.slice(0, end);
      if (end > 0) assertSafePath(directory.slice(0, -1));
      this.#directory = directory;
    }
    assertSafeComponent(path.slice(end), path);
  }
}

function assertSafeComponent(component: string, path: string): void {
  const refuse = (why: string): never => {
    throw new RangeError(`unsafe path in the output (${why}): ${JSON.stringify(path)}`);
  };
  if (component === '' || component === '.' || component === '..') refuse('component');
  if (component.endsWith('.') || component.endsWith(' ')) refuse('end');
  // A UTF-16 unit is at most three bytes: only long ones need to be encoded.
  if (component.length * 3 > MAX_NAME_BYTES && encoder.encode(component).length > MAX_NAME_BYTES) refuse('length');
  for (let at = 0; at < component.length; at++) {
    const unit = component.charCodeAt(at);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0) || unit === 0x5c || unit === 0x3a) refuse('character');
    if (unit === 0x202e || unit === 0x202d || unit === 0x200b || unit === 0xfeff) refuse('invisible character');
    if (unit >= 0xd800 && unit < 0xdc00) {
      const low = component.charCodeAt(++at);
      if (!(low >= 0xdc00 && low < 0xe000)) refuse('surrogate');
    } else if (unit >= 0xdc00 && unit < 0xe000) refuse('surrogate');
  }
  if (!MAY_BE_DEVICE.includes(component.charAt(0))) return;
  const device = (component.split('.')[0] as string).trimEnd().toUpperCase();
  if (['CON', 'PRN', 'AUX', 'NUL'].includes(device) || /^(COM|LPT)[1-9]$/.test(device)) refuse('device');
}

/** First letters of the names of devices. */
const MAY_BE_DEVICE = 'acnplACNPL';

/**
 * The target of a symbolic link if it is safe to make: relative, and inside the tree whatever other
 * links it passes, because all its “..” stand in front and lead from real directories. Else the reason.
 */
export function unsafeTarget(target: string, depth: number): string | null {
  if (target === '') return 'The link has no target.';
  if (target.startsWith('/')) return 'The link points to an absolute path.';
  let up = 0;
  let down = false;
  for (const component of target.split('/')) {
    if (component === '' || component === '.') continue;
    if (component === '..') {
      if (down || ++up > depth) return 'The link points outside of what is saved.';
    } else {
      down = true;
      if (safeName(component).reason !== null) return 'The link’s target holds a name that is not safe.';
    }
  }
  return utf8Length(target) > 4095 ? 'The link’s target is too long.' : null;
}
