import { crc32 } from '../codec/crc32.ts';
import type { ContentSums } from '../source/packing.ts';
import { byPlace, checksumOf } from './checksum.ts';
import { RunningCrc } from './crc.ts';
import type { ExtractionPlan } from './plan.ts';
import type { ProgressMeter } from './progress.ts';

/** Members whose bytes lie so close are read in one go, the gap with them. */
const GAP = 256 * 1024;
/** A go of up to so many bytes is one read; beyond it is streamed. */
const MAX_READ = 1024 * 1024;
/** Members are summed in windows of so many bytes, the next while one is written: its bytes are then still in the system's cache. */
const WINDOW = 64 * 1024 * 1024;

/** What is summed of, and by which rules. */
interface Subject {
  readonly plan: ExtractionPlan;
  /** Where the sums go, by member. */
  readonly crcs: Uint32Array;
  /** Members that are left out. */
  readonly except: ReadonlySet<number>;
  /** Contents in one run below so many bytes pass through memory when they are written. */
  readonly sliceFrom: number;
  readonly progress: ProgressMeter;
  readonly signal: AbortSignal | undefined;
}

/**
 * The CRCs of a plan's members while they are written: of small files from the bytes on their way,
 * of all others in a reading of their own that stays a little ahead.
 */
export class MemberSums implements ContentSums {
  readonly #of: Subject;
  /** Members that are summed ahead, in the order of the plan. */
  readonly #apart: number[] = [];
  /** Where each window ends in that list. */
  readonly #ends: number[] = [];
  readonly #windows: Promise<void>[] = [];
  /** Windows that are summed. */
  #done = 0;
  readonly #stop = new AbortController();
  /** The first member summed of those that begin at an offset. */
  readonly #first = new Map<number, number>();

  constructor(subject: Subject) {
    this.#of = subject;
    const { plan, except, progress, signal } = subject;
    let bytes = 0;
    let total = 0;
    for (let index = 0; index < plan.count; index++) {
      if (plan.kind(index) !== 'file' || plan.size(index) === 0 || plan.isDecoded(index) || except.has(index)) continue;
      if (this.#together(index)) continue;
      this.#apart.push(index);
      total += plan.size(index);
      bytes += plan.size(index);
      if (bytes < WINDOW) continue;
      this.#ends.push(this.#apart.length);
      bytes = 0;
    }
    if (bytes > 0) this.#ends.push(this.#apart.length);
    progress.spare(-total);
    signal?.addEventListener('abort', () => this.#stop.abort(signal.reason), { signal: this.#stop.signal });
    this.#begin(0);
  }

  take(index: number, bytes: Uint8Array): void {
    if (this.#together(index)) this.#of.crcs[index] = crc32(bytes);
  }

  ready(index: number): Promise<void> | null {
    const next = this.#apart[this.#ends[this.#done - 1] ?? 0];
    if (next === undefined || index < next || this.#of.plan.size(index) === 0 || this.#together(index)) return null;
    let window = this.#done;
    while ((this.#apart[(this.#ends[window] as number) - 1] as number) < index) window++;
    this.#begin(window + 1);
    return this.#windows[window] as Promise<void>;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Whether a member's bytes pass through memory behind its header. */
  #together(index: number): boolean {
    const run = this.#of.plan.onlyRun(index);
    return run !== null && run.length < this.#of.sliceFrom;
  }

  /** Let windows up to this one be summed, one after another. */
  #begin(last: number): void {
    while (this.#windows.length <= Math.min(last, this.#ends.length - 1)) {
      const window = this.#windows.length;
      const before = this.#windows[window - 1] ?? Promise.resolve();
      const summed = before.then(async () => {
        await this.#sum(this.#apart.slice(this.#ends[window - 1] ?? 0, this.#ends[window]));
        this.#done = window + 1;
      });
      summed.catch(() => undefined); // comes up where the window is waited for
      this.#windows.push(summed);
    }
  }

  /** Sum up members in the order of place on disc: neighbours in one go, the same bytes once. */
  async #sum(members: readonly number[]): Promise<void> {
    const { plan, crcs, progress } = this.#of;
    let sweep: number[] = [];
    let end = 0;
    const copies: (readonly [number, number])[] = [];
    for (const index of byPlace(plan, members)) {
      const run = plan.onlyRun(index);
      if (!run) {
        crcs[index] = await checksumOf(plan, index, progress, this.#stop.signal);
        continue;
      }
      const original = this.#first.get(run.offset);
      if (original !== undefined && plan.sameContents(original, index)) {
        copies.push([index, original]);
        progress.add(plan.size(index), () => plan.path(index));
        continue;
      }
      this.#first.set(run.offset, index);
      if (sweep.length > 0 && !(run.offset >= end && run.offset <= end + GAP)) {
        await this.#sweep(sweep);
        sweep = [];
      }
      sweep.push(index);
      end = run.offset + run.length;
    }
    if (sweep.length > 0) await this.#sweep(sweep);
    for (const [copy, original] of copies) crcs[copy] = crcs[original] as number;
  }

  /** CRCs of files that lie one after another, in one pass over their bytes. */
  async #sweep(members: readonly number[]): Promise<void> {
    const { plan, crcs, progress } = this.#of;
    const signal = this.#stop.signal;
    const runs = members.map((index) => plan.onlyRun(index) as { offset: number; length: number });
    const start = (runs[0] as { offset: number }).offset;
    const last = runs[runs.length - 1] as { offset: number; length: number };
    const length = last.offset + last.length - start;
    const chunks = length <= MAX_READ ? [await plan.image.read(start, length, signal)] : plan.image.stream(start, length, signal);
    let at = 0;
    let position = start;
    let crc: RunningCrc | null = null;
    for await (const chunk of chunks) {
      const end = position + chunk.length;
      for (let run = runs[at]; run && run.offset < end; run = runs[at]) {
        const index = members[at] as number;
        crc ??= await RunningCrc.begin(run.length);
        const from = Math.max(run.offset, position);
        const to = Math.min(run.offset + run.length, end);
        crc.update(chunk.subarray(from - position, to - position));
        progress.add(to - from, () => plan.path(index));
        if (to < run.offset + run.length) break;
        crcs[index] = crc.finish();
        crc = null;
        at++;
      }
      position = end;
    }
  }
}
