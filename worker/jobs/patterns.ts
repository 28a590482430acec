import { runPatterns, type PatternAnswer, type PatternJob } from '../search/pattern-tester.ts';
import { disarm } from './disarm.ts';

disarm(self);

const answer = (message: PatternAnswer): void => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<PatternJob>) => answer({ matches: runPatterns(data) });
answer({ ready: true });
