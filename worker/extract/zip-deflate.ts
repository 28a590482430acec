import type { SaveProgress } from '../protocol/save.ts';
import { readTogether, type SmallRead } from '../source/packing.ts';
import { undecodable } from './contents.ts';
import { crc32, RunningCrc } from './crc.ts';
import { deflated, deflatedStream, isCompressedKind } from './deflate.ts';
import { assertSafePath } from './names.ts';
import type { Member } from './member.ts';
import type { ExtractionPlan } from './plan.ts';
import { ProgressMeter } from './progress.ts';
import type { Sink } from './sink.ts';
import { centralHeader, DEFLATED, endRecords, localHeader, STORED, type Stored } from './zip-records.ts';

/** Members up to this size are compressed in memory, so that their header is exact at once. */
const SMALL = 4 * 1024 * 1024;
/** Small members read and compressed together. */
const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH_MEMBERS = 1024;
const IN_FLIGHT = 4;
/** After so much that hardly shrinks, the rest is not tried. */
const GIVE_UP_AFTER = 64 * 1024 * 1024;
const GIVE_UP_RATIO = 0.99;
const CENTRAL_WRITE = 1024 * 1024;
const encoder = new TextEncoder();

/** Write a plan as a ZIP whose members are deflated where that makes them smaller; returns what failed to decode. */
export async function writeDeflatedZip(
  plan: ExtractionPlan,
  sink: Sink,
  onProgress?: (progress: SaveProgress) => void,
  signal?: AbortSignal,
): Promise<Map<number, string>> {
  const progress = new ProgressMeter(plan.bytes, onProgress);
  const writer = new DeflateWriter(plan, sink, progress, signal);
  let batch: Member[] = [];
  let bytes = 0;
  for (const member of plan.members()) {
    assertSafePath(member.path);
    const large = member.size > SMALL;
    if (large || bytes + member.size > BATCH_BYTES || batch.length >= BATCH_MEMBERS) {
      await writer.small(batch);
      batch = [];
      bytes = 0;
    }
    if (large) await writer.large(member);
    else {
      batch.push(member);
      bytes += member.size;
    }
  }
  await writer.small(batch);
  await writer.finish();
  progress.finish();
  return writer.failed;
}

class DeflateWriter {
  readonly failed = new Map<number, string>();
  readonly #plan: ExtractionPlan;
  readonly #sink: Sink;
  readonly #progress: ProgressMeter;
  readonly #signal: AbortSignal | undefined;
  /** Of the members written: index, offset of the local header, CRC, method, stored bytes. */
  readonly #index: Uint32Array;
  readonly #offset: Float64Array;
  readonly #crc: Uint32Array;
  readonly #method: Uint8Array;
  readonly #compressed: Float64Array;
  #count = 0;
  /** Bytes of the large member at work that progress has seen. */
  #counted = 0;

  constructor(plan: ExtractionPlan, sink: Sink, progress: ProgressMeter, signal: AbortSignal | undefined) {
    this.#plan = plan;
    this.#sink = sink;
    this.#progress = progress;
    this.#signal = signal;
    this.#index = new Uint32Array(plan.count);
    this.#offset = new Float64Array(plan.count);
    this.#crc = new Uint32Array(plan.count);
    this.#method = new Uint8Array(plan.count);
    this.#compressed = new Float64Array(plan.count);
  }

