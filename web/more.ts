import { copyNames, copyReport, save, savePlain } from './commands.ts';
import { count } from './figures.ts';
import { canChooseFolder } from './pickers.ts';
import type { Session } from './session.svelte.ts';
import { explain } from './texts.ts';
import type { MenuLine } from './ui/menu-line.ts';
import type { Workspace } from './workspace.svelte.ts';

/** The menu beside the save button. */
export function moreLines(workspace: Workspace, session: Session): MenuLine[] {
  const { showHidden } = workspace.preferences;
  return [
    { label: 'Save as…', keys: 'Ctrl Shift S', act: () => (workspace.sheet = 'save-as') },
    { label: 'Save as a ZIP, not compressed', keys: 'Ctrl E', act: () => save(workspace, session, 'zip', 'stored') },
    { label: 'Save as a ZIP, compressed', act: () => save(workspace, session, 'zip', 'fast') },
    { label: 'Save as a TAR', act: () => save(workspace, session, 'tar') },
    ...(canChooseFolder() ? [{ label: 'Save into a folder…', act: () => save(workspace, session, 'folder') }] : []),
    ...(savesPlain(session) ? [{ label: 'Save as plain ISO…', act: () => savePlain(workspace, session) }] : []),
    { label: 'Save the image or a part…', act: () => (workspace.sheet = 'image') },
    { label: 'Saves…', act: () => (workspace.sheet = 'jobs') },
    'line',
    { label: 'Search…', keys: 'Ctrl F', act: () => (session.searching = true) },
    { label: 'What takes the room…', act: () => (workspace.sheet = 'shares') },
    { label: 'Show hidden files', kind: 'check', checked: showHidden, act: () => void session.showHidden(!showHidden) },
    { label: 'Copy names', keys: 'Ctrl C', act: () => copyNames(workspace, session, false) },
    { label: 'Copy paths', keys: 'Ctrl Shift C', act: () => copyNames(workspace, session, true) },
    'line',
    ...treeLines(workspace, session),
    ...((session.overview?.summed ?? 0) > 0 ? [{ label: 'Check the sectors…', act: () => (workspace.sheet = 'sectors') }] : []),
    { label: 'What was found…', act: () => (workspace.sheet = 'findings') },
    { label: 'Copy report', act: () => copyReport(workspace, session) },
    {
      label: 'Show details',
      kind: 'check',
      checked: workspace.detailsShown,
      keys: 'Ctrl I',
      act: () => workspace.toggleDetails(),
    },
  ];
}

/** An image that is not plain already, of a disc that holds more than sound. */
function savesPlain({ overview }: Session): boolean {
  return overview !== null && !overview.plain && overview.views.some((view) => view.id !== 'tracks');
}

/** What can be asked of the trees of a disc, where there is something to ask. */
function treeLines(workspace: Workspace, session: Session): MenuLine[] {
  const lines: MenuLine[] = [];
  if (session.summary?.takesCharset) lines.push({ label: 'Charset of names…', act: () => (workspace.sheet = 'charset') });
  if (session.differences.trees.length > 1) lines.push({ label: 'Compare file systems…', act: () => (workspace.sheet = 'views') });
  return [...lines, ...changesLine(workspace, session)];
}

function changesLine(workspace: Workspace, { overview }: Session): MenuLine[] {
  if (!overview || overview.session < 2) return [];
  return [
    { label: `What changed in ${overview.sessions[0]?.kind ?? 'session'} ${overview.session}…`, act: () => (workspace.sheet = 'sessions') },
  ];
}

/** The menu of a disc's sessions, newest first; empty for a disc of one. */
export function sessionLines(workspace: Workspace, session: Session): MenuLine[] {
  const { overview } = session;
  if (!overview || overview.sessions.length < 2) return [];
  const choose = (number: number) =>
    void session.chooseSession(number).catch((error: unknown) => {
      workspace.tell(explain(error));
    });
  const lines = overview.sessions.map(({ number, kind, start }) => ({
    label: kind === 'state' ? `State ${number}, up to sector ${count(start)}` : `Session ${number}, from sector ${count(start)}`,
    kind: 'radio' as const,
    checked: number === overview.session,
    disabled: session.switching,
    act: () => choose(number),
  }));
  const changes = changesLine(workspace, session);
  return [...lines.reverse(), ...(changes.length > 0 ? ['line' as const, ...changes] : [])];
}
