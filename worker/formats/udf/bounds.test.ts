import { describe, expect, it } from 'vitest';
import { BytesSource } from '../../source/bytes.ts';
import { Pieces } from './pieces.ts';
import { physicalPartition, Space } from './space.ts';
import { type Node, PARTITION, SECTOR, TestDisc } from './testing/build.ts';
import { readDisc } from './testing/tree.ts';
import { virtualPartition } from './vat.ts';

const UNRECORDED = 1;
const CONTINUATION = 3;
const several = (count: number, make: (index: number) => Node): Node[] => Array.from({ length: count }, (_, index) => make(index));

/** Give an entry other short allocation descriptors than the writer did (ECMA-167 4/14.14.1). */
function allocate(
  disc: TestDisc,
  at: number,
  claimed: number,
  extents: readonly (readonly [kind: number, length: number, block: number])[],
): void {
  const view = new DataView(disc.bytes.buffer);
  const fixed = view.getUint16(at, true) === 266 ? 216 : 176;
  view.setUint16(at + 34, 0, true);
  view.setBigUint64(at + 56, BigInt(claimed), true);
  view.setUint32(at + fixed - 4, extents.length * 8, true);
  for (const [index, [kind, length, block]] of extents.entries()) {
    view.setUint32(at + fixed + index * 8, length + kind * 2 ** 30, true);
    view.setUint32(at + fixed + index * 8 + 4, block, true);
  }
  disc.seal(at, fixed - 16 + extents.length * 8);
}

/** Add a chain of so many allocation extent descriptors behind the disc, each of single blocks that do not follow each other (ECMA-167 4/14.5); gives its first block. */
function addChain(disc: TestDisc, blocks: number, length = SECTOR): number {
  const first = disc.bytes.length / SECTOR - PARTITION;
  const longer = new Uint8Array(disc.bytes.length + blocks * SECTOR);
  longer.set(disc.bytes);
  disc.bytes = longer;
  const view = new DataView(longer.buffer);
  for (let index = 0; index < blocks; index++) {
    const at = (PARTITION + first + index) * SECTOR;
    view.setUint16(at, 258, true);
    view.setUint32(at + 12, first + index, true);
    view.setUint32(at + 20, 253 * 8, true);
    for (let place = 0; place < 252; place++) {
      view.setUint32(at + 24 + place * 8, length, true);
      view.setUint32(at + 28 + place * 8, (place * 7) % 32, true);
    }
    view.setUint32(at + 24 + 252 * 8, SECTOR + CONTINUATION * 2 ** 30, true);
    view.setUint32(at + 28 + 252 * 8, first + index + 1, true);
    disc.seal(at, 8 + 253 * 8);
  }
  return first;
}

