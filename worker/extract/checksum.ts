import { undecodable } from './contents.ts';
import { RunningCrc } from './crc.ts';
import type { ExtractionPlan } from './plan.ts';
import type { ProgressMeter } from './progress.ts';

export interface Checksums {
  /** CRC-32 by member; 0 where there are no contents, or where they are not decoded. */
  readonly crcs: Uint32Array;
  /** Members that cannot be decoded, with the reason. */
  readonly failed: ReadonlyMap<number, string>;
}

/**
 * Decode every file that has to be decoded once, in the order of place on disc: its CRC, or why it
 * cannot be. A SourceError ends it; what cannot be decoded is named and the rest goes on.
 */
export async function decodedChecksums(plan: ExtractionPlan, progress: ProgressMeter, signal?: AbortSignal): Promise<Checksums> {
  const crcs = new Uint32Array(plan.count);
  const failed = new Map<number, string>();
  if (plan.decoded === 0) return { crcs, failed };
  const decoded: number[] = [];
  for (let index = 0; index < plan.count; index++) {
    if (plan.isDecoded(index) && plan.size(index) > 0 && plan.member(index)?.linkTo === -1) decoded.push(index);
  }
  for (const index of byPlace(plan, decoded)) {
    try {
      crcs[index] = await checksumOf(plan, index, progress, signal);
    } catch (error) {
      const reason = undecodable(error);
      if (reason === null) throw error;
      failed.set(index, reason);
    }
  }
  return { crcs, failed };
}

/** Members in the order in which their contents lie on disc. */
export function byPlace(plan: ExtractionPlan, indices: readonly number[]): readonly number[] {
  const places = new Map(indices.map((index) => [index, plan.place(index)]));
  return [...indices].sort((a, b) => (places.get(a) as number) - (places.get(b) as number) || a - b);
}

/** The CRC of one member's contents, streamed. */
export async function checksumOf(plan: ExtractionPlan, index: number, progress: ProgressMeter, signal?: AbortSignal): Promise<number> {
  const source = plan.contents(index);
  const crc = await RunningCrc.begin(source.size);
  for await (const chunk of source.stream(0, source.size, signal)) {
    crc.update(chunk);
    progress.add(chunk.length, () => plan.path(index));
  }
  return crc.finish();
}
