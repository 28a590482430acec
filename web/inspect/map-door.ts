import type { Session } from '../session.svelte.ts';
import type { MapView } from './map-view.svelte.ts';

/** Go to what a run of the map belongs to: a file in its list, all else among the bytes of the image. */
export async function goToRun(session: Session, { model }: MapView, run: number): Promise<void> {
  const owner = model.owner(run);
  if (typeof owner === 'string') {
    // What is not there cannot be shown; its beginning may be.
    if (model.start(run) < model.map.size) session.bytesPage.go(model.start(run), 1);
    return;
  }
  await session.goTo(owner.view, owner.entry);
  session.selection.move(session.selection.cursor, 'only');
  session.page = session.bytesFrom = 'files';
}