  #record(member: Member, offset: number, stored: Stored): void {
    this.#index[this.#count] = member.index;
    this.#offset[this.#count] = offset;
    this.#crc[this.#count] = stored.crc;
    this.#method[this.#count] = stored.method;
    this.#compressed[this.#count++] = stored.compressed;
  }

  /** Members compressed in memory, a few at a time, and written together. */
  async small(members: readonly Member[]): Promise<void> {
    if (members.length === 0) return;
    this.#signal?.throwIfAborted();
    const contents = await this.#read(members);
    const results: (readonly [Stored, Uint8Array] | null)[] = [];
    let next = 0;
    const compress = async (): Promise<void> => {
      for (let at = next++; at < members.length; at = next++) {
        this.#signal?.throwIfAborted();
        const bytes = contents[at];
        results[at] = bytes ? await compressed(members[at] as Member, bytes) : null;
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, compress));
    const parts: Uint8Array[] = [];
    let size = 0;
    for (const [at, member] of members.entries()) {
      const result = results[at];
      if (!result) continue;
      const [stored, body] = result;
      const header = localHeader(member, stored);
      this.#record(member, this.#sink.size + size, stored);
      parts.push(header, body);
      size += header.length + body.length;
      this.#progress.add(member.size, () => member.path);
    }
    await this.#sink.write(joined(parts, size));
  }

  /** Contents of small members: plain ones read together in order of place; null where one cannot be decoded. */
  async #read(members: readonly Member[]): Promise<(Uint8Array | null)[]> {
    const reads: SmallRead[] = [];
    const contents: (Uint8Array | null)[] = [];
    for (const member of members) {
      const run = this.#plan.onlyRun(member.index);
      if (member.kind === 'symlink') contents.push(encoder.encode(member.target ?? ''));
      else if (member.kind !== 'file' || member.size === 0) contents.push(new Uint8Array(0));
      else if (run) {
        const into = new Uint8Array(run.length);
        reads.push({ source: this.#plan.image, offset: run.offset, into });
        contents.push(into);
      } else {
        contents.push(await this.#decoded(member, () => this.#plan.contents(member.index).read(0, member.size, this.#signal)));
      }
    }
    await readTogether(reads, this.#signal);
    return contents;
  }

  /** What a step gives; null, and the member is left out, where its contents cannot be decoded. */
  async #decoded<T>(member: Member, step: () => Promise<T>): Promise<T | null> {
    try {
      return await step();
    } catch (error) {
      const reason = undecodable(error);
      if (reason === null) throw error;
      this.failed.set(member.index, reason);
      return null;
    }
  }

  /** A member streamed: its header is mended when sizes and CRC are known. */
  async large(member: Member): Promise<void> {
    const offset = this.#sink.size;
    this.#counted = 0;
    const stored = await this.#decoded(member, async () => {
      const shrunk = isCompressedKind(member.path) ? null : await this.#stream(member, DEFLATED);
      if (shrunk) return shrunk;
      await this.#sink.truncate(offset);
      return this.#stream(member, STORED);
    });
    if (!stored) {
      await this.#sink.truncate(offset);
      return;
    }
    await this.#sink.patch(offset, localHeader(member, stored));
    this.#record(member, offset, stored);
  }

  /** Header place and contents; null where deflate does not make them smaller. */
  async #stream(member: Member, method: number): Promise<Stored | null> {
    const sink = this.#sink;
    const source = this.#plan.contents(member.index);
    const crc = await RunningCrc.begin(member.size);
    const signal = this.#signal;
    const progress = this.#progress;
    let read = 0;
    const count = (length: number): void => {
      read += length;
      // A second pass over what was counted already does not count.
      if (read > this.#counted) {
        progress.add(read - this.#counted, () => member.path);
        this.#counted = read;
      }
    };
    const input = (async function* () {
      for await (const chunk of source.stream(0, member.size, signal)) {
        signal?.throwIfAborted();
        crc.update(chunk);
        count(chunk.length);
        yield chunk;
      }
    })();
    await sink.write(localHeader(member, { crc: 0, method, compressed: 0, size: member.size }));
    const start = sink.size;
    const giveUp = (): boolean =>
      method === DEFLATED && (sink.size - start >= member.size || (read > GIVE_UP_AFTER && sink.size - start > read * GIVE_UP_RATIO));
    let pending: Uint8Array[] = [];
    let pendingBytes = 0;
    const flush = async (): Promise<void> => {
      await sink.write(joined(pending, pendingBytes));
      pending = [];
      pendingBytes = 0;
    };
    for await (const chunk of method === DEFLATED ? deflatedStream(input) : input) {
      if (chunk.length >= CENTRAL_WRITE && pendingBytes === 0) await sink.write(chunk);
      else {
        pending.push(chunk.slice());
        pendingBytes += chunk.length;
        if (pendingBytes >= CENTRAL_WRITE) await flush();
      }
      if (giveUp()) break;
    }
    await flush();
    if (giveUp()) return null;
    return { crc: crc.finish(), method, compressed: sink.size - start, size: member.size };
  }

  /** Central directory and end. */
  async finish(): Promise<void> {
    const directoryOffset = this.#sink.size;
    let parts: Uint8Array[] = [];
    let size = 0;
    for (let at = 0; at < this.#count; at++) {
      const member = this.#plan.member(this.#index[at] as number) as Member;
      const header = centralHeader(member, this.#stored(at, member), this.#offset[at] as number);
      parts.push(header);
      size += header.length;
      if (size < CENTRAL_WRITE) continue;
      this.#signal?.throwIfAborted();
      await this.#sink.write(joined(parts, size));
      parts = [];
      size = 0;
    }
    await this.#sink.write(joined(parts, size));
    await this.#sink.write(endRecords(this.#count, directoryOffset, this.#sink.size - directoryOffset));
  }

  #stored(at: number, member: Member): Stored {
    const compressedBytes = this.#compressed[at] as number;
    const method = this.#method[at] as number;
    return {
      crc: this.#crc[at] as number,
      method,
      compressed: compressedBytes,
      size: member.kind === 'symlink' ? compressedBytes : member.size,
    };
  }
}

/** One small member's contents as they will stand in the archive. */
async function compressed(member: Member, bytes: Uint8Array): Promise<readonly [Stored, Uint8Array]> {
  const crc = crc32(bytes);
  const size = bytes.length;
  if (member.kind === 'file' && size > 0 && !isCompressedKind(member.path)) {
    const smaller = await deflated(bytes);
    if (smaller.length < size) return [{ crc, method: DEFLATED, compressed: smaller.length, size }, smaller];
  }
  return [{ crc, method: STORED, compressed: size, size }, bytes];
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
