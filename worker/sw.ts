import type { DownloadOrder, KeepAlive } from './protocol/download.ts';
import type { KeepCopy, TakeOver } from './protocol/offline.ts';
import type { TakeShared } from './protocol/share.ts';
import { afterDownloads, anyDownload, Copy } from './sw/copy.ts';
import { Downloads } from './sw/download.ts';
import { Shared } from './sw/shared.ts';

declare const self: ServiceWorkerGlobalScope;

const downloads = new Downloads();
const copy = new Copy(self.registration);
const shared = new Shared();

/** The first one begins at once: downloads may need it, and its page asks for the copy. A later one is ready with its copy whole. */
self.addEventListener('install', (event) => {
  if (self.registration.active) event.waitUntil(copy.keep().then(afterDownloads));
});

self.addEventListener('activate', (event) => {
  // The tab that is open now works without a network too.
  event.waitUntil(self.clients.claim().then(() => copy.tidy()));
});

self.addEventListener('message', (event) => {
  const [port, ready] = event.ports;
  // That a message came is all that a `keep-alive` is for.
  const said = event.data as DownloadOrder | KeepAlive | KeepCopy | TakeOver | TakeShared;
  const answer = (promise: Promise<boolean>) => event.waitUntil(promise.catch(() => false).then((given) => port?.postMessage(given)));
  if (said.kind === 'download' && port) downloads.take(said, port, () => ready?.postMessage('ready'));
  else if (said.kind === 'keep-copy') answer(keepCopy());
  else if (said.kind === 'take-over') answer(takeOver());
  else if (said.kind === 'take-shared') port?.postMessage(shared.give());
});

self.addEventListener('fetch', (event) => {
  const { scope } = self.registration;
  const { url, method } = event.request;
  if (!url.startsWith(scope)) return;
  const [kind, id] = url.slice(scope.length).split('/');
  if (kind === 'dl' && id) event.respondWith(downloads.answer(id));
  else if (kind === 'share' && method === 'POST') {
    event.respondWith(shared.take(event.request, scope));
    event.waitUntil(shared.waited());
  } else if (method === 'GET') event.respondWith(copy.answer(event.request));
});

async function keepCopy(): Promise<boolean> {
  await copy.keep();
  await copy.tidy();
  return true;
}

async function takeOver(): Promise<boolean> {
  if (await anyDownload()) return false;
  await self.skipWaiting();
  return true;
}
