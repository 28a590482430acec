import { abortError, Unsupported } from '../worker/protocol/errors.ts';
import type { SaveDestination, SavePlanSummary, SaveProgress, SaveRequest, SaveResult } from '../worker/protocol/save.ts';
import type { ImagePart } from '../worker/protocol/partition.ts';
import { SaveJob, type Work } from './jobs/job.svelte.ts';
import { orderOf, planOf, rememberPaths, type Order, type StreamWish } from './jobs/order.ts';
import { USUAL } from './jobs/usual.ts';
import type { Jobs } from './jobs.svelte.ts';
import { canChooseTarget, chooseFolder, chooseTarget, download, mayWrite, memoryLimit, removeIfEmpty, wishIsFresh } from './pickers.ts';
import type { Session } from './session.svelte.ts';

/** What is asked before a save: `review`: names change or something is left out; `choose`: the browser wants a
 * click before it shows its dialog; `refused`: too much to compute in memory, and neither a file to write to nor a
 * download to stream. */
export type Question = 'review' | 'choose' | 'refused' | 'empty';

/** A save that waits for an answer. */
export interface Pending {
  readonly question: Question;
  readonly order: Order;
  readonly plan: SavePlanSummary;
}

/** So much may be computed into memory without a thought: such a download does not break when the tab is closed. */
const SMALL = 16 * 1024 * 1024;

/**
 * Whether a save without a file to write to is better streamed: what slices give, and what is small, is not. What is
 * compressed has to be done twice for that, first to measure it: only where memory does not hold it.
 */
const wantsStream = (plan: SavePlanSummary): boolean => plan.computed > (plan.size === null ? memoryLimit() : SMALL);

/** What streams downloads, loaded when the first is wanted. */
const streaming = () => import('./downloads.ts');

/** A download is opened when it is its turn, and anew when it is done again. */
type ChosenDestination = Exclude<SaveDestination, { to: 'download' }>;

/** From a wish to a running job: plan, ask if there is something to ask, choose a place, save. */
export class Saving {
  pending: Pending | null = $state.raw(null);
  planning = $state(false);
  readonly #jobs: Jobs;
  readonly #onError: (error: unknown) => void;
  readonly #tell: (sentence: string) => void;

  constructor(jobs: Jobs, onError: (error: unknown) => void, tell: (sentence: string) => void) {
    this.#jobs = jobs;
    this.#onError = onError;
    this.#tell = tell;
  }

  /** Save this; asks first where there is something that the user should know. */
  async start(session: Session, request: SaveRequest): Promise<void> {
    await this.#start(orderOf(session, request));
  }

  /** Save the whole image as plain sectors, or a part of it. */
  async startImage(session: Session, part?: ImagePart): Promise<void> {
    await this.#start(orderOf(session, null, part ? { part } : {}));
  }

  /** Carry out what the user has just seen planned. */
  async carryOut(order: Order, plan: SavePlanSummary): Promise<void> {
    if ((await this.#questionOf(plan)) === 'refused') this.pending = { question: 'refused', order, plan };
    else this.#begin(order, plan);
  }

  /** Save one named stream of an entry. */
  async startStream(session: Session, stream: StreamWish): Promise<void> {
    await this.#start(orderOf(session, null, { stream }));
  }

  async #start(order: Order): Promise<void> {
    if (this.planning) return;
    this.planning = true;
    try {
      const plan = await planOf(order);
      const question = await this.#questionOf(plan);
      if (question) this.pending = { question, order, plan };
      else this.#begin(order, plan);
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
    if (pending) this.#begin(pending.order, pending.plan);
  }

  /** Plan the same again in another way: what is there of cut files, or an archive that needs no memory. */
  async change(change: Partial<SaveRequest>): Promise<void> {
    const order = this.pending?.order;
    this.pending = null;
    if (order?.request) await this.start(order.session, { ...order.request, ...change });
  }

  dismiss(): void {
    this.pending = null;
  }

  async #questionOf(plan: SavePlanSummary): Promise<Question | null> {
    if (plan.files + plan.directories === 0 && plan.leftOutCount > 0) return 'empty';
    if (!canChooseTarget() && plan.computed > memoryLimit() && !(wantsStream(plan) && (await (await streaming()).canStream())))
      return 'refused';
    if (plan.changeCount > 0 || plan.leftOutCount > 0) return 'review';
    return canChooseTarget() && !wishIsFresh() ? 'choose' : null;
  }

  /** Saves are planned beside each other: nobody waits for one to end before the next is asked for. */
  #begin(order: Order, plan: SavePlanSummary): void {
    this.#queue(order, plan).catch((error: unknown) => this.#onError(error));
  }

