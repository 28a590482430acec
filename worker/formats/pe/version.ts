import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';

const VERSION_TYPE = 16;
const MAX_SECTIONS = 96;
/** Bytes of the headers that are read. */
const MAX_HEAD = 4096;
/** Bytes of one level of the resource directory, and of a version resource, that are read. */
const MAX_LEVEL = 16 * 1024;
const MAX_VERSION = 64 * 1024;
const WIDE = 0x20b;
/** The strings that are looked for. */
const KEYS = ['FileDescription', 'ProductName', 'ProductVersion', 'FileVersion', 'CompanyName', 'OriginalFilename'] as const;

/** The strings of the version resource of a PE file, by key (PE format, "The .rsrc section"); none where it has none. */
export async function readPeVersion(source: ByteSource): Promise<ReadonlyMap<string, string>> {
  const head = new Block(await source.read(0, Math.min(MAX_HEAD, source.size)), 0);
  if (head.length < 64 || head.u16be(0) !== 0x4d5a) return NONE;
  const at = head.u32le(60);
  if (at + 24 + 120 > head.length || head.u32be(at) !== 0x50450000) return NONE;
  const directories = at + 24 + (head.u16le(at + 24) === WIDE ? 112 : 96);
  if (directories + 24 > head.length) return NONE;
  const address = head.u32le(directories + 16);
  return address === 0 ? NONE : readVersion(source, head, at + 24 + head.u16le(at + 20), head.u16le(at + 6), address);
}

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Resource 16, its first name, its first language. `sections` is where the section table begins in the headers.
 * What leads outside the file is left out.
 */
async function readVersion(
  source: ByteSource,
  head: Block,
  sections: number,
  count: number,
  address: number,
): Promise<ReadonlyMap<string, string>> {
  const place = (virtual: number): number | null => {
    for (let index = 0; index < Math.min(count, MAX_SECTIONS); index++) {
      const at = sections + index * 40;
      if (at + 40 > head.length) return null;
      const [start, size, from] = [head.u32le(at + 12), head.u32le(at + 16), head.u32le(at + 20)];
      if (virtual >= start && virtual < start + size) return from + virtual - start;
    }
    return null;
  };
  const root = place(address);
  if (root === null) return NONE;
  let level = 0;
  for (const wanted of [VERSION_TYPE, null, null]) {
    const next = await child(source, root + (level & 0x7fffffff), wanted);
    if (next === null) return NONE;
    level = next;
  }
  const entry = root + level;
  if (level & 0x80000000 || entry + 16 > source.size) return NONE;
  const data = new Block(await source.read(entry, 8), entry);
  const at = place(data.u32le(0));
  const length = Math.min(data.u32le(4), MAX_VERSION);
  if (at === null || length === 0 || at + length > source.size) return NONE;
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
function versionStrings(bytes: Uint8Array): ReadonlyMap<string, string> {
  const text = new TextDecoder('utf-16le').decode(bytes.subarray(0, bytes.length & ~1));
  const strings = new Map<string, string>();
  for (const key of KEYS) {
    const at = text.indexOf(`\x01${key}\0`);
    const value = at < 0 ? undefined : /^\0*([^\0]*)/.exec(text.slice(at + 1 + key.length))?.[1]?.trim();
    if (value) strings.set(key, value);
  }
  return strings;
}
