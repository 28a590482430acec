import { describe, expect, it } from 'vitest';
import { BytesSource } from '../../source/bytes.ts';
import { PARTITION, SECTOR, TestDisc } from '../../formats/udf/testing/build.ts';
import { findStructures } from './structures.ts';

const disc = new TestDisc([
  { name: 'größe.txt', contents: Uint8Array.of(1, 2, 3), extended: true },
  { name: 'd', children: [{ name: 'x' }] },
]);
const source = new BytesSource(disc.bytes, 'test.udf');
const offsetOf = (name: string): number => disc.entries.get(name) ?? NaN;
const block = (name: string): number => offsetOf(name) / SECTOR - PARTITION;

/** The structures of a sector: titles, and of each its fields behind the tag as [name, offset within, length, value, section]. */
async function structuresAt(offset: number) {
  const found = await findStructures(source, offset, SECTOR);
  return found.map(({ title, at, length, spec, fields }) => ({
    title,
    at,
    length,
    spec,
    fields: fields.map((field) => [field.name, field.at - at, field.length, field.value, field.spec] as const),
    target: (name: string) => fields.find((field) => field.name === name)?.target,
  }));
}
const behindTag = 8;

describe('the structures of UDF, field by field (ECMA-167)', () => {
  it('tags, each field of them', async () => {
    const [anchor] = await structuresAt(256 * SECTOR);
    expect(anchor).toMatchObject({ title: 'Anchor volume descriptor pointer', length: 512, spec: 'ECMA-167 3/10.2' });
    expect(anchor?.fields).toEqual([
      ['Tag identifier', 0, 2, '2', 'ECMA-167 3/7.2.1'],
      ['Version', 2, 2, '2', 'ECMA-167 3/7.2.2'],
      ['Checksum', 4, 1, 'right', 'ECMA-167 3/7.2.3'],
      ['Reserved', 5, 1, 'zero', ''],
      ['Serial number', 6, 2, '0', 'ECMA-167 3/7.2.5'],
      ['CRC', 8, 2, 'right', 'ECMA-167 3/7.2.6'],
      ['CRC length', 10, 2, '496', 'ECMA-167 3/7.2.7'],
      ['Block of its own', 12, 4, '256', 'ECMA-167 3/7.2.8'],
      ['Main sequence', 16, 8, '32,768 bytes from sector 32', 'ECMA-167 3/10.2.2'],
      ['Reserve sequence', 24, 8, '32,768 bytes from sector 48', 'ECMA-167 3/10.2.3'],
    ]);
    expect([anchor?.target('Main sequence'), anchor?.target('Reserve sequence')]).toEqual([32 * SECTOR, 48 * SECTOR]);
  });

  it('the descriptors of the volume', async () => {
    const [primary] = await structuresAt(32 * SECTOR);
    const [partition] = await structuresAt(33 * SECTOR);
    const [logical] = await structuresAt(34 * SECTOR);
    expect(primary?.fields).toContainEqual(['Volume', 24, 32, 'VOLUME', 'ECMA-167 3/10.1.4']);
    expect(primary?.fields).toContainEqual(['Recorded', 376, 12, '2024-02-29 12:34:56.780 UTC', 'ECMA-167 3/10.1.17']);
    expect(partition?.fields).toContainEqual(['Starts at', 188, 4, `sector ${PARTITION}`, 'ECMA-167 3/10.5.8']);
    expect(partition?.target('Starts at')).toBe(PARTITION * SECTOR);
    expect(logical?.fields.slice(behindTag)).toEqual([
      ['Sequence number', 16, 4, '0', 'ECMA-167 3/10.6.2'],
      ['Charset', 20, 64, 'none', 'ECMA-167 3/10.6.3'],
      ['Logical volume', 84, 128, 'TEST DISC', 'ECMA-167 3/10.6.4'],
      ['Block size', 212, 4, '2,048', 'ECMA-167 3/10.6.5'],
      ['Domain', 216, 32, '*OSTA UDF Compliant, 1.02', 'ECMA-167 3/10.6.6'],
      ['File set', 248, 16, '2,048 bytes at block 32 of partition 0', 'ECMA-167 3/10.6.7'],
      ['Length of maps', 264, 4, '6', 'ECMA-167 3/10.6.8'],
      ['Partition maps', 268, 4, '1', 'ECMA-167 3/10.6.9'],
      ['Implementation', 272, 32, 'none', 'ECMA-167 3/10.6.10'],
      ['Integrity sequence', 432, 8, 'none', 'ECMA-167 3/10.6.12'],
      ['Maps', 440, 6, '01 06 01 00 00 00', 'ECMA-167 3/10.6.13'],
    ]);
  });

  it('an extended file entry', async () => {
    const [entry] = await structuresAt(offsetOf('größe.txt'));
    const time = '2024-02-29 12:34:56.780 UTC';
    expect(entry).toMatchObject({ title: 'Extended file entry', at: offsetOf('größe.txt'), length: 219, spec: 'ECMA-167 4/14.17' });
    expect(entry?.fields.slice(behindTag)).toEqual([
      ['Strategy', 20, 2, '4', 'ECMA-167 4/14.6.2'],
      ['File type', 27, 1, '5, file', 'ECMA-167 4/14.6.6'],
      ['ICB flags', 34, 2, '3', 'ECMA-167 4/14.6.8'],
      ['User', 36, 4, '1,000', 'ECMA-167 4/14.17.3'],
      ['Group', 40, 4, '4,294,967,295', 'ECMA-167 4/14.17.4'],
      ['Permissions', 44, 4, '0x1484', 'ECMA-167 4/14.17.5'],
      ['Links', 48, 2, '1', 'ECMA-167 4/14.17.6'],
      ['Length', 56, 8, '3', 'ECMA-167 4/14.17.10'],
      ['Object size', 64, 8, '0', 'ECMA-167 4/14.17.11'],
      ['Blocks', 72, 8, '0', 'ECMA-167 4/14.17.12'],
      ['Accessed', 80, 12, time, 'ECMA-167 4/14.17.13'],
      ['Modified', 92, 12, time, 'ECMA-167 4/14.17.14'],
      ['Created', 104, 12, time, 'ECMA-167 4/14.17.15'],
      ['Changed', 116, 12, time, 'ECMA-167 4/14.17.16'],
      ['Checkpoint', 128, 4, '0', 'ECMA-167 4/14.17.17'],
      ['Attributes at', 136, 16, 'none', 'ECMA-167 4/14.17.19'],
      ['Streams at', 152, 16, 'none', 'ECMA-167 4/14.17.20'],
      ['Implementation', 168, 32, 'none', 'ECMA-167 4/14.17.21'],
      ['Unique number', 200, 8, '0', 'ECMA-167 4/14.17.22'],
      ['Length of attributes', 208, 4, '0', 'ECMA-167 4/14.17.23'],
      ['Length of descriptors', 212, 4, '3', 'ECMA-167 4/14.17.24'],
      ['Contents', 216, 3, '01 02 03', 'ECMA-167 4/14.17.26'],
    ]);
  });

  it('a file entry, and the identifiers inside of it', async () => {
    const [entry, parent, first] = await structuresAt(offsetOf(''));
    expect(entry).toMatchObject({ title: 'File entry', length: 304, spec: 'ECMA-167 4/14.9' });
    expect(entry?.fields).toContainEqual(['Modified', 84, 12, '2024-02-29 12:34:56.780 UTC', 'ECMA-167 4/14.9.13']);
    expect(entry?.fields.at(-2)).toEqual(['Length of descriptors', 172, 4, '128', 'ECMA-167 4/14.9.20']);
    expect(entry?.fields.at(-1)?.slice(0, 3)).toEqual(['Contents', 176, 128]);
    expect(parent).toMatchObject({ title: 'File identifier descriptor', at: offsetOf('') + 176, length: 40 });
    expect(parent?.fields).toContainEqual(['Flags', 18, 1, 'directory, parent', 'ECMA-167 4/14.4.3']);
    expect(first?.fields.slice(behindTag)).toEqual([
      ['Version', 16, 2, '1', 'ECMA-167 4/14.4.2'],
      ['Flags', 18, 1, 'none', 'ECMA-167 4/14.4.3'],
      ['Length of name', 19, 1, '10', 'ECMA-167 4/14.4.4'],
      ['File entry', 20, 16, `2,048 bytes at block ${block('größe.txt')} of partition 0`, 'ECMA-167 4/14.4.5'],
      ['Length of use', 36, 2, '0', 'ECMA-167 4/14.4.6'],
      ['Name', 38, 10, 'größe.txt', 'ECMA-167 4/14.4.8'],
    ]);
  });
});
