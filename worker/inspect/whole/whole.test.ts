import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { WholeReport } from '../../protocol/whole.ts';
import { Findings } from '../../formats/findings.ts';
import { readSystemArea } from '../../formats/partition/index.ts';
import { TestDisc } from '../../formats/udf/testing/build.ts';
import { BytesSource } from '../../source/bytes.ts';
import type { DiscImage } from '../image.ts';
import { openImage } from '../open.ts';
import { wholeReport } from './index.ts';

const FIXTURES = new URL('../../../fixtures/', import.meta.url);
const fixture = (name: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(new URL(`${name}.gz`, FIXTURES))));
const text = (line: string, times: number): Uint8Array => new TextEncoder().encode(line.repeat(times));

const udf = (): Uint8Array =>
  new TestDisc([
    { name: 'one.txt', contents: text('one', 9_000) },
    { name: 'two.txt', contents: text('two', 90_000) },
    { name: 'three.txt', contents: text('three', 50_000) },
  ]).bytes;

/** Up to where a primary descriptor names its block size (ECMA-119 8.4.12), and up to where the test's UDF has its descriptors. */
const DESCRIPTOR = 16 * 2048 + 130;
const UDF_DESCRIPTORS = 48 * 2048;

/** Each with the bytes that are needed to know how long it should be, and bytes at its end that nothing else speaks of. */
const IMAGES: readonly (readonly [title: string, bytes: () => Uint8Array, known: number, unnamed: number])[] = [
  ['ISO 9660 with Rock Ridge', () => fixture('rockridge.img'), DESCRIPTOR, 0],
  ['Joliet', () => fixture('joliet.img'), DESCRIPTOR, 0],
  ['UDF', udf, UDF_DESCRIPTORS, 2048],
  ['a disc with a GPT and appended partitions', () => fixture('partitions/gpt.bin'), DESCRIPTOR, 0],
  ['sessions on an overwritable medium', () => fixture('odd/sessions-overwritable.img'), DESCRIPTOR, 0],
];

async function reportOn(bytes: Uint8Array): Promise<{ readonly image: DiscImage; readonly report: WholeReport }> {
  const image = await openImage(new BytesSource(bytes, 'disc.iso'));
  if (image.detection.readable) await image.readAll();
  return { image, report: await wholeReport(image, await readSystemArea(image.source, [], new Findings())) };
}

describe.each(IMAGES)('%s', (_title, bytesOf, known, unnamed) => {
  const bytes = bytesOf();

  it('is whole where nothing was taken', async () => {
    const { report } = await reportOn(bytes);
    expect([report.verdict, report.sentence]).toEqual(['whole', 'Whole, as far as the disc itself can tell.']);
  });

  it.each([10, 20, 30, 40, 50, 60, 70, 80, 90])(
    'is cut short at %i percent: how much is missing and which files are lost',
    async (percent) => {
      const { image: whole, report: before } = await reportOn(bytes);
      const size = Math.floor((bytes.length * percent) / 100);
      const { image, report } = await reportOn(bytes.slice(0, size));
      const padding = bytes.length - before.promised!;
      if (size >= before.promised!) {
        expect(report.verdict, `${padding} bytes of padding are behind the end`).toBe('whole');
        return;
      }
      expect(report.verdict).toBe('truncated');
      // Before the first descriptor nothing says how long it should be.
      if (size < known) expect(report.missing).toBeNull();
      else expect(report.missing).toBe(before.promised! - size - unnamed);
      // Of an older session that is listed instead, other files are lost.
      if (!image.detection.readable || image.session.session !== whole.session.session) return;
      if (report.lost && report.lost.directories > 0) return;
      const files = filesOf(whole);
      expect([report.lost?.lost ?? 0, report.lost?.cut ?? 0]).toEqual([
        files.filter(([from]) => from >= size).length,
        files.filter(([from, to]) => from < size && to > size).length,
      ]);
    },
  );
});

/** Where the files of the shown view lie in an image that is whole, those of no bytes left out. */
function filesOf(image: DiscImage): (readonly [from: number, to: number])[] {
  const { catalog } = image.view(image.shown!)!;
  return Array.from({ length: catalog.count }, (_, entry) => entry)
    .filter((entry) => catalog.kind(entry) === 'file' && catalog.size(entry) > 0)
    .map((entry) => [catalog.offset(entry), catalog.offset(entry) + catalog.size(entry)] as const);
}
