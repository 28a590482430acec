import { NO_VIEW, type DiscMap, type MapEntry, type MapOverlap } from '../../protocol/disc-map.ts';
import type { ViewId } from '../../protocol/entry.ts';
import { pathOf } from '../../catalog/path.ts';
import { LOGICAL_SECTOR } from '../../formats/optical/medium.ts';
import { ASIDE, KEEP_ENTRIES, type DiscImage } from '../image.ts';
import type { View } from '../view.ts';
import { fill, type Bounds } from './fill.ts';
import { mapFindings } from './findings.ts';
import { GapReader } from './gaps.ts';
import { giveSlack, overlay } from './overlay.ts';
import { settleKinds, sumUp } from './owners.ts';
import { Pace } from './pace.ts';
import { Spans } from './spans.ts';
import { claimStructures } from './structure-claims.ts';
import { StructureNames } from './structure-names.ts';
import { MAX_OVERLAPS, sweep, type Swept } from './sweep.ts';
import { claimTree, PieceBudget } from './tree-claims.ts';

/** Bytes past the end of an image that are drawn at most: the largest disc there is, so that a lie of 8 TiB hides nothing. */
const MOST_BEYOND = 128 * 2 ** 30;
/** How many times the size that volumes claim their files may reach. */
const BELIEVED = 2;
/** Views told apart by one byte. */
const MAX_VIEWS = 200;

/** Who owns every byte of an image, over all its trees together: in linear time, with breaks. */
export async function discMap(image: DiscImage, signal?: AbortSignal): Promise<DiscMap> {
  const pace = new Pace(signal);
  const { source } = image;
  const trees = await readTrees(image, signal);
  const views = trees.map(({ view }) => view);
  const [exact, contents, boot, areas] = [new Spans(), new Spans(), new Spans(), new Spans()];
  const names = new StructureNames();
  const budget = new PieceBudget();
  for (const [number, view] of views.entries()) await claimTree(view, number, source, contents, exact, budget, pace);
  const claimed = Math.max(0, ...image.views.map(({ volume }) => volume.claimedSize ?? 0));
  const volumeEnd = claimed > 0 ? Math.min(claimed, source.size) : source.size;
  await claimStructures(image, volumeEnd, names, { exact, boot, areas });
  const tracksEnd = claimTracks(image, names, areas);
  const reach = furthest(contents);
  // A file that lies far behind what the volumes claim is not believed; one near behind is: some count from their session's start.
  const credible = claimed > 0 && reach > BELIEVED * Math.max(claimed, source.size) ? claimed : Math.max(claimed, reach);
  const promised = Math.max(source.size, Math.min(credible, source.size + MOST_BEYOND));
  const extent = Math.max(promised, Math.min(tracksEnd, source.size + MOST_BEYOND));
  const { view: viewOf, owner: ownerOf } = contents;
  // The first pieces of entries tell whether another tree has the same file.
  const isFirst = (span: number): boolean => span === 0 || ownerOf[span] !== ownerOf[span - 1] || viewOf[span] !== viewOf[span - 1];
  const files = await sweep(contents, pace, isFirst);
  const records = (await sweep(exact, pace)).spans;
  const hidden: Hidden[] = [];
  let hiddenCount = 0;
  const upper = await overlay(records, files.spans, pace, (upper, lower, from, to) => {
    hiddenCount++;
    if (hidden.length < MAX_OVERLAPS) hidden.push({ upper, lower, from, to });
  });
  giveSlack(upper, LOGICAL_SECTOR);
  const owned = await overlay(await overlay(upper, (await sweep(boot, pace)).spans, pace), (await sweep(areas, pace)).spans, pace);
  const absent = source.gaps ?? [];
  const { sessions, session } = image.session;
  const ended = contentsEnd(upper, source.size);
  const bounds: Bounds = {
    size: source.size,
    extent,
    promised,
    volumeEnd: Math.max(volumeEnd, ended),
    contentsEnd: ended,
    sessionStart: sessions.length > 1 ? (sessions.find(({ number }) => number === session)?.start ?? 0) * LOGICAL_SECTOR : 0,
    absent,
  };
  const filled = await fill(owned, bounds, new GapReader(source), names, pace);
  const bootImages = new Set(image.opened.flatMap((format) => format.boot.map(({ offset }) => offset)));
  const spans = await settleKinds(filled.spans, views, source.size, absent, bootImages, pace);
  const { totals, structures, labels } = await sumUp(spans, views, names, pace);
  const entryAt = (layer: Spans, span: number): MapEntry => entryOf(views[layer.view[span] as number] as View, layer.owner[span] as number);
  const overlaps: MapOverlap[] = [
    ...files.overlaps.map((found) => ({ ...found, first: entryAt(contents, found.first), second: entryAt(contents, found.second) })),
    ...hidden.map(({ upper: span, lower, from, to }) => ({
      how: 'structure' as const,
      offset: from,
      length: to - from,
      first: entryAt(files.spans, lower),
      second: records.view[span] === NO_VIEW ? (names.list[records.owner[span] as number]?.name ?? '') : entryAt(records, span),
    })),
  ].slice(0, MAX_OVERLAPS);
  const overlapCount = files.overlapCount + hiddenCount;
  const orphans = orphansOf(views, files);
  release(trees, spans);
  const starts = new Float64Array(spans.count + 1);
  starts.set(spans.start.subarray(0, spans.count));
  starts[spans.count] = extent;
  return {
    size: source.size,
    extent,
    runs: spans.count,
    totals,
    structures,
    shared: files.shared,
    disagreements: files.disagreements,
    overlapCount,
    overlaps,
    orphans,
    gapsWithContents: filled.figures.contents,
    gapsSampled: filled.figures.sampled,
    findings: mapFindings({
      gaps: filled.figures,
      files,
      hidden: hiddenCount,
      hiddenAt: hidden[0]?.from ?? null,
      reach: reach > extent ? reach : 0,
      cut: budget.spent,
    }).list,
    starts,
    kinds: spans.kind.slice(0, spans.count),
    views: spans.view.slice(0, spans.count),
    owners: spans.owner.slice(0, spans.count),
    viewIds: views.map(({ volume }) => volume.id),
    structureNames: names.list,
    labels,
  };
}

