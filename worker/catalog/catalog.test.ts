import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROOT, type EntryId } from '../protocol/entry.ts';
import type { ScannedEntry } from '../formats/volume.ts';
import { Catalog, MAX_ENTRIES } from './catalog.ts';
import { filterChildren, sortEntries } from './order.ts';
import { ancestors, findPath, pathBytes, pathOf, walk } from './path.ts';
import { measure, Totals } from './totals.ts';

const encoder = new TextEncoder();
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function scanned(name: string, more: Partial<ScannedEntry> = {}): ScannedEntry {
  const plain = { modified: NaN, offset: NaN, record: 0, presence: 'whole', hidden: false, associated: false, content: true } as const;
  return { name: encoder.encode(name), kind: 'file', size: 0, ...plain, ...more };
}

function catalogOf(children: readonly ScannedEntry[]): Catalog {
  const catalog = new Catalog();
  catalog.begin(ROOT);
  for (const child of children) catalog.add(child);
  catalog.end(ROOT, true);
  return catalog;
}

const namesIn = (catalog: Catalog, entries: ArrayLike<EntryId>): string[] => Array.from(entries, (entry) => decode(catalog.name(entry)));

describe('a catalog', () => {
  it('keeps what a driver found of each entry, past several growths of its columns', () => {
    const children = Array.from({ length: 5_000 }, (_, index) =>
      scanned(`name ${index}`, {
        size: index,
        modified: index * 1000,
        offset: index * 2048,
        record: 2 ** 40 + index,
        hidden: index % 7 === 0,
      }),
    );
    const catalog = catalogOf(children);
    expect(catalog.count).toBe(5_001);
    for (const index of [0, 1, 1022, 1023, 1024, 4_999]) {
      const entry = index + 1;
      expect(decode(catalog.name(entry))).toBe(`name ${index}`);
      expect([catalog.size(entry), catalog.modified(entry), catalog.offset(entry)]).toEqual([index, index * 1000, index * 2048]);
      expect(catalog.record(entry)).toBe(2 ** 40 + index);
      expect(catalog.hidden(entry)).toBe(index % 7 === 0);
    }
    expect(catalog.range(ROOT)).toEqual([1, 5_001]);
  });

  it('says of each directory whether it was read, and of a partial one that it was not whole', () => {
    const catalog = catalogOf([scanned('a', { kind: 'directory' }), scanned('b', { kind: 'directory' })]);
    expect([catalog.isRead(ROOT), catalog.isRead(1), catalog.isRead(2)]).toEqual([true, false, false]);
    catalog.begin(1);
    expect(catalog.isRead(1)).toBe(false);
    catalog.end(1, false);
    expect([catalog.isRead(1), catalog.isPartial(1), catalog.range(1)]).toEqual([true, true, [3, 3]]);
  });

  it('takes 2,000,000 entries and says that it is full, within 250 MB for a million', () => {
    const catalog = new Catalog();
    const child = scanned('a name of 20 bytes..');
    catalog.begin(ROOT);
    let last = 0;
    for (let index = 0; index < 1_000_000; index++) last = catalog.add(child);
    expect(last).toBe(1_000_000);
    expect(catalog.memory).toBeLessThan(250e6);
    while (last !== -1) last = catalog.add(child);
    catalog.end(ROOT, false);
    expect(catalog.count).toBe(MAX_ENTRIES);
    expect(catalog.bounded).toBe(true);
  });

  it('counts distinct contents by place: links, empty files and structures of the disc do not count', () => {
    const at = (offset: number, more: Partial<ScannedEntry> = {}): ScannedEntry => scanned('f', { offset, size: 10, ...more });
    expect(catalogOf([at(2048), at(2048), at(4096), at(6144, { size: 0 }), at(8192, { content: false })]).distinctContents()).toBe(2);
  });
});

