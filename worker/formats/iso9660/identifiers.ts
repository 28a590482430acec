/** `;1` at the end of an identifier, and one dot before it that stands for an empty extension (ECMA-119 7.5.1). */
const SEMICOLON = 0x3b;
const DOT = 0x2e;

/** The identifier without `;1` and then without one trailing dot; other versions stay whole (ECMA-119 7.5.1). */
export function withoutVersion(name: Uint8Array): Uint8Array {
  let end = name.length;
  if (end > 2 && name[end - 1] === 0x31 && name[end - 2] === SEMICOLON) end -= 2;
  else if (hasVersion(name)) return name;
  if (end > 1 && name[end - 1] === DOT) end--;
  return end === name.length ? name : name.subarray(0, end);
}

function hasVersion(name: Uint8Array): boolean {
  let at = name.length - 1;
  while (at >= 0 && (name[at] as number) >= 0x30 && (name[at] as number) <= 0x39) at--;
  return at >= 0 && at < name.length - 1 && name[at] === SEMICOLON;
}

/**
 * The names to show for the identifiers of one directory: without version, except where two siblings
 * would become equal. A directory that is read in several windows is compared window by window: the
 * standard's order (ECMA-119 9.3) puts names that could be equal beside each other.
 */
export function shownNames(identifiers: readonly Uint8Array[]): Uint8Array[] {
  const short = identifiers.map(withoutVersion);
  const changed = short.some((name, index) => name !== identifiers[index]);
  if (!changed) return short;
  const counts = new Map<string, number>();
  const keys = short.map((name) => String.fromCharCode(...name));
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return short.map((name, index) => (counts.get(keys[index] as string) === 1 ? name : (identifiers[index] as Uint8Array)));
}

/** A 32-bit hash (FNV-1a) of an identifier: names of a million directories are compared without being kept. */
export function identifierHash(name: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of name) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Hash of the root's identifier, one zero byte (ECMA-119 6.8.2.2). */
export const ROOT_HASH = identifierHash(new Uint8Array(1));
