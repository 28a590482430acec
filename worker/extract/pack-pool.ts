import { SourceError } from '../protocol/errors.ts';
import { BLOCK, runPackJob, type Packed, type PackJob } from './pack-job.ts';

/** What a packing worker answers: that it is there, or what came of the first job in its queue, with the job's buffer back. */
export type PackAnswer =
  { readonly ready: true } | { readonly packed: Packed; readonly spare: ArrayBuffer | null } | { readonly failed: string };

const MAX_WORKERS = 8;
/** Smaller contents get a buffer of their size. */
const WORTH_KEEPING = BLOCK / 4;
/** Jobs given to a worker at once: one at work, one that waits. */
const JOBS_EACH = 2;
/** Without workers: jobs begun at once, for a platform that compresses beside this thread. */
const JOBS_HERE = 4;
/** Bytes below which no worker is started for. */
const WORTH_WORKERS = 1024 * 1024;
/** A worker that has not said in this time (milliseconds) that it is there is done without. */
const PATIENCE = 5000;

type Outcome = Extract<PackAnswer, { readonly packed: Packed }>;

interface Waiting {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

interface Lane {
  readonly worker: Worker;
  /** Answers come in the order of the jobs. */
  readonly waiting: Waiting[];
  ended: boolean;
}

/** Compresses on workers of its own, as many as there are cores; on this thread where there are none to be had. */
export class PackPool {
  readonly #lanes: readonly Lane[];
  /** Buffers that came back from jobs: made anew for each MiB they would pile up until they are collected. */
  readonly #spare: ArrayBuffer[] = [];

  private constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
  }

  /** Room for so many bytes of a job; what stands in it is to be written over. */
  room(size: number): Uint8Array<ArrayBuffer> {
    if (size < WORTH_KEEPING || size > BLOCK) return new Uint8Array(size);
    return new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(BLOCK), 0, size);
  }

  /** Start workers for so many bytes, where `start` makes them. */
  static async open(start: (() => Worker) | null | undefined, bytes: number): Promise<PackPool> {
    if (!start || bytes < WORTH_WORKERS) return new PackPool([]);
    const count = Math.min(MAX_WORKERS, Math.max(1, navigator.hardwareConcurrency || 1), Math.ceil(bytes / WORTH_WORKERS));
    const lanes = await Promise.all(Array.from({ length: count }, () => openLane(start)));
    return new PackPool(lanes.filter((lane) => lane !== null));
  }

  /** Jobs worth having under way at once. */
  get width(): number {
    return this.#lanes.length > 0 ? this.#lanes.length * JOBS_EACH : JOBS_HERE;
  }

  /** Carry out a job; its bytes belong to the pool from now on. */
  async pack(job: PackJob): Promise<Packed> {
    const { packed, spare } = await this.#carryOut(job);
    if (spare?.byteLength === BLOCK) this.#spare.push(spare);
    return packed;
  }

  async #carryOut(job: PackJob): Promise<Outcome> {
    let lane: Lane | null = null;
    for (const one of this.#lanes) if (!one.ended && (!lane || one.waiting.length < lane.waiting.length)) lane = one;
    const chosen = lane;
    if (!chosen) {
      const packed = await runPackJob(job);
      return { packed, spare: spareOf(job, packed) };
    }
    return new Promise((resolve, reject) => {
      chosen.waiting.push({ resolve, reject });
      chosen.worker.postMessage(job, [job.bytes.buffer]);
    });
  }

  /** Done with it: what is under way is not finished. */
  close(): void {
    for (const { worker, waiting } of this.#lanes) {
      worker.terminate();
      for (const { reject } of waiting) reject(new DOMException('The pool was closed.', 'AbortError'));
    }
  }
}

/** The buffer of a job that is done, where what came of it does not stand there. */
export function spareOf({ bytes: { buffer } }: PackJob, { bytes }: Packed): ArrayBuffer | null {
  return bytes.buffer === buffer ? null : buffer;
}

/** A worker that has said that it is there; null where none could be had. */
function openLane(start: () => Worker): Promise<Lane | null> {
  return new Promise((resolve) => {
    let lane: Lane;
    try {
      lane = { worker: start(), waiting: [], ended: false };
    } catch {
      resolve(null); // no nested workers here
      return;
    }
    const { worker, waiting } = lane;
    const none = (): void => {
      lane.ended = true;
      worker.terminate();
      resolve(null);
    };
    const timer = setTimeout(none, PATIENCE);
    worker.onmessage = ({ data }: MessageEvent<PackAnswer>) => {
      if ('ready' in data) {
        clearTimeout(timer);
        resolve(lane);
      } else if ('packed' in data) waiting.shift()?.resolve(data);
      else waiting.shift()?.reject(broken(data.failed));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      none();
      for (const one of waiting.splice(0)) one.reject(broken(event.message));
    };
  });
}

function broken(reason: string): SourceError {
  return new SourceError('unreadable', `Compressing failed: ${reason || 'the browser ended a worker'}. Save it again.`);
}
