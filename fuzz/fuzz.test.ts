import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BytesSource } from '../worker/source/bytes.ts';
import { examine } from './examine.ts';
import { apply, type Input } from './mutate.ts';
import { nameTrouble } from './safe-paths.ts';
import { loadSeeds, type Seed } from './seeds.ts';
import { inputOf, trialOf, tryInput } from './trial.ts';

/** The inputs of every run of the tests. */
const SEED = 7;
const INPUTS = 4000;
/** Seeds of more bytes take too long here; `npm run fuzz -- --most` says otherwise. */
const MOST = 2 * 1024 * 1024;
const LIMIT = 300_000;

/** What the fuzzer has found and what was mended since: one input a file. */
const KNOWN = join(import.meta.dirname, 'known');
const known = existsSync(KNOWN) ? readdirSync(KNOWN).map((file) => [file, JSON.parse(readFileSync(join(KNOWN, file), 'utf8')) as { input: Input }] as const) : []; // prettier-ignore

let seeds: Seed[] = [];
beforeAll(async () => {
  seeds = await loadSeeds({ most: MOST });
}, LIMIT);

describe('broken images', () => {
  it(
    `${INPUTS} of them keep every promise, and most get past the recognition of their format`,
    async () => {
      let recognised = 0;
      for (let index = 0; index < INPUTS; index++) {
        const { of, input } = inputOf(seeds, SEED, index);
        const tried = await tryInput(of, input, trialOf(index)).catch((error: unknown) => {
          throw new Error(`npm run fuzz -- --seed ${SEED} --from ${index}: ${JSON.stringify(input)}`, { cause: error });
        });
        if (tried.recognised) recognised++;
      }
      expect(recognised / INPUTS).toBeGreaterThan(0.5);
    },
    LIMIT,
  );

  it.each(known)(
    'found before, and mended: %s',
    async (_file, { input }) => {
      const [of] = await loadSeeds({ most: Infinity, only: new RegExp(`^${input.seed}$`) });
      await tryInput(of!, input, { depth: 'all', twice: true });
    },
    LIMIT,
  );
});

describe('the fuzzer', () => {
  it('makes the same input of the same numbers, and leaves its seeds as they were', () => {
    const before = seeds.map(({ bytes }) => bytes.slice());
    const made = (): unknown[] =>
      Array.from({ length: 200 }, (_, index) => {
        const { of, input } = inputOf(seeds, SEED, index);
        const { bytes, undo } = apply(of, input);
        const changed =
          Buffer.from(bytes).toString('latin1') !== Buffer.from(of.bytes).toString('latin1') || bytes.length < of.bytes.length;
        undo();
        return [input, changed];
      });
    expect(made()).toEqual(made());
    for (const [index, { bytes, name }] of seeds.entries()) expect(Buffer.compare(bytes, before[index]!), name).toBe(0);
  });

  it('puts sums right again, so that a changed descriptor of UDF, a GPT or a boot catalog is read as sound', async () => {
    for (const [name, code] of [
      ['udf/plain.udf', /tag|crc/],
      ['partitions/gpt.bin', /gpt-.*checksum/],
      ['boot.img', /boot-catalog-checksum/],
    ] as const) {
      const [of] = await loadSeeds({ most: Infinity, only: new RegExp(`^${name}$`) });
      if (!of) throw new Error(`there is no seed ${name}`);
      // Behind the sums of a tag or a header, in the maker of a catalog: nothing that anybody judges.
      const mutations = of.sums.map(({ at }) => ({ at: at + (name.startsWith('part') ? 60 : 24), set: [0xa5] }));
      const [sealed, broken] = [true, false].map(async (each) => {
        const { bytes, undo } = apply(of, { seed: name, mutations, sealed: each });
        const copy = bytes.slice();
        undo();
        return (await examine(new BytesSource(copy, name), 'all')).seen;
      });
      expect(await broken, name).toMatch(code);
      expect(of.sums.length, name).toBeGreaterThan(0);
      expect(await sealed, name).not.toMatch(/checksum of the (boot catalog|GPT)|CRC of/);
    }
  });

  it('tells names that must not leave from those that may', () => {
    const bad = [
      '',
      '.',
      '..',
      'a/b',
      'a\\b',
      'C:',
      'con',
      'NUL.txt',
      'com¹.x',
      'a\u202eb',
      'a\0',
      'x.',
      'x ',
      ' x',
      'é'.repeat(128),
      'a\ud800',
    ];
    expect(bad.filter((name) => nameTrouble(name) === null)).toEqual([]);
    expect(['a', '.hidden', 'console', 'nul_', 'a b', '日本', '..a'].map(nameTrouble)).toEqual(Array(7).fill(null));
  });
});
