import { proxy, releaseProxy, wrap } from 'comlink';
import type { Inspector } from '../worker/protocol/inspector.ts';
import { installErrorTransfer } from '../worker/protocol/transfer.ts';
import { whenIdle } from './idle.ts';

/** One worker with one image in it. */
export interface Connection {
  readonly inspector: Inspector;
  /** End the worker, whatever it is doing. */
  close(): void;
}

installErrorTransfer();

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

/** Give an image its worker. `onCrash` is told when it ends by itself: what it was asked is never answered then. */
export function connect(onCrash: (error: Error) => void): Connection {
  const worker = takeWorker();
  worker.addEventListener('error', (event) => onCrash(new Error(event.message || 'The worker could not be started.')));
  worker.addEventListener('messageerror', () => onCrash(new Error('A message of the worker could not be read.')));
  const remote = wrap<Inspector>(worker);
  const inspector: Inspector = {
    open: (files, onChange) => remote.open(files, proxy(onChange)),
    overview: () => remote.overview(),
    choose: (view) => remote.choose(view),
    chooseSession: (session) => remote.chooseSession(session),
    chooseCharset: (charset) => remote.chooseCharset(charset),
    onlyIn: (view, other) => remote.onlyIn(view, other),
    compareSessions: (view) => remote.compareSessions(view),
    planImage: () => remote.planImage(),
    list: (view, directory, options) => remote.list(view, directory, options),
    rows: (view, entries) => remote.rows(view, entries),
    directories: (view, parent, hidden) => remote.directories(view, parent, hidden),
    ancestors: (view, entry) => remote.ancestors(view, entry),
    details: (view, entry) => remote.details(view, entry),
    findPrefix: (view, entries, prefix, from) => remote.findPrefix(view, entries, prefix, from),
    measure: (view, entries) => remote.measure(view, entries),
    report: () => remote.report(),
    plan: (request) => remote.plan(request),
    save: (plan, destination, onProgress) => remote.save(plan, destination, proxy(onProgress)),
    cancel: (plan) => remote.cancel(plan),
  };
  return {
    inspector,
    close() {
      remote[releaseProxy]();
      worker.terminate();
    },
  };
}
