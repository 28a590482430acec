import { proxy, releaseProxy, transfer, wrap } from 'comlink';
import type { Inspector } from '../worker/protocol/inspector.ts';
import type { SaveDestination } from '../worker/protocol/save.ts';
import { installErrorTransfer } from '../worker/protocol/transfer.ts';
import { whenIdle } from './idle.ts';
import type { Asked, Call } from './watchdog.ts';

/** One worker with one image in it. */
export interface Connection {
  readonly inspector: Inspector;
  /** End the worker, whatever it is doing. */
  close(): void;
}

installErrorTransfer();

/** What comes through the door and is one itself. */
const DOORS: readonly (string | symbol)[] = ['study', 'inspection'];

/** After one image was opened, the worker of the next is started when this one has had its time (milliseconds). */
const NEXT_SPARE = 2000;

/** A worker that is ready for the next image: starting one takes longer than listing a usual disc. */
let spare: Worker | null = null;

function forget(): void {
  spare = null;
}

function start(): Worker {
  return new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module', name: 'isoscope image' });
}

/** Start the worker of the next image, where none is ready. One that cannot be started is told of when it is needed. */
export function startSpare(): void {
  if (spare) return;
  spare = start();
  spare.addEventListener('error', forget);
}

function takeWorker(): Worker {
  const worker = spare ?? start();
  worker.removeEventListener('error', forget);
  spare = null;
  setTimeout(() => whenIdle(startSpare), NEXT_SPARE);
  return worker;
}

/** A value on its way to the worker: a callback crosses as a proxy, a port moves there. */
function crossing(value: unknown): unknown {
  if (typeof value === 'function') return proxy(value as object);
  const { port } = (value ?? {}) as Partial<Extract<SaveDestination, { to: 'download' }>>;
  return port instanceof MessagePort ? transfer(value, [port]) : value;
}

/** What is said of a worker that hung: the name of its image, and the place that is shown. */
export type About = () => readonly [image: string, where: string];

/** Give an image its worker. `onCrash` is told when it ends by itself, or hung and was ended; what it was asked is rejected then. */
export function connect(onCrash: (error: Error) => void, about: About): Connection {
  const worker = takeWorker();
  const remote = wrap<Inspector>(worker);
  const waiting = new Map<(error: Error) => void, Asked>();
  const released = new AbortController();
  const crash = (error: Error): void => {
    if (released.signal.aborted) return;
    released.abort();
    worker.terminate();
    // What ended this one may have ended the spare too.
    spare?.terminate();
    spare = null;
    for (const reject of waiting.keys()) reject(error);
    onCrash(error);
  };
  worker.addEventListener('error', (event) => crash(ended(event.message || 'The worker could not be started.')));
  worker.addEventListener('messageerror', () => crash(ended('A message of the worker could not be read.')));
  const ask = <T>(call: Call, answer: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.set(reject, { call, at: performance.now() });
      answer.then(resolve, reject).finally(() => waiting.delete(reject));
    });
  // Every method of the door, and of what comes through it: nobody waits for a worker that is gone.
  const door = <T extends object>(of: object): T =>
    new Proxy({} as T, {
      get: (_, name) => {
        if (name === 'then') return undefined; // it is no promise
        const method = (of as Record<typeof name, (...values: unknown[]) => Promise<object>>)[name];
        return (...values: unknown[]) => {
          const answer = ask(name as Call, method?.(...values.map(crossing)) as Promise<object>);
          return DOORS.includes(name) ? answer.then(door) : answer;
        };
      },
    });
  const inspector = door<Inspector>(remote);
  void watchLifeline(inspector, released.signal, () => crash(ended('The worker ended.')));
  const watchdog = async (): Promise<void> => {
    const { hungError, watch } = await import('./watchdog.ts');
    await remote.lifeline(); // one that has not begun yet is still being loaded
    const onHang = (at: Asked): void => crash(hungError(at, ...about()));
    watch({ asked: () => waiting.values(), ping: () => remote.lifeline(), onHang, signal: released.signal });
  };
  whenIdle(() => void watchdog().catch(() => undefined)); // not to be had: it goes on unwatched
  return {
    inspector,
    close() {
      released.abort();
      remote[releaseProxy]();
      worker.terminate();
    },
  };
}

/** Who is granted the worker's own lock knows that it is gone. */
async function watchLifeline(inspector: Inspector, signal: AbortSignal, gone: () => void): Promise<void> {
  const name = await inspector.lifeline().catch(() => null);
  if (name === null || signal.aborted) return;
  await navigator.locks.request(name, { signal }, gone).catch(() => undefined); // it was closed
}

/** Whether all that was asked failed because the worker is gone: it ended, or hung and was ended. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && (error.name === 'WorkerEnded' || isHung(error));
}

export function isHung(error: unknown): boolean {
  return error instanceof Error && error.name === 'WorkerHung';
}

/** The error of all that a worker was doing when it ended by itself. */
function ended(message: string): Error {
  const error = new Error(message);
  error.name = 'WorkerEnded';
  return error;
}
