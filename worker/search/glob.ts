const STAR = 0x2a;
const ANY = 0x3f;

/**
 * Whether a name is what a glob says: `*` stands for any characters, `?` for one. Both are UTF-8. Goes back to
 * the last star only, so that no glob takes longer than name times glob.
 */
export function globMatches(glob: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  let next = 0;
  let star = -1;
  let retry = from;
  while (at < to) {
    const wanted = glob[next];
    if (wanted === STAR) {
      star = next++;
      retry = at;
    } else if (wanted === ANY) {
      next++;
      at = behindCharacter(bytes, at, to);
    } else if (wanted === bytes[at]) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = retry = behindCharacter(bytes, retry, to);
    } else return false;
  }
  while (glob[next] === STAR) next++;
  return next === glob.length;
}

function behindCharacter(bytes: Uint8Array, at: number, to: number): number {
  at++;
  while (at < to && ((bytes[at] as number) & 0xc0) === 0x80) at++;
  return at;
}
