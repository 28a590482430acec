import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Block } from '../../bytes/block.ts';
import { Findings } from '../findings.ts';
import { BlobSource } from '../../source/blob.ts';
import type { ScannedEntry } from '../volume.ts';
import { Continuations } from './continuations.ts';
import { scanRecords } from './directory-scan.ts';
import { PlainRecord } from './plain-record.ts';
import { entryNames, scannedEntry } from './record-entries.ts';
import { readRidges } from './ridges.ts';
import { ascii, entry, join, NM, PX, record, ucs2 } from './testing/build.ts';
import type { TreeForm } from './tree-form.ts';

const SOURCE_SIZE = 2 ** 31;
const ROCK_RIDGE: TreeForm = {
  highSierra: false,
  blockSize: 2048,
  naming: 'identifier',
  skip: 0,
  rootLba: 20,
  rootLength: 2048,
  rootRecord: 16 * 2048 + 156,
  sourceSize: SOURCE_SIZE,
  held: { size: SOURCE_SIZE },
  bootCatalog: -1,
  volumeSequence: 1,
  volumeSetSize: 1,
  pathTable: { size: 0, little: 0, big: 0 },
};
const JOLIET: TreeForm = { ...ROCK_RIDGE, naming: 'ucs2', skip: null };

const STAMP = [124, 2, 29, 12, 34, 56, 8];
const ridge = (mode: number): Uint8Array =>
  join(entry('RR', [0x89]), NM('a name'), PX(mode), entry('TF', [14, ...STAMP, ...STAMP, ...STAMP]));
const rockRidge = (flags: number, mode: number): Uint8Array => record(ascii('NAME.;1'), { lba: 100, size: 5000 }, flags, ridge(mode));
const joliet = record(ucs2('a name'), { lba: 100, size: 0 }, 1, new Uint8Array(0));

/** What the careful way makes of a record; null where it leaves it out, or has something to say of it. */
async function carefully(bytes: Uint8Array, form: TreeForm): Promise<ScannedEntry | null> {
  const block = new Block(bytes, 2048);
  const findings = new Findings();
  const { records } = scanRecords(block, 0, bytes.length, Infinity, form, findings);
  const sections = records.map((first) => ({ block, first, rest: [] }));
  const [section] = sections;
  if (!section) return null;
  const ridges = await readRidges(sections, form, new Continuations(new BlobSource(new Blob([]), ''), () => null), findings);
  const name = entryNames(sections, ridges, form, findings)[0] as Uint8Array;
  const scanned = scannedEntry(section, ridges[0] ?? null, name, form, findings);
  return findings.list.length > 0 ? null : scanned;
}

function atOnce(bytes: Uint8Array, form: TreeForm): ScannedEntry | null {
  const plain = new PlainRecord(form);
  if (!plain.read(new Block(bytes, 2048), 0, bytes[0] as number, bytes[32] as number)) return null;
  const { name, kind, size, modified, offset, record: place, presence, hidden, associated, content, scattered } = plain;
  return { name, kind, size, modified, offset, record: place, presence, hidden, associated, content, scattered };
}

const CASES: readonly (readonly [title: string, bytes: Uint8Array, form: TreeForm])[] = [
  ['a file of Rock Ridge', rockRidge(0, 0o100644), ROCK_RIDGE],
  ['a directory of Rock Ridge', rockRidge(2, 0o40755), ROCK_RIDGE],
  ['an empty hidden file of Joliet', joliet, JOLIET],
];

describe('a plain record', () => {
  it.each(CASES)('is read at once as it is with care: %s', async (_title, bytes, form) => {
    expect(atOnce(bytes, form)).not.toBeNull();
    expect(atOnce(bytes, form)).toEqual(await carefully(bytes, form));
  });

  it.each(CASES)('stays the same, or is left to care, whatever bytes are changed: %s', async (_title, bytes, form) => {
    const change = fc.tuple(fc.integer({ min: 1, max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = bytes.slice();
        for (const [at, byte] of changes) if (at !== 32) changed[at] = byte;
        const plain = atOnce(changed, form);
        if (plain) expect(plain).toEqual(await carefully(changed, form));
      }),
      { numRuns: 2000 },
    );
  });

  it('is no part of a file of several sections, no link, and no structure beside the contents', () => {
    expect(atOnce(rockRidge(128, 0o100644), ROCK_RIDGE)).toBeNull();
    expect(atOnce(rockRidge(0, 0o120777), ROCK_RIDGE)).toBeNull();
    expect(atOnce(rockRidge(4, 0o100644), ROCK_RIDGE)).toBeNull();
  });
});
