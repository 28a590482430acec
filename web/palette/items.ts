import { plainName } from '../browse/names.ts';
import { primaryOf, savePrimary } from '../commands.ts';
import { count, SECTOR, size } from '../figures.ts';
import { PAGES } from '../frame/page-list.ts';
import type { RecentImage } from '../home/recent.svelte.ts';
import { reopen } from '../home/reopen.ts';
import { pageLines, themeLines } from '../menus.ts';
import { moreLines, sessionLines } from '../more.ts';
import type { Session } from '../session.svelte.ts';
import type { IconName } from '../ui/icons.ts';
import { choosable } from '../trees.ts';
import type { MenuLine } from '../ui/menu-line.ts';
import type { Workspace } from '../workspace.svelte.ts';
import type { Folder } from './folders.ts';

export type Group = 'Commands' | 'Images' | 'Directories' | 'Places';

/** One thing that the palette finds. */
export interface Item {
  readonly group: Group;
  readonly label: string;
  /** Beside the label, in small. */
  readonly aside: string;
  readonly icon: IconName;
  readonly keys?: string;
  readonly act: () => void;
}

const commandsOf = (lines: readonly MenuLine[]): Item[] =>
  lines.flatMap((line) =>
    line === 'line' || line.disabled
      ? []
      : {
          group: 'Commands' as const,
          label: line.label,
          aside: line.checked ? 'now' : '',
          icon: line.kind && line.checked ? ('check' as const) : ('forward' as const),
          ...(line.keys ? { keys: line.keys } : {}),
          act: line.act,
        },
  );

/** All that can be done now, with its keys. */
export function commands(workspace: Workspace): Item[] {
  const { active } = workspace;
  const open = active?.state === 'open' ? [...imageLines(workspace, active), ...moreLines(workspace, active)] : [];
  return commandsOf([
    ...open,
    ...(active ? sessionLines(workspace, active) : []),
    { label: 'Open an image…', keys: 'Ctrl O', act: () => void workspace.choose() },
    ...(active ? [{ label: `Close ${plainName(active.file.name)}`, act: () => workspace.close(active) }] : []),
    ...(workspace.jobs.list.length > 0 && open.length === 0 ? [{ label: 'Saves…', act: () => (workspace.sheet = 'jobs') }] : []),
    ...themeLines(workspace),
    ...pageLines(workspace),
    { label: 'Keyboard shortcuts', keys: '?', act: () => (workspace.sheet = 'keys') },
  ]);
}

/** What can be done with the image shown, beside what its menus have. */
function imageLines(workspace: Workspace, session: Session): MenuLine[] {
  const { selection, path, overview } = session;
  const primary = primaryOf(session, workspace.preferences);
  const views = choosable(overview).filter((view) => view.state !== 'failed');
  return [
    { label: primary.label, keys: 'Ctrl S', act: () => savePrimary(workspace, session) },
    ...(selection.entries.length > 0
      ? [
          { label: 'Select all', keys: 'Ctrl A', act: () => selection.all() },
          { label: 'Select the others', act: () => selection.invert() },
        ]
      : []),
    ...(selection.count > 0 ? [{ label: 'Select nothing', keys: 'Esc', act: () => selection.clear() }] : []),
    ...(selection.canUndo ? [{ label: 'Undo the selection', keys: 'Ctrl Z', act: () => selection.undo() }] : []),
    ...(path.length > 1 ? [{ label: 'Go up', keys: 'Backspace', act: () => void session.up() }] : []),
    ...(session.canGoBack ? [{ label: 'Back', keys: 'Alt ←', act: () => void session.travel(-1) }] : []),
    ...(session.canGoForward ? [{ label: 'Forward', keys: 'Alt →', act: () => void session.travel(1) }] : []),
    ...PAGES.filter(({ id }) => id !== session.page).map(({ id, label, keys }) => ({
      label: `Show the page ${label}`,
      keys: keys.replace('+', ' '),
      act: () => void (session.page = id),
    })),
    ...(views.length > 1 ? views : []).map((view) => ({
      label: `Show as ${view.title}`,
      kind: 'radio' as const,
      checked: view.id === session.view,
      act: () => void session.chooseView(view.id),
    })),
  ];
}

/** The images that are open, and those that were. */
export function images(workspace: Workspace, recent: readonly RecentImage[]): Item[] {
  const others = workspace.sessions.filter((session) => session !== workspace.active);
  const openNames = new Set(workspace.sessions.map(({ file }) => file.name));
  const closed = recent.filter(({ names: [name = ''] }) => !openNames.has(name));
  return [
    ...others.map((session) => ({
      group: 'Images' as const,
      label: plainName(session.file.name),
      aside: 'open',
      icon: 'disc' as const,
      act: () => (workspace.active = session),
    })),
    ...closed.map((image) => ({
      group: 'Images' as const,
      label: plainName(image.names[0] ?? ''),
      aside: `open it again, ${size(image.bytes)}`,
      icon: 'disc' as const,
      act: () => void reopen(workspace, [image]),
    })),
  ];
}

export function directories(session: Session, folders: readonly Folder[]): Item[] {
  return folders.map(({ entry, name, inside }) => ({
    group: 'Directories' as const,
    label: plainName(name),
    aside: plainName(inside),
    icon: 'folder' as const,
    act: () => {
      session.page = 'files';
      void session.go(entry);
    },
  }));
}

/** "#16", "#0x8000": a sector, an offset of the image's bytes. */
export function places(session: Session, typed: string): Item[] {
  const offset = /^0x([0-9a-f]+)$/i.exec(typed);
  const sector = /^[\d,]+$/.test(typed) ? Number(typed.replaceAll(',', '')) : NaN;
  const at = offset?.[1] ? Number.parseInt(offset[1], 16) : sector * SECTOR;
  if (!(at < session.bytes)) return [];
  const label = offset ? `Go to byte ${count(at)}` : `Go to sector ${count(sector)}`;
  return [{ group: 'Places', label, aside: 'in Bytes', icon: 'search', act: () => session.bytesPage.go(at) }];
}
