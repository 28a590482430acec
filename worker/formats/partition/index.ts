import type { ImagePartition } from '../../protocol/partition.ts';
import type { ByteSource } from '../../source/source.ts';
import { gptPartitions } from './gpt.ts';
import { mbrPartitions } from './mbr.ts';

/** The partitions of an image, by its GPT where it has one (an MBR beside it only protects, or repeats, it), else by its MBR. */
export async function readPartitions(source: ByteSource, signal?: AbortSignal): Promise<readonly ImagePartition[]> {
  const gpt = await gptPartitions(source, signal);
  return gpt.length > 0 ? gpt : mbrPartitions(source, signal);
}
