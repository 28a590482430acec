import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import type { WholeReport } from '../../protocol/whole.ts';
import { Findings } from '../../formats/findings.ts';
import { ascii, buildImage } from '../../formats/iso9660/testing/build.ts';
import { readSystemArea } from '../../formats/partition/index.ts';
import { BytesSource } from '../../source/bytes.ts';
import { CountingSource } from '../../source/counting.ts';
import { openImage } from '../open.ts';
import { wholeReport } from './index.ts';

const ZEROS = new Uint8Array(128 * 1024);
const disc = buildImage([{ name: 'ONE.TXT;1', contents: ascii('one') }]);
const joliet = new Uint8Array(gunzipSync(readFileSync(new URL('../../../fixtures/joliet.img.gz', import.meta.url))));

async function reportOn(...parts: readonly Uint8Array[]): Promise<WholeReport> {
  const image = await openImage(new BytesSource(await bytesOf(...parts), 'disc.iso'));
  if (image.detection.readable) await image.readAll();
  return wholeReport(image, await readSystemArea(image.source, [], new Findings()));
}

it.each([
  ['padding', new Uint8Array(150 * 2048), 'padding: 150 sectors of zeros'],
  ['zeros', new Uint8Array(3_000_000), 'zeros'],
  ['signature', ascii('-----BEGIN PGP SIGNATURE-----\n\niQ==\n'), 'a PGP signature'],
  ['zip', zipSync({ 'a.txt': ascii('a') }), 'a ZIP file'],
  ['image', joliet, 'another disc image'],
  ['other', ascii('#!/bin/sh\necho hello\n'), 'a text file'],
  ['unknown', Uint8Array.from({ length: 5_000 }, (_, index) => (index * 197) & 255), 'something unknown'],
] as const)('%s behind the end is told', async (kind, bytes, title) => {
  const report = await reportOn(disc, bytes);
  expect(report.appended).toEqual({ kind, title, offset: disc.length, length: bytes.length });
  expect(report.verdict).toBe(kind === 'padding' ? 'whole' : 'appended');
  if (kind !== 'padding') expect(report.sentence).toContain(`${bytes.length.toLocaleString('en')} bytes more behind its end: ${title}.`);
});

it('finds what begins behind padding', async () => {
  const report = await reportOn(disc, new Uint8Array(10 * 2048), zipSync({ 'a.txt': ascii('a') }));
  expect(report.appended?.kind).toBe('zip');
});

it('says of a file of zeros, and of one without bytes, that it is empty', async () => {
  expect((await reportOn(new Uint8Array(100_000))).verdict).toBe('empty');
  expect(await reportOn()).toMatchObject({ verdict: 'empty', sentence: 'Empty: the file has no bytes.' });
});

it('names a packed file that begins with zeros as one that a download left out', async () => {
  const report = await reportOn(
    buildImage([
      { name: 'LIVE.SFS;1', contents: ZEROS },
      { name: 'ONE.TXT;1', contents: ascii('one') },
    ]),
  );
  expect(report.verdict).toBe('holes');
  expect(report.zeros?.wrong.map(({ path }) => path)).toEqual(['/LIVE.SFS']);
  expect(report.sentence).toBe('Not whole, it seems: 1 file holds zeros where contents should be. Only a sample was looked at.');
});

it('says of another file of zeros only that it is one', async () => {
  const report = await reportOn(buildImage([{ name: 'SWAP.DAT;1', contents: ZEROS }]));
  expect([report.verdict, report.zeros?.wrong.length, report.zeros?.blank.length]).toEqual(['whole', 0, 1]);
});

it('doubts a volume that is all there while a file is said to end behind it', async () => {
  const bytes = disc.slice();
  const at = bytes.findIndex((_, index) => index > 40_000 && String.fromCharCode(...bytes.subarray(index, index + 7)) === 'ONE.TXT');
  new DataView(bytes.buffer).setUint32(at - 33 + 10, 50_000_000, true);
  new DataView(bytes.buffer).setUint32(at - 33 + 14, 50_000_000, false);
  const report = await reportOn(bytes);
  expect(report.verdict).toBe('unsure');
  expect(report.sentence).toContain('a file is said to end past that');
  expect(report.lost).toMatchObject({ lost: 0, cut: 1, files: [{ path: '/ONE.TXT', presence: 'cut' }] });
});

it('costs few and small reads however much is behind the end', async () => {
  const source = new CountingSource(new BytesSource(await bytesOf(disc, new Uint8Array(40_000_000)), 'disc.iso'));
  const image = await openImage(source);
  await image.readAll();
  const before = source.bytes;
  await wholeReport(image, { mbr: null, gpt: null, apm: null });
  expect(source.bytes - before).toBeLessThan(2_500_000);
});

async function bytesOf(...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await new Blob([...parts] as BlobPart[]).arrayBuffer());
}
