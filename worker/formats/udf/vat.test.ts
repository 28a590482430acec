import { describe, expect, it } from 'vitest';
import { BytesSource } from '../../source/bytes.ts';
import { CountingSource } from '../../source/counting.ts';
import { physicalPartition, Space } from './space.ts';
import { Findings } from '../findings.ts';
import { earlierVats, findVat, MAX_TABLES, readVat } from './vat.ts';

const SECTOR = 2048;
const SIZE = 2 * 1024 * 1024;
const TABLES = 40;
const EXTENTS = 31;

/** An image of tables (UDF 2.60 2.2.11) that all take its every byte again and again: each has a block for its file entry, and one for its header. */
function crafted(tables = TABLES): Uint8Array {
  const bytes = new Uint8Array(SIZE);
  const view = new DataView(bytes.buffer);
  for (let table = 0; table < tables; table++) {
    const at = table * 2 * SECTOR;
    const header = at + SECTOR;
    view.setUint16(at, 261, true);
    view.setUint16(at + 20, 4, true);
    bytes[at + 27] = 248;
    view.setBigUint64(at + 56, BigInt(SECTOR + EXTENTS * SIZE), true);
    view.setUint32(at + 172, (1 + EXTENTS) * 8, true);
    view.setUint32(at + 176, SECTOR, true);
    view.setUint32(at + 180, header / SECTOR, true);
    for (let extent = 1; extent <= EXTENTS; extent++) view.setUint32(at + 176 + extent * 8, SIZE, true);
    view.setUint16(header, 152, true);
    view.setUint32(header + 132, table === 0 ? 0xffffffff : (table - 1) * 2, true);
  }
  return bytes;
}

describe('tables of virtual blocks that claim more than the image', () => {
  const bytes = crafted();
  const space = new Space([physicalPartition(0, SIZE, SECTOR, SIZE)], SECTOR, new BytesSource(bytes, 'disc'));
  const last = { offset: (TABLES - 1) * 2 * SECTOR, block: (TABLES - 1) * 2, previous: (TABLES - 2) * 2 };

  it('are followed without their entries being read', async () => {
    const counting = new CountingSource(new BytesSource(bytes, 'disc'));
    const earlier = await earlierVats(counting, space, 0, last);
    expect(earlier.map(({ block }) => block)).toEqual(Array.from({ length: TABLES - 1 }, (_, index) => (TABLES - 2 - index) * 2));
    expect(counting.bytes).toBeLessThan(SIZE);
  });

  it('are read no farther than the image is large, nor than there is room', async () => {
    const source = new BytesSource(bytes, 'disc');
    expect((await readVat(source, space, 0, last, MAX_TABLES))?.entries.byteLength).toBe(SIZE - 152);
    expect((await readVat(source, space, 0, last, 4096))?.entries.byteLength).toBe(4096);
    expect((await readVat(source, space, 0, last, 0))?.entries.byteLength).toBe(0);
  });
});

describe('tables of virtual blocks that name others', () => {
  const opened = (bytes: Uint8Array) => {
    const source = new CountingSource(new BytesSource(bytes, 'disc'));
    return { source, space: new Space([physicalPartition(0, bytes.length, SECTOR, bytes.length)], SECTOR, source) };
  };
  const place = (table: number) => ({ offset: table * 2 * SECTOR, block: table * 2, previous: (table - 1) * 2 });

  it('are followed 255 times', async () => {
    const { source, space } = opened(crafted(400));
    expect(await earlierVats(source, space, 0, place(399))).toHaveLength(255);
  });

  it('are followed towards the start of the disc only: they cannot lead in a circle', async () => {
    const bytes = crafted(3);
    // The first names the last.
    new DataView(bytes.buffer).setUint32(SECTOR + 132, 4, true);
    const { source, space } = opened(bytes);
    expect((await earlierVats(source, space, 0, place(2))).map(({ block }) => block)).toEqual([2, 0]);
  });

  it('are none where the header is longer than what there is of them', async () => {
    const bytes = crafted(1);
    new DataView(bytes.buffer).setUint16(SECTOR, 0xffff, true);
    new DataView(bytes.buffer).setBigUint64(56, BigInt(SECTOR), true);
    const { source, space } = opened(bytes);
    expect(await readVat(source, space, 0, place(0), MAX_TABLES)).toBe(null);
  });

  it('are looked for in the last 8 MiB', async () => {
    const { source, space } = opened(new Uint8Array(32 * 1024 * 1024));
    expect(await findVat(source, space, 0, 0, new Findings())).toBe(null);
    expect(source.bytes).toBe(8 * 1024 * 1024);
  });
});
