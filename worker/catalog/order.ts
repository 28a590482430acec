import type { EntryId } from '../protocol/entry.ts';
import { fileKind } from '../protocol/file-kind.ts';
import type { ListOptions, SortKey } from '../protocol/inspector.ts';
import type { Catalog } from './catalog.ts';

/** Decodes the names of a view. */
export type DecodeName = (bytes: Uint8Array) => string;

/**
 * Put entries in the order of a table: directories first, then by the key, equal ones by name.
 * `sizeOf` tells a directory's size too, where it is known. Names compare without case and with numbers by value ("2" before "10").
 */
export function sortEntries(
  catalog: Catalog,
  decode: DecodeName,
  entries: Uint32Array,
  sort: SortKey,
  descending: boolean,
  sizeOf: (entry: EntryId) => number = (entry) => catalog.size(entry),
): Uint32Array {
  const names = new NameOrder(catalog, decode, entries);
  const value = sort === 'size' ? sizeOf : VALUES[sort]?.(catalog);
  const sign = descending ? -1 : 1;
  const kinds =
    sort === 'kind' ? entries.reduce((map, entry) => map.set(entry, kindLabel(catalog, decode, entry)), new Map<EntryId, string>()) : null;
  const directory = (index: number): number => (catalog.kind(entries[index] as number) === 'directory' ? 0 : 1);
  const indexes = Uint32Array.from(entries, (_, index) => index);
  const groups = Uint8Array.from(entries, (_, index) => directory(index));
  const values = value ? Float64Array.from(entries, value) : null;
  indexes.sort((a, b) => {
    const group = (groups[a] as number) - (groups[b] as number);
    if (group !== 0) return group;
    if (values) {
      const difference = (values[a] as number) - (values[b] as number);
      if (difference !== 0) return sign * difference;
    } else if (kinds) {
      const [left, right] = [kinds.get(entries[a] as number) as string, kinds.get(entries[b] as number) as string];
      if (left !== right) return sign * (left < right ? -1 : 1);
    }
    const byName = names.compare(a, b);
    return (values || kinds ? 1 : sign) * (byName === 0 ? (entries[a] as number) - (entries[b] as number) : byName);
  });
  return indexes.map((index) => entries[index] as number);
}

/** What is compared as a number: unknown values stand first. */
const VALUES: Partial<Record<SortKey, (catalog: Catalog) => (entry: EntryId) => number>> = {
  modified: (catalog) => (entry) => known(catalog.modified(entry)),
  offset: (catalog) => (entry) => known(catalog.offset(entry)),
};

function known(value: number): number {
  return Number.isNaN(value) ? -Number.MAX_VALUE : value;
}

function kindLabel(catalog: Catalog, decode: DecodeName, entry: EntryId): string {
  const kind = catalog.kind(entry);
  return kind === 'file' ? fileKind(decode(catalog.name(entry))).label : kind;
}

/** The order of names: keys compared as plain strings where all are ASCII (eight times faster), else a collator. */
class NameOrder {
  readonly #names: string[];
  readonly #collator: Intl.Collator | null;

  constructor(catalog: Catalog, decode: DecodeName, entries: Uint32Array) {
    let ascii = true;
    this.#names = Array.from(entries, (entry) => {
      const name = decode(catalog.name(entry));
      ascii &&= ASCII.test(name);
      return name;
    });
    this.#collator = ascii ? null : new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
    if (ascii) this.#names = this.#names.map(naturalKey);
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
