import type { DownloadOrder, DownloadPart, KeepAlive } from '../worker/protocol/download.ts';
import type { DownloadLock } from '../worker/protocol/offline.ts';
import type { SaveDestination } from '../worker/protocol/save.ts';
import { serviceWorker } from './service-worker.ts';

/** Firefox ends a service worker that hears nothing for 30 seconds, and may delay a hidden page's timer by 15. */
const KEEP_ALIVE = 10_000;
/** The frame that began a download stays a while: some browsers still need it. */
const KEEP_FRAME = 60_000;

/** Whether downloads can be streamed here: not without a service worker, as in a private window. */
export async function canStream(): Promise<boolean> {
  return (await serviceWorker()) !== null;
}

/** One download that is streamed through the service worker (protocol/download). Close it when the save is over. */
export class StreamedDownload {
  readonly destination: SaveDestination;
  readonly #registration: ServiceWorkerRegistration;
  readonly #name: string;
  readonly #id = crypto.randomUUID();
  readonly #lock: DownloadLock = `isoscope-download-${this.#id}`;
  readonly #timer: ReturnType<typeof setInterval>;
  #frame: HTMLIFrameElement | null = null;

  private constructor(registration: ServiceWorkerRegistration, name: string) {
    this.#registration = registration;
    this.#name = name;
    const { port1, port2 } = new MessageChannel();
    this.destination = { to: 'download', port: port2, lock: this.#lock };
    port1.onmessage = ({ data }: MessageEvent<DownloadPart>) => {
      if (data.kind === 'begin') this.#order(port1, data.size);
    };
    this.#timer = setInterval(() => this.#registration.active?.postMessage({ kind: 'keep-alive' } satisfies KeepAlive), KEEP_ALIVE);
  }

  /** Null where nothing can be streamed. */
  static async open(name: string): Promise<StreamedDownload | null> {
    const registration = await serviceWorker();
    return registration && new StreamedDownload(registration, name);
  }

  /** The worker knows the size and is ready: the service worker gets its port, and once it is ready too, the browser its address. */
  #order(port: MessagePort, size: number): void {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      const frame = document.createElement('iframe');
      frame.hidden = true;
      frame.src = `./dl/${this.#id}/`;
      document.body.append(frame);
      this.#frame = frame;
    };
    const order: DownloadOrder = { kind: 'download', id: this.#id, name: this.#name, size, lock: this.#lock };
    // The one that is active now: while the size was measured, an update may have taken over. From now on a lock prevents that.
    this.#registration.active?.postMessage(order, [port, port2]);
  }

  close(): void {
    clearInterval(this.#timer);
    setTimeout(() => this.#frame?.remove(), KEEP_FRAME);
  }
}
