import { abortError, SourceError, Unsupported } from '../protocol/errors.ts';
import type { DownloadAnswer, DownloadPart } from '../protocol/download.ts';
import type { Sink } from './sink.ts';

/** Bytes of one message. */
const CHUNK = 1024 * 1024;
/** The browser asks for the first bytes at once; after so long (milliseconds) it never will. */
const PATIENCE = 30_000;

/** The way to the browser's downloads: see protocol/download. */
export interface DownloadTarget {
  readonly port: MessagePort;
  /** Name of the lock to hold while bytes may still come. */
  readonly lock: string;
  readonly signal?: AbortSignal;
}

/** Hold a lock; resolves, once it is held, with what lets go of it. */
function hold(name: string): Promise<() => void> {
  return new Promise((held, refused) => {
    const work = (): Promise<void> => new Promise((release) => held(release));
    navigator.locks.request(name, work).catch(refused);
  });
}

/** Sends what the service worker asks for, and waits where it asks for no more. It can only append. */
export class DownloadSink implements Sink {
  size = 0;
  readonly #target: DownloadTarget;
  readonly #release: () => void;
  /** Bytes up to here are asked for. */
  #asked = 0;
  #whole = false;
  #failure: Error | null = null;
  #wake = (): void => undefined;

  private constructor(target: DownloadTarget, release: () => void) {
    this.#target = target;
    this.#release = release;
    target.port.onmessage = ({ data }: MessageEvent<DownloadAnswer>) => this.#hear(data);
    target.signal?.addEventListener('abort', this.#cancelled);
  }

  /** Announce exactly `size` bytes and wait until the browser asks for the first of them. */
  static async open(target: DownloadTarget, size: number | null): Promise<DownloadSink> {
    if (size === null) throw new Unsupported('save-unmeasured', 'A download must say how large it is before it begins.');
    const sink = new DownloadSink(target, await hold(target.lock));
    const late = new SourceError('target-broken', 'The browser did not begin the download.');
    const timer = setTimeout(() => sink.#end(late), PATIENCE);
    try {
      target.signal?.throwIfAborted();
      sink.#say({ kind: 'begin', size });
      await sink.#until(() => sink.#asked > 0);
    } catch (error) {
      await sink.abort();
      throw error;
    } finally {
      clearTimeout(timer);
    }
    sink.#watch();
    return sink;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const chunk = bytes.slice(at, at + CHUNK);
      const end = this.size + chunk.length; // what is transferred has no length here any more
      await this.#until(() => this.#asked >= end);
      this.#say({ kind: 'bytes', bytes: chunk }, [chunk.buffer]);
      this.size = end;
    }
  }

  async close(): Promise<void> {
    this.#say({ kind: 'end' });
    await this.#until(() => this.#whole);
    this.#leave();
  }

  async abort(): Promise<void> {
    this.#say({ kind: 'abort' });
    this.#leave();
  }

  /** The service worker's lock is granted to others only once it is gone. */
  #watch(): void {
    const gone = (): void =>
      this.#end(new SourceError('target-broken', 'The browser ended the service worker that the download came through.'));
    navigator.locks.request(`${this.#target.lock}/stream`, gone).catch(gone);
  }

  #hear(answer: DownloadAnswer): void {
    if (answer.kind === 'ask') this.#asked = answer.until;
    else if (answer.kind === 'whole') this.#whole = true;
    else if (answer.kind === 'cancelled') this.#end(new DOMException('The download was cancelled in the browser.', 'AbortError'));
    else this.#end(new SourceError('target-broken', `${this.size} bytes were sent, which are not as many as were announced.`));
    this.#wake();
  }

  readonly #cancelled = (): void => this.#end(abortError());

  #end(failure: Error): void {
    this.#failure ??= failure;
    this.#wake();
  }

  async #until(reached: () => boolean): Promise<void> {
    while (!reached()) {
      if (this.#failure) throw this.#failure;
      await new Promise<void>((wake) => (this.#wake = wake));
    }
    if (this.#failure && !this.#whole) throw this.#failure;
  }

  #say(part: DownloadPart, transfer: Transferable[] = []): void {
    this.#target.port.postMessage(part, transfer);
  }

  #leave(): void {
    this.#target.signal?.removeEventListener('abort', this.#cancelled);
    this.#target.port.onmessage = null;
    this.#release();
  }
}
