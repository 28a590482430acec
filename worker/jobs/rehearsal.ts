import { ROOT } from '../protocol/entry.ts';
import { rehearsalDisc } from '../formats/iso9660/rehearsal-disc.ts';
import { udfRehearsalDisc } from '../formats/udf/rehearsal-disc.ts';
import { ImageInspector } from './inspector.ts';

/** How often each disc is read: a browser compiles what it has run some thousand times. */
const READINGS = 3;
const ROWS = 60;

/**
 * Read small discs of our own before there is another: what the first real one needs is compiled
 * then, and it is listed several times sooner. For a worker that has nothing to do yet.
 */
export async function rehearse(): Promise<void> {
  for (const disc of [rehearsalDisc(), udfRehearsalDisc()]) {
    const file = new File([disc], 'rehearsal.iso');
    for (let reading = 0; reading < READINGS; reading++) await readOnce(file);
  }
}

/** Open it, and ask what a page asks to show it. */
async function readOnce(file: File): Promise<void> {
  const inspector = new ImageInspector('');
  const complete = new Promise<void>((resolve, reject) => {
    inspector.open([file], (overview) => overview.complete && resolve()).catch(reject);
  });
  await complete;
  for (const { id } of (await inspector.overview()).views) {
    const { entries } = await inspector.list(id, ROOT, { sort: 'name', descending: false, hidden: false, filter: '' });
    await inspector.rows(id, entries.subarray(0, ROWS));
    await inspector.directories(id, ROOT, false);
    await inspector.ancestors(id, entries[0] ?? ROOT);
  }
}
