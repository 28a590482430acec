import type { MoveMode, Selection } from './selection.svelte.ts';

/** What the keys of the list can do, besides moving in it. */
export interface GridActions {
  readonly pageSize: () => number;
  readonly open: () => void;
  readonly preview: () => void;
  readonly up: () => void;
  /** The cursor moved: show and focus its row. */
  readonly moved: () => void;
  /** A letter was typed; true if it was taken. */
  readonly typed: (letter: string) => boolean;
}

/** Index that a movement key leads to; null for other keys. */
function destination(key: string, cursor: number, count: number, page: number): number | null {
  const moves: Readonly<Record<string, number | undefined>> = {
    ArrowDown: cursor + 1,
    ArrowUp: cursor - 1,
    PageDown: cursor + page,
    PageUp: cursor - page,
    Home: 0,
    End: count - 1,
  };
  return moves[key] ?? null;
}

/** Keys of the list by the table of ux-security.md 1.3; true if the key was taken. */
export function gridKey(event: KeyboardEvent, selection: Selection, actions: GridActions): boolean {
  const { key } = event;
  const command = event.ctrlKey || event.metaKey;
  if ((event.altKey && key === 'ArrowUp') || (event.metaKey && key === 'ArrowUp') || (key === 'Backspace' && !command)) {
    actions.up();
    return true;
  }
  if (key === 'Enter' || (key === 'ArrowDown' && (event.altKey || event.metaKey))) {
    if (command && key === 'Enter') return false;
    actions.open();
    return true;
  }
  if (event.altKey) return false;
  const to = destination(key, selection.cursor, selection.entries.length, actions.pageSize());
  if (to !== null) {
    const mode: MoveMode = event.shiftKey ? 'extend' : command ? 'keep' : 'only';
    // The first arrow after coming into the list selects the row one stands on already.
    const still = mode === 'only' && selection.count === 0 && key === 'ArrowDown' && selection.cursor === 0;
    selection.move(still ? 0 : to, mode);
    actions.moved();
    return true;
  }
  if (command && key.toLowerCase() === 'a' && !event.shiftKey) {
    selection.all();
    return true;
  }
  if (key === 'Escape' && selection.count > 0) {
    selection.clear();
    return true;
  }
  // "/" finds and "?" explains wherever one is; no name on a usual disc begins with either.
  if (!command && key.length === 1 && key !== '/' && key !== '?' && actions.typed(key)) return true;
  if (key === ' ' && !command && !event.shiftKey) {
    actions.preview();
    return true;
  }
  if (key === ' ') {
    selection.toggle(selection.cursor);
    actions.moved();
    return true;
  }
  return false;
}

/** After this pause a letter begins a new word. */
const PAUSE = 500;

/** Type-ahead: collects letters to a beginning of a name. */
export class TypeAhead {
  #prefix = '';
  #last = 0;

  /** The beginning typed so far with this letter; null where a space begins nothing. */
  type(letter: string, time: number): string | null {
    if (time - this.#last > PAUSE) this.#prefix = '';
    if (letter === ' ' && this.#prefix === '') return null;
    this.#last = time;
    // The same letter again and again walks through the names that begin with it.
    this.#prefix = this.#prefix === letter ? letter : this.#prefix + letter;
    return this.#prefix;
  }

  /** The next letter begins a new word. */
  end(): void {
    this.#prefix = '';
  }
}
