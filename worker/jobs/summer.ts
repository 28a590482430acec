import { FourSums } from '../extract/four-sums.ts';
import { disarm } from './disarm.ts';
import type { SumAnswer, SumJob } from './checksums.ts';

disarm(self);

const answer = (message: SumAnswer): void => self.postMessage(message);
const begun = FourSums.begin();

// One piece after another: what comes while the sums are made ready waits for them.
let work: Promise<unknown> = begun.then(() => answer({ taken: 0 }));
self.onmessage = ({ data }: MessageEvent<SumJob>) => {
  work = work.then(async () => {
    const sums = await begun;
    if (data === 'finish') answer({ sums: sums.finish() });
    else {
      sums.update(data);
      answer({ taken: data.length });
    }
  });
  work.catch((error: unknown) => answer({ failed: String(error) }));
};
work.catch((error: unknown) => answer({ failed: String(error) }));
