import type { DownloadLock, PageLock } from '../protocol/offline.ts';

/** The list of the build's files and its digest, written here by the build (.ci/offline-list.mjs). */
const LIST = 'offline-00000000.json sha256-';
const [LIST_FILE = '', LIST_DIGEST = ''] = LIST.split(' ');

/** A file of the page: its path from the scope, and its digest as in the attribute `integrity`. The page itself ("") stands last. */
type Listed = readonly [path: string, digest: string];

const PAGE_LOCK = 'isoscope-page ' satisfies PageLock;
const DOWNLOAD_LOCK = 'isoscope-download-' satisfies DownloadLock;

/** Files that are fetched at once. */
const AT_ONCE = 6;
/** Only the address counts: a host's `Vary` must not hide what was kept. */
const BY_ADDRESS = { ignoreVary: true } as const;

/**
 * The copy of the page that needs no network: all files of one build, each proved by its digest, so that no two versions
 * mix. Files of `assets/` have a digest in their name: a copy of any version may answer for them, as for a tab that was
 * opened before an update.
 */
export class Copy {
  readonly #registration: ServiceWorkerRegistration;
  readonly #scope: string;
  readonly #prefix: string;
  readonly #name: string;

  constructor(registration: ServiceWorkerRegistration) {
    this.#registration = registration;
    this.#scope = registration.scope;
    this.#prefix = `isoscope ${this.#scope} `;
    this.#name = this.#prefix + LIST_FILE;
  }

  /** Fetch what is not kept yet. Rejects where a file is not to be had, or is not of this build. */
  async keep(): Promise<void> {
    const cache = await caches.open(this.#name);
    if (await cache.match(this.#scope, BY_ADDRESS)) return;
    const list = (await (await this.#fetch([LIST_FILE, LIST_DIGEST])).json()) as Listed[];
    const page = list.pop();
    while (list.length > 0) await Promise.all(list.splice(0, AT_ONCE).map((file) => this.#keepFile(cache, file)));
    // With the page the copy is whole: only then it answers for it.
    if (page) await this.#keepFile(cache, page);
  }

  async #keepFile(cache: Cache, file: Listed): Promise<void> {
    const address = this.#scope + file[0];
    if (await cache.match(address, BY_ADDRESS)) return;
    const before = file[0].startsWith('assets/') ? await caches.match(address, BY_ADDRESS) : undefined;
    const response = before ?? (await this.#fetch(file));
    // Browsers refuse a redirected answer to a navigation, as of hosts that have no address "index.html".
    await cache.put(address, response.redirected ? new Response(response.body, response) : response);
  }

  async #fetch([path, integrity]: Listed): Promise<Response> {
    const response = await fetch(this.#scope + path, { integrity, cache: 'no-cache' });
    if (!response.ok) throw new TypeError(`${path}: HTTP ${response.status}`);
    return response;
  }

  /** What answers a request of the page: the copy, else the network. */
  async answer(request: Request): Promise<Response> {
    const address = request.url.replace(/[?#].*$/, '');
    const path = address.slice(this.#scope.length);
    const only = path.startsWith('assets/') ? {} : { cacheName: this.#name };
    const kept = await caches.match(path === 'index.html' ? this.#scope : address, { ...BY_ADDRESS, ...only });
    return kept ?? fetch(request);
  }

  /** Remove the copies of other versions, but for those that an open tab may need. */
  async tidy(): Promise<void> {
    // One that is about to become the copy must not be taken for an old one.
    if (this.#registration.installing || this.#registration.waiting) return;
    const pages = (await heldLocks(PAGE_LOCK)).map((name) => name.slice(PAGE_LOCK.length));
    for (const name of await caches.keys()) {
      if (!name.startsWith(this.#prefix) || name === this.#name) continue;
      const cache = await caches.open(name);
      const found = await Promise.all(pages.map((script) => cache.match(script, BY_ADDRESS)));
      if (!found.some(Boolean)) await caches.delete(name);
    }
  }
}

/** Whether a download is streamed in any tab: it would die with the service worker that owns its stream. */
export async function anyDownload(): Promise<boolean> {
  return (await heldLocks(DOWNLOAD_LOCK)).length > 0;
}

/** Resolves once no download is streamed. */
export async function afterDownloads(): Promise<void> {
  let [name] = await heldLocks(DOWNLOAD_LOCK);
  while (name) {
    await navigator.locks.request(name, () => undefined);
    [name] = await heldLocks(DOWNLOAD_LOCK);
  }
}

/** Names of the locks held in this origin that begin so. */
async function heldLocks(prefix: string): Promise<string[]> {
  const { held = [] } = await navigator.locks.query();
  return held.map(({ name = '' }) => name).filter((name) => name.startsWith(prefix));
}
