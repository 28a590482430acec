import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { TrackPlan } from './assemble.ts';
import { MAX_TRACKS } from './cue.ts';
import { audioSectors, FORM2_2324, MODE2_2056, MODE2_2336, PLAIN, WHOLE, WHOLE_SIZES, wholeSectors } from './sector.ts';
import type { Findings } from '../findings.ts';
import type { SectorForm } from '../../source/raw-sector.ts';

/** What stands at the beginning of the index of an Alcohol 120% image, and of the one file that Daemon Tools makes (2.x). */
const MARK = 'MEDIA DESCRIPTOR';
const VERSION = 1;
const SESSIONS = 20;
const SESSION_TABLE = 80;
const SESSION_RECORD = 24;
const TRACK_RECORD = 80;
const MAX_SESSIONS = 99;
/** Bytes of the name of the file with the sectors. */
const MAX_NAME = 512;
/** Bit of the medium's kind that says DVD. */
const DVD = 0x10;

/** Forms of data sectors that are not whole, by their size. */
const BARE: Readonly<Record<number, SectorForm>> = { 2048: PLAIN, 2056: MODE2_2056, 2324: FORM2_2324, 2336: MODE2_2336 };

/** A track as the index has it (no standard: as libmirage reads it). */
interface MdsTrack {
  readonly number: number;
  readonly session: number;
  /** 1 audio, 2 mode 1, 3 mode 2, 4 and 5 its forms 1 and 2. */
  readonly mode: number;
  readonly sectorSize: number;
  readonly start: number;
  readonly offset: number;
  /** Sectors; null where the index does not say. */
  readonly sectors: number | null;
}

export interface MdsIndex {
  /** Name of the file with the sectors, as written: an asterisk stands for the index's own name. */
  readonly name: string;
  readonly tracks: readonly MdsTrack[];
}

/** True where bytes are an MDS index of version 1: 2 holds its sectors itself, encrypted. */
export function isMds(bytes: Uint8Array): boolean {
  return bytes.length > SESSION_TABLE + 8 && [...MARK].every((letter, at) => bytes[at] === letter.charCodeAt(0)) && bytes[16] === VERSION;
}

/** The tracks of an index; what lies outside of its bytes is left out. */
export function readMds(bytes: Uint8Array): MdsIndex {
  const block = new Block(bytes, 0);
  const holds = (at: number, length: number): boolean => at > 0 && at + length <= block.length;
  const dvd = (block.u16le(18) & DVD) !== 0;
  const tracks: MdsTrack[] = [];
  let name = '*.mdf';
  const sessions = Math.min(block.u16le(SESSIONS), MAX_SESSIONS);
  for (let index = 0; index < sessions; index++) {
    const session = block.u32le(SESSION_TABLE) + index * SESSION_RECORD;
    if (!holds(session, SESSION_RECORD)) break;
    const first = block.u32le(session + 20);
    for (let place = 0; place < block.u8(session + 10) && tracks.length < MAX_TRACKS; place++) {
      const at = first + place * TRACK_RECORD;
      if (!holds(at, TRACK_RECORD)) break;
      const number = block.u8(at + 4);
      if (number < 1 || number > MAX_TRACKS) continue; // the points A0 to A2 are the session's own
      const extra = block.u32le(at + 12);
      const footer = block.u32le(at + 52);
      if (holds(footer, 16)) name = nameAt(block, block.u32le(footer), block.u32le(footer + 4) === 1) ?? name;
      tracks.push({
        number,
        session: block.u16le(session + 8),
        mode: block.u8(at) & 7,
        sectorSize: block.u16le(at + 16),
        start: block.u32le(at + 36) | 0,
        offset: block.u32le(at + 40) + block.u32le(at + 44) * 2 ** 32,
        sectors: !dvd && holds(extra, 8) ? block.u32le(extra + 4) : null,
      });
    }
  }
  return { name, tracks };
}

/** A name up to its zero, in bytes or UCS-2; null where none stands there. */
function nameAt(block: Block, at: number, wide: boolean): string | null {
  if (at === 0 || at >= block.length) return null;
  const text = new TextDecoder(wide ? 'utf-16le' : 'windows-1252').decode(block.part(at, Math.min(MAX_NAME, block.length - at)));
  return text.split('\0', 1)[0] || null;
}

/** The tracks with their sectors in the file that the index names. */
export function mdsTracks({ tracks }: MdsIndex, file: ByteSource, findings: Findings): TrackPlan[] {
  return tracks.flatMap(({ number, session, mode, sectorSize, start, offset, sectors }) => {
    const form = formOf(mode, sectorSize);
    if (!form) {
      findings.add(
        'damage',
        'sheet-track',
        null,
        '',
        `Track ${number} is said to have sectors of ${sectorSize} bytes: none are known, and it is left out.`,
      );
      return [];
    }
    const held = Math.max(0, Math.floor((file.size - offset) / form.size));
    return { number, session, audio: mode === 1, form, file, offset, sectors: Math.min(held, sectors ?? held), start, bigEndian: false };
  });
}

/** The form of sectors of this size; null for a size that no sectors of that mode have. */
function formOf(mode: number, size: number): SectorForm | null {
  if (mode !== 1 && BARE[size]) return BARE[size];
  if (size !== 0 && !WHOLE_SIZES.includes(size)) return null;
  return mode === 1 ? audioSectors(size || WHOLE) : wholeSectors(mode === 2 ? 1 : 2, size || WHOLE);
}
