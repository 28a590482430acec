/** Page to service worker, with a port for the answer (boolean): keep a copy of the page that needs no network; true once it is whole. */
export interface KeepCopy {
  readonly kind: 'keep-copy';
}

/** Page to a new service worker that waits: become the active one. Answered by false, and not done, while a download runs in any tab. */
export interface TakeOver {
  readonly kind: 'take-over';
}

/** A lock that a page holds while it is open, named after its script: copies of the page with that script stay. */
export type PageLock = `isoscope-page ${string}`;

/** The lock of a download that is streamed (protocol/download). */
export type DownloadLock = `isoscope-download-${string}`;
