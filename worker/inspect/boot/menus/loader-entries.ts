import type { MenuEntry } from '../../../protocol/boot.ts';
import { absolute, MAX_TEXTS, menuFile, type MenuTree } from './menu-tree.ts';

export const LOADER_ENTRIES = '/loader/entries';

/** The entries of systemd-boot, a text for each (Boot Loader Specification, type 1). */
export async function readLoaderEntries(tree: MenuTree): Promise<MenuEntry[]> {
  const entries: MenuEntry[] = [];
  const names = tree.names(LOADER_ENTRIES).filter((name) => /\.conf$/i.test(name));
  for (const name of names.slice(0, MAX_TEXTS)) {
    const text = await tree.text(`${LOADER_ENTRIES}/${name}`);
    if (!text) continue;
    const keys = new Map<string, string[]>();
    for (const line of text.lines) {
      const [, key = '', value = ''] = /^([a-z-]+)\s+(.*)$/i.exec(line) ?? [];
      if (key !== '') keys.set(key.toLowerCase(), [...(keys.get(key.toLowerCase()) ?? []), value]);
    }
    const kernel = keys.get('linux')?.[0] ?? keys.get('efi')?.[0];
    entries.push({
      title: [keys.get('title')?.[0] ?? name, ...(keys.get('version') ?? [])].join(' '),
      kernel: kernel === undefined ? null : menuFile([tree], absolute(kernel, '')),
      initrds: (keys.get('initrd') ?? []).map((path) => menuFile([tree], absolute(path, ''))),
      parameters: (keys.get('options') ?? []).join(' '),
      entries: [],
    });
  }
  return entries;
}
