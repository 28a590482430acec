import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { concat } from '../../bytes/concat.ts';
import { Findings } from '../findings.ts';
import { isCue } from './cue.ts';
import { openMedium } from './index.ts';
import type { Medium } from './medium.ts';
import { allOf, named, rawImage, same, tinyDisc } from './testing.ts';
import { mdsTracks, readMds } from './mds.ts';
import { isToc } from './toc.ts';
import { audioTracks } from './tracks-volume.ts';

const disc = tinyDisc();
const SECTORS = disc.length / 2048;
const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const sound = (sectors: number, seed: number): Uint8Array => Uint8Array.from({ length: sectors * 2352 }, (_, at) => (at * seed) >>> 7);
const swapped = (bytes: Uint8Array): Uint8Array => bytes.map((_, at) => bytes[at ^ 1] as number);

const open = (...files: [string, Uint8Array | string][]): Promise<Medium> => openMedium(files.map(([name, bytes]) => named(name, bytes)));

/** SHA-256 of each audio track's samples, as its WAV file holds them. */
async function samples(medium: Medium): Promise<string[]> {
  const volume = audioTracks(medium);
  const numbers = medium.tracks.filter(({ mode }) => mode === 'audio').map((_, index) => index + 1);
  const records = (await volume?.describe(numbers)) ?? [];
  return Promise.all(records.map(async (record) => sumOf((await allOf(volume!.open(record, 'track'))).subarray(44))));
}

interface Written {
  readonly mode: number;
  readonly size: number;
  readonly start: number;
  readonly offset: number;
  readonly sectors: number;
  readonly subchannel?: boolean;
}

/** An MDS index of one session: header, session, tracks with the three points of the session in front, lengths, footer, name. */
function mds(tracks: readonly Written[], { name = '*.mdf', wide = false, dvd = false } = {}): Uint8Array {
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  const [session, first, lengths, footer] = [88, 112, 2048, 3000];
  bytes.set(new TextEncoder().encode('MEDIA DESCRIPTOR'));
  bytes.set([1, 5], 16);
  view.setUint16(18, dvd ? 0x10 : 0, true);
  view.setUint16(20, 1, true);
  view.setUint32(80, session, true);
  view.setUint16(session + 8, 1, true);
  const points = dvd ? [] : [0xa0, 0xa1, 0xa2];
  bytes.set([tracks.length + points.length, points.length], session + 10);
  view.setUint32(session + 20, first, true);
  for (const [index, point] of points.entries()) bytes[first + index * 80 + 4] = point;
  for (const [index, { mode, size, start, offset, sectors, subchannel }] of tracks.entries()) {
    const at = first + (points.length + index) * 80;
    bytes.set([0xa8 | mode, subchannel ? 8 : 0, mode === 1 ? 0x10 : 0x14, 0, index + 1], at);
    view.setUint32(at + 12, dvd ? sectors : lengths + index * 8, true);
    view.setUint16(at + 16, size, true);
    view.setUint32(at + 36, start, true);
    view.setBigUint64(at + 40, BigInt(offset), true);
    view.setUint32(at + 48, 1, true);
    view.setUint32(at + 52, footer, true);
    view.setUint32(lengths + index * 8, index === 0 ? 150 : 0, true);
    view.setUint32(lengths + index * 8 + 4, sectors, true);
  }
  view.setUint32(footer, footer + 16, true);
  view.setUint32(footer + 4, wide ? 1 : 0, true);
  bytes.set(wide ? [...name].flatMap((letter) => [letter.charCodeAt(0), 0]) : new TextEncoder().encode(name), footer + 16);
  return bytes;
}

