/* eslint-disable svelte/prefer-svelte-reactivity -- counted by #version */
import type { EntryId, EntryRow } from '../../worker/protocol/entry.ts';

/** Rows kept; a window of the list is some 60. */
const MAX_ROWS = 4000;

/** Rows that were fetched from the worker, by entry; fetched in windows, the newest window first. */
export class RowCache {
  #rows: Map<EntryId, EntryRow>;
  #version = $state(0);
  #wanted: Uint32Array | null = null;
  #shown: Uint32Array = new Uint32Array();
  #busy = false;
  readonly #fetch: (entries: Uint32Array) => Promise<EntryRow[]>;

  constructor(fetch: (entries: Uint32Array) => Promise<EntryRow[]>, rows: readonly EntryRow[] = []) {
    this.#fetch = fetch;
    this.#rows = byEntry(rows);
  }

  /** The row, or undefined while it is not there. */
  get(entry: EntryId): EntryRow | undefined {
    void this.#version;
    return this.#rows.get(entry);
  }

  /** See to it that these rows come soon. */
  want(entries: Uint32Array): void {
    this.#wanted = entries;
    this.#shown = entries;
    if (!this.#busy) void this.#run();
  }

  /** Fetch what is shown anew, as other columns are wanted; what is there stays until then. */
  async refresh(): Promise<void> {
    const shown = this.#shown;
    const rows = await this.#fetch(shown).catch(() => null);
    if (!rows) return;
    this.renew(rows);
    // One may have scrolled on meanwhile.
    if (this.#shown !== shown) this.want(this.#shown);
  }

  /** Forget all but these: the entries changed. */
  renew(rows: readonly EntryRow[] = []): void {
    this.#rows = byEntry(rows);
    this.#version++;
  }

  async #run(): Promise<void> {
    this.#busy = true;
    try {
      while (this.#wanted) {
        const rows = this.#rows;
        const missing = this.#wanted.filter((entry) => !rows.has(entry));
        this.#wanted = null;
        if (missing.length === 0) continue;
        const fetched = await this.#fetch(missing);
        // Cleared meanwhile: these rows are of another directory or an older state of it.
        if (rows !== this.#rows) continue;
        if (rows.size + fetched.length > MAX_ROWS) this.#rows = new Map();
        for (const row of fetched) this.#rows.set(row.entry, row);
        this.#version++;
      }
    } catch {
      // The worker ended or the view went; the session says so itself.
    } finally {
      this.#busy = false;
    }
  }
}

function byEntry(rows: readonly EntryRow[]): Map<EntryId, EntryRow> {
  return new Map(rows.map((row) => [row.entry, row]));
}
