import { describe, expect, it } from 'vitest';
import { Catalog } from '../../catalog/catalog.ts';
import { findStream, listStreams } from '../../catalog/streams.ts';
import { type Layout, TestDisc } from './testing/build.ts';
import { readDisc } from './testing/tree.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

const ROOT = [
  { name: 'plain.txt', contents: text('no streams') },
  {
    name: 'main:odd.txt',
    contents: text('main'),
    streams: [
      { name: 'alt', contents: text('alternate') },
      { name: 'größer', contents: text('x'.repeat(5000)), stored: 'long', split: [3000, 2000] },
    ],
  },
] as const;

describe.each<Layout>(['plain', 'virtual', 'sparable', 'metadata'])('named streams on a disc of layout %s (UDF 2.60 3.3.5)', (layout) => {
  it('are listed behind their entry by path:stream, and read as files are', async () => {
    const { volume } = await readDisc(new TestDisc(ROOT, layout).bytes);
    const catalog = new Catalog();
    await volume.read(catalog);
    const listed = [];
    for await (const { path, size, presence } of listStreams(volume, catalog)) listed.push([path, size, presence]);
    expect(listed).toEqual([
      ['/main:odd.txt:alt', 9, 'whole'],
      ['/main:odd.txt:größer', 5000, 'whole'],
    ]);
    const found = await findStream(volume, catalog, 'main:odd.txt:größer');
    const [record] = await volume.describe([found?.record ?? -2]);
    const stream = volume.open(record!, 'stream');
    expect(new TextDecoder().decode(await stream.read(0, stream.size))).toBe('x'.repeat(5000));
    expect([await findStream(volume, catalog, '/plain.txt:alt'), await findStream(volume, catalog, '/main:odd.txt')]).toEqual([null, null]);
  });
});

describe('a stream directory that is damaged', () => {
  const damaged = (layout: Layout): TestDisc => {
    const disc = new TestDisc(ROOT, layout);
    const at = disc.entries.get('\0streams') ?? 0;
    disc.bytes.fill(0, at, at + 2048);
    return disc;
  };

  it('holds none, which is told once, and the entry itself stays', async () => {
    const { volume, contents, entry } = await readDisc(damaged('plain').bytes);
    for (let asked = 0; asked < 2; asked++) expect(await volume.streams?.([entry('/main:odd.txt').record])).toEqual([[]]);
    expect(volume.findings.list.filter(({ severity }) => severity === 'damage').map(({ code }) => code)).toEqual(['file-entry']);
    expect(new TextDecoder().decode(await contents('/main:odd.txt'))).toBe('main');
  });

  it('is read from the metadata mirror where there is one', async () => {
    const { volume, entry } = await readDisc(damaged('metadata').bytes);
    expect((await volume.streams?.([entry('/main:odd.txt').record]))?.[0]).toHaveLength(2);
  });
});
