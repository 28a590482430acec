import { wtf8FromCs0 } from './cs0.ts';

const SLASH = 0x2f;
const DOT = 0x2e;

/** The target of a symbolic link from its path components, joined by "/" (ECMA-167 4/14.16). */
export function targetOf(contents: Uint8Array): Uint8Array {
  const out: number[] = [];
  let separate = false;
  for (let at = 0; at + 4 <= contents.length;) {
    const type = contents[at] as number;
    const length = contents[at + 1] as number;
    const part = partOf(type, contents.subarray(at + 4, at + 4 + length));
    at += 4 + length;
    if (separate && part !== null) out.push(SLASH);
    if (part === null) out.push(SLASH);
    else for (const byte of part) out.push(byte);
    separate = part !== null;
  }
  return Uint8Array.from(out);
}

/** The bytes of one component; null for the root, which is a "/" of its own (ECMA-167 4/14.16.1.1). */
function partOf(type: number, identifier: Uint8Array): Uint8Array | null {
  if (type === 1 || type === 2) return null;
  if (type === 3) return Uint8Array.of(DOT, DOT);
  if (type === 4) return Uint8Array.of(DOT);
  return wtf8FromCs0(identifier);
}
