import type { KeepCopy, PageLock, TakeOver } from '../../worker/protocol/offline.ts';
import { serviceWorker } from '../service-worker.ts';

/** The page's copy on this computer, which needs no network, and newer versions of it. */
export class Offline {
  /** The copy is whole. */
  kept = $state(false);
  /** A new version was fetched and waits. */
  update = $state(false);
  #registration: ServiceWorkerRegistration | null = null;

  async start(): Promise<void> {
    holdVersion();
    // Null on a first visit: then what becomes active is no update.
    const before = navigator.serviceWorker?.controller;
    const registration = await serviceWorker();
    if (!registration) return;
    this.#registration = registration;
    const look = (): void => {
      if (registration.waiting && registration.active) this.update = true;
    };
    const watch = (): void => registration.installing?.addEventListener('statechange', look);
    look();
    // One may be on its way already: to open the page made the browser look for it.
    watch();
    registration.addEventListener('updatefound', watch);
    // Another tab took the new version.
    if (before) navigator.serviceWorker.addEventListener('controllerchange', () => (this.update = true));
    this.kept = await ask(registration.active, { kind: 'keep-copy' });
  }

  /** Load the page anew, in its new version; false where a download of any tab would break. */
  async takeUpdate(): Promise<boolean> {
    const waiting = this.#registration?.waiting;
    if (waiting && !(await ask(waiting, { kind: 'take-over' }))) return false;
    location.reload();
    return true;
  }
}

/** The files of this page's version are kept as long as this tab is open, whatever version takes over. */
function holdVersion(): void {
  const script = document.querySelector<HTMLScriptElement>('script[type=module]')?.src;
  const name: PageLock = `isoscope-page ${script}`;
  // Without locks there is no service worker of ours either.
  if (script) navigator.locks?.request(name, { mode: 'shared' }, () => new Promise(() => undefined)).catch(() => undefined);
}

/** Ask a service worker; false where it does not do it. */
function ask(worker: ServiceWorker | null, what: KeepCopy | TakeOver): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      port1.close();
      resolve(data === true);
    };
    if (worker) worker.postMessage(what, [port2]);
    else resolve(false);
  });
}
