import { describe, expect, it } from 'vitest';
import { BytesSource } from '../../source/bytes.ts';
import { CountingSource } from '../../source/counting.ts';
import { Continuations } from './continuations.ts';
import { both32, buildImage, record } from './testing/build.ts';
import { listTree, openBytes, viewOf } from './testing/tree.ts';

const SECTOR = 2048;
const NONE = new Uint8Array(0);
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** An image whose directory `D` holds these records, which are written behind all else; gives it and the directory's block. */
function withDirectory(records: Iterable<Uint8Array>, sectors: number): { bytes: Uint8Array; first: number } {
  const small = buildImage([{ name: 'D', children: [] }]);
  const first = small.length / SECTOR;
  const bytes = new Uint8Array(small.length + sectors * SECTOR);
  bytes.set(small);
  const size = sectors * SECTOR;
  let at = first * SECTOR;
  const put = (each: Uint8Array): void => {
    if ((at % SECTOR) + each.length > SECTOR) at += SECTOR - (at % SECTOR);
    bytes.set(each, at);
    at += each.length;
  };
  put(record(Uint8Array.of(0), { lba: first, size }, 2, NONE));
  put(record(Uint8Array.of(1), { lba: first, size }, 2, NONE));
  for (const each of records) put(each);
  const place = Uint8Array.of(...both32(first), ...both32(size));
  for (let own = 18 * SECTOR; own < small.length; own++)
    if (bytes[own] === 34 && bytes[own + 32] === 1 && bytes[own + 33] === 0x44) bytes.set(place, own + 2);
  return { bytes, first };
}

describe('a file of more sections than any (ECMA-119 9.1.9)', () => {
  const piece = record(ascii('F1'), { lba: 18, size: 10 }, 0x80, NONE);
  const inSector = Math.floor(SECTOR / piece.length);
  const { bytes, first } = withDirectory(
    Array.from({ length: 80_000 }, () => piece),
    Math.ceil(80_000 / inSector) + 1,
  );

  it('is shown as far as 65,536 others go', async () => {
    const volume = viewOf(await openBytes(bytes), 'iso9660');
    const tree = await listTree(volume);
    expect(tree.get('/D/F1')?.size).toBe(65_537 * 10);
    expect(tree.get('/D/F1')?.record.runs).toHaveLength(65_537);
    expect(volume.findings.list.filter(({ code }) => code === 'too-many-sections')).toMatchObject([{ count: 1 }]);
  });

  it('does not give its sections to all the records that begin among them', async () => {
    const volume = viewOf(await openBytes(bytes), 'iso9660');
    const starts = Array.from({ length: 200 }, (_, index) => (first + 1 + index) * SECTOR);
    const described = await volume.describe(starts);
    const sections = described.reduce((sum, { runs }) => sum + runs.length, 0);
    expect(sections).toBeLessThan(2 ** 19 + 200 + inSector);
  });
});

describe('continuation areas that lie far apart (SUSP 5.1)', () => {
  it('are read in no more reads than the image has blocks', async () => {
    const source = new CountingSource(new BytesSource(new Uint8Array(20 * 1024 * 1024), 'disc'));
    const continuations = new Continuations(source, () => null);
    const areas = Array.from({ length: 200 }, (_, index) => ({ offset: index * 100_000, length: 28 }));
    for (let round = 0; round < 100; round++) await continuations.load(areas);
    expect(continuations.spent).toBe(true);
    expect(continuations.find({ offset: 0, length: 28 })).toBe(null);
    expect(source.reads).toBe(source.size / SECTOR);
  });

  it('are found among those that were read', async () => {
    const bytes = Uint8Array.from({ length: 600_000 }, (_, at) => at >> 12);
    const continuations = new Continuations(new BytesSource(bytes, 'disc'), () => null);
    const areas = [500_000, 0, 40, 300_000].map((offset) => ({ offset, length: 28 }));
    await continuations.load(areas);
    for (const area of areas) expect(continuations.find(area)?.base).toBe(area.offset);
    expect(continuations.find({ offset: 299_990, length: 28 })).toBe(null);
    expect(continuations.find({ offset: 500_010, length: 28 })).toBe(null);
  });
});
