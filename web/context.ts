import type { EntryId } from '../worker/protocol/entry.ts';
import { copyEntry, copyNames, onlyRow, openInside, primaryOf, reveal, save, saveEntries, savePrimary } from './commands.ts';
import { canShare, copies, copyPicture as onePicture, share, textOf } from './jobs/one-file.ts';
import type { Session } from './session.svelte.ts';
import { explain } from './texts.ts';
import { choosable } from './trees.ts';
import type { MenuLine } from './ui/menu-line.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What can be done with the rows that are selected. */
export function rowLines(workspace: Workspace, session: Session, act: { open: () => void; details: () => void }): MenuLine[] {
  const only = onlyRow(session);
  const primary = primaryOf(session, workspace.preferences);
  const several = session.selection.count > 1;
  const nested = only && session.details?.entry === only.entry ? session.details.nested : null;
  const place = only && session.found?.placeOf(only.entry);
  const opens = place
    ? 'Show the place in Bytes'
    : only?.kind === 'directory'
      ? 'Open'
      : only?.kind === 'symlink'
        ? 'Go where it points'
        : null;
  return [
    ...(opens ? [{ label: opens, keys: 'Enter', act: act.open }] : []),
    ...(nested && only ? [{ label: `Open the ${nested} inside`, act: () => openInside(workspace, session, only.entry) }] : []),
    ...(session.found ? [{ label: 'Show in its directory', keys: 'Ctrl Enter', act: () => reveal(session) }] : []),
    ...(opens || session.found || nested ? ['line' as const] : []),
    { label: primary.label, keys: 'Ctrl S', act: () => savePrimary(workspace, session) },
    ...(primary.format === 'zip' ? [] : [{ label: 'Save as a ZIP', keys: 'Ctrl E', act: () => save(workspace, session, 'zip') }]),
    { label: 'Save as a TAR', act: () => save(workspace, session, 'tar') },
    'line',
    { label: several ? 'Copy names' : 'Copy name', keys: 'Ctrl C', act: () => copyNames(workspace, session, false) },
    { label: several ? 'Copy paths' : 'Copy path', keys: 'Ctrl Shift C', act: () => copyNames(workspace, session, true) },
    ...oneFileLines(workspace, session),
    'line',
    { label: 'Details', act: act.details },
  ];
}

/** What can be done with one file beside saving it. */
export function oneFileLines(workspace: Workspace, session: Session): MenuLine[] {
  const row = onlyRow(session);
  const what = row && copies(row);
  if (!row) return [];
  const failed = (error: unknown) => workspace.tell(explain(error));
  const copyPicture = () =>
    void onePicture(session, row).then(() => workspace.tell({ sentence: 'Picture copied.', technical: '' }), failed);
  return [
    ...(what === 'text' ? [{ label: 'Copy the text', act: () => void workspace.copy(textOf(session, row), 'Text') }] : []),
    ...(what === 'picture' ? [{ label: 'Copy the picture', act: copyPicture }] : []),
    ...(canShare(row) ? [{ label: 'Share…', act: () => void share(session, row).catch(failed) }] : []),
  ];
}

/** What can be done where no row is: with the directory that is listed, and with the list. */
export function areaLines(workspace: Workspace, session: Session): MenuLine[] {
  const { showHidden } = workspace.preferences;
  const { selection, path, directory, overview } = session;
  const views = choosable(overview).filter((view) => view.state !== 'failed');
  return [
    ...(selection.entries.length > 0 ? [{ label: 'Select all', keys: 'Ctrl A', act: () => selection.all() }] : []),
    ...(path.length > 1 ? [{ label: 'Go up', keys: 'Backspace', act: () => void session.up() }] : []),
    ...(selection.entries.length > 0 || path.length > 1 ? ['line' as const] : []),
    ...saveLines(workspace, session, directory),
    'line',
    { label: 'Copy path', act: () => copyEntry(workspace, session, directory, true) },
    { label: 'Show hidden files', kind: 'check', checked: showHidden, act: () => void session.showHidden(!showHidden) },
    ...(views.length > 1 ? ['line' as const] : []),
    ...(views.length > 1 ? views : []).map((view) => ({
      label: `Show as ${view.title}`,
      kind: 'radio' as const,
      checked: view.id === session.view,
      act: () => void session.chooseView(view.id),
    })),
  ];
}

/** What can be done with a directory of the tree or of the path. `more` stands before what saves. */
export function directoryLines(
  workspace: Workspace,
  session: Session,
  entry: EntryId,
  open: () => void,
  more: MenuLine[] = [],
): MenuLine[] {
  return [
    { label: 'Open', keys: 'Enter', act: open },
    ...more,
    'line',
    ...saveLines(workspace, session, entry),
    'line',
    { label: 'Copy name', act: () => copyEntry(workspace, session, entry, false) },
    { label: 'Copy path', act: () => copyEntry(workspace, session, entry, true) },
  ];
}

function saveLines(workspace: Workspace, session: Session, entry: EntryId): MenuLine[] {
  const what = entry === 0 ? 'all' : 'this directory';
  const entries = Uint32Array.of(entry);
  return [
    { label: `Save ${what} as a ZIP`, act: () => saveEntries(workspace, session, entries, 'zip') },
    { label: `Save ${what} as a TAR`, act: () => saveEntries(workspace, session, entries, 'tar') },
  ];
}
