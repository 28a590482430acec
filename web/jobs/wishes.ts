import { abortError, Unsupported } from '../../worker/protocol/errors.ts';
import type {
  ExistingFiles,
  FolderSurvey,
  SaveDestination,
  SavePlanSummary,
  SaveProgress,
  SaveRequest,
  SaveResult,
} from '../../worker/protocol/save.ts';
import { isGone } from '../inspector.ts';
import type { Jobs } from '../jobs.svelte.ts';
import { canChooseTarget, chooseFolder, chooseTarget, download, mayWrite, memoryLimit, removeIfEmpty, wishIsFresh } from '../pickers.ts';
import type { Question, Saving } from '../saving.svelte.ts';
import { SaveJob, type Work } from './job.svelte.ts';
import { planOf, rememberPaths, sameOrder, type Order } from './order.ts';
import type { Choices } from './usual.ts';

/** So much may be computed into memory without a thought: such a download does not break when the tab is closed. */
const SMALL = 16 * 1024 * 1024;

/**
 * Whether a save without a file to write to is better streamed: what slices give, and what is small, is not. What is
 * compressed has to be done twice for that, first to measure it: only where memory does not hold it.
 */
const wantsStream = (plan: SavePlanSummary): boolean => plan.computed > (plan.size === null ? memoryLimit() : SMALL);

/** What streams downloads, loaded when the first is wanted. */
const streaming = () => import('../downloads.ts');

/** A download is opened when it is its turn, and anew when it is done again. */
type ChosenDestination = Exclude<SaveDestination, { to: 'download' }>;

/** What the page gives to whoever carries out wishes. */
export interface Surroundings {
  readonly jobs: Jobs;
  /** How the last folder was saved. */
  readonly usual: () => Choices;
  readonly remember: (change: Partial<Choices>) => void;
  readonly onError: (error: unknown) => void;
  readonly tell: (sentence: string) => void;
}

/** From a wish to a running job: plan, ask if there is something to ask, choose a place, save. */
export class Wishes {
  /** What is asked now, and that something is being planned, are the page's to show. */
  readonly #shown: Saving;
  readonly #page: Surroundings;
  /** Questions about files that exist come one after another. */
  #asking: Promise<unknown> = Promise.resolve();
  /** What is, or was last, planned. */
  #planned: Order | null = null;

  constructor(shown: Saving, page: Surroundings) {
    this.#shown = shown;
    this.#page = page;
  }

  /** Plan an order; ask first where there is something that the user should know. */
  async start(order: Order): Promise<void> {
    if (this.#shown.planning) {
      // A second click on the same is no second wish.
      if (!this.#planned || !sameOrder(order, this.#planned))
        this.#page.tell('The last save is still being planned: ask again in a moment.');
      return;
    }
    this.#planned = order;
    this.#shown.planning = true;
    try {
      const plan = await planOf(order);
      const question = await this.#questionOf(plan);
      if (question) this.#shown.pending = { question, order, plan };
      else this.#begin(order, plan);
    } catch (error) {
      this.#page.onError(error);
    } finally {
      this.#shown.planning = false;
    }
  }

  /** Carry out what the user has just seen planned. */
  async carryOut(order: Order, plan: SavePlanSummary): Promise<void> {
    if ((await this.#questionOf(plan)) === 'refused') this.#shown.pending = { question: 'refused', order, plan };
    else this.#begin(order, plan);
  }

  /** The user said yes to what was asked; `verify`: whether a folder is compared after writing. */
  confirm(verify: boolean): void {
    const { pending } = this.#shown;
    this.#shown.pending = null;
    if (!pending) return;
    if (pending.plan.folder) this.#page.remember({ verify });
    this.#begin(pending.order, pending.plan);
  }

  /** Plan the same again in another way: what is there of cut files, or an archive that needs no memory. */
  async change(change: Partial<SaveRequest>): Promise<void> {
    const order = this.#shown.pending?.order;
    this.#shown.pending = null;
    if (order?.request) await this.start({ ...order, request: { ...order.request, ...change } });
  }

  async #questionOf(plan: SavePlanSummary): Promise<Question | null> {
    if (plan.files + plan.directories === 0 && plan.leftOutCount > 0) return 'empty';
    if (!canChooseTarget() && plan.computed > memoryLimit() && !(wantsStream(plan) && (await (await streaming()).canStream())))
      return 'refused';
    // A folder is always reviewed: hardly a disc is without dates, which it cannot keep.
    if (plan.changeCount > 0 || plan.leftOutCount > 0 || plan.folder) return 'review';
    return canChooseTarget() && !wishIsFresh() ? 'choose' : null;
  }

  /** Saves are planned beside each other: nobody waits for one to end before the next is asked for. */
  #begin(order: Order, plan: SavePlanSummary): void {
    this.#queue(order, plan).catch((error: unknown) => this.#page.onError(error));
  }

  async #queue(order: Order, plan: SavePlanSummary): Promise<void> {
    const destination = await this.#destination(order, plan);
    if (!destination) return;
    const name = destination.to === 'blob' ? plan.name : destination.handle.name;
    this.#add(name, order, plan, destination);
  }