  async #queue(order: Order, plan: SavePlanSummary): Promise<void> {
    const destination = await this.#destination(order, plan);
    if (!destination) return;
    const name = destination.to === 'blob' ? plan.name : destination.handle.name;
    this.#add(name, order, plan, destination);
  }

  #add(name: string, order: Order, plan: SavePlanSummary, destination: ChosenDestination): void {
    const work = this.#work(order, plan, destination);
    this.#jobs.add(new SaveJob(name, order.session, plan, work, { keeps: destination.to === 'folder' }));
  }

  #work(order: Order, planned: SavePlanSummary, destination: ChosenDestination): Work {
    const { session } = order;
    const { life } = session;
    let current: number | null = null;
    const save = async ({ plan }: SavePlanSummary, job: SaveJob, onProgress: (progress: SaveProgress) => void): Promise<SaveResult> => {
      if (job.stopping) throw abortError();
      const stream =
        destination.to === 'blob' && wantsStream(planned) ? await (await streaming()).StreamedDownload.open(planned.name) : null;
      if (stream) this.#tell(`Keep this tab open until ${planned.name} is saved: it is made here while the browser downloads it.`);
      current = plan;
      try {
        // What was asked while the download was prepared reached no plan yet.
        if (job.stopping) throw abortError();
        if (job.state === 'paused') await session.inspector.pause(plan, true);
        return await session.inspector.save(plan, stream?.destination ?? destination, onProgress);
      } finally {
        stream?.close();
      }
    };
    return {
      async run(job, onProgress) {
        rememberPaths(order).catch(() => undefined); // without them it cannot be done again in another worker: no more
        let result: SaveResult;
        try {
          result = await save(life === session.life ? planned : await planOf(order), job, onProgress);
        } catch (error) {
          // The worker keeps a few plans only: who had to wait for long plans again.
          if (destination.to === 'file' && error instanceof Error && error.name === 'WorkerEnded') await removeIfEmpty(destination.handle);
          if (!(error instanceof Unsupported && error.feature === 'no-plan')) throw error;
          result = await save(await planOf(order), job, onProgress);
        }
        if (result.blob) download(result.blob, result.name);
        return result;
      },
      stop: () => void (current !== null && session.inspector.cancel(current).catch(() => undefined)),
      pause: (paused) => void (current !== null && session.inspector.pause(current, paused).catch(() => undefined)),
      again: (job) => {
        this.#jobs.remove(job);
        this.#again(job, order, destination).catch((error: unknown) => this.#onError(error));
      },
    };
  }

  /** A folder goes on where it stopped, without a question; anything else asks for its place again. */
  async #again(job: SaveJob, order: Order, destination: ChosenDestination): Promise<void> {
    if (destination.to !== 'folder') return this.#start(order);
    if (await mayWrite(destination.handle)) this.#add(job.name, order, await planOf(order), destination);
  }

  /** Where the user wants it; null where nothing was chosen. */
  async #destination({ into = USUAL }: Order, plan: SavePlanSummary): Promise<ChosenDestination | null> {
    if (plan.folder) {
      const handle = await chooseFolder();
      return handle && { to: 'folder', handle, existing: into.existing, verify: into.verify };
    }
    if (!canChooseTarget()) return { to: 'blob', limit: memoryLimit() };
    const handle = await chooseTarget(plan.name);
    return handle && { to: 'file', handle };
  }
}
