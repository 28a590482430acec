import { wrap, type Remote } from 'comlink';

/** One file inside an image, as the peers are told of it. */
export interface Part {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
}

/** What a run of a contender gives: milliseconds, and figures to judge or check it by. */
export type Outcome = Readonly<Record<string, number>>;

/** A contender in a worker of its own: loads what it needs, then runs once. */
export interface Contender<Input> {
  prepare(): Promise<void>;
  run(input: Input): Promise<Outcome>;
}

/** Let a worker load before the clock starts, run it, end it. */
export async function runIn<Input>(worker: Worker, input: Input): Promise<Outcome> {
  const contender = wrap<Contender<Input>>(worker);
  try {
    await contender.prepare();
    return await (contender as unknown as Remote<{ run(input: unknown): Promise<Outcome> }>).run(input);
  } finally {
    worker.terminate();
  }
}

/** Milliseconds that some work takes, and what it gives. */
export async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const start = performance.now();
  const value = await work();
  return [performance.now() - start, value];
}

const CHUNK = 1024 * 1024;

/** Write a stream into a file of the browser in pieces of at least 1 MiB; gives its size. */
export async function writeStream(stream: ReadableStream<Uint8Array<ArrayBuffer>>, target: FileSystemFileHandle): Promise<number> {
  const writable = await target.createWritable();
  const reader = stream.getReader();
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let size = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length > 0) await writable.write(new Blob(waiting));
    size += bytes;
    waiting = [];
    bytes = 0;
  };
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    waiting.push(value);
    bytes += value.length;
    if (bytes >= CHUNK) await flush();
  }
  await flush();
  await writable.close();
  return size;
}
