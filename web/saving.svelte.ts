import type { SaveDestination, SavePlanSummary, SaveRequest, SaveResult } from '../worker/protocol/save.ts';
import { SaveJob, type Jobs } from './jobs.svelte.ts';
import { canChooseTarget, chooseTarget, download, memoryLimit, wishIsFresh } from './pickers.ts';
import type { Session } from './session.svelte.ts';

/** What is asked before a save: `review`: names change or something is left out; `choose`: the browser wants a
 * click before it shows its dialog; `refused`: too much to compute in memory, and nothing to write to. */
export type Question = 'review' | 'choose' | 'refused' | 'empty';

/** A save that waits for an answer. */
export interface Pending {
  readonly question: Question;
  readonly session: Session;
  /** Null for the whole image as a plain one. */
  readonly request: SaveRequest | null;
  readonly plan: SavePlanSummary;
}

/** From a wish to a running job: plan, ask if there is something to ask, choose a place, save. */
export class Saving {
  pending: Pending | null = $state.raw(null);
  planning = $state(false);
  readonly #jobs: Jobs;
  readonly #onError: (error: unknown) => void;

  constructor(jobs: Jobs, onError: (error: unknown) => void) {
    this.#jobs = jobs;
    this.#onError = onError;
  }

  /** Save this; asks first where there is something that the user should know. */
  async start(session: Session, request: SaveRequest): Promise<void> {
    await this.#start(session, request, () => session.inspector.plan(request));
  }

  /** Save the whole image as plain sectors. */
  async startImage(session: Session): Promise<void> {
    await this.#start(session, null, () => session.inspector.planImage());
  }

  async #start(session: Session, request: SaveRequest | null, planned: () => Promise<SavePlanSummary>): Promise<void> {
    if (this.planning) return;
    this.planning = true;
    try {
      const plan = await planned();
      const question = this.#questionOf(plan);
      if (question) this.pending = { question, session, request, plan };
      else this.#begin(session, plan);
    } catch (error) {
      this.#onError(error);
    } finally {
      this.planning = false;
    }
  }

  /** The user said yes to what was asked. */
  confirm(): void {
    const { pending } = this;
    this.pending = null;
    if (pending) this.#begin(pending.session, pending.plan);
  }

  /** Plan the same again in another way: what is there of cut files, or an archive that needs no memory. */
  async change(change: Partial<SaveRequest>): Promise<void> {
    const pending = this.pending;
    this.pending = null;
    if (pending?.request) await this.start(pending.session, { ...pending.request, ...change });
  }

  dismiss(): void {
    this.pending = null;
  }

  #questionOf(plan: SavePlanSummary): Question | null {
    if (plan.files + plan.directories === 0 && plan.leftOutCount > 0) return 'empty';
    if (!canChooseTarget() && plan.computed > memoryLimit()) return 'refused';
    if (plan.changeCount > 0 || plan.leftOutCount > 0) return 'review';
    return canChooseTarget() && !wishIsFresh() ? 'choose' : null;
  }

  /** Saves run beside each other: nobody waits for one to end before the next is planned. */
  #begin(session: Session, plan: SavePlanSummary): void {
    this.#save(session, plan).catch((error: unknown) => this.#onError(error));
  }

  async #save(session: Session, plan: SavePlanSummary): Promise<void> {
    let destination: SaveDestination = { to: 'blob', limit: memoryLimit() };
    if (canChooseTarget()) {
      const handle = await chooseTarget(plan.name);
      if (!handle) return;
      destination = { to: 'file', handle };
    }
    const name = destination.to === 'file' ? destination.handle.name : plan.name;
    const job = new SaveJob(name, session, plan.bytes, () => void session.inspector.cancel(plan.plan).catch(() => undefined));
    const save = (onProgress: Parameters<Session['inspector']['save']>[2]): Promise<SaveResult> =>
      session.inspector.save(plan.plan, destination, onProgress);
    const result = await this.#jobs.run(job, save);
    if (result?.blob) download(result.blob, result.name);
  }
}
