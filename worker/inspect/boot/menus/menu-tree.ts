import { ROOT, type EntryId } from '../../../protocol/entry.ts';
import { ImageError } from '../../../protocol/errors.ts';
import type { MenuFile } from '../../../protocol/boot.ts';
import { describeOne } from '../../../catalog/describe.ts';
import type { View } from '../../view.ts';

/** A text is read up to so many bytes: menus have up to 100 KiB. */
export const MAX_TEXT = 512 * 1024;
/** Bytes of all texts of one tree: many names can lead to one. */
const MAX_READ = 8 * 1024 * 1024;
/** Letters of a line; Linux takes 4,096 as parameters at most. */
const MAX_LINE = 4096;
/** Texts that one menu leads to, and entries of all. */
export const MAX_TEXTS = 64;
export const MAX_MENU_ENTRIES = 2000;

/** A text of the disc, as far as it was read. */
export interface MenuText {
  readonly lines: readonly string[];
  readonly cut: boolean;
}

/** A tree in which loaders look for files: case does not count, as on FAT and plain ISO 9660. */
export class MenuTree {
  readonly view: View;
  #left = MAX_READ;

  constructor(view: View) {
    this.view = view;
  }

  /** The entry at a path; -1 where there is none. */
  find(path: string): EntryId {
    const { catalog, volume } = this.view;
    let at: EntryId = ROOT;
    for (const step of path.split('/').filter((part) => part !== '' && part !== '.')) {
      const [from, to] = catalog.range(at);
      const wanted = step.toLowerCase();
      let found = -1;
      for (let entry = from; entry < to && found < 0; entry++) if (plain(volume.decodeName(catalog.name(entry))) === wanted) found = entry;
      if (found < 0) return -1;
      at = found;
    }
    return at;
  }

  /** The names in a directory; empty where there is none. */
  names(path: string): string[] {
    const { catalog, volume } = this.view;
    const directory = this.find(path);
    if (directory < 0) return [];
    const [from, to] = catalog.range(directory);
    return Array.from({ length: to - from }, (_, index) => volume.decodeName(catalog.name(from + index)));
  }

  isFile(path: string): boolean {
    const entry = this.find(path);
    return entry > 0 && this.view.catalog.kind(entry) !== 'directory';
  }

  /** The lines of a text; null where there is none. */
  async text(path: string): Promise<MenuText | null> {
    const { catalog, volume } = this.view;
    const entry = this.find(path);
    if (entry <= 0 || catalog.kind(entry) !== 'file' || catalog.presence(entry) !== 'whole') return null;
    const record = await describeOne(volume, catalog.record(entry));
    if (record instanceof ImageError) return null;
    const source = volume.open(record, path);
    const length = Math.min(source.size, MAX_TEXT);
    this.#left -= length;
    if (this.#left < 0) return null;
    const bytes = length === 0 ? new Uint8Array(0) : await source.read(0, length);
    const lines = new TextDecoder().decode(bytes).split('\n', MAX_TEXT / 8);
    return { lines: lines.map((line) => line.slice(0, MAX_LINE).trim()), cut: source.size > MAX_TEXT };
  }
}

/** Plain ISO 9660 has versions and trailing dots where loaders have none. */
function plain(name: string): string {
  return name.toLowerCase().replace(/;\d+$/, '').replace(/\.$/, '');
}

/** A file as a menu names it, and whether one of the trees has it. */
export function menuFile(trees: readonly MenuTree[], path: string): MenuFile {
  return { path, there: path.includes('$') ? null : trees.some((tree) => tree.isFile(path)) };
}

/** A path that is not from the root as one that is. */
export function absolute(path: string, directory: string): string {
  const steps: string[] = [];
  for (const step of (path.startsWith('/') ? path : `${directory}/${path}`).split('/'))
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  return `/${steps.join('/')}`;
}

export const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