describe('the order of a table', () => {
  it('puts directories first and numbers by their value, without case', () => {
    const catalog = catalogOf(
      ['b10', 'B2', 'a', 'b010', 'b9', 'Z'].map((name) => scanned(name, { kind: name === 'Z' ? 'directory' : 'file' })),
    );
    const { entries } = filterChildren(catalog, decode, ROOT, { hidden: false, filter: '' });
    expect(namesIn(catalog, sortEntries(catalog, decode, entries, 'name', false))).toEqual(['Z', 'a', 'B2', 'b9', 'b10', 'b010']);
    expect(namesIn(catalog, sortEntries(catalog, decode, entries, 'name', true))).toEqual(['Z', 'b010', 'b10', 'b9', 'B2', 'a']);
  });

  it('uses the collator where names are not ASCII, numbers still by value', () => {
    const catalog = catalogOf(['é10', 'é2', 'zebra', 'Ärger', '日本'].map((name) => scanned(name)));
    const { entries } = filterChildren(catalog, decode, ROOT, { hidden: false, filter: '' });
    expect(namesIn(catalog, sortEntries(catalog, decode, entries, 'name', false))).toEqual(['Ärger', 'é2', 'é10', 'zebra', '日本']);
  });

  it('puts equal sizes in the order of names, whichever way the sizes run', () => {
    const catalog = catalogOf([scanned('b', { size: 1 }), scanned('a', { size: 1 }), scanned('c', { size: 5 })]);
    const { entries } = filterChildren(catalog, decode, ROOT, { hidden: false, filter: '' });
    expect(namesIn(catalog, sortEntries(catalog, decode, entries, 'size', true))).toEqual(['c', 'a', 'b']);
    expect(namesIn(catalog, sortEntries(catalog, decode, entries, 'size', false))).toEqual(['a', 'b', 'c']);
  });

  it('puts directories in the order of what lies below them, where that is known', () => {
    const catalog = catalogOf(['few', 'many', 'none'].map((name) => scanned(name, { kind: 'directory' })));
    for (const [directory, size] of [
      [1, 5],
      [2, 500],
    ] as const) {
      catalog.begin(directory);
      catalog.add(scanned('file', { size }));
      catalog.end(directory, true);
    }
    const totals = new Totals(catalog);
    const { entries } = filterChildren(catalog, decode, ROOT, { hidden: false, filter: '' });
    const bySize = sortEntries(catalog, decode, entries, 'size', true, (entry) => totals.below(entry).bytes);
    expect(namesIn(catalog, bySize)).toEqual(['many', 'few', 'none']);
  });

  it('leaves hidden entries out unless asked for, says how many, and filters by name without case', () => {
    const catalog = catalogOf([scanned('Readme'), scanned('secret', { hidden: true }), scanned('other')]);
    expect(filterChildren(catalog, decode, ROOT, { hidden: false, filter: '' }).hiddenCount).toBe(1);
    expect(filterChildren(catalog, decode, ROOT, { hidden: true, filter: '' }).hiddenCount).toBe(0);
    const found = filterChildren(catalog, decode, ROOT, { hidden: true, filter: 'RE' });
    expect(namesIn(catalog, found.entries)).toEqual(['Readme', 'secret']);
  });
});

/** A random tree: each directory is read in the order in which it was found. */
function randomTree(shape: readonly number[]): Catalog {
  const catalog = new Catalog();
  const pending: EntryId[] = [ROOT];
  for (const width of shape) {
    const directory = pending.shift();
    if (directory === undefined) break;
    catalog.begin(directory);
    for (let index = 0; index < width; index++) {
      const kind = index % 3 === 0 ? 'directory' : index % 5 === 0 ? 'symlink' : 'file';
      const entry = catalog.add(scanned(`e${index}`, { kind, size: kind === 'file' ? index : 0 }));
      if (kind === 'directory') pending.push(entry);
    }
    catalog.end(directory, true);
  }
  return catalog;
}

describe('totals and paths', () => {
  it('add up to what a walk through the tree counts', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 40 }), (shape) => {
        const catalog = randomTree(shape);
        const totals = new Totals(catalog);
        for (let entry = 0; entry < catalog.count; entry++) {
          if (catalog.kind(entry) !== 'directory') continue;
          expect(measure(catalog, totals, [entry])).toEqual(measure(catalog, null, [entry]));
        }
        expect([...walk(catalog)].length).toBe(catalog.count - 1);
      }),
    );
  });

  it('leave hidden entries out of a sum where they are not wanted, and what is cut is told apart', () => {
    const catalog = catalogOf([
      scanned('whole', { size: 3 }),
      scanned('cut', { size: 50, presence: 'cut' }),
      scanned('secret', { size: 700, hidden: true }),
      scanned('link', { kind: 'symlink' }),
      scanned('null', { kind: 'device' }),
    ]);
    const whole = { links: 1, others: 1, files: 3, bytes: 753, cut: 1, cutBytes: 50 };
    const shown = { links: 1, others: 1, files: 2, bytes: 53, cut: 1, cutBytes: 50 };
    expect(measure(catalog, new Totals(catalog), [ROOT])).toMatchObject(whole);
    expect(measure(catalog, new Totals(catalog, false), [ROOT], false)).toMatchObject(shown);
    expect(measure(catalog, null, [ROOT], false)).toMatchObject(shown);
  });

  it('lead from an entry to its path and back', () => {
    const catalog = randomTree([6, 4, 5, 3, 2, 2]);
    for (const entry of walk(catalog)) {
      const path = pathOf(catalog, decode, entry);
      expect(findPath(catalog, decode, path)).toBe(entry);
      expect(decode(pathBytes(catalog, entry))).toBe(path);
      expect(ancestors(catalog, entry)[0]).toBe(ROOT);
    }
    expect(findPath(catalog, decode, '/nowhere')).toBe(-1);
    expect(findPath(catalog, decode, '/')).toBe(ROOT);
  });

  it('find an entry whose name holds a slash', () => {
    const catalog = catalogOf([scanned('a', { kind: 'directory' }), scanned('a/b.txt')]);
    expect(findPath(catalog, decode, '/a/b.txt')).toBe(2);
  });
});
