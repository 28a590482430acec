/** A place in an open image. */
export interface Step {
  readonly session: number;
  readonly place: number;
}

/** Something that lies over the page, and what closes it. */
interface Cover {
  readonly close: () => void;
}

/** What the browser keeps of an entry: where it stands in ours, and which load of the page it belongs to. */
interface Kept {
  readonly isoscope: number;
  readonly at: number;
}

const isCover = (entry: Step | Cover): entry is Cover => 'close' in entry;
const isStep = (entry: Step | Cover): entry is Step => !isCover(entry);

/**
 * The browser's Back and Forward walk through the directories one has seen; Back first closes what lies over the page. The
 * first place of a visit takes the page's own entry of the history, so that going back past it leaves as usual.
 *
 * What the history should be (`#wanted`: places, then covers) is kept apart from what it is, for it changes only between
 * two answers of the browser: `#settle` brings the one to the other.
 */
export class Trail {
  /** Shows a step, or says that it is gone: then the history goes on past it. */
  show: (step: Step) => boolean = () => false;
  readonly #load = performance.timeOrigin;
  #wanted: readonly (Step | Cover)[] = [{ session: 0, place: 0 }];
  #entries = this.#wanted;
  #at = 0;
  /** The browser was asked to go somewhere, and has not answered. */
  #going = false;
  #replace = true;

  constructor() {
    history.replaceState(this.#kept, '');
    addEventListener('popstate', (event) => this.#popped(event.state as Kept | null));
  }

  get #kept(): Kept {
    return { isoscope: this.#load, at: this.#at };
  }

  /** Came to a place by the page's own ways. */
  visit(step: Step): void {
    const places = this.#wanted.filter(isStep);
    const covers = this.#wanted.slice(places.length);
    this.#want([...places.slice(0, this.#replace ? -1 : undefined), step, ...covers]);
    this.#replace = false;
  }

  /** The next place takes the entry of the one shown. */
  replaceNext(): void {
    this.#replace = true;
  }

  /** Something was laid over the page, which Back closes; to be called when it is gone. */
  readonly cover = (close: () => void): (() => void) => {
    const cover = { close };
    this.#want([...this.#wanted, cover]);
    return () => this.#want(this.#wanted.filter((entry) => entry !== cover));
  };

  /** Let the browser go a step, where that leads to this very place; false where it does not. */
  go({ session, place }: Step, by: -1 | 1): boolean {
    const next = this.#entries[this.#at + by];
    if (this.#going || !next || isCover(next) || next.session !== session || next.place !== place) return false;
    history.go(by);
    return true;
  }

  #want(wanted: readonly (Step | Cover)[]): void {
    this.#wanted = wanted;
    // What closes for another to open takes one entry, not two.
    queueMicrotask(() => this.#settle());
  }

  #settle(): void {
    if (this.#going) return;
    const last = this.#wanted.length - 1;
    const differs = this.#wanted.findIndex((entry, index) => index > this.#at || entry !== this.#entries[index]);
    const target = differs < 0 ? last : differs;
    if (this.#at > target) {
      this.#going = true;
      history.go(target - this.#at);
      return;
    }
    // Where only the entry one stands on differs, it becomes another's.
    this.#entries = this.#entries.map((entry, index) => (index === target && index === this.#at ? (this.#wanted[index] ?? entry) : entry));
    for (; this.#at < last; history.pushState(this.#kept, '')) this.#entries = this.#wanted.slice(0, ++this.#at + 1);
  }

  #popped(kept: Kept | null): void {
    if (kept?.isoscope !== this.#load) return;
    const by = kept.at < this.#at ? -1 : 1;
    this.#at = kept.at;
    if (this.#going) {
      this.#going = false;
      this.#settle();
      return;
    }
    const before = this.#wanted;
    // An entry of a cover that was closed is of no more use: settling goes back from it.
    this.#want(this.#entries.slice(0, kept.at + 1).filter((entry, index) => !isCover(entry) || before[index] === entry));
    for (const entry of before.toReversed()) if (isCover(entry) && !this.#wanted.includes(entry)) entry.close();
    const place = this.#wanted.findLast(isStep);
    if (!place || before.findLast(isStep) === place || this.show(place)) return;
    // An image that was closed: on to what lies behind it, as far as there is something.
    if (this.#entries[kept.at + by]) history.go(by);
  }
}

/** The history of this page. */
export const trail = new Trail();
