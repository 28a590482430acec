import { Gather } from '../../source/gather.ts';
import type { Run } from '../../source/runs.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import { readFileEntry, type FileEntry } from './file-entry.ts';
import { IcbReader } from './icb.ts';
import type { MetadataMap } from './partition-map.ts';
import { addressOf, blockOf, partitionOfRuns, type Partition, type Space } from './space.ts';

/** File types of the metadata file and its mirror (UDF 2.60 2.2.13). */
const METADATA_TYPES: readonly number[] = [250, 251];

/**
 * The metadata partition: the blocks of the metadata file, or of its mirror where the main one cannot
 * be read (UDF 2.60 2.2.10, 2.2.13). `space` knows only partitions that lie on the medium, so that a
 * metadata file within itself leads nowhere.
 */
export async function metadataPartition(
  source: ByteSource,
  map: MetadataMap,
  space: Space,
  partition: number,
  findings: Findings,
  signal?: AbortSignal,
): Promise<Partition | null> {
  const icbs = new IcbReader(space, new Gather(source), readFileEntry);
  const main = await fileRuns(icbs, space, addressOf(map.main, partition), findings, signal);
  const mirror = await fileRuns(icbs, space, addressOf(map.mirror, partition), main ? new Findings() : findings, signal);
  if (!main)
    findings.add(
      'damage',
      'metadata-file',
      null,
      'UDF 2.60 2.2.13',
      mirror
        ? 'The metadata file cannot be read; its mirror was used.'
        : 'Neither the metadata file nor its mirror can be read: no entry can be found.',
    );
  if (main) return partitionOfRuns(main, mirror, space.blockSize);
  return mirror && partitionOfRuns(mirror, null, space.blockSize);
}

async function fileRuns(
  icbs: IcbReader<FileEntry>,
  space: Space,
  address: number,
  findings: Findings,
  signal?: AbortSignal,
): Promise<readonly Run[] | null> {
  const [entry] = blockOf(address) === 0xffffffff ? [null] : await icbs.read([address], findings, signal);
  if (!entry || !METADATA_TYPES.includes(entry.fileType)) return null;
  const { runs } = entry.allocation;
  return runs.some((run) => 'offset' in run && run.offset < space.held.size) ? runs : null;
}
