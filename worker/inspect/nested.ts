import type { EntryId, NestedViewId } from '../protocol/entry.ts';
import { Unsupported } from '../protocol/errors.ts';
import { describeOne } from '../catalog/describe.ts';
import { openFat, probeFat, throughRuns } from '../formats/fat/index.ts';
import { Findings } from '../formats/findings.ts';
import { partitionsOf, readSystemArea } from '../formats/partition/index.ts';
import { RunsSource, type Run } from '../source/runs.ts';
import type { ByteSource } from '../source/source.ts';
import { View } from './view.ts';

/** An image inside: where the volume lies in the medium, and what it is called. */
interface FoundVolume {
  readonly held: readonly Run[];
  readonly title: string;
}

/** The file system that a file of a view holds, if it can be opened in place; `medium` is what the view's runs count in. */
export async function findNested(medium: ByteSource, view: View, entry: EntryId): Promise<FoundVolume | null> {
  if (view.catalog.kind(entry) !== 'file' || view.catalog.size(entry) < SMALLEST) return null;
  const record = await describeOne(view.volume, view.catalog.record(entry));
  // What is stored compressed has no places in the medium.
  if (record instanceof Error || record.compression !== null || record.presence === 'missing') return null;
  return findVolume(medium, record.runs);
}

/** The file system that lies in a medium as these runs say: from its beginning, or in the first partition that has one. */
export async function findVolume(medium: ByteSource, held: readonly Run[]): Promise<FoundVolume | null> {
  const source = new RunsSource(medium, present(held, medium.size), 'image');
  const layout = await probeFat(source);
  if (layout) return { held: source.runs, title: `FAT${layout.bits}` };
  const partitions = partitionsOf(await readSystemArea(source, [], new Findings()), source.size);
  for (const { offset, size } of partitions.slice(0, MAX_PARTITIONS)) {
    const part = throughRuns(source.runs, [{ offset, length: Math.min(size, source.size - offset) }]);
    const inner = await probeFat(new RunsSource(medium, part, 'partition'));
    if (inner) return { held: part, title: `FAT${inner.bits}` };
  }
  return null;
}

/** Open the file system that a file holds, as a view of its own; Unsupported where there is none. */
export async function openNested(medium: ByteSource, view: View, entry: EntryId, id: NestedViewId): Promise<View> {
  const found = await findNested(medium, view, entry);
  if (!found) throw new Unsupported('no-image', 'This file is no image that can be opened in place.');
  return new View((await openFat(medium, found.held, id)).volume);
}

/** Smaller files are no images. */
const SMALLEST = 4096;
const MAX_PARTITIONS = 16;

/** The runs of a file as far as the medium has them: an image that is cut is opened as far as it goes. */
function present(runs: readonly Run[], size: number): Run[] {
  const inside: Run[] = [];
  for (const run of runs) {
    if ('zeros' in run) inside.push(run);
    else if (run.offset < size) inside.push({ offset: run.offset, length: Math.min(run.length, size - run.offset) });
    if (!('zeros' in run) && run.offset + run.length > size) break;
  }
  return inside;
}
