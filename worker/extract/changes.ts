import type { EntryId } from '../protocol/entry.ts';
import type { SaveChange } from '../protocol/save.ts';

/** Changes listed one by one; beyond, they are counted. */
export const MAX_CHANGES = 200;

/** The changes of a save: the first listed, all counted. What is left out is listed before what is renamed. */
export class ChangeList {
  count = 0;
  leftOut = 0;
  readonly #left: SaveChange[] = [];
  readonly #renamed: SaveChange[] = [];

  /** An entry is saved otherwise than it stands on the disc. */
  add(entry: EntryId, paths: () => Omit<SaveChange, 'entry' | 'reason'>, reason: string): void {
    this.count++;
    if (this.#renamed.length < MAX_CHANGES) this.#renamed.push({ entry, ...paths(), reason });
  }

  /** An entry is not saved. */
  leaveOut(entry: EntryId, path: () => string, reason: string): void {
    this.count++;
    this.leftOut++;
    if (this.#left.length < MAX_CHANGES) this.#left.push({ entry, path: path(), saved: null, reason });
  }

  get listed(): readonly SaveChange[] {
    return [...this.#left, ...this.#renamed].slice(0, MAX_CHANGES);
  }
}
