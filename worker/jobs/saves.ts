import { Unsupported } from '../protocol/errors.ts';
import type { SavePlanSummary, SaveProgress, SaveRequest, SaveResult } from '../protocol/save.ts';
import { ExtractionPlan } from '../extract/plan.ts';
import { executePlan, summarize } from '../extract/save.ts';
import { FileSink } from '../extract/sink.ts';
import type { View } from '../inspect/image.ts';
import type { ByteSource } from '../source/source.ts';

/** Plans kept that nobody has carried out yet: a page asks for one, and may think better of it. */
const MAX_IDLE_PLANS = 4;

/** The saves of one open image: plans waiting to be carried out, and those that run. */
export class Saves {
  readonly #plans = new Map<number, ExtractionPlan>();
  readonly #running = new Map<number, AbortController>();
  #lastId = 0;

  /** Plan a save of entries of a view that has been read. */
  async plan(view: View, image: ByteSource, request: SaveRequest): Promise<SavePlanSummary> {
    const plan = await ExtractionPlan.build({ catalog: view.catalog, volume: view.volume, image, request });
    const id = ++this.#lastId;
    for (const old of [...this.#plans.keys()].filter((key) => !this.#running.has(key)).slice(0, -MAX_IDLE_PLANS)) this.#plans.delete(old);
    this.#plans.set(id, plan);
    return { ...summarize(plan), plan: id };
  }

  /** Carry out a plan: into the file of `target`, or as a Blob of which at most `limit` bytes are computed. */
  async save(
    id: number,
    target: FileSystemFileHandle | null,
    limit: number,
    onProgress: (progress: SaveProgress) => void,
  ): Promise<SaveResult> {
    const plan = this.#plans.get(id);
    if (!plan || this.#running.has(id)) throw new Unsupported('no-plan', 'This save was already carried out, or is running.');
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const openTarget = target ? () => FileSink.open(target) : null;
      return await executePlan(plan, { openTarget, limit, signal: controller.signal, onProgress });
    } finally {
      this.#running.delete(id);
      this.#plans.delete(id);
    }
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
  }
}
