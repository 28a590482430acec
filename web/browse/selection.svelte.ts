/* eslint-disable svelte/prefer-svelte-reactivity -- changed in place and counted by #version: a set of 100,000 must not be a proxy */
import type { EntryId } from '../../worker/protocol/entry.ts';

/** How a move of the cursor changes what is selected: only that row, all from the anchor, nothing. */
export type MoveMode = 'only' | 'extend' | 'keep';

const NOTHING = new Uint32Array();

/** Changes that can be undone, and entries that are kept for it in all. */
const MAX_STEPS = 32;
const MAX_KEPT = 2_000_000;

/** What is selected in one list, and which row has the focus. */
export class Selection {
  #entries: Uint32Array = $state.raw(NOTHING);
  #ids = new Set<EntryId>();
  /** Counts changes of `#ids`: a set of 100,000 is changed in place, not copied. */
  #version = $state(0);
  #cursor = $state(0);
  #anchor = 0;
  /** What was selected before, the last one last. */
  #past: Uint32Array[] = $state.raw([]);
  /** The last change extended what was selected: more of the same is one step. */
  #extending = false;

  get entries(): Uint32Array {
    return this.#entries;
  }
  /** Index of the row that has the focus, or would have it. */
  get cursor(): number {
    return this.#cursor;
  }
  /** The entry at the cursor; null in an empty list. */
  get current(): EntryId | null {
    return this.#entries[this.#cursor] ?? null;
  }
  get count(): number {
    void this.#version;
    return this.#ids.size;
  }
  /** Changes with every change of the selection. */
  get version(): number {
    return this.#version;
  }

  has(entry: EntryId): boolean {
    void this.#version;
    return this.#ids.has(entry);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  /** The selected entries. */
  ids(): Uint32Array {
    void this.#version;
    return Uint32Array.from(this.#ids);
  }

  /** Another list, or the same in another order: what is still in it stays selected. */
  replace(entries: Uint32Array, focus: EntryId | null = this.current): void {
    this.#entries = entries;
    const at = focus === null ? -1 : entries.indexOf(focus);
    this.#cursor = Math.max(0, at);
    this.#anchor = this.#cursor;
    if (this.#ids.size === 0) return;
    const selected = this.#ids;
    this.#ids = new Set(entries.filter((entry) => selected.has(entry)));
    this.#version++;
  }

  /** Put the focus on a row. */
  move(index: number, mode: MoveMode): void {
    const last = this.#entries.length - 1;
    if (last < 0) return;
    this.#cursor = Math.min(Math.max(index, 0), last);
    if (mode === 'keep') return;
    if (mode === 'only') this.#anchor = this.#cursor;
    const [from, to] = this.#anchor < this.#cursor ? [this.#anchor, this.#cursor] : [this.#cursor, this.#anchor];
    this.#change(new Set(this.#entries.subarray(from, to + 1)), mode === 'extend');
  }

  /** Select or unselect one row, and go on from there. */
  toggle(index: number): void {
    const entry = this.#entries[index];
    if (entry === undefined) return;
    this.#remember();
    if (!this.#ids.delete(entry)) this.#ids.add(entry);
    this.#cursor = index;
    this.#anchor = index;
    this.#version++;
  }

  /** Select these, as far as they are in the list. */
  set(wanted: Uint32Array): void {
    const ids = new Set(wanted);
    this.#change(new Set(this.#entries.filter((entry) => ids.has(entry))));
  }

  all(): void {
    this.#change(new Set(this.#entries));
  }

  /** Select what is not, and the other way round. */
  invert(): void {
    this.#change(new Set(this.#entries.filter((entry) => !this.#ids.has(entry))));
  }

  clear(): void {
    if (this.#ids.size > 0) this.#change(new Set());
  }

  /** Select what was selected before the last change. */
  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    const ids = new Set(before);
    this.#ids = new Set(this.#entries.filter((entry) => ids.has(entry)));
    this.#extending = false;
    this.#version++;
  }

  /** Another directory: nothing is selected, and there is nothing to undo. */
  reset(): void {
    this.clear();
    this.#past = [];
  }

  #change(ids: Set<EntryId>, goesOn = false): void {
    if (!(goesOn && this.#extending) && (this.#ids.size > 1 || ids.size > 1)) this.#remember();
    this.#extending = goesOn;
    this.#ids = ids;
    this.#version++;
  }

  /** Keep what is selected now. One row after another is no step worth going back to. */
  #remember(): void {
    this.#extending = false;
    let past = [...this.#past, this.ids()].slice(-MAX_STEPS);
    while (past.length > 1 && past.reduce((sum, { length }) => sum + length, 0) > MAX_KEPT) past = past.slice(1);
    this.#past = past;
  }
}
