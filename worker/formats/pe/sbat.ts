import type { SbatEntry } from '../../protocol/boot.ts';

/** Lines of a section that are read; loaders have two to six. */
const MAX_LINES = 64;

/** The entries of a .sbat section: what is revoked by generation, not by hash (shim, SBAT.md). */
export function readSbat(bytes: Uint8Array): SbatEntry[] {
  const entries: SbatEntry[] = [];
  const [text = ''] = new TextDecoder().decode(bytes).split('\0');
  for (const line of text.split('\n').slice(0, MAX_LINES)) {
    const [component = '', generation = '', vendor = '', name = '', version = '', url = ''] = line.trim().split(',');
    if (component !== '' && /^\d{1,9}$/.test(generation))
      entries.push({ component, generation: Number(generation), vendor, name, version, url });
  }
  return entries;
}
