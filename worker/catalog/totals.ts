import { ROOT, type EntryId } from '../protocol/entry.ts';
import type { Measure } from '../protocol/inspector.ts';
import type { Catalog } from './catalog.ts';

type Sums = { -readonly [K in keyof Measure]: Measure[K] };

/** What lies below each directory, added up once a view is read. */
export class Totals {
  readonly #catalog: Catalog;
  readonly #files: Uint32Array;
  readonly #directories: Uint32Array;
  readonly #links: Uint32Array;
  readonly #others: Uint32Array;
  readonly #cut: Uint32Array;
  readonly #bytes: Float64Array;
  readonly #cutBytes: Float64Array;

  /** `hidden`: with hidden and associated entries, and all below them. */
  constructor(catalog: Catalog, hidden = true) {
    const count = catalog.directories + 1;
    this.#catalog = catalog;
    this.#files = new Uint32Array(count);
    this.#directories = new Uint32Array(count);
    this.#links = new Uint32Array(count);
    this.#others = new Uint32Array(count);
    this.#cut = new Uint32Array(count);
    this.#bytes = new Float64Array(count);
    this.#cutBytes = new Float64Array(count);
    // A directory is always added before its children: from the last entry back, sums are final when passed on.
    for (let entry = catalog.count - 1; entry > ROOT; entry--) {
      if (!hidden && isHidden(catalog, entry)) continue;
      const parent = catalog.slot(catalog.parent(entry));
      const kind = catalog.kind(entry);
      if (kind === 'directory') {
        const slot = catalog.slot(entry);
        bump(this.#directories, parent, 1 + (this.#directories[slot] as number));
        for (const column of [this.#files, this.#links, this.#others, this.#cut, this.#bytes, this.#cutBytes])
          bump(column, parent, column[slot] as number);
      } else if (kind === 'file') {
        bump(this.#files, parent, 1);
        bump(this.#bytes, parent, catalog.size(entry));
        if (catalog.presence(entry) === 'whole') continue;
        bump(this.#cut, parent, 1);
        bump(this.#cutBytes, parent, catalog.size(entry));
      } else bump(kind === 'symlink' ? this.#links : this.#others, parent, 1);
    }
  }

  /** Everything below a directory, itself not counted. */
  below(directory: EntryId): Measure {
    const slot = this.#catalog.slot(directory);
    return {
      files: this.#files[slot] as number,
      directories: this.#directories[slot] as number,
      links: this.#links[slot] as number,
      others: this.#others[slot] as number,
      bytes: this.#bytes[slot] as number,
      cut: this.#cut[slot] as number,
      cutBytes: this.#cutBytes[slot] as number,
    };
  }
}

function bump(column: Uint32Array | Float64Array, slot: number, by: number): void {
  column[slot] = (column[slot] as number) + by;
}

const isHidden = (catalog: Catalog, entry: EntryId): boolean => catalog.hidden(entry) || catalog.associated(entry);

/**
 * Count and bytes of a selection with all below its directories; entries inside selected directories count once.
 * Without `hidden`, hidden entries count only where they are selected themselves; `totals` must be such ones then.
 */
export function measure(catalog: Catalog, totals: Totals | null, entries: ArrayLike<EntryId>, hidden = true): Measure {
  const sums: Sums = { files: 0, directories: 0, links: 0, others: 0, bytes: 0, cut: 0, cutBytes: 0 };
  const pending: EntryId[] = [];
  for (let index = 0; index < entries.length; index++) countOne(entries[index] as number);
  while (pending.length > 0) {
    const [from, to] = catalog.range(pending.pop() as number);
    for (let child = from; child < to; child++) if (hidden || !isHidden(catalog, child)) countOne(child);
  }
  return sums;

  function countOne(entry: EntryId): void {
    const kind = catalog.kind(entry);
    if (kind === 'directory') {
      if (entry !== ROOT) sums.directories++;
      if (totals) for (const key of SUM_KEYS) sums[key] += totals.below(entry)[key];
      else pending.push(entry);
    } else if (kind === 'file') {
      sums.files++;
      sums.bytes += catalog.size(entry);
      if (catalog.presence(entry) === 'whole') return;
      sums.cut++;
      sums.cutBytes += catalog.size(entry);
    } else if (kind === 'symlink') sums.links++;
    else sums.others++;
  }
}

const SUM_KEYS = ['files', 'directories', 'links', 'others', 'bytes', 'cut', 'cutBytes'] as const;
