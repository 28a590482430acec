/**
 * What page, worker and service worker say to each other about one streaming download. The worker makes the bytes, the
 * service worker owns the stream that the browser saves, and nothing is sent that was not asked for. Each holds a lock
 * (navigator.locks) as long as it lives: who is granted the other's lock knows that the other is gone.
 */

/** Page to service worker: a download to be served once, at `dl/<id>/`. Ports: the worker's, then one to say "ready" on. */
export interface DownloadOrder {
  readonly kind: 'download';
  readonly id: string;
  /** File name; any text. */
  readonly name: string;
  /** Exact bytes to come. */
  readonly size: number;
  /** Lock that the worker holds; the service worker holds `<lock>/stream`. */
  readonly lock: string;
}

/** Page to service worker, now and then while a download runs: an idle one would be ended. */
export interface KeepAlive {
  readonly kind: 'keep-alive';
}

/** From the worker. The first, `begin`, is for the page, which passes the port on to the service worker. */
export type DownloadPart =
  | { readonly kind: 'begin'; readonly size: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end' }
  /** Given up: what has been sent is not whole and never will be. */
  | { readonly kind: 'abort' };

/** From the service worker: `ask`: bytes up to this offset are wanted; then how it ended. */
export type DownloadAnswer =
  | { readonly kind: 'ask'; readonly until: number }
  | { readonly kind: 'whole' }
  /** The browser wants no more: the user cancelled there, or it cannot write. */
  | { readonly kind: 'cancelled' }
  /** Other bytes came than were announced. */
  | { readonly kind: 'refused' };
