/* eslint-disable @typescript-eslint/consistent-type-imports -- the type of the module that a test stands in for */
import { describe, expect, it, vi } from 'vitest';
import type { Block } from '../worker/bytes/block.ts';
import { Broken } from './examine.ts';
import { loadSeeds } from './seeds.ts';
import { inputOf, tryInput } from './trial.ts';

// A fuzzer that finds nothing may be one that finds nothing ever: so a bug is planted in one parser after another, an ordinary
// slip that only one value of one field brings to light, and it has to be found.

const planted = vi.hoisted(() => ({
  in: '',
  /** The slip: what is undefined is used. */
  slip(parser: string, when: boolean): void {
    if (this.in === parser && when) (undefined as unknown as { name: string }).name.trim();
  },
}));

vi.mock('../worker/formats/iso9660/directory-record.ts', async (original) => {
  const real = await original<typeof import('../worker/formats/iso9660/directory-record.ts')>();
  const readDirectoryRecord: typeof real.readDirectoryRecord = (...all) => {
    const record = real.readDirectoryRecord(...all);
    planted.slip('directory records', record.gapBlocks > 0);
    return record;
  };
  return { ...real, readDirectoryRecord };
});

vi.mock('../worker/formats/iso9660/system-use.ts', async (original) => {
  const real = await original<typeof import('../worker/formats/iso9660/system-use.ts')>();
  const isEntry: typeof real.isEntry = (block, at, end) => {
    const is = real.isEntry(block, at, end);
    planted.slip('system use entries', is && block.u8(at) === 0x43 && block.u8(at + 1) === 0x4c); // CL
    return is;
  };
  return { ...real, isEntry };
});

vi.mock('../worker/formats/udf/file-entry.ts', async (original) => {
  const real = await original<typeof import('../worker/formats/udf/file-entry.ts')>();
  const readFileEntry: typeof real.readFileEntry = (...all) => {
    const entry = real.readFileEntry(...all);
    planted.slip('file entries', entry.strategy !== 4);
    return entry;
  };
  return { ...real, readFileEntry };
});

vi.mock('../worker/formats/el-torito/boot-catalog.ts', async (original) => {
  const real = await original<typeof import('../worker/formats/el-torito/boot-catalog.ts')>();
  const readBootCatalog: typeof real.readBootCatalog = (...all) => {
    const entries = real.readBootCatalog(...all);
    planted.slip('boot catalogs', entries.some(({ media }) => media > 4)); // prettier-ignore
    return entries;
  };
  return { ...real, readBootCatalog };
});

vi.mock('../worker/formats/fat/directory-entry.ts', async (original) => {
  const real = await original<typeof import('../worker/formats/fat/directory-entry.ts')>();
  const readDirectory = (block: Block, wide: boolean): ReturnType<typeof real.readDirectory> => {
    const found = real.readDirectory(block, wide);
    planted.slip('directories of FAT', found.strayNames.length > 0);
    return found;
  };
  return { ...real, readDirectory };
});

vi.mock('../worker/formats/partition/mbr.ts', async (original) => {
  const real = await original<typeof import('../worker/formats/partition/mbr.ts')>();
  const partitionRecords: typeof real.partitionRecords = async (...all) => {
    const found = await real.partitionRecords(...all);
    planted.slip('partition records', found.some(({ start }) => start > 2 ** 31)); // prettier-ignore
    return found;
  };
  return { ...real, partitionRecords };
});

vi.mock('../worker/codec/zisofs.ts', async (original) => {
  const real = await original<typeof import('../worker/codec/zisofs.ts')>();
  const readZisofsHeader: typeof real.readZisofsHeader = (...all) => {
    planted.slip('zisofs headers', all[0].u8(13) > 17);
    return real.readZisofsHeader(...all);
  };
  return { ...real, readZisofsHeader };
});

/** Where each bug is looked for, and within how many inputs it has to be found. */
const PARSERS: readonly (readonly [parser: string, seeds: RegExp])[] = [
  ['directory records', /^(level1|rockridge)\.img$/],
  ['system use entries', /^rockridge\.img$/],
  ['file entries', /^udf\/plain/],
  ['boot catalogs', /^boot\.img$/],
  ['directories of FAT', /^fat\/fat12\.img$/],
  ['partition records', /^partitions\/mbr/],
  ['zisofs headers', /^zisofs\.img$/],
];
const WITHIN = 8000;

describe('a bug planted', () => {
  it.each(PARSERS)(
    'in the reading of %s is found',
    async (parser, only) => {
      const seeds = await loadSeeds({ most: Infinity, only });
      planted.in = parser;
      let [found, index]: [unknown, number] = [null, 0];
      for (; index < WITHIN && found === null; index++) {
        const { of, input } = inputOf(seeds, 1, index);
        found = await tryInput(of, input, { depth: index % 4 === 0 ? 'all' : 'trees', twice: false }).then(
          () => null,
          (error: unknown) => error,
        );
      }
      planted.in = '';
      expect(found, `${index} inputs`).toBeInstanceOf(Broken);
      expect((found as Broken).rule).toBe('errors of ours');
      expect((found as Broken).cause).toBeInstanceOf(TypeError);
    },
    120_000,
  );
});