/** Bytes of a file's layer that the records above hide. */
interface Hidden {
  readonly upper: number;
  readonly lower: number;
  readonly from: number;
  readonly to: number;
}

/** A tree, and whether it was read for the map alone. */
interface ReadTree {
  readonly view: View;
  readonly brought: boolean;
}

/** The trees of a disc, the one that is shown first in front: its names are the ones that are told. */
async function readTrees(image: DiscImage, signal?: AbortSignal): Promise<ReadTree[]> {
  const shown = image.views.filter(({ volume }) => volume.id === image.shown);
  const others = image.views.filter(({ volume }) => volume.id !== image.shown && !ASIDE.includes(volume.id));
  const trees: ReadTree[] = [];
  for (const view of [...shown, ...others].slice(0, MAX_VIEWS)) {
    if (ASIDE.includes(view.volume.id)) continue;
    const brought = view.state === 'unread' && !view.inUse;
    await view.read(() => undefined, signal);
    trees.push({ view, brought });
  }
  return trees;
}

/** Entries that the map names keep their numbers; large trees that it does not name are forgotten again. */
function release(trees: readonly ReadTree[], spans: Spans): void {
  const used = new Set<number>(spans.view.subarray(0, spans.count));
  for (const [number, { view, brought }] of trees.entries()) {
    if (used.has(number)) view.inUse = true;
    else if (brought && !view.inUse && view.catalog.count > KEEP_ENTRIES) view.release();
  }
}

/** Add the sound of a disc at its places; gives the end of the last track. */
function claimTracks({ medium }: DiscImage, names: StructureNames, areas: Spans): number {
  let end = 0;
  for (const { mode, number, start, sectors } of medium.tracks) {
    if (mode !== 'audio') continue;
    names.claim(areas, `Audio track ${number}`, 'med', start * LOGICAL_SECTOR, sectors * LOGICAL_SECTOR);
    end = Math.max(end, (start + sectors) * LOGICAL_SECTOR);
  }
  return end;
}

function furthest({ end, count }: Spans): number {
  let most = 0;
  for (let index = 0; index < count; index++) most = Math.max(most, end[index] as number);
  return most;
}

/** End of the last byte that an entry or a descriptor owns: behind it a writer pads. A partition table's copy stands behind that. */
function contentsEnd({ count, end, view }: Spans, size: number): number {
  for (let index = count - 1; index >= 0; index--) if (view[index] !== NO_VIEW) return Math.min(size, end[index] as number);
  return size;
}

function entryOf({ volume, catalog }: View, entry: number): MapEntry {
  const view: ViewId = volume.id;
  return { view, entry, path: pathOf(catalog, (bytes) => volume.decodeName(bytes), entry) };
}

function orphansOf(views: readonly View[], { lonely }: Swept): DiscMap['orphans'] {
  if (views.length < 2) return [];
  return [...lonely].flatMap(([number, { extents, bytes }]) => {
    const view = views[number];
    return view ? [{ view: view.volume.id, title: view.volume.title, files: extents, bytes }] : [];
  });
}
