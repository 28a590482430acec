import type { DownloadAnswer, DownloadOrder, DownloadPart } from '../protocol/download.ts';

/** Bytes that may be on their way or wait here: what is asked for ahead of what the browser has taken. */
const WINDOW = 8 * 1024 * 1024;

/** What no part of an answer may do, should a browser ever show it instead of saving it. */
const HARMLESS = {
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** A file name as the value of `filename*` (RFC 8187 3.2.1). */
export function encodedName(name: string): string {
  const text = name.replace(/\p{Surrogate}/gu, '\ufffd');
  return `UTF-8''${encodeURIComponent(text).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}

/** The downloads that were ordered and not fetched yet. */
export class Downloads {
  readonly #waiting = new Map<string, Download>();

  /** Make one ready; `onReady` is called once it can be fetched. */
  take(order: DownloadOrder, port: MessagePort, onReady: () => void): void {
    const download = new Download(order, port, onReady, () => this.#waiting.delete(order.id));
    this.#waiting.set(order.id, download);
  }

  /** The answer to a request of a download's address: once the bytes, then and otherwise 410. */
  answer(id: string): Response {
    const download = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (!download) return new Response('This download is over.\n', { status: 410, headers: { ...HARMLESS, 'Content-Type': 'text/plain' } });
    const headers = {
      ...HARMLESS,
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(download.order.size),
      'Content-Disposition': `attachment; filename*=${encodedName(download.order.name)}`,
    };
    return new Response(download.stream(), { headers });
  }
}

/** One download: what the worker sends, as the stream that the browser saves. It ends whole or it fails. */
class Download {
  readonly order: DownloadOrder;
  readonly #port: MessagePort;
  readonly #onOver: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #queue: Uint8Array[] = [];
  #arrived = 0;
  #taken = 0;
  /** The browser waits for bytes. */
  #wanted = false;
  #ended = false;
  #over = false;
  #release = (): void => undefined;

  constructor(order: DownloadOrder, port: MessagePort, onReady: () => void, onOver: () => void) {
    this.order = order;
    this.#port = port;
    this.#onOver = onOver;
    port.onmessage = ({ data }: MessageEvent<DownloadPart>) => this.#hear(data);
    // Granted only when the worker is gone, or has heard how it ended: a lock may overtake a message. So ours is kept until then.
    const parted = (): void => {
      this.#fail();
      this.#release();
    };
    navigator.locks.request(order.lock, parted).catch(parted);
    const held = async (): Promise<void> => {
      if (this.#over) return;
      onReady();
      return new Promise((release) => (this.#release = release));
    };
    navigator.locks.request(`${order.lock}/stream`, held).catch(parted);
  }

  stream(): ReadableStream<Uint8Array> {
    const source: UnderlyingDefaultSource<Uint8Array> = {
      start: (controller) => {
        this.#controller = controller;
        if (this.#over) controller.error(new TypeError('The download was given up.'));
        else this.#say({ kind: 'ask', until: WINDOW });
      },
      pull: () => {
        this.#wanted = true;
        this.#pass();
      },
      cancel: () => this.#finish('cancelled'),
    };
    return new ReadableStream(source, { highWaterMark: 0 });
  }

  #say(answer: DownloadAnswer): void {
    this.#port.postMessage(answer);
  }

  #hear(part: DownloadPart): void {
    if (this.#over) return;
    if (part.kind === 'bytes') {
      this.#arrived += part.bytes.length;
      this.#queue.push(part.bytes);
    } else if (part.kind === 'end') this.#ended = true;
    else this.#fail();
    // Browsers do not compare the bytes of a body with its Content-Length: too few would be saved as if they were all.
    if (this.#arrived > this.order.size || (this.#ended && this.#arrived !== this.order.size)) this.#fail('refused');
    this.#pass();
  }

  /** Give the browser what it waits for, and ask for as much again. */
  #pass(): void {
    if (this.#over) return;
    const bytes = this.#wanted ? this.#queue.shift() : undefined;
    if (bytes) {
      this.#wanted = false;
      this.#taken += bytes.length;
      this.#say({ kind: 'ask', until: this.#taken + WINDOW });
      // This may pull again at once.
      this.#controller?.enqueue(bytes);
    }
    if (!this.#ended || this.#taken < this.order.size || this.#over) return;
    this.#controller?.close();
    this.#finish('whole');
  }

  #fail(answer?: DownloadAnswer['kind'] & 'refused'): void {
    if (this.#over) return;
    this.#controller?.error(new TypeError('The download broke off.'));
    this.#finish(answer);
  }

  #finish(kind?: 'whole' | 'cancelled' | 'refused'): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue = [];
    if (kind) this.#say({ kind });
    this.#port.onmessage = null;
    this.#onOver();
  }
}
