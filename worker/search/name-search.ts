import { firstOf, needleOf } from '../bytes/needle.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { sorting, type DecodeName } from '../catalog/order.ts';
import { ROOT, type EntryId } from '../protocol/entry.ts';
import { EntryIds } from '../protocol/entry-ids.ts';
import type { SortKey } from '../protocol/inspector.ts';
import { directoriesBelow } from './directories.ts';
import type { FoldedNames } from './folded-names.ts';
import type { PatternTester } from './pattern-tester.ts';
import type { Query, Term } from './query.ts';
import { Slices } from './slices.ts';
import { testOf, type Test } from './tests.ts';

/** Entries looked at in one go. */
const CHUNK = 8192;
/** The first of what was found is told after so many milliseconds, more of it at longer intervals. */
const FIRST_NEWS = 16;
const NEWS = 120;

/** What entries are put in order by, where that is a number that the catalog does not have; else undefined. */
type ValuesOf = (entries: Uint32Array, signal: AbortSignal) => Promise<((entry: EntryId) => number) | undefined>;

/** Where a search looks and what it tells. */
export interface NameSearch {
  readonly catalog: Catalog;
  readonly decode: DecodeName;
  readonly names: FoldedNames;
  readonly query: Query;
  /** Directories with all below them, and single files; null for the whole disc. */
  readonly scope: Uint32Array | null;
  readonly order: { readonly sort: SortKey; readonly descending: boolean; readonly valuesOf: ValuesOf } | null;
  readonly signal: AbortSignal;
  /** Hears of entries found since the last time, in the order of the catalog. */
  readonly onFound: (entries: Uint32Array) => void;
  /** Tries regular expressions; loaded where the query has one. */
  readonly patterns: () => Promise<PatternTester>;
}

/** The entries that meet a query, in the order asked for. */
export async function searchNames(search: NameSearch): Promise<Uint32Array> {
  const { catalog, decode, names, query, order, signal } = search;
  const slices = new Slices(signal);
  const tests = await testsOf(search, slices);
  const patterns = query.terms.filter((term) => term.by === 'pattern');
  const tester = patterns.length > 0 ? await search.patterns() : null;
  const anchor = anchorOf(query.terms);
  const found = new Found(search.onFound);
  // More entries may come while others have their turn: those there at the start are searched.
  const count = catalog.count;
  for (let from = ROOT + 1; from < count; from += CHUNK) {
    const to = Math.min(count, from + CHUNK);
    names.extend(to);
    let met = meeting(from, to, names, anchor, tests);
    if (tester && met.length > 0) met = await tester.filter(met, (entry) => decode(catalog.name(entry)), patterns, signal);
    found.add(met);
    if (slices.over) found.tell();
    await slices.breathe();
  }
  const entries = found.all();
  if (!order || entries.length < 2) return entries;
  found.tell();
  const valueOf = await order.valuesOf(entries, signal);
  return slices.run(sorting(catalog, decode, entries, order.sort, order.descending, valueOf));
}

/** The longest text that a name must hold: it is looked for in all names at once. */
function anchorOf(terms: readonly Term[]): Uint8Array | null {
  const texts = terms.flatMap((term) => (term.by === 'text' && !term.not ? [new TextEncoder().encode(term.text)] : []));
  return texts.reduce<Uint8Array | null>((best, text) => (text.length > (best?.length ?? 0) ? text : best), null);
}

function meeting(from: EntryId, to: EntryId, names: FoldedNames, anchor: Uint8Array | null, tests: readonly Test[]): Uint32Array {
  const met = new Uint32Array(to - from);
  let count = 0;
  const take = (entry: EntryId): void => {
    for (const test of tests) if (!test(entry)) return;
    met[count++] = entry;
  };
  if (!anchor) for (let entry = from; entry < to; entry++) take(entry);
  else {
    const needle = needleOf(anchor);
    const end = names.start(to);
    let entry = from;
    for (let at = names.start(from); ;) {
      at = firstOf(names.bytes, needle, end - anchor.length + 1, at);
      if (at < 0) break;
      while (names.start(entry + 1) <= at) entry++;
      // What begins in one name and ends in the next is in neither.
      if (at + anchor.length > names.start(entry + 1)) at++;
      else {
        take(entry);
        at = names.start(entry + 1);
      }
    }
  }
  return met.subarray(0, count);
}

async function testsOf(search: NameSearch, slices: Slices): Promise<Test[]> {
  const { catalog, names, query, scope } = search;
  const tests: Test[] = [];
  if (scope && !scope.includes(ROOT)) {
    const chosen = new Set(scope);
    const inside = await directoriesBelow(catalog, (directory) => chosen.has(directory), slices);
    tests.push((entry) => inside[catalog.slot(catalog.parent(entry))] === 1 || (chosen.has(entry) && catalog.kind(entry) !== 'directory'));
  }
  for (const term of query.terms) {
    const test = testOf(term, search);
    if (test) tests.push(test);
    if (term.by !== 'in') continue;
    names.extend(catalog.count);
    const named = testOf({ by: 'text', text: term.text, not: false }, search) as Test;
    const inside = await directoriesBelow(catalog, (directory) => directory !== ROOT && named(directory), slices);
    tests.push((entry) => (inside[catalog.slot(catalog.parent(entry))] === 1) !== term.not);
  }
  return tests;
}

/** What was found so far, and how much of it has been told. */
class Found {
  readonly #entries = new EntryIds();
  #told = 0;
  #next = performance.now() + FIRST_NEWS;
  readonly #onFound: (entries: Uint32Array) => void;

  constructor(onFound: (entries: Uint32Array) => void) {
    this.#onFound = onFound;
  }

  add(entries: Uint32Array): void {
    this.#entries.add(entries);
  }

  /** Tell what is new, where it is time. */
  tell(): void {
    const now = performance.now();
    const { count } = this.#entries;
    if (this.#told === count || now < this.#next) return;
    this.#next = now + NEWS;
    this.#onFound(this.#entries.from(this.#told));
    this.#told = count;
  }

  all(): Uint32Array {
    return this.#entries.from(0);
  }
}
