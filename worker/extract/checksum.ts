import { undecodable } from './contents.ts';
import { crc32 } from '../codec/crc32.ts';
import { RunningCrc } from './crc.ts';
import type { ExtractionPlan } from './plan.ts';
import type { ProgressMeter } from './progress.ts';

/** Files whose bytes lie so close are read in one go, the gap with them. */
const GAP = 64 * 1024;
/** A go of up to so many bytes is one read; beyond it is streamed. */
const MAX_READ = 1024 * 1024;

export interface Checksums {
  /** CRC-32 by member; 0 where there are no contents. */
  readonly crcs: Uint32Array;
  /** Members that cannot be decoded, with the reason. */
  readonly failed: ReadonlyMap<number, string>;
}

/**
 * The CRC of every file of a plan: read in the order of place on disc, neighbours in one go, the
 * same bytes once. A SourceError ends it; what cannot be decoded is named and the rest goes on.
 */
export async function checksums(plan: ExtractionPlan, progress: ProgressMeter, signal?: AbortSignal): Promise<Checksums> {
  const crcs = new Uint32Array(plan.count);
  const failed = new Map<number, string>();
  const order = filesByPlace(plan);
  let sweep: number[] = [];
  let end = 0;
  let previous = -1;
  /** Members that have the bytes of an earlier one: [member, earlier]. */
  const copies: (readonly [number, number])[] = [];
  for (const index of order) {
    const run = plan.onlyRun(index);
    if (previous !== -1 && plan.sameContents(previous, index)) {
      copies.push([index, previous]);
      progress.add((plan.member(index) as { size: number }).size, () => plan.path(index));
      continue;
    }
    if (!run) {
      const crc = await ofContents(plan, index, progress, signal);
      if (typeof crc === 'string') failed.set(index, crc);
      else crcs[index] = crc;
      continue;
    }
    previous = index;
    if (sweep.length > 0 && !(run.offset >= end && run.offset <= end + GAP)) {
      await sweepRuns(plan, sweep, crcs, progress, signal);
      sweep = [];
    }
    sweep.push(index);
    end = run.offset + run.length;
  }
  if (sweep.length > 0) await sweepRuns(plan, sweep, crcs, progress, signal);
  for (const [copy, original] of copies) crcs[copy] = crcs[original] as number;
  return { crcs, failed };
}

/** Decode every file that has to be decoded once: the reasons of those that fail. */
export async function verifyDecoded(plan: ExtractionPlan, progress: ProgressMeter, signal?: AbortSignal): Promise<Map<number, string>> {
  const failed = new Map<number, string>();
  for (const index of filesByPlace(plan)) {
    if (!plan.isDecoded(index) || plan.member(index)?.linkTo !== -1) continue;
    const crc = await ofContents(plan, index, progress, signal);
    if (typeof crc === 'string') failed.set(index, crc);
  }
  return failed;
}

function filesByPlace(plan: ExtractionPlan): Uint32Array {
  const indices = new Uint32Array(plan.count);
  const places = new Float64Array(plan.count);
  let count = 0;
  for (let index = 0; index < plan.count; index++) {
    const member = plan.member(index);
    if (member?.kind !== 'file' || member.size === 0) continue;
    places[index] = plan.place(index);
    indices[count++] = index;
  }
  return indices.subarray(0, count).sort((a, b) => (places[a] as number) - (places[b] as number) || a - b);
}

/** The CRC of one member's contents streamed; a text where they cannot be decoded. */
async function ofContents(plan: ExtractionPlan, index: number, progress: ProgressMeter, signal?: AbortSignal): Promise<number | string> {
  try {
    const source = plan.contents(index);
    const crc = await RunningCrc.begin(source.size);
    for await (const chunk of source.stream(0, source.size, signal)) {
      crc.update(chunk);
      progress.add(chunk.length, () => plan.path(index));
    }
    return crc.finish();
  } catch (error) {
    const reason = undecodable(error);
    if (reason === null) throw error;
    return reason;
  }
}

/** CRCs of files that lie one after another, in one pass over their bytes. */
async function sweepRuns(
  plan: ExtractionPlan,
  sweep: readonly number[],
  crcs: Uint32Array,
  progress: ProgressMeter,
  signal?: AbortSignal,
): Promise<void> {
  const runs = sweep.map((index) => plan.onlyRun(index) as { offset: number; length: number });
  const start = (runs[0] as { offset: number }).offset;
  const last = runs[runs.length - 1] as { offset: number; length: number };
  const length = last.offset + last.length - start;
  if (length <= MAX_READ) {
    const bytes = await plan.image.read(start, length, signal);
    for (const [at, index] of sweep.entries()) {
      const run = runs[at] as { offset: number; length: number };
      crcs[index] = crc32(bytes.subarray(run.offset - start, run.offset - start + run.length));
      progress.add(run.length, () => plan.path(index));
    }
    return;
  }
  let at = 0;
  let position = start;
  let crc: RunningCrc | null = null;
  for await (const chunk of plan.image.stream(start, length, signal)) {
    const end = position + chunk.length;
    for (let run = runs[at]; run && run.offset < end; run = runs[at]) {
      const index = sweep[at] as number;
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
