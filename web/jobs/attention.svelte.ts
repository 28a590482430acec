import type { SaveJob } from './job.svelte.ts';

/** A save that takes longer than this keeps the screen awake (milliseconds). */
const LONG = 10_000;

interface Badge {
  setAppBadge(count?: number): Promise<void>;
  clearAppBadge(): Promise<void>;
}

const badge: Partial<Badge> = navigator as unknown as Partial<Badge>;

/**
 * What the page does beside showing its jobs: the screen stays awake while a long one runs, and whoever looks
 * elsewhere is told of the end by the title, by a badge on the icon, and by a notification where it was wished for.
 */
export class Attention {
  /** What stands in front of the window's title: how far the saves are, or how the last one ended while nobody looked. */
  headline = $state('');
  readonly #notifies: () => boolean;
  #lock: WakeLockSentinel | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #long = false;
  #unseen = 0;

  /** `notifies`: whether notifications are wished for. */
  constructor(notifies: () => boolean) {
    this.#notifies = notifies;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) return;
      // The browser takes the lock when the page is hidden.
      void this.#wake();
      this.#seen();
    });
    addEventListener('focus', () => this.#seen());
  }

  /** The jobs that are not over now. */
  watch(active: readonly SaveJob[]): void {
    const running = active.some(({ state }) => state === 'running');
    if (running && !this.#timer)
      this.#timer = setTimeout(() => {
        this.#long = true;
        void this.#wake();
      }, LONG);
    if (running) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#long = false;
    void this.#lock?.release().catch(() => undefined);
    this.#lock = null;
  }

  /** A job ended: tell who does not look. */
  ended(sentence: string, asked: boolean): void {
    if (asked || (!document.hidden && document.hasFocus())) return;
    this.headline = sentence.replace(/\.$/, '');
    this.#unseen++;
    badge.setAppBadge?.(this.#unseen).catch(() => undefined); // not an installed page: there is no icon
    if (!this.#notifies() || Notification.permission !== 'granted') return;
    try {
      const notification = new Notification('Isoscope', { body: sentence, tag: 'isoscope-save', icon: './icon.svg' });
      notification.onclick = () => window.focus();
    } catch {
      // Chrome on Android notifies through a service worker only: title and badge have told it.
    }
  }

  #seen(): void {
    if (this.#unseen === 0) return;
    this.#unseen = 0;
    this.headline = '';
    badge.clearAppBadge?.().catch(() => undefined);
  }

  async #wake(): Promise<void> {
    if (!this.#long || document.hidden || (this.#lock && !this.#lock.released)) return;
    try {
      const lock = await navigator.wakeLock.request('screen');
      if (this.#long) this.#lock = lock;
      else await lock.release();
    } catch {
      // No wake lock here, or refused on a low battery: the job runs all the same.
    }
  }
}

/** Whether the browser can notify at all, and has not been told never to. */
export function canNotify(): boolean {
  return 'Notification' in window && Notification.permission !== 'denied';
}

/** Ask for leave to notify: only on the user's own click. */
export async function askToNotify(): Promise<boolean> {
  return (await Notification.requestPermission()) === 'granted';
}
