/** `;1` at the end of an identifier, and one dot before it that stands for an empty extension (ECMA-119 7.5.1). */
const SEMICOLON = 0x3b;
const DOT = 0x2e;

/** The identifier without `;1` and then without one trailing dot; other versions stay whole (ECMA-119 7.5.1). */
export function withoutVersion(name: Uint8Array): Uint8Array {
  const end = shortEnd(name, 0, name.length);
  return end === name.length ? name : name.subarray(0, end);
}

/** Where the identifier in bytes [from, to) ends without `;1` and then without one trailing dot (ECMA-119 7.5.1). */
export function shortEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  if (end > from + 2 && bytes[end - 1] === 0x31 && bytes[end - 2] === SEMICOLON) end -= 2;
  else if (hasVersion(bytes, from, to)) return end;
  return end > from + 1 && bytes[end - 1] === DOT ? end - 1 : end;
}

function hasVersion(bytes: Uint8Array, from: number, to: number): boolean {
  let at = to - 1;
  while (at >= from && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at--;
  return at >= from && at < to - 1 && bytes[at] === SEMICOLON;
}

/**
 * The names to show for the identifiers of one directory: without version, except where two siblings
 * would become equal. A directory that is read in several windows is compared window by window: the
 * standard's order (ECMA-119 9.3) puts names that could be equal beside each other.
 */
export function shownNames(identifiers: readonly Uint8Array[]): Uint8Array[] {
  const count = identifiers.length;
  const lengths = new Uint8Array(count);
  const clashes = new Uint8Array(count);
  // An open hash table of indices: no strings are made for a hundred thousand names.
  const mask = 2 ** Math.ceil(Math.log2(count * 2 + 2)) - 1;
  const table = new Int32Array(mask + 1).fill(-1);
  for (let index = 0; index < count; index++) {
    const name = identifiers[index] as Uint8Array;
    const length = (lengths[index] = shortEnd(name, 0, name.length));
    let slot = identifierHash(name, 0, length) & mask;
    for (;;) {
      const other = table[slot] as number;
      if (other < 0) {
        table[slot] = index;
        break;
      }
      if (lengths[other] === length && startsAlike(identifiers[other] as Uint8Array, name, length)) {
        clashes[other] = clashes[index] = 1;
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return identifiers.map((name, index) => (clashes[index] || lengths[index] === name.length ? name : name.subarray(0, lengths[index])));
}

/** What stands behind the name of an associated file beside the file that it belongs to. */
const ASSOCIATED_MARK = Uint8Array.from(' (associated)', (letter) => letter.charCodeAt(0));

/**
 * Names in which an associated file, recorded in front of its file and under the same identifier (ECMA-119 9.1.6, 9.3),
 * has another: the path of both would be that of the first.
 */
export function withoutTwins(names: Uint8Array[], isAssociated: (index: number) => boolean): Uint8Array[] {
  const associated = names.flatMap((_, index) => (isAssociated(index) ? [index] : []));
  if (associated.length === 0) return names;
  const latin = new TextDecoder('latin1');
  const others = new Set(names.filter((_, index) => !isAssociated(index)).map((name) => latin.decode(name)));
  const apart = [...names];
  for (const index of associated) {
    const name = names[index] as Uint8Array;
    if (!others.has(latin.decode(name))) continue;
    const marked = (apart[index] = new Uint8Array(name.length + ASSOCIATED_MARK.length));
    marked.set(name);
    marked.set(ASSOCIATED_MARK, name.length);
  }
  return apart;
}

function startsAlike(a: Uint8Array, b: Uint8Array, length: number): boolean {
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** A 32-bit hash (FNV-1a) of an identifier: names of a million directories are compared without being kept. */
export function identifierHash(name: Uint8Array, from = 0, to = name.length): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (name[at] as number), 0x01000193);
  return hash >>> 0;
}

/** Hash of the root's identifier, one zero byte (ECMA-119 6.8.2.2). */
export const ROOT_HASH = identifierHash(new Uint8Array(1));
