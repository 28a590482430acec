import type { MenuEntry } from '../../../protocol/boot.ts';
import { absolute, directoryOf, MAX_MENU_ENTRIES, MAX_TEXTS, menuFile, type MenuTree } from './menu-tree.ts';

/** Where ISOLINUX and SYSLINUX look, in their order. */
export const SYSLINUX_PLACES = ['/boot/isolinux', '/isolinux', '', '/boot/syslinux', '/syslinux'].flatMap((directory) =>
  ['isolinux.cfg', 'syslinux.cfg'].map((name) => `${directory}/${name}`),
);

interface Draft {
  title: string;
  kernel: string;
  initrds: string[];
  parameters: string;
  readonly entries: Draft[];
}

/** The menu of isolinux.cfg with what it includes; null where there is no such text. */
export async function readSyslinuxMenu(tree: MenuTree, path: string): Promise<{ entries: MenuEntry[]; cut: boolean } | null> {
  const reading = new Reading(tree, directoryOf(path));
  if (!(await reading.read(path))) return null;
  const finish = ({ title, kernel, initrds, parameters, entries }: Draft): MenuEntry => ({
    title,
    kernel: kernel === '' ? null : menuFile([tree], absolute(kernel, reading.directory)),
    initrds: initrds.map((each) => menuFile([tree], absolute(each, reading.directory))),
    parameters,
    entries: entries.map(finish),
  });
  return { entries: reading.root.entries.map(finish), cut: reading.cut };
}

class Reading {
  readonly directory: string;
  readonly root: Draft = draft('');
  cut = false;
  readonly #tree: MenuTree;
  readonly #texts = new Set<string>();
  #menus: Draft[] = [this.root];
  #current: Draft | null = null;
  #count = 0;

  constructor(tree: MenuTree, directory: string) {
    this.#tree = tree;
    this.directory = directory;
  }

  async read(path: string): Promise<boolean> {
    const key = path.toLowerCase();
    if (this.#texts.has(key) || this.#texts.size >= MAX_TEXTS) return false;
    this.#texts.add(key);
    const text = await this.#tree.text(path);
    if (!text) return false;
    this.cut ||= text.cut;
    for (const line of text.lines) {
      const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
      const include = /^include$/i.test(word) ? rest : /^menu$/i.test(word) ? (/^include\s+(\S+)/i.exec(rest)?.[1] ?? '') : '';
      if (include !== '') await this.read(absolute(include.split(/\s/)[0] ?? '', this.directory));
      else this.#take(word.toLowerCase(), rest);
    }
    return true;
  }

  #take(word: string, rest: string): void {
    const current = this.#current;
    if (word === 'label') {
      if (this.#count++ >= MAX_MENU_ENTRIES) return;
      this.#current = draft(rest);
      this.#menus.at(-1)?.entries.push(this.#current);
    } else if (word === 'menu') this.#menu(rest);
    else if (!current) return;
    else if (['kernel', 'linux', 'com32', 'boot'].includes(word)) {
      const [file = '', ...parameters] = rest.split(/\s+/);
      current.kernel = file;
      if (parameters.length > 0) this.#parameters(current, parameters.join(' '));
    } else if (word === 'initrd') current.initrds.push(...rest.split(/[\s,]+/).filter((each) => each !== ''));
    else if (word === 'append') this.#parameters(current, rest);
  }

  #parameters(entry: Draft, text: string): void {
    entry.parameters = entry.parameters === '' ? text : `${entry.parameters} ${text}`;
    for (const [, files = ''] of text.matchAll(/(?:^|\s)initrd=(\S+)/g))
      entry.initrds.push(...files.split(',').filter((each) => each !== ''));
  }

  #menu(rest: string): void {
    const [, label = ''] = /^label\s+(.*)$/i.exec(rest) ?? [];
    // A "^" in front of a letter makes it the key for the entry.
    if (label !== '' && this.#current) this.#current.title = label.replace('^', '').trim();
    const [, title = ''] = /^title\s+(.*)$/i.exec(rest) ?? [];
    const inner = this.#menus.at(-1);
    if (title !== '' && inner && inner !== this.root && !this.#current) inner.title = title;
    if (/^begin\b/i.test(rest) && this.#count++ < MAX_MENU_ENTRIES) {
      const menu = draft(rest.replace(/^begin\s*/i, ''));
      inner?.entries.push(menu);
      this.#menus.push(menu);
      this.#current = null;
    } else if (/^end\b/i.test(rest) && this.#menus.length > 1) {
      this.#menus.pop();
      this.#current = null;
    }
  }
}

function draft(title: string): Draft {
  return { title, kernel: '', initrds: [], parameters: '', entries: [] };
}