  #add(name: string, order: Order, plan: SavePlanSummary, destination: ChosenDestination): void {
    const work = this.#work(order, plan, destination);
    this.#page.jobs.add(new SaveJob(name, order.session, plan, work, { keeps: destination.to === 'folder' }));
  }

  #work(order: Order, planned: SavePlanSummary, destination: ChosenDestination): Work {
    const { session } = order;
    const { life } = session;
    let current: number | null = null;
    const save = async ({ plan }: SavePlanSummary, job: SaveJob, onProgress: (progress: SaveProgress) => void): Promise<SaveResult> => {
      if (job.stopping) throw abortError();
      const stream =
        destination.to === 'blob' && wantsStream(planned) ? await (await streaming()).StreamedDownload.open(planned.name) : null;
      if (stream) this.#page.tell(`Keep this tab open until ${planned.name} is saved: it is made here while the browser downloads it.`);
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
          if (destination.to === 'file' && isGone(error)) await removeIfEmpty(destination.handle);
          // The worker keeps a few plans only: who had to wait for long plans again.
          if (!(error instanceof Unsupported && error.feature === 'no-plan')) throw error;
          result = await save(await planOf(order), job, onProgress);
        }
        if (result.blob) download(result.blob, result.name);
        return result;
      },
      stop: () => void (current !== null && session.inspector.cancel(current).catch(() => undefined)),
      pause: (paused) => void (current !== null && session.inspector.pause(current, paused).catch(() => undefined)),
      again: (job) => {
        this.#page.jobs.remove(job);
        this.#again(job, order, destination).catch((error: unknown) => this.#page.onError(error));
      },
    };
  }

  /** A folder goes on where it stopped, without a question; anything else asks for its place again. */
  async #again(job: SaveJob, order: Order, destination: ChosenDestination): Promise<void> {
    if (destination.to !== 'folder') return this.start(order);
    if (await mayWrite(destination.handle)) this.#add(job.name, order, await planOf(order), destination);
  }

  /** Where the user wants it; null where nothing was chosen. */
  async #destination(order: Order, plan: SavePlanSummary): Promise<ChosenDestination | null> {
    if (plan.folder) {
      const handle = await chooseFolder();
      const existing = handle && (await this.#existing(order, plan, handle));
      return existing && { to: 'folder', handle, existing, verify: this.#page.usual().verify };
    }
    if (!canChooseTarget()) return { to: 'blob', limit: memoryLimit() };
    const handle = await chooseTarget(plan.name);
    return handle && { to: 'file', handle };
  }

  /** What is to be done with files that stand in the folder already: asked where there are any; null for nothing at all. */
  async #existing(order: Order, plan: SavePlanSummary, folder: FileSystemDirectoryHandle): Promise<ExistingFiles | null> {
    const { existing, resumes } = await this.#survey(order, plan, folder);
    if (resumes) {
      this.#page.tell(`The same was being saved into “${folder.name}” before and was interrupted: it goes on where it stopped.`);
      return resumes;
    }
    const usual = this.#page.usual().existing;
    if (existing === 0) return usual;
    const asked = this.#asking.then(
      () =>
        new Promise<ExistingFiles | null>((answer) => {
          this.#shown.clash = { folder: folder.name, existing, files: plan.files, usual, answer };
        }),
    );
    this.#asking = asked;
    const choice = await asked;
    this.#shown.clash = null;
    if (choice) this.#page.remember({ existing: choice });
    return choice;
  }

  async #survey(order: Order, plan: SavePlanSummary, folder: FileSystemDirectoryHandle): Promise<FolderSurvey> {
    const { session, life } = order;
    const again = async (): Promise<FolderSurvey> => session.inspector.survey((await planOf(order)).plan, folder);
    if (life !== session.life) return again();
    return session.inspector.survey(plan.plan, folder).catch((error: unknown) => {
      // The worker keeps a few plans only.
      if (error instanceof Unsupported && error.feature === 'no-plan') return again();
      throw error;
    });
  }
}
