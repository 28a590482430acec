import { Layout } from '../../source/layout.ts';
import type { SectorForm } from '../../source/raw-sector.ts';
import type { ByteSource } from '../../source/source.ts';
import type { TrackPlan } from './assemble.ts';
import { MAX_TRACKS } from './cue.ts';
import { audioSectors, FORM2_2324, MODE2_2336, PLAIN, wholeSectors } from './sector.ts';

/** A piece of a track: part of a file, or sectors of silence or zeros that no file holds. */
type TocPiece =
  | { readonly name: string; readonly swapped: boolean; readonly offset: number; readonly from: Length; readonly length: Length | null }
  | { readonly silence: number };

/** A length as written: in sectors, or in samples of sound (4 bytes), or bytes of data. */
type Length = { readonly sectors: number } | { readonly units: number };

export interface TocTrack {
  /** As written: `AUDIO`, `MODE1_RAW`, ... */
  readonly mode: string;
  readonly subchannel: boolean;
  readonly pieces: TocPiece[];
  /** Sectors of the track before its INDEX 01; null: as many as were laid out when it was said. */
  pregap: number;
}

const MAX_LINES = 10_000;
const SUBCHANNEL = 96;

/** True where a text is a cdrdao TOC file. */
export function isToc(bytes: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(bytes);
  return /^[ \t]*(CD_DA|CD_ROM|CD_ROM_XA|CD_I)[ \t]*$/m.test(text) && /^[ \t]*TRACK[ \t]+(AUDIO|MODE[12])/m.test(text);
}

const FORMS: Readonly<Record<string, SectorForm>> = {
  AUDIO: audioSectors(),
  MODE1: PLAIN,
  MODE1_RAW: wholeSectors(1),
  MODE2: MODE2_2336,
  MODE2_RAW: wholeSectors(2),
  MODE2_FORM1: PLAIN,
  MODE2_FORM2: FORM2_2324,
  MODE2_FORM_MIX: MODE2_2336,
};

function formOf({ mode, subchannel }: TocTrack): SectorForm | null {
  const form = FORMS[mode] ?? null;
  return form && subchannel ? { ...form, size: form.size + SUBCHANNEL } : form;
}

/** The tracks of a TOC file (cdrdao's manual); CD-Text and what is no track's sectors is passed over. */
export function readToc(bytes: Uint8Array): TocTrack[] {
  const tracks: TocTrack[] = [];
  for (const line of new TextDecoder().decode(bytes).split(/\r\n|\r|\n/, MAX_LINES)) {
    const begun = /^\s*TRACK\s+([A-Z0-9_]+)(?:\s+(RW|RW_RAW))?\s*(?:\/\/.*)?$/.exec(line);
    if (begun && tracks.length < MAX_TRACKS)
      tracks.push({ mode: begun[1] as string, subchannel: begun[2] !== undefined, pieces: [], pregap: 0 });
    const track = tracks.at(-1);
    if (track) readLine(line, track);
  }
  return tracks;
}

function readLine(line: string, track: TocTrack): void {
  const file = /^\s*(?:AUDIO|DATA)?FILE\s+"((?:[^"\\]|\\.)*)"\s*(SWAP)?\s*(?:#(\d{1,15}))?\s*([\d:]+)?\s*([\d:]+)?/.exec(line);
  if (file) {
    const [, name = '', swap, offset, first, second] = file;
    const data = /^\s*DATAFILE/.test(line);
    const [from, length] = data ? ['0', first] : [first ?? '0', second];
    track.pieces.push({
      name: name.replace(/\\(.)/g, '$1'),
      swapped: swap !== undefined,
      offset: Number(offset ?? 0),
      from: lengthOf(from),
      length: length === undefined ? null : lengthOf(length),
    });
    return;
  }
  const gap = /^\s*(SILENCE|ZERO|PREGAP|START)\b(?:\s+(?:AUDIO|MODE\w+|RW|RW_RAW))*\s*(\d{1,2}:\d{1,2}:\d{1,2})?/.exec(line);
  if (!gap) return;
  const sectors = gap[2] === undefined ? null : sectorsOf(gap[2]);
  if (gap[1] === 'START') track.pregap = sectors ?? silenceOf(track);
  else {
    track.pieces.push({ silence: sectors ?? 0 });
    if (gap[1] === 'PREGAP') track.pregap = sectors ?? 0;
  }
}

function silenceOf({ pieces }: TocTrack): number {
  return pieces.reduce((sum, piece) => sum + ('silence' in piece ? piece.silence : 0), 0);
}

function lengthOf(text: string): Length {
  return text.includes(':') ? { sectors: sectorsOf(text) } : { units: Math.min(Number(text), Number.MAX_SAFE_INTEGER) };
}

/** Minutes, seconds and frames. */
function sectorsOf(text: string): number {
  const [minute = 0, second = 0, frame = 0] = text.split(':').map(Number);
  return (minute * 60 + second) * 75 + frame;
}

/** Names of the files that the tracks lie in, each once. */
export function tocNames(tracks: readonly TocTrack[]): string[] {
  return [...new Set(tracks.flatMap(({ pieces }) => pieces.flatMap((piece) => ('name' in piece ? [piece.name] : []))))];
}

/** The tracks with their sectors; those of which a file is not here are left out. */
export function tocTracks(tracks: readonly TocTrack[], find: (name: string) => ByteSource | null): TrackPlan[] {
  const plans: TrackPlan[] = [];
  let disc = 0;
  for (const [index, track] of tracks.entries()) {
    const form = formOf(track);
    const silence = silenceOf(track);
    const file = form && contentsOf(track, form, find);
    if (!form || !file) continue;
    // Silence is taken to stand in front: it is how cdrdao writes a pregap that was not copied.
    const stored = Math.max(0, track.pregap - silence);
    const sectors = Math.max(0, Math.floor(file.size / form.size) - stored);
    const start = disc + track.pregap;
    const audio = track.mode === 'AUDIO';
    const bigEndian = audio && !track.pieces.some((piece) => 'name' in piece && piece.swapped);
    plans.push({ number: index + 1, session: 1, audio, form, file, offset: stored * form.size, sectors, start, bigEndian });
    disc = start + sectors;
  }
  return plans;
}

/** What of its files a track takes, one piece behind the other; null where one is not here. */
function contentsOf(track: TocTrack, form: SectorForm, find: (name: string) => ByteSource | null): ByteSource | null {
  const layout = new Layout(tocNames([track])[0] ?? '');
  const unit = track.mode === 'AUDIO' ? 4 : 1;
  const bytesOf = (length: Length): number => ('sectors' in length ? length.sectors * form.size : length.units * unit);
  for (const piece of track.pieces) {
    if (!('name' in piece)) continue;
    const file = find(piece.name);
    if (!file) return null;
    const from = Math.min(file.size, piece.offset + bytesOf(piece.from));
    const length = Math.min(file.size - from, piece.length === null ? Infinity : bytesOf(piece.length));
    layout.addSource(file, from, length);
  }
  return layout;
}
