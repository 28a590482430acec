/** Where the browser does not say when it is idle (Safari): so long after it was asked (milliseconds). */
const SOON = 200;

/** Do something when the page has nothing else to do. */
export function whenIdle(task: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(() => task());
  else setTimeout(task, SOON);
}