describe('a small disc of UDF that claims much', () => {
  it('in directories: no more is read of them than the image has, and the rest stays whole', async () => {
    const disc = new TestDisc([
      { name: 'all holes', children: [] },
      { name: 'sound', children: [{ name: 'file', contents: Uint8Array.of(7) }] },
    ]);
    allocate(disc, disc.entries.get('all holes') ?? 0, 2 ** 28, [[UNRECORDED, 2 ** 28, 0]]);
    const read = await readDisc(disc.bytes);
    expect(read.codes).toEqual(['directories-overlap']);
    expect(read.paths.sort()).toEqual(['/all holes', '/sound', '/sound/file']);
    expect([read.isPartial('/all holes'), read.isPartial('/sound')]).toEqual([true, false]);
    expect(await read.contents('/sound/file')).toEqual(Uint8Array.of(7));
  });

  it('in pieces of files that share their allocation descriptors: so many are told apart', async () => {
    const disc = new TestDisc(several(6, (index) => ({ name: `f${index}`, contents: Uint8Array.of(index) })));
    const chain = addChain(disc, 1000);
    for (let index = 0; index < 5; index++) allocate(disc, disc.entries.get(`f${index}`) ?? 0, 2 ** 40, [[CONTINUATION, SECTOR, chain]]);
    const read = await readDisc(disc.bytes);
    expect(read.codes.filter((code) => code === 'allocation')).toHaveLength(5);
    const claimed = [0, 1, 2, 3, 4].map((index) => read.entry(`/f${index}`).size);
    expect(claimed.reduce((sum, size) => sum + size) / SECTOR).toBeLessThan(1_000_100);
    expect(await read.contents('/f5')).toEqual(Uint8Array.of(5));
  });

  it('in directories of streams: they are told, and read no farther', async () => {
    const disc = new TestDisc(several(20, (index) => ({ name: `f${index}`, contents: Uint8Array.of(index), streams: [{ name: 'alt' }] })));
    for (let at = 0; at < disc.bytes.length; at += SECTOR)
      if (disc.bytes[at] === 5 && disc.bytes[at + 1] === 1 && disc.bytes[at + 27] === 13)
        allocate(disc, at, 2 ** 20, [[UNRECORDED, 2 ** 20, 0]]);
    const { volume, sink } = await readDisc(disc.bytes);
    const records = sink.entries.slice(1).map((entry) => entry?.record ?? -2);
    expect((await volume.streams?.(records))?.flat()).toEqual([]);
    expect(volume.findings.list.filter(({ code }) => code === 'directories-overlap')).toHaveLength(4);
    await volume.streams?.(records);
    expect(volume.findings.list.filter(({ code }) => code === 'directories-overlap')).toHaveLength(4);
  });

  it('in a directory of pieces of four bytes: what is wrong is found at its place', async () => {
    const disc = new TestDisc([{ name: 'd', children: [{ name: 'gone' }] }]);
    const chain = addChain(disc, 2, 4);
    const at = disc.entries.get('d') ?? 0;
    allocate(disc, at, 252 * 8, [[CONTINUATION, SECTOR, chain]]);
    for (let block = 0; block < 32; block++) disc.bytes.fill(0xee, (PARTITION + block) * SECTOR, (PARTITION + block) * SECTOR + 1);
    const { volume } = await readDisc(disc.bytes.slice());
    expect(volume.findings.list.find(({ code }) => code === 'file-identifier')?.at).toBe(PARTITION * SECTOR);
  });
});

describe('pieces that are told apart', () => {
  it('end with one file, with those in memory together, and with a reading', () => {
    const pieces = new Pieces();
    expect([pieces.take(999_999), pieces.take(1_000_000)]).toEqual([true, false]);
    let rounds = 0;
    for (; rounds < 100; rounds++) {
      pieces.begin();
      let taken = 0;
      while (pieces.take(0)) taken++;
      if (taken === 0) break;
      expect(taken).toBeLessThanOrEqual(1_000_000);
    }
    expect(rounds).toBe(16);
  });

  it('are not blocks: virtual ones that follow each other are one', () => {
    const below = physicalPartition(0, 100 * SECTOR, SECTOR, 100 * SECTOR);
    const entries = Uint32Array.of(10, 11, 12, 40, 0xffffffff, 13);
    const space = new Space(
      [virtualPartition({ offset: 0, entries, label: null, files: null, directories: null }, below, SECTOR)],
      SECTOR,
      new BytesSource(new Uint8Array(100 * SECTOR), 'disc'),
    );
    const runs: never[] = [];
    expect(space.addRuns(runs, 0, 0, 4 * SECTOR)).toBe(null);
    expect(runs).toEqual([
      { offset: 10 * SECTOR, length: 3 * SECTOR },
      { offset: 40 * SECTOR, length: SECTOR },
    ]);
    expect(space.partitions[0]?.span(1)).toEqual({ offset: 11 * SECTOR, length: 2 * SECTOR });
    expect([space.partitions[0]?.span(4), space.partitions[0]?.span(6)]).toEqual([null, null]);
    expect(space.partitions[0]?.span(5)).toEqual({ offset: 13 * SECTOR, length: SECTOR });
  });
});
