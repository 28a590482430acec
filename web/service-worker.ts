/** A service worker that does not start within this time (milliseconds) is none. */
const PATIENCE = 10_000;

let registered: Promise<ServiceWorkerRegistration | null> | null = null;

/** The page's service worker; null where there is none, as in a private window. */
export async function serviceWorker(): Promise<ServiceWorkerRegistration | null> {
  registered ??= register();
  const registration = await registered;
  // It may be had later.
  if (!registration) registered = null;
  return registration;
}

async function register(): Promise<ServiceWorkerRegistration | null> {
  if (!('serviceWorker' in navigator && 'locks' in navigator)) return null;
  const known = await navigator.serviceWorker.getRegistration().catch(() => undefined);
  if (known?.active?.scriptURL === new URL('./sw.js', document.baseURI).href) {
    // A new version that waits for a download holds a registration back, and not what is registered.
    navigator.serviceWorker.register('./sw.js').catch(() => undefined);
    return known;
  }
  const late = new Promise<null>((give) => setTimeout(() => give(null), PATIENCE));
  // Refused: storage is switched off, or the file is not there (as on the development server).
  const ready = navigator.serviceWorker.register('./sw.js').then(
    () => navigator.serviceWorker.ready,
    () => null,
  );
  return Promise.race([ready, late]);
}
