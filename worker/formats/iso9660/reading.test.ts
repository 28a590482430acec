import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Catalog } from '../../catalog/catalog.ts';
import { BytesSource } from '../../source/bytes.ts';
import { CountingSource } from '../../source/counting.ts';
import type { ByteSource } from '../../source/source.ts';
import { iso9660 } from './index.ts';
import { ascii, buildImage, CE, ER, join, NM, PX, SP, type Node } from './testing/build.ts';
import { viewOf } from './testing/tree.ts';

const MIB = 1024 * 1024;

/** Open and read one view, counting. */
async function readCounted(bytes: Uint8Array, view: string) {
  const source = new CountingSource(new BytesSource(bytes, 'counted.iso'));
  const volume = viewOf(await iso9660.open(source), view);
  const catalog = new Catalog();
  await volume.read(catalog);
  return { source, catalog, volume };
}

describe('reading directories', () => {
  const wide = Array.from({ length: 5000 }, (_, index): Node => ({ name: `D${index}`, children: [{ name: 'F.TXT;1' }] }));

  it('of a tree of 5,000 takes a read for each MiB of them and four more', async () => {
    const { source, catalog } = await readCounted(buildImage(wide), 'iso9660');
    expect(catalog.count).toBe(10_001);
    expect(source.reads).toBeLessThanOrEqual((5001 * 2048) / MIB + 4);
  });

  it('with 30,000 entries goes on from window to window', async () => {
    const many = Array.from({ length: 30_000 }, (_, index): Node => ({ name: `FILE${String(index).padStart(5, '0')}.TXT;1` }));
    const { source, catalog } = await readCounted(buildImage(many), 'iso9660');
    expect(catalog.count).toBe(30_001);
    expect(source.reads).toBeLessThanOrEqual((30_000 * 48) / MIB + 4);
  });

  it('reads first the one that somebody waits for, and stops when the catalog is full', async () => {
    const source = new BytesSource(buildImage(wide), 'waited.iso');
    const volume = viewOf(await iso9660.open(source), 'iso9660');
    const catalog = new Catalog();
    const order: number[] = [];
    const begin = catalog.begin.bind(catalog);
    catalog.begin = (directory) => {
      order.push(directory);
      begin(directory);
    };
    await volume.read(catalog, { onWindow: () => 5000 });
    expect(order.indexOf(5000)).toBeLessThan(1500);
    const full = new Catalog();
    let left = 10;
    const add = full.add.bind(full);
    full.add = (each) => (left-- > 0 ? add(each) : -1);
    await volume.read(full);
    expect(full.count).toBe(11);
  });

  it('is cancelled between windows', async () => {
    const volume = viewOf(await iso9660.open(new BytesSource(buildImage(wide), 'x')), 'iso9660');
    await expect(volume.read(new Catalog(), { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('describes thousands of records again in a few reads', async () => {
    const { source, catalog, volume } = await readCounted(buildImage(wide), 'iso9660');
    source.reads = 0;
    const records = Array.from({ length: catalog.count - 1 }, (_, index) => catalog.record(index + 1));
    expect(await volume.describe(records)).toHaveLength(10_000);
    expect(source.reads).toBeLessThanOrEqual(12);
  });

  it('tells findings once however often a view is read', async () => {
    const { volume } = await readCounted(buildImage(wide, { pathTable: false }), 'iso9660');
    await volume.read(new Catalog());
    expect(volume.findings.list).toHaveLength(1);
  });
});

describe('any bytes', () => {
  const use = (name: string): Uint8Array => join(PX(0o100644), NM(name));
  const nodes: Node[] = [
    { name: 'A.TXT;1', contents: ascii('a'), systemUse: use('a') },
    { name: 'M.BIN;1', contents: new Uint8Array(5000), sections: [2048, 2048, 904], systemUse: use('m') },
    { name: 'C.;1', systemUse: ({ area }) => join(PX(0o100644), CE(area, 0, 60)) },
    { name: 'SUB', children: [{ name: 'B.TXT;1', contents: ascii('b'), systemUse: use('b') }], systemUse: join(PX(0o40755), NM('sub')) },
  ];
  const image = buildImage(nodes, {
    rootSystemUse: join(SP(), PX(0o40755), ER()),
    joliet: [{ name: 'long name', children: [{ name: 'x' }] }],
  });

  /** Everything a page would do; only errors of our own may come out. */
  async function exercise(source: ByteSource): Promise<void> {
    const own = (error: unknown): void => {
      if (!(error instanceof Error) || !['ImageError', 'SourceError', 'Unsupported'].includes(error.name)) throw error;
    };
    if (!(await iso9660.probe(source))) return;
    const opened = await iso9660.open(source).catch(own);
    for (const volume of opened?.volumes ?? []) {
      const catalog = new Catalog();
      await volume.read(catalog).catch(own);
      expect(catalog.count).toBeLessThan(1000);
      for (let id = 1; id < catalog.count; id++) {
        volume.decodeName(catalog.name(id));
        const [record] = (await volume.describe([catalog.record(id)]).catch(own)) ?? [];
        if (record?.kind !== 'file') continue;
        try {
          const contents = volume.open(record, 'x');
          await contents.read(0, Math.min(contents.size, 4096));
        } catch (error) {
          own(error);
        }
      }
    }
  }

  it('in place of some give only our errors and findings, in bounded reads', async () => {
    const interesting = fc.oneof(fc.integer({ min: 32768, max: image.length - 1 }), fc.integer({ min: 32768, max: 34816 }));
    const value = fc.oneof(fc.constantFrom(0, 1, 127, 128, 255), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(interesting, value), { minLength: 1, maxLength: 12 }), async (changes) => {
        const bytes = image.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        const source = new CountingSource(new BytesSource(bytes, 'mutant.iso'));
        await exercise(source);
        expect(source.reads).toBeLessThan(500);
        expect(source.bytes).toBeLessThan(500 * image.length);
      }),
      { numRuns: 1500 },
    );
  });

  it('may end anywhere', async () => {
    for (let end = 0; end <= image.length; end += 509) await exercise(new BytesSource(image.slice(0, end), 'cut.iso'));
  });
});
