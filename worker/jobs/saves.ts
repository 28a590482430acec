import { Unsupported } from '../protocol/errors.ts';
import type { SaveDestination, SavePlanSummary, SaveProgress, SaveRequest, SaveResult } from '../protocol/save.ts';
import { ExtractionPlan } from '../extract/plan.ts';
import { executePlan, saveLayout, summarize, type SaveOptions } from '../extract/save.ts';
import { FileSink, removeIfEmpty } from '../extract/sink.ts';
import { plainImage, type Medium } from '../formats/optical/medium.ts';
import type { View } from '../inspect/view.ts';
import type { ByteSource } from '../source/source.ts';

/** Plans kept that nobody has carried out yet: a page asks for one, and may think better of it. */
const MAX_IDLE_PLANS = 4;

/** The saves of one open image: plans waiting to be carried out, and those that run. */
export class Saves {
  readonly #plans = new Map<number, (options: SaveOptions) => Promise<SaveResult>>();
  readonly #running = new Map<number, AbortController>();
  #lastId = 0;

  /** Plan a save of entries of a view that has been read. */
  async plan(view: View, image: ByteSource, request: SaveRequest): Promise<SavePlanSummary> {
    const plan = await ExtractionPlan.build({ catalog: view.catalog, volume: view.volume, image, request });
    return { ...summarize(plan), plan: this.#keep((options) => executePlan(plan, options)) };
  }

  /** Plan a save of the medium as a plain image of 2,048-byte sectors. */
  planImage(medium: Medium): SavePlanSummary {
    const layout = plainImage(medium);
    const { name, size } = layout;
    const computed = layout.blob(0, size) ? 0 : size;
    const nothing = { directories: 0, changes: [], changeCount: 0, leftOutCount: 0 };
    return { name, files: 1, bytes: size, size, computed, ...nothing, plan: this.#keep((options) => saveLayout(layout, options)) };
  }

  #keep(execute: (options: SaveOptions) => Promise<SaveResult>): number {
    const id = ++this.#lastId;
    for (const old of [...this.#plans.keys()].filter((key) => !this.#running.has(key)).slice(0, -MAX_IDLE_PLANS)) this.#plans.delete(old);
    this.#plans.set(id, execute);
    return id;
  }

  /** Carry out a plan. */
  async save(id: number, destination: SaveDestination, onProgress: (progress: SaveProgress) => void): Promise<SaveResult> {
    const execute = this.#plans.get(id);
    if (!execute || this.#running.has(id)) throw new Unsupported('no-plan', 'This save was already carried out, or is running.');
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const openTarget = destination.to === 'file' ? () => FileSink.open(destination.handle) : null;
      const limit = destination.to === 'blob' ? destination.limit : 0;
      return await execute({ openTarget, limit, signal: controller.signal, onProgress });
    } catch (error) {
      // It may have ended before the target was opened, as while checksums were read.
      if (destination.to === 'file') await removeIfEmpty(destination.handle);
      throw error;
    } finally {
      this.#running.delete(id);
      this.#plans.delete(id);
    }
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
  }
}
