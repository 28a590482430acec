import type { EntryId } from '../protocol/entry.ts';
import type { SaveChange } from '../protocol/save.ts';
import type { ExtractionPlan } from './plan.ts';

/** Changes listed one by one; beyond, they are counted. */
export const MAX_CHANGES = 200;

/** The changes of a save: the first listed, all counted. What is left out is listed before what is renamed. */
export class ChangeList {
  count = 0;
  leftOut = 0;
  /** Directories that are saved without a part of what is in them. */
  incomplete = 0;
  readonly #left: SaveChange[] = [];
  readonly #renamed: SaveChange[] = [];
  /** The reasons of all changed entries, also of those no longer listed; only where asked for. */
  readonly all: Map<EntryId, string> | null;

  constructor(keepAll = false) {
    this.all = keepAll ? new Map() : null;
  }

  /** An entry is saved otherwise than it stands on the disc. */
  add(entry: EntryId, paths: () => Omit<SaveChange, 'entry' | 'reason'>, reason: string): void {
    this.count++;
    this.#keep(entry, reason);
    if (this.#renamed.length < MAX_CHANGES) this.#renamed.push({ entry, ...paths(), reason });
  }

  /** A directory is saved, and not all that is in it. */
  lose(entry: EntryId, paths: () => Omit<SaveChange, 'entry' | 'reason'>, reason: string): void {
    this.incomplete++;
    this.add(entry, paths, reason);
  }

  /** An entry is not saved. */
  leaveOut(entry: EntryId, path: () => string, reason: string): void {
    this.count++;
    this.leftOut++;
    this.#keep(entry, reason);
    if (this.#left.length < MAX_CHANGES) this.#left.push({ entry, path: path(), saved: null, reason });
  }

  #keep(entry: EntryId, reason: string): void {
    const before = this.all?.get(entry);
    this.all?.set(entry, before === undefined ? reason : `${before} ${reason}`);
  }

  get listed(): readonly SaveChange[] {
    return [...this.#left, ...this.#renamed].slice(0, MAX_CHANGES);
  }
}

/** Reasons by member as changes by entry. */
export function changesOf(plan: ExtractionPlan, failed: ReadonlyMap<number, string>): SaveChange[] {
  return [...failed].map(([index, reason]) => {
    const entry = plan.entry(index);
    return { entry, path: plan.discPath(entry), saved: null, reason };
  });
}
