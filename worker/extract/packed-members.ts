import { isAbort } from '../protocol/errors.ts';
import { REACH } from '../codec/deflate.ts';
import { readTogether, type SmallRead } from '../source/packing.ts';
import { isCompressedKind } from './compressed-kinds.ts';
import { undecodable } from './contents.ts';
import { Line } from './line.ts';
import type { Member } from './member.ts';
import { BLOCK, type Packed } from './pack-job.ts';
import type { PackPool } from './pack-pool.ts';
import type { ExtractionPlan } from './plan.ts';
import { STORED } from './zip-records.ts';

// Members up to a block's size are compressed whole, many in a job; larger ones in blocks.
const JOB_MEMBERS = 512;
/** Small members read together, in the order in which they lie on disc. */
const WINDOW_BYTES = 4 * 1024 * 1024;
const WINDOW_MEMBERS = 8192;
/** Bytes under way at least, so that reading goes on while a window is compressed. */
const LEAST_AHEAD = 6 * 1024 * 1024;
const encoder = new TextEncoder();

/** A member's next bytes as they stand in the archive, or why there are none. */
export interface PackedPart {
  readonly member: Member;
  /** The member's first and its last part; both for all that is not large. */
  readonly first: boolean;
  readonly last: boolean;
  readonly method: number;
  /** CRC-32 and length of the contents in this part. */
  readonly crc: number;
  readonly size: number;
  readonly bytes: Uint8Array;
  /** Why it cannot be decoded: what came of it before is void. */
  readonly failed: string | null;
}

/**
 * The members of a plan compressed by a pool, in the order of the plan: reading runs ahead in the order of place on disc,
 * jobs run side by side, and what comes out does not depend on which ends first. Those in `except` are left out.
 */
export async function* packedMembers(
  plan: ExtractionPlan,
  pool: PackPool,
  except: ReadonlySet<number>,
  signal?: AbortSignal,
): AsyncGenerator<PackedPart, void, void> {
  const line = new Line<readonly PackedPart[]>(Math.max(LEAST_AHEAD, pool.width * BLOCK));
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  const reading = new Reader(plan, pool, line, stop.signal).run(except).then(
    () => line.end(),
    (error: unknown) => line.fail(error as Error),
  );
  try {
    for await (const parts of line.results(signal)) yield* parts;
  } finally {
    cancel();
    signal?.removeEventListener('abort', cancel);
    await reading;
  }
}

class Reader {
  readonly #plan: ExtractionPlan;
  readonly #pool: PackPool;
  readonly #line: Line<readonly PackedPart[]>;
  readonly #signal: AbortSignal;
  #window: Member[] = [];
  #windowBytes = 0;

  constructor(plan: ExtractionPlan, pool: PackPool, line: Line<readonly PackedPart[]>, signal: AbortSignal) {
    this.#plan = plan;
    this.#pool = pool;
    this.#line = line;
    this.#signal = signal;
  }

