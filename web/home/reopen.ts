import { SourceError } from '../../worker/protocol/errors.ts';
import { fileOf } from '../handles.ts';
import { chooseImages } from '../pickers.ts';
import type { Session } from '../session.svelte.ts';
import { explain } from '../texts.ts';
import type { Workspace } from '../workspace.svelte.ts';
import { showPlace } from './place.ts';
import { idOf, type RecentImage } from './recent.svelte.ts';

type Asking = FileSystemFileHandle & { requestPermission?(options: { mode: 'read' }): Promise<PermissionState> };

/** Open images again where one was in them; to be called by the user's own click, which the browser's question needs. */
export async function reopen(workspace: Workspace, images: readonly RecentImage[]): Promise<void> {
  for (const image of images) {
    try {
      const files = image.handles ? await allowed(image.handles) : await chosen(workspace, image);
      // Those of one image, and whatever else was chosen.
      for (const session of workspace.open(files)) void returnTo(workspace, session, image);
    } catch (error) {
      workspace.tell(explain(error));
    }
  }
}

/** The files of handles that the user allows to read. */
async function allowed(handles: readonly FileSystemFileHandle[]): Promise<File[]> {
  const files: File[] = [];
  for (const handle of handles as readonly Asking[]) {
    const state = (await handle.requestPermission?.({ mode: 'read' })) ?? 'granted';
    if (state !== 'granted') throw new SourceError('denied', `${handle.name} may not be read.`);
    files.push(await fileOf(handle));
  }
  return files;
}

/** The files as the user chooses them again; a word where they are others. */
async function chosen(workspace: Workspace, image: RecentImage): Promise<File[]> {
  const files = await chooseImages();
  if (files.length > 0 && idOf(files) !== image.id && !files.some(({ name }) => image.names.includes(name)))
    workspace.tell({ sentence: `That is not ${image.names[0]}. It was opened all the same.`, technical: '' });
  return files;
}

/** Go where one was, once the image is open, if it is the same one. */
async function returnTo(workspace: Workspace, session: Session, image: RecentImage): Promise<void> {
  await session.opened;
  if (session.state !== 'open' || !image.place || !image.names.includes(session.file.name)) return;
  await showPlace(session, image.place).catch((error: unknown) => workspace.tell(explain(error)));
}
