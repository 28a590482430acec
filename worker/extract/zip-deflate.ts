import { crc32Joined } from '../codec/crc32.ts';
import { GatheredSink } from './gathered-sink.ts';
import type { Member } from './member.ts';
import { assertSafePath, utf8Length } from './names.ts';
import type { PackPool } from './pack-pool.ts';
import { packedMembers, type PackedPart } from './packed-members.ts';
import type { ExtractionPlan } from './plan.ts';
import type { ProgressMeter } from './progress.ts';
import { changedWhileSaved, type Sink } from './sink.ts';
import { centralHeader, centralHeaderLength, endRecords, localHeader, localHeaderLength, zipName, type Stored } from './zip-records.ts';

/** How a compressed archive is made: by whom, and who is told. */
export interface PackOptions {
  readonly pool: PackPool;
  readonly progress: ProgressMeter;
  readonly signal?: AbortSignal | undefined;
}

/** What a measuring pass found: the compressed bytes are the same again, so headers and size are exact. */
export interface MeasuredZip {
  /** Exact bytes of the ZIP. */
  readonly size: number;
  readonly failed: ReadonlyMap<number, string>;
  readonly records: ZipRecords;
}

/** Compress all members of a plan without keeping the bytes. */
export async function measureZip(plan: ExtractionPlan, { pool, progress, signal }: PackOptions): Promise<MeasuredZip> {
  const records = new ZipRecords(plan);
  const failed = new Map<number, string>();
  for await (const part of packedMembers(plan, pool, new Set(), signal)) {
    tell(progress, part);
    if (part.failed !== null) failed.set(part.member.index, part.failed);
    else records.add(part);
  }
  let offset = 0;
  let directory = 0;
  let count = 0;
  for (const member of plan.members(new Set(failed.keys()))) {
    const stored = records.of(member);
    const name = utf8Length(zipName(member));
    directory += centralHeaderLength(name, stored, offset);
    offset += localHeaderLength(name, stored) + stored.compressed;
    count++;
  }
  return { size: offset + directory + endRecords(count, offset, directory).length, failed, records };
}

/**
 * Write a plan as a ZIP whose members are deflated where that makes them smaller; returns what failed to decode. A sink
 * that can only append needs `measured`.
 */
export async function writeDeflatedZip(
  plan: ExtractionPlan,
  sink: Sink,
  { pool, progress, signal }: PackOptions,
  measured: MeasuredZip | null = null,
): Promise<ReadonlyMap<number, string>> {
  const records = measured?.records ?? new ZipRecords(plan);
  const failed = new Map(measured?.failed);
  const out = new GatheredSink(sink);
  const check = measured ? new ZipRecords(plan) : null;
  for await (const part of packedMembers(plan, pool, new Set(failed.keys()), signal)) {
    const { member, first, last } = part;
    tell(progress, part);
    if (part.failed !== null) {
      if (measured) throw changedWhileSaved(member.path);
      failed.set(member.index, part.failed);
      await records.forget(member, out);
      continue;
    }
    assertSafePath(member.path);
    if (first) records.begin(member, out.size);
    (check ?? records).add(part);
    // A header is written before what it tells of only where that is known; else it is written again at the end.
    if (first) await out.write(localHeader(member, records.of(member)));
    await out.write(part.bytes);
    if (!last) continue;
    if (check) confirm(member, check.of(member), records.of(member));
    else if (!first) await out.patch(records.offsetOf(member), localHeader(member, records.of(member)));
  }
  await writeDirectory(plan, records, new Set(failed.keys()), out, signal);
  await out.flush();
  if (measured && sink.size !== measured.size) throw changedWhileSaved(plan.name);
  return failed;
}

function tell(progress: ProgressMeter, { member, size, failed }: PackedPart): void {
  if (failed === null && member.kind === 'file') progress.add(size, () => member.path);
}

function confirm(member: Member, now: Stored, before: Stored): void {
  if (now.crc !== before.crc || now.compressed !== before.compressed || now.method !== before.method) throw changedWhileSaved(member.path);
}

async function writeDirectory(
  plan: ExtractionPlan,
  records: ZipRecords,
  except: ReadonlySet<number>,
  out: GatheredSink,
  signal?: AbortSignal,
): Promise<void> {
  const start = out.size;
  let count = 0;
  for (const member of plan.members(except)) {
    signal?.throwIfAborted();
    await out.write(centralHeader(member, records.of(member), records.offsetOf(member)));
    count++;
  }
  await out.write(endRecords(count, start, out.size - start));
}

/** What a ZIP records of its members, in columns by their place in the plan. */
class ZipRecords {
  readonly #offset: Float64Array;
  readonly #crc: Uint32Array;
  readonly #method: Uint8Array;
  readonly #size: Float64Array;
  readonly #compressed: Float64Array;

  constructor({ count }: ExtractionPlan) {
    this.#offset = new Float64Array(count);
    this.#crc = new Uint32Array(count);
    this.#method = new Uint8Array(count);
    this.#size = new Float64Array(count);
    this.#compressed = new Float64Array(count);
  }

  /** The member's local header stands here. */
  begin(member: Member, offset: number): void {
    this.#offset[member.index] = offset;
  }

  /** Count in the next part of a member. */
  add({ member: { index }, method, crc, size, bytes }: PackedPart): void {
    this.#method[index] = method;
    this.#crc[index] = crc32Joined(this.#crc[index] as number, crc, size);
    this.#size[index] = (this.#size[index] as number) + size;
    this.#compressed[index] = (this.#compressed[index] as number) + bytes.length;
  }

  of(member: Member): Stored {
    const { index } = member;
    return {
      crc: this.#crc[index] as number,
      method: this.#method[index] as number,
      compressed: this.#compressed[index] as number,
      // Whether a header needs Zip64 must not change while its member is written.
      size: member.kind === 'file' ? member.size : (this.#size[index] as number),
    };
  }

  offsetOf({ index }: Member): number {
    return this.#offset[index] as number;
  }

  /** Take back what was written of a member. */
  async forget(member: Member, out: GatheredSink): Promise<void> {
    if (this.#size[member.index] !== 0) await out.truncate(this.offsetOf(member));
  }
}