describe('an MDS index of Alcohol 120% (as libmirage reads it)', () => {
  const audio = sound(30, 7);
  const data: Written = { mode: 2, size: 2352, start: 0, offset: 0, sectors: SECTORS };

  it('names its data and audio tracks, the latter behind a gap that no file holds', async () => {
    const two: Written = { mode: 1, size: 2352, start: SECTORS + 150, offset: SECTORS * 2352, sectors: 30 };
    const medium = await open(['My Disc.mds', mds([data, two])], ['My Disc.mdf', concat([rawImage(disc, 1), audio])]);
    expect(medium.title).toBe('raw 2,352-byte sectors, of Alcohol 120%');
    expect(same(await allOf(medium.data), disc)).toBe(true);
    expect(medium.tracks).toMatchObject([
      { number: 1, mode: 'mode1', start: 0, sectors: SECTORS },
      { number: 2, mode: 'audio', start: SECTORS + 150, sectors: 30 },
    ]);
    expect(await samples(medium)).toEqual([sumOf(audio)]);
  });

  it('of sectors with a subchannel behind, and a name of its own in UCS-2', async () => {
    const raw = rawImage(disc, 2, (sector) => concat([sector, new Uint8Array(96)]));
    const index = mds([{ ...data, mode: 4, size: 2448, subchannel: true }], { name: 'other.mdf', wide: true });
    const medium = await open(['a.mds', index], ['OTHER.MDF', raw]);
    expect(same(await allOf(medium.data), disc)).toBe(true);
  });

  it('of a DVD, whose sectors are plain', async () => {
    const medium = await open(['a.mds', mds([{ ...data, size: 2048 }], { dvd: true })], ['a.mdf', disc]);
    expect(same(await allOf(medium.data), disc)).toBe(true);
  });

  it('alone names the file that is not here', async () => {
    const medium = await open(['a.mds', mds([data])]);
    expect([medium.kind, medium.missing]).toEqual(['mds', ['a.mdf']]);
  });

  it('that lists nothing leaves its file to be read by itself', async () => {
    const medium = await open(['a.mds', mds([])], ['a.mdf', rawImage(disc, 1)]);
    expect([medium.kind, same(await allOf(medium.data), disc)]).toEqual(['raw', true]);
  });

  it.each([1, 2047, 2049, 65535])('with sectors of %i bytes, which there are none of, leaves that track out and says so', async (size) => {
    const medium = await open(
      [
        'a.mds',
        mds([
          { ...data, size },
          { ...data, mode: 1, size, offset: 2352 },
        ]),
      ],
      ['a.mdf', rawImage(disc, 1)],
    );
    expect(medium.findings.list.map(({ code }) => code)).toEqual(['sheet-track', 'sheet-track']);
    expect([medium.kind, same(await allOf(medium.data), disc)]).toEqual(['raw', true]);
  });

  it.each<[number, (sector: Uint8Array) => Uint8Array]>([
    [2056, (sector) => sector.subarray(16, 2072)],
    [2336, (sector) => sector.subarray(16)],
    [2368, (sector) => concat([sector, new Uint8Array(16)])],
  ])('of mode 2 sectors of %i bytes', async (size, cut) => {
    const medium = await open(['a.mds', mds([{ ...data, mode: 4, size }])], ['a.mdf', rawImage(disc, 2, cut)]);
    expect(medium.findings.list).toEqual([]);
    expect(same(await allOf(medium.data), disc)).toBe(true);
  });

  it('that lies is read as far as it goes', async () => {
    const lying = mds([{ ...data, sectors: 0xffffffff, offset: 2352 * 5 }]);
    for (const at of [20, 80, 98, 108]) {
      const bytes = lying.slice();
      bytes.fill(0xff, at, at + 4);
      await open(['a.mds', bytes], ['a.mdf', rawImage(disc, 1)]);
    }
    const medium = await open(['a.mds', lying], ['a.mdf', rawImage(disc, 1)]);
    expect(medium.tracks[0]?.sectors).toBe(SECTORS - 5);
  });
});

describe('an MDS index whose counts lie', () => {
  const audio: Written = { mode: 1, size: 2352, start: 0, offset: 0, sectors: 1 };
  /** So many sessions that share 255 tracks; the first sessions may have none. */
  const crowd = (sessions: number, empty = 0): Uint8Array => {
    const bytes = new Uint8Array(200 * 1024);
    const one = mds([audio]);
    bytes.set(one);
    const view = new DataView(bytes.buffer);
    const [first, table] = [30 * 1024, 100 * 1024];
    for (let index = 0; index < 255; index++) bytes.copyWithin(first + index * 80, 112 + 3 * 80, 112 + 4 * 80);
    view.setUint16(20, 65_535, true);
    view.setUint32(80, table, true);
    for (let index = 0; index < sessions; index++) {
      view.setUint16(table + index * 24 + 8, 1, true);
      bytes[table + index * 24 + 10] = index < empty ? 0 : 255;
      view.setUint32(table + index * 24 + 20, first, true);
    }
    return bytes;
  };

  it('gives 99 tracks at the most', () => {
    expect(readMds(crowd(4000)).tracks).toHaveLength(99);
  });
  it('gives no track more sectors than its file has', () => {
    const index = readMds(mds([{ ...audio, sectors: 0xffffffff }, { ...audio, offset: 2352 * 50 }])); // prettier-ignore
    const file = named('a.mdf', new Uint8Array(2352 * 30));
    expect(mdsTracks(index, file, new Findings()).map(({ sectors }) => sectors)).toEqual([30, 0]);
  });
  it('is read in 99 sessions', () => {
    expect(readMds(crowd(100, 98)).tracks).not.toEqual([]);
    expect(readMds(crowd(100, 99)).tracks).toEqual([]);
  });
  it('names its file in 512 bytes', () => {
    const bytes = new Uint8Array(200 * 1024);
    bytes.set(mds([audio]));
    bytes.fill(0x41, 3016);
    expect(readMds(bytes).name).toHaveLength(512);
  });
  it('takes nothing from places outside of its bytes', () => {
    for (const at of [80, 80 + 20]) {
      const bytes = mds([audio]);
      new DataView(bytes.buffer).setUint32(at === 80 ? 80 : new DataView(bytes.buffer).getUint32(80, true) + 20, 0xffffff00, true);
      expect(readMds(bytes).tracks).toEqual([]);
    }
  });
});

