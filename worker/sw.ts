import type { DownloadOrder, KeepAlive } from './protocol/download.ts';
import { Downloads } from './sw/download.ts';

declare const self: ServiceWorkerGlobalScope;

const downloads = new Downloads();

self.addEventListener('message', ({ data, ports: [port, ready] }) => {
  // That a message came is all that a `keep-alive` is for.
  const order = data as DownloadOrder | KeepAlive;
  if (order.kind === 'download' && port) downloads.take(order, port, () => ready?.postMessage('ready'));
});

// Downloads are answered here; all else passes by as if this worker were not there.
self.addEventListener('fetch', (event) => {
  const { scope } = self.registration;
  const [kind, id] = event.request.url.startsWith(scope) ? event.request.url.slice(scope.length).split('/') : [];
  if (kind === 'dl' && id) event.respondWith(downloads.answer(id));
});
