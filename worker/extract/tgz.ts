import type { SaveProgress } from '../protocol/save.ts';
import { verifyDecoded } from './checksum.ts';
import { RunningCrc } from './crc.ts';
import { deflatedStream } from './deflate.ts';
import { GZIP_HEADER, gzipTrailer } from './gzip.ts';
import type { ExtractionPlan } from './plan.ts';
import { ProgressMeter } from './progress.ts';
import type { Sink } from './sink.ts';
import { tarLayout, tarSize, withLinks } from './tar.ts';

/** Write a plan as a TAR in one gzip member; returns what failed to decode. */
export async function writeTgz(
  plan: ExtractionPlan,
  sink: Sink,
  onProgress?: (progress: SaveProgress) => void,
  signal?: AbortSignal,
): Promise<Map<number, string>> {
  const planned = tarSize(plan);
  const progress = new ProgressMeter(plan.decoded + planned, onProgress);
  progress.begin('checksum');
  const failed = withLinks(plan, await verifyDecoded(plan, progress, signal));
  const { layout, pathAt } = await tarLayout(plan, new Set(failed.keys()), signal);
  progress.spare(planned - layout.size);
  progress.begin('write');
  const crc = await RunningCrc.begin(layout.size);
  let done = 0;
  const input = (async function* () {
    for await (const chunk of layout.stream(0, layout.size, signal)) {
      signal?.throwIfAborted();
      crc.update(chunk);
      progress.add(chunk.length, () => pathAt(done));
      done += chunk.length;
      yield chunk;
    }
  })();
  await sink.write(GZIP_HEADER);
  for await (const chunk of deflatedStream(input)) await sink.write(chunk);
  await sink.write(gzipTrailer(crc.finish(), layout.size));
  progress.finish();
  return failed;
}
