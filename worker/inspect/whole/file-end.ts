import type { EntryId } from '../../protocol/entry.ts';
import { ImageError } from '../../protocol/errors.ts';
import { describeOne } from '../../catalog/describe.ts';
import { pathOf } from '../../catalog/path.ts';
import { ASIDE, type DiscImage } from '../image.ts';
import type { View } from '../view.ts';

interface FileEnd {
  readonly path: string;
  /** Byte after its last, and the absolute offset of its record or, without one, of its contents. */
  readonly end: number;
  readonly place: number;
}

/** The file that ends last in any view that is read, in one pass over the columns; null without files. */
export async function fileEnd(image: DiscImage, signal?: AbortSignal): Promise<FileEnd | null> {
  let best: FileEnd | null = null;
  for (const view of image.views) {
    if (ASIDE.includes(view.volume.id) || view.state !== 'read') continue;
    const last = lastOf(view, image.source.size);
    if (!last || (best && last.end <= best.end)) continue;
    const { catalog, volume } = view;
    const record = catalog.record(last.entry);
    const path = pathOf(catalog, (bytes) => volume.decodeName(bytes), last.entry);
    const end = last.end > image.source.size ? await describedEnd(view, last.entry, last.end, signal) : last.end;
    best = { path, end, place: volume.recordSpan?.(record)[0] ?? catalog.offset(last.entry) };
  }
  return best;
}

/** By the columns alone: a file that is whole ends inside the image, however its pieces lie. */
function lastOf({ catalog }: View, size: number): { entry: EntryId; end: number } | null {
  let [best, most] = [-1, 0];
  for (let entry = 1; entry < catalog.count; entry++) {
    if (catalog.kind(entry) !== 'file' || !(catalog.size(entry) > 0)) continue;
    const end = catalog.offset(entry) + catalog.size(entry);
    const known = catalog.presence(entry) === 'whole' ? Math.min(end, size) : end;
    if (known > most) [best, most] = [entry, known];
  }
  return best < 0 ? null : { entry: best, end: most };
}

/** Where the pieces of a file that is not whole really end. */
async function describedEnd({ volume, catalog }: View, entry: EntryId, guess: number, signal?: AbortSignal): Promise<number> {
  const record = await describeOne(volume, catalog.record(entry), signal);
  if (record instanceof ImageError) return guess;
  return record.runs.reduce((end, run) => ('zeros' in run ? end : Math.max(end, run.offset + run.length)), 0);
}
