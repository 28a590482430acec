import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '../../bytes/concat.ts';
import { ImageError, SourceError, Unsupported } from '../../protocol/errors.ts';
import type { ByteSource } from '../../source/source.ts';
import type { EntryRecord } from '../volume.ts';
import { parseCue } from './cue.ts';
import { openMedium } from './index.ts';
import type { Medium } from './medium.ts';
import { audioTracks } from './tracks-volume.ts';
import { allOf, named, rawImage, tinyDisc, same } from './testing.ts';
import { waveHeader } from './wave.ts';

const disc = tinyDisc();
const raw = rawImage(disc, 1);
const sound = (sectors: number, seed: number): Uint8Array => Uint8Array.from({ length: sectors * 2352 }, (_, at) => (at * seed) >>> 7);

async function opened(...files: [string, Uint8Array | string][]): Promise<Medium> {
  return openMedium(files.map(([name, bytes]) => named(name, bytes)));
}
const sumOf = (bytes: Uint8Array): string => `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
/** The sums of the samples of each audio track, by number. */
async function samples(medium: Medium): Promise<Map<number, string>> {
  const volume = audioTracks(medium);
  const found = new Map<number, string>();
  const numbers = medium.tracks.filter(({ mode }) => mode === 'audio').map(({ number }) => number);
  for (const [index, number] of numbers.entries()) {
    const record = (await volume?.describe([index + 1]))?.[0] as EntryRecord;
    const wave = await allOf((volume as NonNullable<typeof volume>).open(record, 'a.wav'));
    expect(wave.length).toBe(record.size);
    expect(wave.slice(0, 44)).toEqual(waveHeader(wave.length - 44));
    found.set(number, sumOf(wave.slice(44)));
  }
  return found;
}

describe('a CUE sheet', () => {
  it.each(['utf-8', 'utf-16le', 'utf-16be'])('behind the mark of %s is read, its names too', async (charset) => {
    const text = '\ufeffFILE "größe.bin" BINARY\r\n  TRACK 01 MODE1/2352\r\n    INDEX 01 00:00:00\r\n';
    const units = Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 255);
    const high = Uint8Array.from(text, (letter) => letter.charCodeAt(0) >> 8);
    const pairs = (first: Uint8Array, second: Uint8Array): Uint8Array =>
      Uint8Array.from({ length: 2 * text.length }, (_, at) => (at % 2 ? second : first)[at >> 1] as number);
    const sheet = charset === 'utf-8' ? new TextEncoder().encode(text) : charset === 'utf-16le' ? pairs(units, high) : pairs(high, units);
    const medium = await opened(['a.cue', sheet], ['größe.bin', raw], ['other.bin', new Uint8Array(2352)]);
    expect([medium.kind, medium.missing, medium.tracks.length]).toEqual(['cue', [], 1]);
  });

  it('of one file with data and sound', async () => {
    const [two, three] = [sound(20, 3), sound(9, 5)];
    const sheet =
      '\ufeffREM a comment\r\nFILE "D:\\my disc\\A.BIN" BINARY\r\n  TRACK 01 MODE1/2352\r\n    INDEX 01 00:00:00\r\n' +
      '  TRACK 02 AUDIO\r\n    PREGAP 00:02:00\r\n    INDEX 01 00:00:24\r\n  TRACK 03 AUDIO\r\n    INDEX 00 00:00:40\r\n    INDEX 01 00:00:44\r\n';
    const medium = await opened(['x.cue', sheet], ['a.bin', concat([raw, two, three])]);
    expect(same(await allOf(medium.data), disc)).toBe(true);
    expect(medium.tracks).toMatchObject([
      { number: 1, mode: 'mode1', start: 0, sectors: 24 },
      { number: 2, mode: 'audio', start: 174, sectors: 20 },
      { number: 3, mode: 'audio', start: 194, sectors: 9 },
    ]);
    expect(await samples(medium)).toEqual(
      new Map([
        [2, sumOf(two)],
        [3, sumOf(three)],
      ]),
    );
  });

  it('of several files, big-endian and WAV ones among them', async () => {
    const [two, three] = [sound(20, 3), sound(9, 5)];
    const swapped = two.map((_, at) => two[at ^ 1] as number);
    const sheet =
      'FILE one.bin BINARY\nTRACK 1 MODE1/2352\nINDEX 01 00:00:00\nFILE "the two.bin" MOTOROLA\nTRACK 2 AUDIO\nINDEX 01 00:00:00\n' +
      'FILE three.wav WAVE\nTRACK 3 AUDIO\nINDEX 01 00:00:00\nFILE four.mp3 MP3\nTRACK 4 AUDIO\nINDEX 01 00:00:00\n';
    const wave = concat([waveHeader(three.length), three]);
    const medium = await opened(['the two.bin', swapped], ['three.wav', wave], ['x.cue', sheet], ['one.bin', raw], ['four.mp3', 'x']);
    expect(await samples(medium)).toEqual(
      new Map([
        [2, sumOf(two)],
        [3, sumOf(three)],
      ]),
    );
    expect(medium.findings.list.map(({ code }) => code)).toEqual(['audio-file-kind']);
  });

  it('whose mode is not that of its sectors, or whose file was renamed', async () => {
    const sheet = 'FILE "old.bin" BINARY\nTRACK 01 MODE2/2336\nINDEX 01 00:00:00\n';
    const medium = await opened(['x.cue', sheet], ['new.bin', raw]);
    expect(same(await allOf(medium.data), disc)).toBe(true);
    expect(medium.findings.list.map(({ code }) => code)).toEqual(['sheet-disagrees']);
  });

  it('with names in other charsets', async () => {
    const sheet = concat([
      new TextEncoder().encode('FILE "'),
      Uint8Array.of(0x83, 0x51, 0x81, 0x5b, 0x83, 0x80),
      new TextEncoder().encode('.bin" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n'),
    ]);
    const medium = await opened(['x.cue', sheet], ['ゲーム.bin', raw], ['other.bin', raw]);
    expect(medium.missing).toEqual([]);
    expect(same(await allOf(medium.data), disc)).toBe(true);
  });

  it('asks for the files that are not here by their names, and opens what is', async () => {
    const track = (name: string, number: number): string =>
      `FILE "${name}" BINARY\nTRACK ${number} ${number === 1 ? 'MODE1/2352' : 'AUDIO'}\nINDEX 01 00:00:00\n`;
    expect((await opened(['x.cue', track('C:/y.bin', 1)])).missing).toEqual(['y.bin']);
    const medium = await opened(['x.cue', track('a.bin', 1) + track('b.bin', 2)], ['a.bin', raw]);
    expect(medium.missing).toEqual(['b.bin']);
    expect(same(await allOf(medium.data), disc)).toBe(true);
    expect(medium.findings.list[0]?.detail).toBe('“x.cue” names “b.bin”, which is not here: choose them together.');
  });

  it('of a disc whose data come in a second session', async () => {
    const sheet =
      'FILE a.bin BINARY\nTRACK 1 AUDIO\nINDEX 01 00:00:00\nREM SESSION 02\nFILE b.bin BINARY\nTRACK 2 MODE1/2352\nINDEX 01 00:00:00\n';
    const medium = await opened(['x.cue', sheet], ['a.bin', sound(300, 3)], ['b.bin', rawImage(tinyDisc(11_700), 1)]);
    expect(medium.tracks).toMatchObject([
      { session: 1, start: 0 },
      { session: 2, start: 11_700 },
    ]);
    // A session of sound alone holds no descriptors.
    expect(medium.sessions).toEqual([{ number: 2, startSector: 11_700 }]);
  });
});

/** A Nero image: 150 sectors of pregap, the tiny disc as plain sectors, a track of sound; version 1 or 2. */
function nero(version: 1 | 2, tao = false): { bytes: Uint8Array; sound: Uint8Array } {
  const samplesHere = sound(30, 7);
  const first = 150 * 2048;
  const second = first + disc.length;
  const end = second + samplesHere.length;
  const number = (value: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setUint32(length - 4, value);
    return bytes;
  };
  const chunk = (id: string, ...body: Uint8Array[]): Uint8Array =>
    concat([new TextEncoder().encode(id), number(concat(body).length, 4), ...body]);
  const wide = version === 2 ? 8 : 4;
  const dao = (size: number, mode: number, ...places: number[]): Uint8Array =>
    concat([new Uint8Array(12), number(size, 4).slice(2), Uint8Array.of(mode, 0, 0, 1), ...places.map((place) => number(place, wide))]);
  const etn = (offset: number, length: number, mode: number, sector: number): Uint8Array =>
    concat([number(offset, wide), number(length, wide), Uint8Array.of(0, 0, 0, mode), number(sector, 4), number(0, wide)]);
  const cue = (track: number, sector: number, frames: number[]): Uint8Array =>
    concat([Uint8Array.of(0x41, track, 1, 0), version === 2 ? number(sector, 4) : Uint8Array.of(0, ...frames)]);
  const chunks = tao
    ? [chunk(version === 2 ? 'ETN2' : 'ETNF', etn(first, disc.length, 0, 0), etn(second, samplesHere.length, 7, 24))]
    : [
        chunk(version === 2 ? 'CUEX' : 'CUES', cue(1, 0, [0, 2, 0]), cue(2, 24, [0, 2, 0x24])),
        chunk(
          version === 2 ? 'DAOX' : 'DAOI',
          concat([new Uint8Array(20), Uint8Array.of(1, 2)]),
          dao(2048, 0, 0, first, second),
          dao(2352, 7, second, second, end),
        ),
      ];
  const footer =
    version === 2 ? concat([new TextEncoder().encode('NER5'), number(end, 8)]) : concat([new TextEncoder().encode('NERO'), number(end, 4)]);
  const bytes = concat([new Uint8Array(first), disc, samplesHere, ...chunks, chunk('SINF', number(2, 4)), chunk('END!'), footer]);
  return { bytes, sound: samplesHere };
}

describe('a Nero image', () => {
  it.each<[1 | 2, boolean]>([
    [1, false],
    [2, false],
    [1, true],
    [2, true],
  ])('of version %i, track at once: %s', async (version, tao) => {
    const { bytes, sound: wanted } = nero(version, tao);
    const medium = await opened(['x.nrg', bytes]);
    expect(medium.kind).toBe('nrg');
    expect(same(await allOf(medium.data), disc)).toBe(true);
    expect(medium.tracks).toMatchObject([
      { number: 1, start: 0, sectors: 24 },
      { number: 2, start: 24, sectors: 30 },
    ]);
    expect(await samples(medium)).toEqual(new Map([[2, sumOf(wanted)]]));
  });
});

describe('a CloneCD sheet', () => {
  it('places the tracks of two sessions, which follow each other in the image', async () => {
    const entry = (session: number, point: number, control: number, sector: number): string =>
      `[Entry 0]\nSession=${session}\nPoint=0x${point.toString(16)}\nControl=0x0${control}\nPLBA=${sector}\n`;
    const sheet = `[CloneCD]\nVersion=3\n${entry(1, 1, 0, 0)}${entry(1, 0xa2, 0, 300)}${entry(2, 2, 4, 11_700)}${entry(2, 0xa2, 4, 11_724)}[TRACK 2]\nMODE=1\n`;
    const wanted = sound(300, 3);
    const image = concat([wanted, rawImage(tinyDisc(11_700), 1, undefined, 11_700)]);
    const medium = await opened(['x.ccd', sheet], ['X.IMG', image], ['x.sub', new Uint8Array(96)]);
    expect(medium.tracks).toMatchObject([
      { session: 1, start: 0, sectors: 300, mode: 'audio' },
      { session: 2, start: 11_700, sectors: 24, mode: 'mode1' },
    ]);
    expect(await samples(medium)).toEqual(new Map([[1, sumOf(wanted)]]));
    expect((await opened(['x.ccd', sheet])).missing).toEqual(['x.img']);
  });
});

describe('hostile sheets and tables', () => {
  /** Opens, or ends with one of our errors. */
  async function survives(...files: ByteSource[]): Promise<void> {
    try {
      const medium = await openMedium(files);
      expect(medium.tracks.length).toBeLessThanOrEqual(99);
      await medium.data.read(0, Math.min(40_000, medium.data.size));
    } catch (error) {
      expect(error instanceof ImageError || error instanceof SourceError || error instanceof Unsupported || error).toBe(true);
    }
  }

  it('are read within their bounds', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `FILE "${index}" BINARY\nTRACK ${index % 100} AUDIO\nINDEX 01 9999:99:99`);
    const files = parseCue(many.join('\n'));
    expect(files.length).toBeLessThanOrEqual(99);
    expect(parseCue(`FILE ${' '.repeat(200_000)}x\nTRACK 1 AUDIO\nINDEX 01 00:00:00`).length).toBeLessThanOrEqual(1);
  });

  const sheet = 'FILE "a.bin" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 00 00:00:20\nINDEX 01 00:00:22\n';
  const tail = (bytes: Uint8Array): [Uint8Array, number, number] => [bytes, bytes.length - 250, 250];
  it.each<[string, Uint8Array, number, number]>([
    ['x.cue', new TextEncoder().encode(sheet), 0, sheet.length],
    ['x.nrg', ...tail(nero(2).bytes)],
    ['x.nrg', ...tail(nero(1).bytes)],
    ['x.nrg', ...tail(nero(2, true).bytes)],
    ['x.bin', raw, 0, 19 * 2352],
    ['x.iso', tinyDisc(11_700), 16 * 2048, 3 * 2048],
  ])('with any bytes changed give only our errors: %s', async (name, bytes, from, count) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(count - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[from + at] = value;
        await survives(named(name, changed), ...(name === 'x.cue' ? [named('a.bin', raw)] : []));
      }),
      { numRuns: 150 },
    );
  });
});

const CORPUS = new URL('../../../../shared/corpus/', import.meta.url);
interface Item {
  readonly name: string;
  readonly files?: readonly { readonly file: string; readonly stored: string; readonly packing: string }[];
  readonly audio?: readonly { readonly track: number; readonly sectors: number; readonly sha256: string }[];
}
const here = existsSync(new URL('index.json', CORPUS));
const items = here ? (JSON.parse(readFileSync(new URL('index.json', CORPUS), 'utf8')) as Item[]).filter((item) => item.audio) : [];

describe.skipIf(!here)('audio tracks of the corpus', () => {
  it.each(items)('$name', async ({ files = [], audio = [] }) => {
    const bytesOf = ({ stored, packing }: { stored: string; packing: string }): Uint8Array => {
      const bytes = readFileSync(new URL(stored, CORPUS));
      return new Uint8Array(packing === 'gzip' ? gunzipSync(bytes) : bytes);
    };
    const medium = await opened(...files.map((file): [string, Uint8Array] => [file.file, bytesOf(file)]));
    const found = await samples(medium);
    expect(found.size).toBe(audio.length);
    for (const { track, sectors, sha256 } of audio) {
      expect(found.get(track)).toBe(`${sectors * 2352} ${sha256}`);
    }
  });
});
