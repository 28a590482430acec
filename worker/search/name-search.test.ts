import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../protocol/entry.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { fold, FoldedNames } from './folded-names.ts';
import { globMatches } from './glob.ts';
import { searchNames, type NameSearch } from './name-search.ts';
import { MOST_TIME, PatternTester, runPatterns, type PatternJob } from './pattern-tester.ts';
import { parseQuery } from './query.ts';
import { catalogOf, decode, namesIn } from './testing.ts';

const TREE = [
  { name: 'README.TXT', size: 40, modified: Date.parse('2024-05-06') },
  {
    name: 'boot',
    children: [
      { name: 'Grub.cfg', size: 3000 },
      { name: 'deep', children: [{ name: 'café.PNG', size: 20_000, hidden: true }] },
    ],
  },
  {
    name: 'Überall',
    children: [
      { name: 'grubx64.efi', size: 2 ** 21 },
      { name: 'naïve grub.png', presence: 'cut' as const, size: 5 },
    ],
  },
  { name: 'empty', children: [] },
];
const catalog = catalogOf(TREE);

/** A worker as the tester sees one, on this thread. */
class Here {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #never: boolean;
  constructor(never = false) {
    this.#never = never;
    queueMicrotask(() => this.onmessage?.({ data: { ready: true } }));
  }
  postMessage(job: PatternJob): void {
    if (!this.#never) queueMicrotask(() => this.onmessage?.({ data: { matches: runPatterns(job) } }));
  }
  terminate(): void {
    this.onmessage = null;
  }
}

function search(text: string, more: Partial<NameSearch> = {}): Promise<Uint32Array> {
  const of: Catalog = more.catalog ?? catalog;
  const tester = new PatternTester(() => new Here() as unknown as Worker);
  return searchNames({
    catalog: of,
    decode,
    names: new FoldedNames(of, decode),
    query: parseQuery(text),
    scope: null,
    order: null,
    signal: new AbortController().signal,
    onFound: () => undefined,
    patterns: async () => tester,
    ...more,
  });
}
const found = async (text: string, more: Partial<NameSearch> = {}): Promise<string[]> => namesIn(catalog, await search(text, more));

describe('a search by name', () => {
  it('finds what contains a text, without case and accents, also where the name is not ASCII', async () => {
    expect(await found('grub')).toEqual(['Grub.cfg', 'grubx64.efi', 'naïve grub.png']);
    expect(await found('CAFE')).toEqual(['café.PNG']);
    expect(await found('uber')).toEqual(['Überall']);
    expect(await found('naive grub')).toEqual(['naïve grub.png']);
    expect(await found('nothing like it')).toEqual([]);
  });

  it('does not find what begins in one name and ends in the next', async () => {
    // Folded, the names stand behind each other: "readme.txtboot…".
    expect(await found('txtboot')).toEqual([]);
    expect(await found('txt')).toEqual(['README.TXT']);
  });

  it('takes globs for whole names, extensions, kinds, sizes, dates and marks', async () => {
    expect(await found('*.png')).toEqual(['naïve grub.png', 'café.PNG']);
    expect(await found('caf?.*')).toEqual(['café.PNG']);
    expect(await found('ext:efi,cfg')).toEqual(['Grub.cfg', 'grubx64.efi']);
    expect(await found('kind:picture')).toEqual(['naïve grub.png', 'café.PNG']);
    expect(await found('kind:directory -is:empty')).toEqual(['boot', 'Überall', 'deep']);
    expect(await found('size:>1M')).toEqual(['grubx64.efi']);
    expect(await found('date:2024-05')).toEqual(['README.TXT']);
    expect(await found('is:hidden')).toEqual(['café.PNG']);
    expect(await found('is:damaged')).toEqual(['naïve grub.png']);
    expect(await found('is:empty')).toEqual(['empty']);
    expect(await found('grub -png -cfg')).toEqual(['grubx64.efi']);
  });

  it('finds below directories alone, and below those that are called so', async () => {
    const boot = (await search('boot'))[0] as number;
    expect(await found('g', { scope: Uint32Array.of(boot) })).toEqual(['Grub.cfg', 'café.PNG']);
    expect(await found('', { scope: Uint32Array.of(1) })).toEqual(['README.TXT']);
    expect(await found('', { scope: Uint32Array.of(ROOT) })).toHaveLength(9);
    expect(await found('in:boot')).toEqual(['Grub.cfg', 'deep', 'café.PNG']);
    expect(await found('-in:boot png')).toEqual(['naïve grub.png']);
  });

  it('tries regular expressions elsewhere, and ends one that takes too long', async () => {
    expect(await found('/^grub.*\\.(cfg|efi)$/')).toEqual(['Grub.cfg', 'grubx64.efi']);
    expect(await found('-/grub/ size:>1')).toEqual(['README.TXT', 'café.PNG']);
    const stuck = new PatternTester(() => new Here(true) as unknown as Worker);
    const begun = performance.now();
    await expect(search('/(a+)+$/', { patterns: async () => stuck })).rejects.toMatchObject({ feature: 'pattern-time' });
    expect(performance.now() - begun).toBeGreaterThan(MOST_TIME - 50);
  });

  it('gives what it found in the order of the table', async () => {
    const order = { sort: 'size', descending: true, valuesOf: async () => undefined } as const;
    expect(await found('grub', { order })).toEqual(['grubx64.efi', 'Grub.cfg', 'naïve grub.png']);
  });

  it('agrees with strings compared one by one, whatever the names are', async () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'B', 'é', 'É', '大', '.', 'ß', 'か\u3099', '1'), minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 40 }), name, async (names, wanted) => {
        const of = catalogOf(names.map((one) => ({ name: one })));
        const expected = names.filter((one) => fold(one).includes(fold(wanted)));
        expect(namesIn(of, await search(`"${wanted}"`, { catalog: of }))).toEqual(expected);
      }),
    );
  });
});

