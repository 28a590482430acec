import { describe, expect, it } from 'vitest';
import { concat } from '../../bytes/concat.ts';
import { openImage } from '../../inspect/open.ts';
import { BytesSource } from '../../source/bytes.ts';
import { ascii, buildImage, type Node } from '../iso9660/testing/build.ts';
import type { EntryRecord } from '../volume.ts';
import { allOf, named, rawImage, rawSector, same } from './testing.ts';

/** Attributes of CD-ROM XA: owner, bits, "XA", file number, reserved (Yellow Book XA II.2.7). */
const attributes = (bits: number): Uint8Array => Uint8Array.of(0, 0, 0, 0, bits >> 8, bits & 255, 0x58, 0x41, 1, 0, 0, 0, 0, 0);
const FORM_1 = 0x0d55;
const FORM_2 = 0x1555;
const INTERLEAVED = 0x2d55;
const SECTORS = 3;
/** Where the second track of a Video CD begins, and how many sectors the first one has. */
const FILM = 300;

const film = Uint8Array.from({ length: SECTORS * 2324 }, (_, at) => (at * 2654435761) >>> 11);
const filmSectors = (first: number): Uint8Array =>
  concat(Array.from({ length: SECTORS }, (_, at) => rawSector(2, film.subarray(at * 2324, (at + 1) * 2324), first + at, true)));

const text: Node = { name: 'A.TXT;1', contents: ascii('text'), systemUse: attributes(FORM_1) };
const video = (bits: number, record: Node['record'] = {}): Node => ({
  name: 'AVSEQ01.DAT;1',
  contents: new Uint8Array(SECTORS * 2048).fill(0x33),
  systemUse: attributes(bits),
  record,
});

async function read(files: Parameters<typeof openImage>[0]): Promise<(path: string) => Promise<[EntryRecord, Uint8Array]>> {
  const image = await openImage(files);
  await image.readAll();
  const { catalog, volume } = image.view('iso9660')!;
  return async (name) => {
    const entry = Array.from({ length: catalog.count }, (_, id) => id).find((id) => volume.decodeName(catalog.name(id)) === name);
    const [record] = await volume.describe([catalog.record(entry!)]);
    expect(record?.size).toBe(catalog.size(entry!));
    return [record!, await allOf(volume.open(record!, name))];
  };
}

/** A disc of one track whose film stands among the other sectors. */
function oneTrack(bits: number, cut: (sector: Uint8Array) => Uint8Array): Uint8Array {
  const plain = buildImage([text, video(bits)]);
  const first = Array.from({ length: plain.length / 2048 }, (_, at) => at).find((at) => plain[at * 2048] === 0x33)!;
  const raw = rawImage(plain, 2);
  raw.set(filmSectors(first), first * 2352);
  return concat(Array.from({ length: raw.length / 2352 }, (_, at) => cut(raw.subarray(at * 2352, (at + 1) * 2352))));
}

describe('a file in form 2 sectors (CD-ROM XA)', () => {
  it.each<[number, (sector: Uint8Array) => Uint8Array]>([
    [2352, (sector) => sector],
    [2336, (sector) => sector.subarray(16)],
    [2448, (sector) => concat([sector, new Uint8Array(96)])],
  ])('has 2,324 bytes of each of its sectors, in an image of %i bytes a sector', async (_, cut) => {
    const contents = await read(named('disc.bin', oneTrack(FORM_2, cut)));
    const [record, bytes] = await contents('AVSEQ01.DAT');
    expect([record.size, record.presence]).toEqual([film.length, 'whole']);
    expect(same(bytes, film)).toBe(true);
    expect(new TextDecoder().decode((await contents('A.TXT'))[1])).toBe('text');
  });

  it('is found in the track of its own that a Video CD gives it', async () => {
    const plain = buildImage([text, video(FORM_2, { lba: FILM })]);
    const first = concat([rawImage(plain, 2), rawImage(new Uint8Array((FILM - plain.length / 2048) * 2048), 2)]);
    const sheet =
      'FILE "A.BIN" BINARY\n TRACK 01 MODE2/2352\n  INDEX 01 00:00:00\nFILE "B.BIN" BINARY\n TRACK 02 MODE2/2352\n  INDEX 01 00:00:00\n';
    const contents = await read([named('A.CUE', sheet), named('A.BIN', first), named('B.BIN', filmSectors(FILM))]);
    expect(same((await contents('AVSEQ01.DAT'))[1], film)).toBe(true);
  });

  it('has 2,048 bytes a sector where both forms are mixed, or the image holds no more', async () => {
    const mixed = await read(
      named(
        'disc.bin',
        oneTrack(INTERLEAVED, (sector) => sector),
      ),
    );
    const plain = await read(new BytesSource(buildImage([text, video(FORM_2)]), 'disc.iso'));
    for (const contents of [mixed, plain]) expect((await contents('AVSEQ01.DAT'))[1]).toHaveLength(SECTORS * 2048);
  });
});
