import type { EntryId } from '../protocol/entry.ts';
import { fileKind } from '../protocol/file-kind.ts';
import type { ListOptions, SortKey } from '../protocol/inspector.ts';
import type { Catalog } from './catalog.ts';

/** Decodes the names of a view. */
export type DecodeName = (bytes: Uint8Array) => string;

/** Entries that are sorted in one go; longer lists are merged of such runs. */
const RUN = 8192;
/** Steps of other work between two places where it can be left. */
const STEP = 4096;

/**
 * Put entries in the order of a table: directories first, then by the key, equal ones by name.
 * `valueOf` has what is compared as a number; where it is NaN it stands first. Names compare without case and with numbers by value ("2" before "10").
 */
export function sortEntries(...of: Parameters<typeof sorting>): Uint32Array {
  const steps = sorting(...of);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** What `sortEntries` does, in steps of some milliseconds: a million entries take seconds, and other questions go before. */
export function* sorting(
  catalog: Catalog,
  decode: DecodeName,
  entries: Uint32Array,
  sort: SortKey,
  descending: boolean,
  valueOf: ((entry: EntryId) => number) | null = valueIn(catalog, sort),
): Generator<void, Uint32Array> {
  const names = new NameOrder();
  const kinds: string[] | null = sort === 'kind' ? [] : null;
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index] as number;
    names.add(decode(catalog.name(entry)));
    kinds?.push(kindLabel(catalog, decode, entry));
    if (index % STEP === STEP - 1) yield;
  }
  yield* names.end();
  const sign = descending ? -1 : 1;
  const groups = Uint8Array.from(entries, (entry) => (catalog.kind(entry) === 'directory' ? 0 : 1));
  const values = valueOf && Float64Array.from(entries, (entry) => known(valueOf(entry)));
  const compare = (a: number, b: number): number => {
    const group = (groups[a] as number) - (groups[b] as number);
    if (group !== 0) return group;
    if (values) {
      const difference = (values[a] as number) - (values[b] as number);
      if (difference !== 0) return sign * difference;
    } else if (kinds) {
      const [left, right] = [kinds[a] as string, kinds[b] as string];
      if (left !== right) return sign * (left < right ? -1 : 1);
    }
    const byName = names.compare(a, b);
    return (values || kinds ? 1 : sign) * (byName === 0 ? (entries[a] as number) - (entries[b] as number) : byName);
  };
  const indexes = yield* mergeSort(entries.length, compare);
  return indexes.map((index) => entries[index] as number);
}

/** The numbers below `count` in order, by runs that are sorted and then merged. */
function* mergeSort(count: number, compare: (a: number, b: number) => number): Generator<void, Uint32Array> {
  let from = Uint32Array.from({ length: count }, (_, index) => index);
  for (let at = 0; at < count; at += RUN) {
    from.subarray(at, at + RUN).sort(compare);
    if (at + RUN < count) yield;
  }
  if (count <= RUN) return from;
  let to = new Uint32Array(count);
  for (let width = RUN; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(start + 2 * width, count);
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        const takesLeft = left < middle && (right >= end || compare(from[left] as number, from[right] as number) <= 0);
        to[at] = from[takesLeft ? left++ : right++] as number;
        if (at % STEP === STEP - 1) yield;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/** What the catalog has of a key that is compared as a number; null for one that is not, or that stands elsewhere. */
function valueIn(catalog: Catalog, sort: SortKey): ((entry: EntryId) => number) | null {
  if (sort === 'size') return (entry) => catalog.size(entry);
  if (sort === 'modified') return (entry) => catalog.modified(entry);
  return sort === 'offset' ? (entry) => catalog.offset(entry) : null;
}

function known(value: number): number {
  return Number.isNaN(value) ? -Number.MAX_VALUE : value;
}

function kindLabel(catalog: Catalog, decode: DecodeName, entry: EntryId): string {
  const kind = catalog.kind(entry);
  return kind === 'file' ? fileKind(decode(catalog.name(entry))).label : kind;
}

/** The order of names: keys compared as plain strings where all are ASCII (eight times faster), else a collator. */
class NameOrder {
  readonly #names: string[] = [];
  #ascii = true;
  #collator: Intl.Collator | null = null;

  add(name: string): void {
    this.#ascii &&= ASCII.test(name);
    this.#names.push(name);
  }

  /** All are there. */
  *end(): Generator<void, void> {
    const names = this.#names;
    if (!this.#ascii) this.#collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
    else
      for (let index = 0; index < names.length; index++) {
        names[index] = naturalKey(names[index] as string);
        if (index % STEP === STEP - 1) yield;
      }
  }

  compare(a: number, b: number): number {
    const [left, right] = [this.#names[a] as string, this.#names[b] as string];
    if (this.#collator) return this.#collator.compare(left, right);
    return left < right ? -1 : left > right ? 1 : 0;
  }
}

// eslint-disable-next-line no-control-regex -- all of ASCII, control characters too: names hold anything
const ASCII = /^[\x00-\x7f]*$/;

/** Digits compare by value: each run of them is preceded by its length without leading zeros. */
function naturalKey(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => {
    const value = digits.replace(/^0+(?=\d)/, '');
    return `0${String.fromCharCode(value.length)}${value}`;
  });
}

/** The children of a directory that the options let through, unordered, and how many hidden ones they do not. */
export function filterChildren(
  catalog: Catalog,
  decode: DecodeName,
  directory: EntryId,
  options: Pick<ListOptions, 'hidden' | 'filter'>,
): { entries: Uint32Array; hiddenCount: number } {
  const [from, to] = catalog.range(directory);
  const wanted = options.filter.toLowerCase();
  const entries = new Uint32Array(to - from);
  let count = 0;
  let hiddenCount = 0;
  for (let entry = from; entry < to; entry++) {
    if (!options.hidden && (catalog.hidden(entry) || catalog.associated(entry))) {
      hiddenCount++;
      continue;
    }
    if (wanted !== '' && !decode(catalog.name(entry)).toLowerCase().includes(wanted)) continue;
    entries[count++] = entry;
  }
  return { entries: entries.subarray(0, count), hiddenCount };
}
