import type { SaveProgress, SaveResult } from '../worker/protocol/save.ts';
import { isAbort } from '../worker/protocol/errors.ts';
import { size, timeLeft } from './figures.ts';
import type { Announcer } from './live.svelte.ts';

export type JobState = 'running' | 'done' | 'failed' | 'cancelled';

/** How far the measured speed follows the newest figure, per second of time passed (EWMA over 10 s). */
const SPEED_WINDOW = 10;
/** Before this many seconds a guess of the time left is worth nothing. */
const GUESS_AFTER = 3;

let jobs = 0;

/** One save under way or over. */
export class SaveJob {
  readonly id = ++jobs;
  /** Name of the file that is written. */
  readonly name: string;
  /** The image it comes from. */
  readonly session: number;
  readonly image: string;
  readonly bytes: number;
  state: JobState = $state('running');
  progress: SaveProgress | null = $state.raw(null);
  /** Bytes a second; 0 while not known. */
  speed = $state(0);
  result: SaveResult | null = $state.raw(null);
  error: unknown = $state.raw(null);
  /** True once somebody wants it to stop. */
  stopping = $state(false);
  readonly #stop: () => void;
  readonly #started = performance.now();
  #last = { time: performance.now(), done: 0 };

  constructor(name: string, session: { readonly id: number; readonly file: File }, bytes: number, stop: () => void) {
    this.name = name;
    this.session = session.id;
    this.image = session.file.name;
    this.bytes = bytes;
    this.#stop = stop;
  }

  /** Part that is done, 0 to 1. */
  get part(): number {
    if (this.state === 'done') return 1;
    const { progress } = this;
    return progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
  }

  /** "62 %, 12 s left". */
  get pace(): string {
    const percent = `${Math.floor(this.part * 100)} %`;
    const { progress } = this;
    const elapsed = (this.#last.time - this.#started) / 1000;
    if (!progress || this.speed <= 0 || elapsed < GUESS_AFTER) return percent;
    return `${percent}, ${timeLeft((progress.total - progress.done) / this.speed)}`;
  }

  get speedText(): string {
    return this.speed > 0 ? `${size(this.speed)}/s` : '';
  }

  advance(progress: SaveProgress): void {
    if (this.state !== 'running') return;
    this.progress = progress;
    const time = performance.now();
    const seconds = (time - this.#last.time) / 1000;
    if (seconds < 0.25) return;
    const now = (progress.done - this.#last.done) / seconds;
    const weight = this.speed === 0 ? 1 : 1 - Math.exp(-seconds / SPEED_WINDOW);
    this.speed += (now - this.speed) * weight;
    this.#last = { time, done: progress.done };
  }

  cancel(): void {
    if (this.state !== 'running') return;
    this.stopping = true;
    this.#stop();
  }

  /** It ended by an error, or because it was cancelled. */
  fail(error: unknown): void {
    if (this.state !== 'running') return;
    this.state = isAbort(error) ? 'cancelled' : 'failed';
    this.error = error;
  }

  finish(result: SaveResult): void {
    if (this.state !== 'running') return;
    this.state = 'done';
    this.result = result;
  }
}

/** All saves of this visit, the newest first. */
export class Jobs {
  list: readonly SaveJob[] = $state.raw([]);
  readonly #announcer: Announcer;

  constructor(announcer: Announcer) {
    this.#announcer = announcer;
  }

  get running(): readonly SaveJob[] {
    return this.list.filter((job) => job.state === 'running');
  }

  /** Follow a save until it ends. */
  async run(job: SaveJob, work: (onProgress: (progress: SaveProgress) => void) => Promise<SaveResult>): Promise<SaveResult | null> {
    this.list = [job, ...this.list];
    this.#announcer.say(`Saving ${job.name}.`);
    let quarter = 1;
    try {
      const result = await work((progress) => {
        job.advance(progress);
        if (job.part * 4 >= quarter && quarter < 4) {
          quarter = Math.floor(job.part * 4) + 1;
          this.#announcer.say(`${job.name}: ${Math.floor(job.part * 4) * 25} %.`);
        }
      });
      job.finish(result);
      this.#announcer.say(`Saved ${job.name}.`);
      return result;
    } catch (error) {
      job.fail(error);
      this.#announcer.say(job.state === 'cancelled' ? `Stopped saving ${job.name}.` : `${job.name} could not be saved.`);
      return null;
    }
  }

  /** The image's worker is gone: what it was doing will never end by itself. */
  abandon(session: number, error: unknown): void {
    for (const job of this.running) if (job.session === session) job.fail(error);
  }

  clear(): void {
    this.list = this.running;
  }
}