describe('a glob', () => {
  const matches = (glob: string, name: string): boolean => {
    const bytes = new TextEncoder().encode(name);
    return globMatches(new TextEncoder().encode(glob), bytes, 0, bytes.length);
  };

  it('agrees with the regular expression that says the same', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '大', '.'), maxLength: 8 });
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '大', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(glob, text, (wanted, name) => {
        const pattern = new RegExp(`^${wanted.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`, 'u');
        expect(matches(wanted, name)).toBe(pattern.test(name));
      }),
    );
  });

  it('takes no time for what keeps a regular expression busy for years', () => {
    const begun = performance.now();
    expect(matches(`${'a*'.repeat(400)}b`, 'a'.repeat(4000))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

describe('a search over a million names', () => {
  it('tells its first rows at once, is cancelled in between, and leaves no slice too long', async () => {
    const of = catalogOf(
      Array.from({ length: 1000 }, (_, i) => ({
        name: `D${String(i).padStart(4, '0')}`,
        children: Array.from({ length: 999 }, (_, j) => ({ name: `F${String(i * 999 + j).padStart(7, '0')}.TXT`, size: j })),
      })),
    );
    expect(of.count).toBe(1_000_001);
    const names = new FoldedNames(of, decode);
    const measured: string[] = [];
    const order = { sort: 'name', descending: false, valuesOf: async () => undefined } as const;
    for (const [text, expected] of [
      ['f0123', 1000],
      ['f0123', 1000],
      ['f', 999_000],
      ['*77.txt', 9990],
      ['size:998', 1000],
      ['nowhere', 0],
    ] as const) {
      const begun = performance.now();
      let first = 0;
      const entries = await search(text, { catalog: of, names, order, onFound: () => (first ||= performance.now() - begun) });
      measured.push(`${text}: first ${Math.round(first || performance.now() - begun)} ms, all ${Math.round(performance.now() - begun)} ms`);
      expect(entries.length).toBe(expected);
    }
    console.log(measured.join('\n'));

    const stop = new AbortController();
    const long = search('f', { catalog: of, names, order, signal: stop.signal, onFound: () => undefined });
    setTimeout(() => stop.abort(), 30);
    const begun = performance.now();
    await expect(long).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - begun).toBeLessThan(400);
  });
});
