import type { MenuEntry } from '../../../protocol/boot.ts';
import { absolute, directoryOf, MAX_MENU_ENTRIES, MAX_TEXTS, menuFile, type MenuTree } from './menu-tree.ts';

/** Where GRUB 2 looks: on a disc, and in an EFI volume by who made it. */
export const GRUB_PLACES = [
  '/boot/grub/grub.cfg', '/boot/grub2/grub.cfg', '/grub/grub.cfg', '/EFI/BOOT/grub.cfg', '/EFI/debian/grub.cfg', '/EFI/ubuntu/grub.cfg', '/EFI/fedora/grub.cfg', '/EFI/opensuse/grub.cfg',
]; // prettier-ignore

interface Draft {
  readonly title: string;
  kernel: string;
  initrds: string[];
  parameters: string;
  readonly entries: Draft[];
}

/** A menu of GRUB 2 with the labels that it searches for. */
export interface GrubMenu {
  readonly entries: MenuEntry[];
  readonly labels: readonly string[];
  readonly cut: boolean;
}

/** The menu of grub.cfg and what it sources; null where there is no such text. Conditions are not followed: all entries are told. */
export async function readGrubMenu(trees: readonly MenuTree[], path: string): Promise<GrubMenu | null> {
  const reading = new Reading(trees, directoryOf(path));
  if (!(await reading.read(path))) return null;
  const finish = ({ title, kernel, initrds, parameters, entries }: Draft): MenuEntry => ({
    title,
    kernel: kernel === '' ? null : menuFile(trees, kernel),
    initrds: initrds.map((each) => menuFile(trees, each)),
    parameters,
    entries: entries.map(finish),
  });
  return { entries: reading.root.entries.map(finish), labels: [...reading.labels], cut: reading.cut };
}

class Reading {
  readonly root: Draft = draft('');
  readonly labels = new Set<string>();
  cut = false;
  readonly #trees: readonly MenuTree[];
  readonly #directory: string;
  readonly #texts = new Set<string>();
  /** Menus and entries that are open, and what else has a brace. */
  #open: (Draft | null)[] = [];
  #count = 0;

  constructor(trees: readonly MenuTree[], directory: string) {
    this.#trees = trees;
    this.#directory = directory;
  }

  async read(path: string): Promise<boolean> {
    const key = path.toLowerCase();
    if (this.#texts.has(key) || this.#texts.size >= MAX_TEXTS) return false;
    this.#texts.add(key);
    for (const tree of this.#trees) {
      const text = await tree.text(path);
      if (!text) continue;
      this.cut ||= text.cut;
      const depth = this.#open.length;
      for (const line of text.lines) {
        for (const words of grubCommands(line)) {
          const [command = '', ...rest] = words;
          if (/^(source|configfile|\.)$/.test(command) && rest[0] !== undefined) await this.read(this.#place(rest[0]));
          else this.#take(command, rest, words);
        }
      }
      this.#open.length = Math.min(this.#open.length, depth);
      return true;
    }
    return false;
  }

  #take(command: string, rest: readonly string[], words: readonly string[]): void {
    const inner = this.#open.findLast((each) => each !== null) ?? null;
    const opens = words.at(-1) === '{';
    if (command === 'menuentry' || command === 'submenu') {
      const entry = draft(rest.find((word) => !word.startsWith('--')) ?? '');
      if (this.#count++ < MAX_MENU_ENTRIES) (inner ?? this.root).entries.push(entry);
      if (opens) this.#open.push(entry);
    } else if (command === '}') this.#open.pop();
    else if (opens) this.#open.push(null);
    else if (command === 'search') this.#search(rest);
    else if (!inner) return;
    else if (/^(linux|linuxefi|linux16|kernel|multiboot2?|chainloader)$/.test(command)) {
      const [file = '', ...parameters] = rest.filter((word) => !word.startsWith('--'));
      inner.kernel = this.#place(file);
      inner.parameters = parameters.join(' ');
    } else if (/^initrd(efi|16)?$/.test(command))
      inner.initrds.push(...rest.filter((word) => word.includes('/')).map((word) => this.#place(word)));
  }

  /** search [--no-floppy] [--set=root] --label NAME */
  #search(rest: readonly string[]): void {
    if (!rest.some((word) => /^(-l|--label|--fs-label)$/.test(word))) return;
    const name = rest.filter((word, index) => !word.startsWith('-') && rest[index - 1] !== '--set').at(-1);
    if (name !== undefined && !name.includes('$')) this.labels.add(name);
  }

  /** A path without the device in front of it: the disc's own is meant. */
  #place(path: string): string {
    const own = path.replace(/^\([^)]*\)/, '').replace(/^\$\{?prefix\}?/, this.#directory);
    return own.includes('$') ? own : absolute(own, this.#directory);
  }
}

function draft(title: string): Draft {
  return { title, kernel: '', initrds: [], parameters: '', entries: [] };
}

/** The commands of a line of GRUB's shell in words: quoted ones are one, a brace ends a command, a comment the line. */
export function grubCommands(line: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  const end = (): void => {
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (const [whole, single, double, comment] of line.matchAll(/'([^']*)'|"((?:[^"\\]|\\.)*)"|(#.*)|;|[^\s'"#;][^\s;'"]*/g)) {
    if (comment !== undefined) break;
    if (whole === ';') end();
    else if (whole === '}') {
      end();
      words.push(whole);
      end();
    } else words.push(single ?? double?.replace(/\\(.)/g, '$1') ?? whole);
    if (whole === '{') end();
  }
  end();
  return commands;
}