describe('a TOC file of cdrdao (its manual)', () => {
  it('of one file, with sound in big-endian samples behind silence', async () => {
    const [two, three] = [sound(30, 7), sound(20, 5)];
    const image = concat([rawImage(disc, 1), swapped(two), swapped(three)]);
    const toc = `CD_ROM

CATALOG "1234567890123"

// Track 1
TRACK MODE1_RAW
NO COPY
DATAFILE "disc.bin" 00:00:${String(SECTORS).padStart(2, '0')} // length in bytes: ${SECTORS * 2352}

// Track 2
TRACK AUDIO
NO COPY
SILENCE 00:02:00
FILE "disc.bin" #${SECTORS * 2352} 0 00:00:30
START 00:02:00

// Track 3
TRACK AUDIO
FILE "disc.bin" #${SECTORS * 2352} 00:00:30 00:00:20
START 00:00:05
`;
    const medium = await open(['disc.toc', toc], ['disc.bin', image]);
    expect(medium.title).toBe('raw 2,352-byte sectors, by a TOC file');
    expect(same(await allOf(medium.data), disc)).toBe(true);
    expect(medium.tracks).toMatchObject([
      { number: 1, start: 0, sectors: SECTORS },
      { number: 2, start: SECTORS + 150, sectors: 30 },
      { number: 3, start: SECTORS + 150 + 30 + 5, sectors: 15 },
    ]);
    expect(await samples(medium)).toEqual([sumOf(two), sumOf(three.subarray(5 * 2352))]);
  });

  it.each<[string, 1 | 2, (sector: Uint8Array) => Uint8Array]>([
    ['MODE1', 1, (sector) => sector.subarray(16, 2064)],
    ['MODE2_FORM1', 2, (sector) => sector.subarray(24, 2072)],
    ['MODE2_FORM_MIX', 2, (sector) => sector.subarray(16)],
    ['MODE2_RAW', 2, (sector) => sector],
    ['MODE2_RAW RW_RAW', 2, (sector) => concat([sector, new Uint8Array(96)])],
  ])('of a track in %s', async (mode, kind, cut) => {
    const toc = `CD_ROM_XA\nTRACK ${mode}\nDATAFILE "a.bin"\n`;
    expect(same(await allOf((await open(['a.toc', toc], ['a.bin', rawImage(disc, kind, cut)])).data), disc)).toBe(true);
  });

  it('of files in little-endian samples, one after another in a track', async () => {
    const [one, two] = [sound(10, 3), sound(8, 11)];
    const toc = 'CD_DA\nTRACK AUDIO\nFILE "one.raw" SWAP 0\nFILE "two.raw" SWAP 1176 00:00:06\n';
    const medium = await open(['a.toc', toc], ['one.raw', one], ['two.raw', two]);
    expect(await samples(medium)).toEqual([sumOf(concat([one, two.subarray(4704, 4704 + 6 * 2352)]))]);
  });

  it('alone names the files that are not here', async () => {
    const medium = await open(['a.toc', 'CD_DA\nTRACK AUDIO\nFILE "x.bin" 0\nTRACK AUDIO\nFILE "y.bin" 0\n']);
    expect([medium.kind, medium.missing]).toEqual(['toc', ['x.bin', 'y.bin']]);
  });
});

describe('a text of 200,000 empty lines', () => {
  it.each(['\n', '\r\n', ' \n', ' '])('is no sheet, which is told at once (%j)', (line) => {
    const bytes = new TextEncoder().encode(line.repeat(200_000));
    const begun = performance.now();
    expect([isToc(bytes), isCue(bytes)]).toEqual([false, false]);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
