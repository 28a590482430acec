// Reading a whole file and doing nothing with it: the floor of every pass over the bytes.
import { expose } from 'comlink';
import type { Contender, Outcome } from './contenders.ts';

const BUFFER = 2 * 1024 * 1024;
/** A stream that only its own pending read refers to is collected by Chromium, and never resolves. */
const rooted = new Set<ReadableStream>();

const contender: Contender<File> = {
  async prepare() {},
  async run(file): Promise<Outcome> {
    const start = performance.now();
    const stream = file.stream();
    rooted.add(stream);
    const reader = stream.getReader({ mode: 'byob' });
    let buffer = new ArrayBuffer(BUFFER);
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done) break;
      bytes += value.length;
      buffer = value.buffer;
    }
    rooted.delete(stream);
    return { ms: performance.now() - start, bytes };
  },
};

expose(contender);
