import { ROOT, type EntryId } from '../protocol/entry.ts';
import { ImageError, Unsupported } from '../protocol/errors.ts';
import type { ImagePart } from '../protocol/partition.ts';
import type {
  FolderSurvey,
  ListRequest,
  SaveDestination,
  SavePlanSummary,
  SaveProgress,
  SaveRequest,
  SaveResult,
} from '../protocol/save.ts';
import { ExtractionPlan } from '../extract/plan.ts';
import { executePlan, NOTHING_LOST, saveLayout, summarize, type SaveOptions } from '../extract/save.ts';
import { DownloadSink } from '../extract/download-sink.ts';
import { surveyFolder } from '../extract/folder-survey.ts';
import { HandleDirectory } from '../extract/folder-target.ts';
import { Gate, gatedSink, gatedSource } from '../extract/gate.ts';
import { safeName } from '../extract/names.ts';
import { FileSink, removeIfEmpty } from '../extract/sink.ts';
import type { NamedStream } from '../formats/volume.ts';
import { plainImage, type Medium } from '../formats/optical/medium.ts';
import type { View } from '../inspect/view.ts';
import { Layout } from '../source/layout.ts';
import type { ByteSource } from '../source/source.ts';
import { EntryList } from './entry-list.ts';

/** A worker of our own origin that compresses. */
const startPacker = (): Worker => new Worker(new URL('./packer.ts', import.meta.url), { type: 'module', name: 'packer' });

/** Plans kept that nobody has carried out yet: a page asks for one, and may think better of it. */
const MAX_IDLE_PLANS = 4;

type Execute = (options: SaveOptions) => Promise<SaveResult>;

/** A plan that waits to be carried out, or runs: `cancel` is there while it runs. */
interface Kept {
  readonly execute: Execute;
  readonly gate: Gate;
  /** Null for what no folder can take. */
  readonly plan: ExtractionPlan | null;
  cancel: AbortController | null;
}

/** The saves of one open image: plans waiting to be carried out, and those that run. */
export class Saves {
  readonly #plans = new Map<number, Kept>();
  #lastId = 0;

  /** Plan a save of entries of a view that has been read. */
  async plan(view: View, image: ByteSource, request: SaveRequest): Promise<SavePlanSummary> {
    const gate = new Gate();
    const plan = await ExtractionPlan.build({ catalog: view.catalog, volume: view.volume, image: gatedSource(image, gate), request });
    return { ...summarize(plan), plan: this.#keep(gate, (options) => executePlan(plan, options), plan) };
  }

  /** Plan a save of the medium as a plain image of 2,048-byte sectors, or of a part of that. */
  planImage(medium: Medium, part?: ImagePart): SavePlanSummary {
    return this.#planLayout(plainImage(medium, part));
  }

  /** Plan a list of entries of a view that has been read. */
  async planList(view: View, image: ByteSource, request: ListRequest): Promise<SavePlanSummary> {
    const gate = new Gate();
    const list = await EntryList.plan(view, gatedSource(image, gate), request);
    return { ...list.summary, plan: this.#keep(gate, (options) => list.save(options)) };
  }

  /** Plan a save of a named stream as a file. Throws ImageError where it is not wholly in the image. */
  async planStream({ volume, catalog }: View, entry: EntryId, { name, record, presence }: NamedStream): Promise<SavePlanSummary> {
    const file = entry === ROOT ? volume.label : volume.decodeName(catalog.name(entry));
    const path = `${file}:${volume.decodeName(name)}`;
    const [described] = await volume.describe([record]);
    if (!described || presence !== 'whole') throw new ImageError('not-whole', `The image does not hold “${path}” whole.`);
    const source = volume.open(described, path);
    const layout = new Layout(safeName(path).name);
    layout.addSource(source, 0, source.size);
    return this.#planLayout(layout);
  }

  #planLayout(layout: Layout): SavePlanSummary {
    const { name, size } = layout;
    const computed = layout.blob(0, size) ? 0 : size;
    const plan = this.#keep(new Gate(), (options) => saveLayout(layout, options));
    return { ...NOTHING_LOST, name, files: 1, bytes: size, size, computed, plan };
  }

  #keep(gate: Gate, execute: Execute, plan: ExtractionPlan | null = null): number {
    const id = ++this.#lastId;
    const idle = [...this.#plans].filter(([, { cancel }]) => !cancel).map(([key]) => key);
    for (const old of idle.slice(0, -MAX_IDLE_PLANS)) this.#plans.delete(old);
    this.#plans.set(id, { execute, gate, plan, cancel: null });
    return id;
  }

  /** What a folder has already of a plan's files. */
  async survey(id: number, folder: FileSystemDirectoryHandle): Promise<FolderSurvey> {
    const plan = this.#plans.get(id)?.plan;
    if (!plan) throw new Unsupported('no-plan', 'This save was not planned, or is over.');
    return surveyFolder(plan, new HandleDirectory(folder));
  }

  /** Carry out a plan. */
  async save(id: number, destination: SaveDestination, onProgress: (progress: SaveProgress) => void): Promise<SaveResult> {
    const kept = this.#plans.get(id);
    if (!kept || kept.cancel) throw new Unsupported('no-plan', 'This save was already carried out, or is running.');
    const { execute, gate } = kept;
    kept.cancel = new AbortController();
    try {
      const openTarget = gated(targetOf(destination, kept.cancel.signal), gate);
      const limit = destination.to === 'blob' ? destination.limit : 0;
      const folder =
        destination.to === 'folder' ? { folder: { ...destination, target: new HandleDirectory(destination.handle), gate } } : {};
      const appendOnly = destination.to === 'download';
      return await execute({ openTarget, appendOnly, limit, ...folder, startPacker, signal: kept.cancel.signal, onProgress });
    } catch (error) {
      // It may have ended before the target was opened, as while checksums were read.
      if (destination.to === 'file') await removeIfEmpty(destination.handle);
      throw error;
    } finally {
      this.#plans.delete(id);
    }
  }

  /** Hold a running save, or let it go on. */
  pause(id: number, paused: boolean): void {
    const kept = this.#plans.get(id);
    // What is to stop goes on until it has: a gate closed again would hold it for ever.
    if (paused && !kept?.cancel?.signal.aborted) kept?.gate.close();
    else kept?.gate.open();
  }

  cancel(id: number): void {
    const kept = this.#plans.get(id);
    kept?.cancel?.abort();
    kept?.gate.open();
  }
}

/** What opens the place to write into; null where the result is a Blob. */
function targetOf(destination: SaveDestination, signal: AbortSignal): SaveOptions['openTarget'] {
  if (destination.to === 'file') return () => FileSink.open(destination.handle);
  if (destination.to === 'download') return (size) => DownloadSink.open({ ...destination, signal }, size);
  return null;
}

function gated(open: SaveOptions['openTarget'], gate: Gate): SaveOptions['openTarget'] {
  return open && (async (size) => gatedSink(await open(size), gate));
}
