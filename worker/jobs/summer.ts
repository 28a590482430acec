import { RunningSums, type HashName } from '../codec/running-sums.ts';
import { disarm } from './disarm.ts';
import type { SumAnswer, SumJob } from './sum-line.ts';

disarm(self);

const answer = (message: SumAnswer): void => self.postMessage(message);
let sums: RunningSums<HashName> | null = null;

// One piece after another: what comes while the sums are made ready waits for them.
let work: Promise<unknown> = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<SumJob>) => {
  work = work.then(async () => {
    if ('begin' in data) {
      sums = await RunningSums.begin(data.begin);
      answer({ taken: 0 });
    } else if ('finish' in data) answer({ sums: sums?.finish() ?? {} });
    else {
      sums?.update(data.piece);
      answer({ taken: data.piece.length });
    }
  });
  work.catch((error: unknown) => answer({ failed: String(error) }));
};
