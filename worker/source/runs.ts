import { checkRange, streamByReads, STREAM_CHUNK, type ByteSource } from './source.ts';

/** A piece of a file: stored bytes of the underlying source, or zeros that are stored nowhere. */
export type Run = { readonly offset: number; readonly length: number } | { readonly zeros: number };

export function runLength(run: Run): number {
  return 'zeros' in run ? run.zeros : run.length;
}

/** Several runs of one source in order, as one source: a file of many extents. */
export class RunsSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly runs: readonly Run[];
  readonly #source: ByteSource;
  /** Start of each run in this source, ascending. */
  readonly #starts: Float64Array;

  constructor(source: ByteSource, runs: readonly Run[], name: string) {
    this.name = name;
    this.runs = runs;
    this.#source = source;
    this.#starts = new Float64Array(runs.length);
    let size = 0;
    for (const [index, run] of runs.entries()) {
      this.#starts[index] = size;
      size += runLength(run);
    }
    this.size = size;
  }

  /** The parts of a range: [run, offset in the run, length]. */
  *#parts(offset: number, length: number): Generator<[Run, number, number]> {
    let low = 0;
    let high = this.runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const end = offset + length;
    for (let index = low; index < this.runs.length; index++) {
      const run = this.runs[index] as Run;
      const start = this.#starts[index] ?? 0;
      if (start >= end) return;
      const from = Math.max(offset, start);
      const to = Math.min(end, start + runLength(run));
      if (to > from) yield [run, from - start, to - from];
    }
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, offset, length);
    const parts = [...this.#parts(offset, length)];
    const only = parts[0];
    if (parts.length === 1 && only && 'offset' in only[0]) return this.#source.read(only[0].offset + only[1], only[2], signal);
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const [run, from, count] of parts) {
      if ('offset' in run) bytes.set(await this.#source.read(run.offset + from, count, signal), at);
      at += count;
    }
    return bytes;
  }

  async *stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    checkRange(this, offset, length);
    for (const [run, from, count] of this.#parts(offset, length)) {
      if ('offset' in run) yield* this.#source.stream(run.offset + from, count, signal);
      else yield* streamByReads(zeroReader, 0, count, signal);
    }
  }

  blob(offset: number, length: number): Blob | null {
    checkRange(this, offset, length);
    const pieces: Blob[] = [];
    for (const [run, from, count] of this.#parts(offset, length)) {
      if (!('offset' in run)) return null;
      const piece = this.#source.blob?.(run.offset + from, count);
      if (!piece) return null;
      pieces.push(piece);
    }
    return pieces.length === 1 && pieces[0] ? pieces[0] : new Blob(pieces);
  }
}

const ZEROS = new Uint8Array(64 * 1024);
const zeroReader = {
  async read(_offset: number, length: number): Promise<Uint8Array> {
    return length <= ZEROS.length ? ZEROS.subarray(0, length) : new Uint8Array(Math.min(length, STREAM_CHUNK));
  },
};
