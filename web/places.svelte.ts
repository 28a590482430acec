import type { EntryId, ViewId } from '../worker/protocol/entry.ts';
import type { Trail } from './trail.ts';

/** A place in a disc that one can go back to. */
export interface Place {
  readonly id: number;
  readonly view: ViewId;
  readonly directory: EntryId;
  focus: EntryId | null;
}

let places = 0;

/** Where one was in one image, in order; what lies ahead of a new place is forgotten. */
export class Places {
  #list: readonly Place[] = $state.raw([]);
  #at = $state(-1);
  readonly #session: number;
  readonly #trail: Trail;

  constructor(session: number, trail: Trail) {
    this.#session = session;
    this.#trail = trail;
  }

  get current(): Place | undefined {
    return this.#list[this.#at];
  }
  get count(): number {
    return this.#list.length;
  }
  get canGoBack(): boolean {
    return this.#at > 0;
  }
  get canGoForward(): boolean {
    return this.#at < this.#list.length - 1;
  }

  /** Came to a new place. */
  add(view: ViewId, directory: EntryId, focus: EntryId | null): void {
    const place = { id: ++places, view, directory, focus };
    this.#list = [...this.#list.slice(0, this.#at + 1), place];
    this.#at = this.#list.length - 1;
    this.#trail.visit({ session: this.#session, place: place.id });
  }

  /** Go back or forward: by the browser's history where the next step of it is ours, else here; the place to show then. */
  step(by: -1 | 1): Place | undefined {
    const next = this.#list[this.#at + by];
    if (!next || this.#trail.go({ session: this.#session, place: next.id }, by)) return undefined;
    this.#at += by;
    this.#trail.visit({ session: this.#session, place: next.id });
    return next;
  }

  /** The browser's history came to a place of this image; undefined where it is forgotten. */
  arrive(id: number): Place | undefined {
    const index = this.#list.findIndex((place) => place.id === id);
    if (index >= 0) this.#at = index;
    return this.#list[index];
  }

  /** All is different: the next place takes the place of the last one. */
  forget(): void {
    this.#list = [];
    this.#at = -1;
    this.#trail.replaceNext();
  }
}
