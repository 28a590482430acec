import { Block } from '../bytes/block.ts';
import type { PreviewFact } from '../protocol/preview.ts';
import type { ByteSource } from '../source/source.ts';

const VERSION_TYPE = 16;
const MAX_SECTIONS = 96;
/** Bytes of one level of the resource directory, and of a version resource, that are read. */
const MAX_LEVEL = 16 * 1024;
const MAX_VERSION = 64 * 1024;
/** What of the strings is told, in this order. */
const TOLD: readonly (readonly [key: string, label: string])[] = [
  ['FileDescription', 'Describes itself'],
  ['ProductName', 'Belongs to'],
  ['ProductVersion', 'Product version'],
  ['FileVersion', 'Version'],
  ['CompanyName', 'Made by'],
  ['OriginalFilename', 'First called'],
];

/**
 * The version resource of a PE file: resource 16, its first name, its first language ("The .rsrc section").
 * `block` begins at the PE signature. What leads outside the file is left out.
 */
export async function readVersion(
  source: ByteSource,
  block: Block,
  sections: number,
  count: number,
  address: number,
): Promise<PreviewFact[]> {
  const place = (virtual: number): number | null => {
    for (let index = 0; index < Math.min(count, MAX_SECTIONS); index++) {
      const at = sections + index * 40;
      if (at + 40 > block.length) return null;
      const [start, size, from] = [block.u32le(at + 12), block.u32le(at + 16), block.u32le(at + 20)];
      if (virtual >= start && virtual < start + size) return from + virtual - start;
    }
    return null;
  };
  const root = place(address);
  if (root === null) return [];
  let level = 0;
  for (const wanted of [VERSION_TYPE, null, null]) {
    const next = await child(source, root + (level & 0x7fffffff), wanted);
    if (next === null) return [];
    level = next;
  }
  const entry = root + level;
  if (level & 0x80000000 || entry + 16 > source.size) return [];
  const data = new Block(await source.read(entry, 8), entry);
  const at = place(data.u32le(0));
  const length = Math.min(data.u32le(4), MAX_VERSION);
  if (at === null || length === 0 || at + length > source.size) return [];
  return versionStrings(await source.read(at, length));
}

/** Offset of the subdirectory or data entry for an identifier (null: the first) in a level of the directory; null where there is none. */
async function child(source: ByteSource, at: number, wanted: number | null): Promise<number | null> {
  if (at + 16 > source.size) return null;
  const block = new Block(await source.read(at, Math.min(MAX_LEVEL, source.size - at)), at);
  const count = block.u16le(12) + block.u16le(14);
  for (let index = 0, from = 16; index < count && from + 8 <= block.length; index++, from += 8) {
    if (wanted === null || block.u32le(from) === wanted) return block.u32le(from + 4);
  }
  return null;
}

/** The strings of a version resource by key: each stands behind its key, aligned to four bytes. */
function versionStrings(bytes: Uint8Array): PreviewFact[] {
  const text = new TextDecoder('utf-16le').decode(bytes.subarray(0, bytes.length & ~1));
  const facts: PreviewFact[] = [];
  for (const [key, label] of TOLD) {
    const at = text.indexOf(`\x01${key}\0`);
    const value = at < 0 ? undefined : /^\0*([^\0]*)/.exec(text.slice(at + 1 + key.length))?.[1]?.trim();
    if (value) facts.push([label, value]);
  }
  return facts;
}
