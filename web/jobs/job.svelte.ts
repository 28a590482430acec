import type { SavePlanSummary, SaveProgress, SaveResult } from '../../worker/protocol/save.ts';
import { isAbort } from '../../worker/protocol/errors.ts';
import { timeLeft } from '../figures.ts';

/** `waiting`: others of the same image are at work first; `paused`: held by the user. The rest is over. */
export type JobState = 'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';

/** What a job does when it is its turn, and how it is steered meanwhile. */
export interface Work {
  /** Do it, from the beginning; rejects with an AbortError when stopped. */
  run(job: SaveJob, onProgress: (progress: SaveProgress) => void): Promise<SaveResult>;
  stop(): void;
  pause(paused: boolean): void;
  /** Do it again after it ended badly, which may ask for a place first. */
  again(job: SaveJob): void;
}

/** How far the measured speed follows the newest figure, per second of time passed (EWMA over 10 s). */
const SPEED_WINDOW = 10;
/** Before this many seconds a guess of the time left is worth nothing. */
const GUESS_AFTER = 3;
/** Without a word for so long (seconds) the page slept, or the job was held: that is no speed. */
const GAP = 5;

let jobs = 0;

/** One save: waiting, under way or over. */
export class SaveJob {
  readonly id = ++jobs;
  /** Name of the file or folder that is written. */
  readonly name: string;
  /** The image it comes from. */
  readonly session: number;
  readonly image: string;
  /** What was planned: files, bytes, and what is changed or left out. */
  readonly plan: SavePlanSummary;
  state: JobState = $state('waiting');
  progress: SaveProgress | null = $state.raw(null);
  /** Bytes a second; 0 while not known. */
  speed = $state(0);
  result: SaveResult | null = $state.raw(null);
  error: unknown = $state.raw(null);
  /** True once somebody wants it to stop. */
  stopping = $state(false);
  /** True where what was written before it ended badly stands whole and stays: in a folder. */
  readonly keeps: boolean;
  readonly work: Work;
  #running = 0;
  #last = { time: 0, done: 0 };

  constructor(
    name: string,
    session: { readonly id: number; readonly file: File },
    plan: SavePlanSummary,
    work: Work,
    { keeps }: { readonly keeps: boolean } = { keeps: false },
  ) {
    this.name = name;
    this.session = session.id;
    this.image = session.file.name;
    this.plan = plan;
    this.work = work;
    this.keeps = keeps;
  }

  /** Waiting, running or paused. */
  get active(): boolean {
    return this.state === 'waiting' || this.state === 'running' || this.state === 'paused';
  }

  /** Part that is done, 0 to 1. */
  get part(): number {
    if (this.state === 'done') return 1;
    const { progress } = this;
    return progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
  }

  /** "62 %, 12 s left". */
  get pace(): string {
    if (this.state === 'waiting') return 'waiting';
    const percent = `${Math.floor(this.part * 100)} %`;
    if (this.state === 'paused') return `${percent}, paused`;
    const { progress } = this;
    if (!progress || this.speed <= 0 || this.#running < GUESS_AFTER) return percent;
    return `${percent}, ${timeLeft((progress.total - progress.done) / this.speed)}`;
  }

  begin(): void {
    this.state = 'running';
    this.#last = { time: performance.now(), done: 0 };
  }

  advance(progress: SaveProgress): void {
    if (!this.active) return;
    this.progress = progress;
    const time = performance.now();
    const seconds = (time - this.#last.time) / 1000;
    if (seconds < 0.25) return;
    if (seconds < GAP) {
      const now = (progress.done - this.#last.done) / seconds;
      const weight = this.speed === 0 ? 1 : 1 - Math.exp(-seconds / SPEED_WINDOW);
      this.speed += (now - this.speed) * weight;
      this.#running += seconds;
    }
    this.#last = { time, done: progress.done };
  }

  hold(paused: boolean): void {
    if (this.stopping || this.state !== (paused ? 'running' : 'paused')) return;
    this.state = paused ? 'paused' : 'running';
    this.#last = { time: performance.now(), done: this.progress?.done ?? 0 };
    this.work.pause(paused);
  }

  /** It ended by an error, or because it was cancelled. */
  fail(error: unknown): void {
    if (!this.active) return;
    this.state = isAbort(error) ? 'cancelled' : 'failed';
    this.error = error;
  }

  finish(result: SaveResult): void {
    if (!this.active) return;
    this.state = 'done';
    this.result = result;
  }
}
