import { ROOT, type EntryId, type EntryRow, type ViewId } from '../worker/protocol/entry.ts';
import { Unsupported } from '../worker/protocol/errors.ts';
import type { ImagePart } from '../worker/protocol/partition.ts';
import type { SaveFormat, SaveRequest } from '../worker/protocol/save.ts';
import { orderOf } from './jobs/order.ts';
import type { Form } from './jobs/usual.ts';
import { canChooseFolder } from './pickers.ts';
import type { Preferences } from './preferences.svelte.ts';
import { plainName } from './browse/names.ts';
import { count, counted, holding, size } from './figures.ts';
import { explain } from './texts.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What the primary button will do, in words and as a request. */
export interface Primary {
  readonly label: string;
  /** How the label ends: "as ZIP"; empty for a file as it is. */
  readonly form: string;
  /** Size in words; empty while it is summed up. */
  readonly bytes: string;
  readonly format: SaveFormat;
  readonly compression: SaveRequest['compression'];
}

/** The one row that is selected; undefined for none, several, or while it is fetched. */
export function onlyRow(session: Session): EntryRow | undefined {
  if (session.selection.count !== 1) return undefined;
  const [entry] = session.selection.ids();
  return entry === undefined ? undefined : session.rows.get(entry);
}

/** What a save of the selection (or of all) would be called, without what the image does not hold whole. */
export function primaryOf(session: Session, { saving }: Preferences): Primary {
  const { summary, measures, selection } = session;
  const { compression } = saving;
  const several = { format: severalAs(saving.form), compression };
  const as = several.format === 'folder' ? 'into a folder' : `as ${several.format === 'tgz' ? 'TAR.GZ' : several.format.toUpperCase()}`;
  if (selection.count === 0) {
    const { whole } = measures;
    const label = whole && whole.cut > 0 ? `Save all but ${counted(whole.cut, 'file')} ${as}` : `Save all ${as}`;
    return { label, form: as, bytes: whole ? size(whole.bytes - whole.cutBytes) : summary ? size(summary.bytes) : '', ...several };
  }
  const only = onlyRow(session);
  if (only?.kind === 'file')
    return { label: 'Save this file', form: '', bytes: only.size === null ? '' : size(only.size), format: 'file', compression };
  const measured = measures.selected;
  const items = `Save ${counted(selection.count, 'item')}`;
  if (!measured) return { label: `${items} ${as}`, form: as, bytes: '', ...several };
  const { files, links, cut } = measured;
  const held = holding(files, links);
  const label = files + links === 0 ? items : `Save ${cut > 0 ? `${count(files - cut)} of ` : ''}${held}`;
  return { label: `${label} ${as}`, form: as, bytes: files === 0 ? '' : size(measured.bytes - measured.cutBytes), ...several };
}

/** The form chosen last, where this browser can give it to several files. */
function severalAs(form: Form): Exclude<SaveFormat, 'file'> {
  return form === 'tar' || form === 'tgz' || (form === 'folder' && canChooseFolder()) ? form : 'zip';
}

/** Do what the primary button says. */
export function savePrimary(workspace: Workspace, session: Session): void {
  const { format, compression } = primaryOf(session, workspace.preferences);
  save(workspace, session, format, compression);
}

/** Save the selection, or all where nothing is selected. */
export function save(workspace: Workspace, session: Session, format: SaveFormat, compression: SaveRequest['compression'] = 'stored'): void {
  const ids = session.selection.ids();
  saveEntries(workspace, session, ids.length > 0 ? ids : Uint32Array.of(ROOT), format, compression);
}

/** Save the whole view. */
export function saveAll(workspace: Workspace, session: Session): void {
  saveEntries(workspace, session, Uint32Array.of(ROOT), 'zip');
}

/** Save these entries. */
export function saveEntries(
  workspace: Workspace,
  session: Session,
  entries: Uint32Array,
  format: SaveFormat,
  compression: SaveRequest['compression'] = 'stored',
): void {
  if (session.view === null) return;
  const hidden = workspace.preferences.showHidden;
  const order = orderOf(session, { view: session.view, entries, format, compression, partial: false, hidden });
  workspace.saving.wish((wishes) => wishes.start(order));
}

/** Save the whole image as plain sectors of 2,048 bytes. */
export function savePlain(workspace: Workspace, session: Session): void {
  const order = orderOf(session, null);
  workspace.saving.wish((wishes) => wishes.start(order));
}

