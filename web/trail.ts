/** One step of the browser's history: a place in an open image. */
export interface Step {
  readonly session: number;
  readonly place: number;
}

/** What the browser keeps of a step: where it stands in ours, and which load of the page it belongs to. */
interface Kept {
  readonly isoscope: number;
  readonly at: number;
}

/**
 * The browser's Back and Forward walk through the directories one has seen. The first place of a visit takes the page's own
 * entry of the history, so that going back past it leaves as usual.
 */
export class Trail {
  readonly #load = performance.timeOrigin;
  readonly #show: (step: Step) => boolean;
  #steps: Step[] = [];
  #at = -1;
  #replace = true;

  /** `show` shows a step, or says that it is gone: then the history goes on past it. */
  constructor(show: (step: Step) => boolean) {
    this.#show = show;
    addEventListener('popstate', (event) => this.#popped(event.state as Kept | null));
  }

  /** Came to a place by the page's own ways. */
  visit(step: Step): void {
    if (!this.#replace || this.#at < 0) this.#at++;
    this.#steps = [...this.#steps.slice(0, this.#at), step];
    const kept: Kept = { isoscope: this.#load, at: this.#at };
    if (this.#replace) history.replaceState(kept, '');
    else history.pushState(kept, '');
    this.#replace = false;
  }

  /** The next place takes the entry of the one shown. */
  replaceNext(): void {
    this.#replace = true;
  }

  /** Let the browser go a step, where that leads to this very place; false where it does not. */
  go({ session, place }: Step, by: -1 | 1): boolean {
    const next = this.#steps[this.#at + by];
    if (next?.session !== session || next.place !== place) return false;
    history.go(by);
    return true;
  }

  #popped(state: Kept | null): void {
    if (state?.isoscope !== this.#load) return;
    const by = state.at < this.#at ? -1 : 1;
    this.#at = state.at;
    const step = this.#steps[state.at];
    if (step && this.#show(step)) return;
    // An image that was closed: on to what lies behind it, as far as there is something.
    if (this.#steps[state.at + by]) history.go(by);
  }
}
