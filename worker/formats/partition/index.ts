import type { ImagePartition } from '../../protocol/partition.ts';
import type { SystemAreaReport } from '../../protocol/boot.ts';
import { isExtended, PROTECTIVE, DISK_SECTOR } from './mbr.ts';

export { DISK_SECTOR } from './mbr.ts';
export { readSystemArea, SYSTEM_AREA } from './system-area.ts';
export { gptPlaces } from './gpt.ts';

/**
 * The partitions of an image, by its GPT where it has one (an MBR beside it only protects, or repeats, it), else by its
 * MBR. One that begins behind the image's end is of another disk.
 */
export function partitionsOf({ gpt, mbr }: SystemAreaReport, imageSize: number): readonly ImagePartition[] {
  const partitions: ImagePartition[] = [];
  if (gpt && gpt.partitions.length > 0)
    for (const { number, start, blocks, typeName, name } of gpt.partitions)
      partitions.push({ scheme: 'gpt', number, offset: start * gpt.blockSize, size: blocks * gpt.blockSize, type: typeName, name });
  else
    for (const { number, type, start, sectors, typeName } of mbr?.records ?? [])
      if (type !== PROTECTIVE && !isExtended(type))
        partitions.push({ scheme: 'mbr', number, offset: start * DISK_SECTOR, size: sectors * DISK_SECTOR, type: typeName, name: '' });
  return partitions.filter(({ offset }) => offset < imageSize);
}