  async run(except: ReadonlySet<number>): Promise<void> {
    for (const member of this.#plan.members(except)) {
      const size = member.kind === 'file' ? member.size : 0;
      if (size > BLOCK) {
        await this.#readWindow();
        await this.#large(member);
        continue;
      }
      if (this.#windowBytes + size > WINDOW_BYTES || this.#window.length >= WINDOW_MEMBERS) await this.#readWindow();
      this.#window.push(member);
      this.#windowBytes += size;
    }
    await this.#readWindow();
  }

  /** Read the small members that wait, and give them to the pool in jobs. */
  async #readWindow(): Promise<void> {
    this.#signal.throwIfAborted();
    const members = this.#window;
    this.#window = [];
    this.#windowBytes = 0;
    const jobs: Job[] = [];
    const reads: SmallRead[] = [];
    for (let from = 0; from < members.length;) {
      const job = new Job(members, from, this.#pool);
      from += job.members.length;
      jobs.push(job);
      for (const [at, member] of job.members.entries()) {
        const into = job.place(at);
        const run = this.#plan.onlyRun(member.index);
        if (member.kind === 'symlink') into.set(encoder.encode(member.target ?? ''));
        else if (member.kind !== 'file' || member.size === 0) continue;
        else if (run) reads.push({ source: this.#plan.image, offset: run.offset, into });
        else {
          const reason = await this.#undecodable(async () => {
            into.set(await this.#plan.contents(member.index).read(0, member.size, this.#signal));
          });
          if (reason !== null) job.failed.set(at, reason);
        }
      }
    }
    await readTogether(reads, this.#signal);
    const { compression } = this.#plan.request;
    for (const job of jobs) {
      const packing = this.#pool.pack({ bytes: job.bytes, compression, lengths: job.lengths, keep: job.keep, block: null });
      await this.#line.put(
        job.lengths.reduce((sum, length) => sum + length, 1),
        packing.then((packed) => job.parts(packed)),
      );
    }
  }

  /** Give a member to the pool in blocks; where the first does not shrink, the others are only summed. */
  async #large(member: Member): Promise<void> {
    let begun: Promise<Packed> | null = null;
    let stored = isCompressedKind(member.path);
    let before: Uint8Array | null = null;
    let done = 0;
    const reason = await this.#undecodable(async () => {
      const stream = this.#plan.contents(member.index).stream(0, member.size, this.#signal);
      for await (const bytes of blocks(stream, member.size, this.#pool)) {
        this.#signal.throwIfAborted();
        const size = bytes.length;
        const [first, last] = [done === 0, done + size === member.size];
        if (begun && !stored) stored = (await begun).methods[0] === STORED;
        const compression = stored ? 'stored' : this.#plan.request.compression;
        const reach = compression === 'small' && !last ? bytes.slice(-REACH) : null;
        const packing = this.#pool.pack({
          bytes,
          compression,
          lengths: Uint32Array.of(size),
          keep: new Uint8Array(1),
          block: { begins: first, last, before },
        });
        if (first) begun = packing;
        before = reach;
        done += size;
        const part = packing.then(({ bytes: out, crcs, methods }): PackedPart[] => [
          { member, first, last, method: methods[0] as number, crc: crcs[0] as number, size, bytes: out, failed: null },
        ]);
        await this.#line.put(size, part);
      }
    });
    if (reason !== null) await this.#line.put(1, Promise.resolve([failure(member, reason)]));
  }

  /** Carry out a step; a text where contents cannot be decoded. */
  async #undecodable(step: () => Promise<void>): Promise<string | null> {
    try {
      await step();
      return null;
    } catch (error) {
      const reason = isAbort(error) ? null : undecodable(error);
      if (reason === null) throw error;
      return reason;
    }
  }
}

/** Small members that are compressed together. */
class Job {
  readonly members: readonly Member[];
  readonly lengths: Uint32Array;
  readonly keep: Uint8Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly failed = new Map<number, string>();
  readonly #starts: Uint32Array;

  /** The members from a place on, as many as fit. */
  constructor(all: readonly Member[], from: number, pool: PackPool) {
    const sizes: number[] = [];
    let size = 0;
    for (let at = from; at < all.length && sizes.length < JOB_MEMBERS && (sizes.length === 0 || size < BLOCK / 2); at++) {
      const member = all[at] as Member;
      const bytes = member.kind === 'symlink' ? encoder.encode(member.target ?? '').length : member.kind === 'file' ? member.size : 0;
      sizes.push(bytes);
      size += bytes;
    }
    this.members = all.slice(from, from + sizes.length);
    this.lengths = Uint32Array.from(sizes);
    this.keep = Uint8Array.from(this.members, ({ kind, path }) => (kind === 'file' && !isCompressedKind(path) ? 0 : 1));
    this.bytes = pool.room(size);
    this.#starts = new Uint32Array(sizes.length);
    for (let at = 1; at < sizes.length; at++) this.#starts[at] = (this.#starts[at - 1] as number) + (sizes[at - 1] as number);
  }

  /** Where the contents of one of the members go. */
  place(at: number): Uint8Array<ArrayBuffer> {
    const start = this.#starts[at] as number;
    return this.bytes.subarray(start, start + (this.lengths[at] as number));
  }

  parts({ bytes, lengths, crcs, methods }: Packed): PackedPart[] {
    let start = 0;
    return this.members.map((member, at) => {
      const own = bytes.subarray(start, (start += lengths[at] as number));
      const reason = this.failed.get(at);
      if (reason !== undefined) return failure(member, reason);
      const size = this.lengths[at] as number;
      return { member, first: true, last: true, method: methods[at] as number, crc: crcs[at] as number, size, bytes: own, failed: null };
    });
  }
}

function failure(member: Member, failed: string): PackedPart {
  return { member, first: false, last: true, method: STORED, crc: 0, size: 0, bytes: new Uint8Array(0), failed };
}

/** A stream of so many bytes in blocks, each in room of the pool. */
export async function* blocks(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  pool: PackPool,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let left = size;
  let block = pool.room(Math.min(BLOCK, left));
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const length = Math.min(chunk.length - at, block.length - filled);
      block.set(chunk.subarray(at, at + length), filled);
      at += length;
      filled += length;
      if (filled < block.length) continue;
      left -= filled;
      yield block;
      block = pool.room(Math.min(BLOCK, left));
      filled = 0;
    }
  }
}