/** Save a part of the image as it is. */
export function savePart(workspace: Workspace, session: Session, part: ImagePart): void {
  const order = orderOf(session, null, { part });
  workspace.saving.wish((wishes) => wishes.start(order));
}

/** Show the file at a path of the tree that is shown first. */
export function showPath(workspace: Workspace, session: Session, path: string): void {
  const go = async (view: ViewId): Promise<void> => {
    const [entry] = await session.inspector.find(view, [path]);
    if (entry === undefined) throw new Unsupported('no-entry', `There is no “${path}” any more.`);
    session.page = 'files';
    await session.goTo(view, entry);
    session.selection.move(session.selection.cursor, 'only');
  };
  const view = session.overview?.shown;
  if (view) void go(view).catch((error: unknown) => workspace.tell(explain(error)));
}

/** Show the tree of an image that is a file of the one shown. */
export function openInside(workspace: Workspace, session: Session, entry: EntryId): void {
  const open = async (view: ViewId): Promise<void> => session.show((await session.inspector.openNested(view, entry)).id);
  if (session.view !== null) void open(session.view).catch((error: unknown) => workspace.tell(explain(error)));
}

/** Save one of the named streams of the entry whose details show. */
export function saveStream(workspace: Workspace, session: Session, index: number): void {
  const { view, details } = session;
  if (view === null || !details) return;
  const order = orderOf(session, null, { stream: { view, entry: details.entry, index } });
  workspace.saving.wish((wishes) => wishes.start(order));
}

/** Save the SHA-256 of all that is selected, as `sha256sum -c` reads them. */
export function saveSums(workspace: Workspace, session: Session): void {
  const { view, selection } = session;
  if (view === null) return;
  const list = { view, entries: selection.ids(), hidden: workspace.preferences.showHidden, list: 'sha256' } as const;
  workspace.saving.wish((wishes) => wishes.start(orderOf(session, null, { list })));
}

/** Show what has the focus among all in its directory. */
export function reveal(session: Session): void {
  const { view, selection } = session;
  if (view !== null && selection.current !== null) void session.goTo(view, selection.current);
}

/** Rows that are asked for at once. */
const CHUNK = 2000;

/** Names or whole paths of what is selected (of all in the list where nothing is), one a line. */
async function namesOf(session: Session, paths: boolean): Promise<string> {
  const { view } = session;
  if (view === null) return '';
  const ids = session.selection.count > 0 ? session.selection.ids() : session.selection.entries;
  const before = paths ? (session.where === '/' ? '/' : `${session.where}/`) : '';
  const lines: string[] = [];
  for (let at = 0; at < ids.length; at += CHUNK) {
    const some = ids.slice(at, at + CHUNK);
    // What was found lies in several directories.
    if (paths && session.found) {
      lines.push(...(await session.inspector.paths(view, some)).map(plainName));
      continue;
    }
    const rows = await session.inspector.rows(view, some);
    for (const row of rows) lines.push(plainName(before + row.name));
  }
  return lines.join('\n');
}

/** Put the name or the path of one entry on the clipboard. */
export function copyEntry(workspace: Workspace, session: Session, entry: EntryId, paths: boolean): void {
  const { view } = session;
  if (view === null) return;
  const name = session.inspector.rows(view, Uint32Array.of(entry)).then(([row]) => plainName(row?.name || session.title));
  const path = session.inspector.paths(view, Uint32Array.of(entry)).then(([only]) => plainName(only || '/'));
  void workspace.copy(paths ? path : name, paths ? 'Path' : 'Name');
}

export function copyNames(workspace: Workspace, session: Session, paths: boolean): void {
  const n = session.selection.count || session.selection.entries.length;
  void workspace.copy(namesOf(session, paths), counted(n, paths ? 'path' : 'name'));
}

/** Put the text of a bug report on the clipboard. */
export function copyReport(workspace: Workspace, session: Session): void {
  const report = session.inspector.report().then((plain) => JSON.stringify(plain, null, 2));
  void workspace.copy(session.state === 'failed' ? failureReport(session) : report, 'Report');
}

function failureReport(session: Session): string {
  const { failure, file } = session;
  const error =
    failure instanceof Error ? { ...failure, name: failure.name, message: failure.message, stack: failure.stack } : String(failure);
  return JSON.stringify({ isoscope: __VERSION__, name: file.name, size: file.size, agent: navigator.userAgent, error }, null, 2);
}
