import { abortError } from '../worker/protocol/errors.ts';
import type { SaveResult } from '../worker/protocol/save.ts';
import type { Attention } from './jobs/attention.svelte.ts';
import type { SaveJob } from './jobs/job.svelte.ts';
import type { Announcer } from './live.svelte.ts';

/** Saves of one image that run at once: its worker also lists directories, and a disk likes few readers. */
const AT_ONCE = 2;

/** All saves of this visit, the newest first: a queue for each image. */
export class Jobs {
  list: readonly SaveJob[] = $state.raw([]);
  readonly #announcer: Announcer;
  readonly #attention: Attention;

  constructor(announcer: Announcer, attention: Attention) {
    this.#announcer = announcer;
    this.#attention = attention;
  }

  /** Those that are not over: at work, paused or waiting; the one to show first stands first. */
  get running(): readonly SaveJob[] {
    const ORDER = { running: 0, paused: 1, waiting: 2 };
    const rank = ({ state }: SaveJob) => ORDER[state as keyof typeof ORDER];
    return this.list.filter((job) => job.active).sort((a, b) => rank(a) - rank(b));
  }

  get anyOver(): boolean {
    return this.list.some((job) => !job.active);
  }

  add(job: SaveJob): void {
    this.list = [job, ...this.list];
    if (!this.#next(job.session)) this.#announcer.say(`${job.name} waits until another save has ended.`);
  }

  hold(job: SaveJob, paused: boolean): void {
    if (job.stopping) return;
    job.hold(paused);
    this.#announcer.say(`${job.name} ${paused ? 'paused' : 'goes on'}.`);
    this.#attention.watch(this.running);
    this.#next(job.session);
  }

  cancel(job: SaveJob): void {
    if (!job.active) return;
    job.stopping = true;
    if (job.state === 'waiting') this.#over(job, () => job.fail(abortError()));
    else job.work.stop();
  }

  /** Do it again; the new job takes the old one's place in the list. */
  retry(job: SaveJob): void {
    job.work.again(job);
  }

  remove(job: SaveJob): void {
    if (!job.active) this.list = this.list.filter((other) => other !== job);
  }

  /** The image's worker is gone: what it was doing will never end by itself. Those that wait begin when there is a new one. */
  abandon(session: number, error: unknown, all = true): readonly SaveJob[] {
    const own = this.list.filter((job) => job.session === session);
    for (const job of own) if (all || job.state !== 'waiting') job.fail(error);
    this.#attention.watch(this.running);
    // What they had asked the worker may have failed with it before.
    return own.filter((job) => job.error === error);
  }

  /** Begin what waits for this image, as after its worker was started again. */
  wake(session: number): void {
    while (this.#next(session));
  }

  clear(): void {
    this.list = this.running;
  }

  /** Begin the oldest that waits, where there is room. */
  #next(session: number): boolean {
    const own = this.list.filter((job) => job.session === session);
    if (own.filter(({ state }) => state === 'running').length >= AT_ONCE) return false;
    const job = own.findLast(({ state }) => state === 'waiting');
    if (!job) return false;
    void this.#run(job);
    return true;
  }

  async #run(job: SaveJob): Promise<void> {
    job.begin();
    this.#attention.watch(this.running);
    this.#announcer.say(`Saving ${job.name}.`);
    let quarter = 1;
    try {
      const result: SaveResult = await job.work.run(job, (progress) => {
        job.advance(progress);
        // A word of progress that comes late must not stand where the end was told.
        if (!job.active || job.part * 4 < quarter || quarter === 4) return;
        quarter = Math.floor(job.part * 4) + 1;
        this.#announcer.say(`${job.name}: ${Math.floor(job.part * 4) * 25} %.`);
      });
      this.#over(job, () => job.finish(result));
    } catch (error) {
      this.#over(job, () => job.fail(error));
    }
  }

  #over(job: SaveJob, end: () => void): void {
    const before = job.active;
    end();
    const sentence = endOf(job);
    if (before) {
      this.#announcer.say(sentence);
      this.#attention.ended(sentence, job.state === 'cancelled');
    }
    this.#attention.watch(this.running);
    this.#next(job.session);
  }
}

/** How a job ended, as it is announced. */
function endOf(job: SaveJob): string {
  if (job.state === 'cancelled') return `Stopped saving ${job.name}.`;
  if (job.state === 'failed') return `${job.name} could not be saved.`;
  const lost = job.result?.failed.length ?? 0;
  return lost > 0 ? `Saved ${job.name}, but not all that was to be in it.` : `Saved ${job.name}.`;
}
