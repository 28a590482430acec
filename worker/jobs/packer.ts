import { runPackJob, type PackJob } from '../extract/pack-job.ts';
import { spareOf, type PackAnswer } from '../extract/pack-pool.ts';
import { disarm } from './disarm.ts';

disarm(self);

const answer = (message: PackAnswer, transfer: Transferable[] = []): void => self.postMessage(message, { transfer });

// One job after another, so that answers come in the order of the jobs.
let work = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<PackJob>) => {
  work = work.then(async () => {
    try {
      const packed = await runPackJob(data);
      const spare = spareOf(data, packed);
      answer({ packed, spare }, spare ? [packed.bytes.buffer, spare] : [packed.bytes.buffer]);
    } catch (error) {
      answer({ failed: String(error) });
    }
  });
};
answer({ ready: true });
