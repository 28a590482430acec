import type { BootMenuReport, MenuEntry, WantedLabel } from '../../../protocol/boot.ts';
import type { Findings } from '../../../formats/findings.ts';
import { GRUB_PLACES, readGrubMenu } from './grub.ts';
import { LOADER_ENTRIES, readLoaderEntries } from './loader-entries.ts';
import { MAX_TEXT, type MenuTree } from './menu-tree.ts';
import { readSyslinuxMenu, SYSLINUX_PLACES } from './syslinux.ts';

/** Stores of Windows' boot manager: they are named, not read. */
const BCD_PLACES = ['/boot/bcd', '/efi/microsoft/boot/bcd'];
/** Parameters by which kernels and initrds find the disc they came from. */
const LABELS =
  /(?:^|\s)(?:(archisolabel|misolabel|cdlabel|isolabel)=(\S+)|(root=(?:live:)?(?:CD)?LABEL|inst\.stage2=hd:LABEL|inst\.repo=hd:LABEL|root=live:CDLABEL)=([^\s:]+))/gi;
/** Labels of one menu that are told. */
const MAX_LABELS = 32;

/** A tree that menus are looked for in; `volume` as in the report. */
export interface MenuPlace {
  readonly tree: MenuTree;
  readonly volume: number | null;
}

/** The boot menus of a disc and its EFI volumes; `labels` are those that its volumes have. */
export async function bootMenus(places: readonly MenuPlace[], labels: readonly string[], findings: Findings): Promise<BootMenuReport[]> {
  const menus: BootMenuReport[] = [];
  for (const { tree, volume } of places) {
    const others = places.map((place) => place.tree).filter((each) => each !== tree);
    const add = (kind: BootMenuReport['kind'], path: string, entries: MenuEntry[], searched: readonly string[] = [], cut = false): void => {
      if (cut)
        findings.add('warning', 'menu-size', null, '', `The menu “${path}” is larger than ${MAX_TEXT / 1024} KiB; its beginning was read.`);
      menus.push({ kind, path, volume, entries, labels: wantedLabels(entries, searched, labels) });
    };
    for (const path of SYSLINUX_PLACES) {
      const menu = await readSyslinuxMenu(tree, path);
      if (menu) add('syslinux', path, menu.entries, [], menu.cut);
    }
    for (const path of GRUB_PLACES) {
      const menu = await readGrubMenu([tree, ...others], path);
      // A text of another tree is told there.
      if (menu && tree.isFile(path)) add('grub', path, menu.entries, menu.labels, menu.cut);
    }
    const entries = await readLoaderEntries(tree);
    if (entries.length > 0) add('systemd-boot', LOADER_ENTRIES, entries);
    for (const path of BCD_PLACES) if (tree.isFile(path)) add('bcd', path, []);
  }
  return menus;
}

function wantedLabels(entries: readonly MenuEntry[], searched: readonly string[], labels: readonly string[]): WantedLabel[] {
  const wanted = new Map<string, WantedLabel>();
  const add = (label: string, by: string): void => {
    // Blanks stand as \x20 in parameters, and as \040 where udev's names are used.
    const plain = label.replace(/\\x20|\\040/g, ' ').replace(/^"|"$/g, '');
    if (wanted.size < MAX_LABELS && !plain.includes('$'))
      wanted.set(`${by} ${plain}`, { label: plain, by, matches: labels.includes(plain) });
  };
  for (const label of searched) add(label, 'search --label');
  const walk = (list: readonly MenuEntry[]): void => {
    for (const { parameters, entries: inner } of list) {
      for (const [, name, value, other, named] of parameters.matchAll(LABELS))
        add(value ?? named ?? '', (name ?? other ?? '').toLowerCase());
      walk(inner);
    }
  };
  walk(entries);
  return [...wanted.values()];
}
