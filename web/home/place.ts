import type { ViewId } from '../../worker/protocol/entry.ts';
import type { Session } from '../session.svelte.ts';

/** Where one was in an image, by paths: another visit numbers its entries anew. */
export interface ImagePlace {
  readonly view: ViewId;
  readonly directory: string;
  readonly focus: string | null;
  /** The selected, as far as they are kept. */
  readonly selected: readonly string[];
}

/** Selected entries of which a place is kept. */
const MAX_SELECTED = 64;
/** How often a disc that is still being read is asked for the directory (milliseconds). */
const AGAIN_AFTER = 300;

/** Where one is in an image that is open. */
export async function placeOf(session: Session): Promise<ImagePlace | null> {
  const { view, where, selection } = session;
  if (view === null) return null;
  const ids = selection.ids().slice(0, MAX_SELECTED);
  const asked = selection.current === null ? ids : Uint32Array.of(selection.current, ...ids);
  const paths = await session.inspector.paths(view, asked);
  return { view, directory: where, focus: selection.current === null ? null : (paths.shift() ?? null), selected: paths };
}

/** Show a place of an image that was opened again; what is not there (any more) is passed over. */
export async function showPlace(session: Session, place: ImagePlace): Promise<void> {
  const { view } = place;
  if (!session.overview?.views.some(({ id, state }) => id === view && state !== 'failed')) return;
  if (session.view !== view) await session.show(view);
  const directory = await found(session, place);
  if (directory === undefined) return;
  const [focus = null] = place.focus === null ? [] : await session.inspector.find(view, [place.focus]);
  // Where nothing is to be gone to, no step is taken.
  if (directory !== session.directory || focus !== null) await session.go(directory, focus);
  session.selection.set(await session.inspector.find(view, place.selected));
}

/** The place's directory; undefined where the disc, read to its end, has none, or the user went elsewhere meanwhile. */
async function found(session: Session, { view, directory }: ImagePlace): Promise<number | undefined> {
  const { turn } = session;
  for (;;) {
    const complete = session.overview?.complete ?? true;
    const [entry] = await session.inspector.find(view, [directory]);
    if (entry !== undefined || complete || session.state !== 'open') return entry;
    await new Promise((done) => setTimeout(done, AGAIN_AFTER));
    if (session.turn !== turn) return undefined;
  }
}
