import { ROOT, type ViewId } from '../worker/protocol/entry.ts';
import type { Inspector, Measure, ViewSummary } from '../worker/protocol/inspector.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Selection } from './browse/selection.svelte.ts';

const MEASURE_AFTER = 120;

/** What is measured. */
interface Measured {
  readonly inspector: Pick<Inspector, 'measure'>;
  readonly view: ViewId | null;
  readonly summary: ViewSummary | null;
  readonly selection: Selection;
}

/** Count and bytes of what a save would meet: of the selection, and of the whole view. */
export class Measures {
  selected: Measure | null = $state.raw(null);
  /** Null until the view is read. */
  whole: Measure | null = $state.raw(null);
  readonly #of: Measured;
  readonly #preferences: Preferences;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(of: Measured, preferences: Preferences) {
    this.#of = of;
    this.#preferences = preferences;
  }

  /** Sum up the selection, soon. */
  ofSelection(ids: Uint32Array): void {
    clearTimeout(this.#soon);
    this.selected = null;
    const { view, selection } = this.#of;
    if (ids.length === 0 || view === null) return;
    const take = (measured: Measure) => {
      if (ids.length === selection.count) this.selected = measured;
    };
    this.#soon = setTimeout(() => this.#ask(view, ids, take), MEASURE_AFTER);
  }

  /** Sum up the whole view, once it is read. */
  ofWhole(): void {
    const { view, summary } = this.#of;
    this.whole = null;
    if (view !== null && summary?.state === 'read') this.#ask(view, Uint32Array.of(ROOT), (measured) => (this.whole = measured));
  }

  stop(): void {
    clearTimeout(this.#soon);
  }

  #ask(view: ViewId, ids: Uint32Array, take: (measured: Measure) => void): void {
    const hidden = this.#preferences.showHidden;
    const answer = (measured: Measure) => {
      if (view === this.#of.view && hidden === this.#preferences.showHidden) take(measured);
    };
    // Where it cannot be told (the image was closed meanwhile) nothing is said.
    void this.#of.inspector.measure(view, ids, hidden).then(answer, () => undefined);
  }
}
