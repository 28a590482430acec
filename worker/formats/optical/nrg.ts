import { Block } from '../../bytes/block.ts';
import type { SectorForm } from '../../source/raw-sector.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import type { TrackPlan } from './assemble.ts';
import { MAX_TRACKS } from './cue.ts';
import { audioSectors, bcd, MODE2_2336, PLAIN, wholeSectors } from './sector.ts';

/** Bytes of the tail that are read: a table of 99 tracks with 99 indexes each, and CD-Text. */
const MAX_CHUNKS_BYTES = 1024 * 1024;
const MAX_CHUNKS = 1_000;
const FOOTER = 12;

/** One track's place by DAOI/DAOX or ETNF/ETN2, in bytes. */
interface Stretch {
  readonly session: number;
  readonly number: number;
  readonly mode: number;
  readonly sectorSize: number;
  readonly pregap: number;
  readonly start: number;
  readonly end: number;
  /** Logical sector, where the chunk itself says it. */
  readonly sector: number | null;
}

/** Offset of the first chunk by the footer at the end of a Nero image, version 1 or 2; null without one. */
export async function nrgChunks(source: ByteSource, signal?: AbortSignal): Promise<number | null> {
  if (source.size < FOOTER + 8) return null;
  const footer = new Block(await source.read(source.size - FOOTER, FOOTER, signal), source.size - FOOTER);
  const word = (at: number): string => String.fromCharCode(...footer.part(at, 4));
  let offset: number | null = null;
  if (word(0) === 'NER5' && footer.u32be(4) < 0x200000) offset = footer.u64be(4);
  else if (word(4) === 'NERO') offset = footer.u32be(8);
  return offset !== null && offset + 8 <= source.size ? offset : null;
}

/** The tracks of a Nero image, by the chunks behind its sectors (big-endian; Nero's own, by libmirage and libcdio). */
export async function nrgTracks(source: ByteSource, first: number, findings: Findings, signal?: AbortSignal): Promise<TrackPlan[]> {
  const length = Math.min(MAX_CHUNKS_BYTES, source.size - first);
  const chunks = new Block(await source.read(first, length, signal), first);
  const stretches: Stretch[] = [];
  const places = new Map<number, number>();
  let session = 1;
  let at = 0;
  for (let count = 0; count < MAX_CHUNKS && at + 8 <= chunks.length; count++) {
    const id = String.fromCharCode(...chunks.part(at, 4));
    const size = chunks.u32be(at + 4);
    if (id === 'END!' || id === 'NER5' || id === 'NERO') break;
    if (at + 8 + size > chunks.length) {
      findings.add('damage', 'nrg-chunk', first + at, '', `The chunk “${id}” of the Nero image is longer than the file.`);
      break;
    }
    const body = chunks.slice(at + 8, size);
    if (id === 'SINF') session++;
    else if (id === 'CUES' || id === 'CUEX') readCues(body, id === 'CUEX', places);
    else if (id === 'DAOI' || id === 'DAOX') stretches.push(...readDao(body, id === 'DAOX', session));
    else if (id === 'ETNF' || id === 'ETN2') stretches.push(...readTao(body, id === 'ETN2', session, stretches.length + 1));
    at += 8 + size;
  }
  return plansOf(stretches.slice(0, MAX_TRACKS), places, source, first, findings);
}

/** INDEX 01 of each track as logical sectors: eight bytes an index; version 1 has minutes, seconds, frames. */
function readCues(body: Block, second: boolean, places: Map<number, number>): void {
  for (let at = 0; at + 8 <= body.length; at += 8) {
    const track = bcd(body.u8(at + 1));
    if (track === null || body.u8(at + 2) !== 1) continue;
    const [minute, second1, frame] = [5, 6, 7].map((place) => bcd(body.u8(at + place)) ?? 0) as [number, number, number];
    places.set(track, second ? body.u32be(at + 4) | 0 : (minute * 60 + second1) * 75 + frame - 150);
  }
}

/** Disc-at-once tracks: a header of 22 bytes, then 30 (version 1) or 42 bytes a track. */
function readDao(body: Block, second: boolean, session: number): Stretch[] {
  const stretches: Stretch[] = [];
  const record = second ? 42 : 30;
  if (body.length < 22) return stretches;
  const first = body.u8(20);
  for (let at = 22, number = first; at + record <= body.length && stretches.length < MAX_TRACKS; at += record, number++) {
    const offset = (index: number): number => (second ? clamped(body, at + 18 + index * 8) : body.u32be(at + 18 + index * 4));
    const sectorSize = body.u16be(at + 12);
    stretches.push({
      session,
      number,
      mode: body.u8(at + 14),
      sectorSize,
      pregap: offset(0),
      start: offset(1),
      end: offset(2),
      sector: null,
    });
  }
  return stretches;
}

/** Track-at-once tracks: 20 (version 1) or 32 bytes each: offset, bytes, mode, logical sector. */
function readTao(body: Block, second: boolean, session: number, first: number): Stretch[] {
  const stretches: Stretch[] = [];
  const record = second ? 32 : 20;
  for (let at = 0; at + record <= body.length && stretches.length < MAX_TRACKS; at += record) {
    const start = second ? clamped(body, at) : body.u32be(at);
    const length = second ? clamped(body, at + 8) : body.u32be(at + 4);
    const behind = at + (second ? 16 : 8);
    const mode = body.u8(behind + 3);
    const number = first + stretches.length;
    stretches.push({ session, number, mode, sectorSize: 0, pregap: start, start, end: start + length, sector: body.u32be(behind + 4) });
  }
  return stretches;
}

/** A 64-bit offset; one that no file has becomes one past all files. */
function clamped(body: Block, at: number): number {
  return body.u32be(at) < 0x200000 ? body.u64be(at) : Number.MAX_SAFE_INTEGER;
}

/** Nero's words for the sectors of a track; null for what is not known. */
function formOf(mode: number, sectorSize: number): SectorForm | null {
  switch (mode) {
    case 0:
    case 2:
      return PLAIN;
    case 3:
      return MODE2_2336;
    case 5:
      return wholeSectors(1);
    case 6:
      return wholeSectors(2);
    case 7:
      return audioSectors();
    case 0x0f:
      return wholeSectors(1, 2448);
    case 0x10:
      return audioSectors(2448);
    case 0x11:
      return wholeSectors(2, 2448);
    default:
      return sectorSize === 2048 ? PLAIN : null;
  }
}

function plansOf(
  stretches: readonly Stretch[],
  places: ReadonlyMap<number, number>,
  file: ByteSource,
  limit: number,
  findings: Findings,
): TrackPlan[] {
  const plans: TrackPlan[] = [];
  let disc = 0;
  for (const [index, stretch] of stretches.entries()) {
    const { session, number, mode, start } = stretch;
    const form = formOf(mode, stretch.sectorSize);
    const next = stretches[index + 1];
    const audio = form?.length === 2352;
    // The gap in front of the next audio track is heard at the end of this one.
    const gapped = audio && next?.mode === mode && next.session === session && next.pregap === stretch.end;
    const end = Math.min(limit, gapped ? next.start : stretch.end);
    if (!form || start > limit || end < start) {
      findings.add(
        'damage',
        'nrg-track',
        null,
        '',
        `Track ${number} of the Nero image lies outside of the file, or is of a kind (${mode}) that is not known.`,
      );
      continue;
    }
    const sectors = Math.floor((end - start) / form.size);
    const sector = places.get(number) ?? stretch.sector ?? disc;
    disc = sector + sectors;
    plans.push({ number, session, audio, form, file, offset: start, sectors, start: sector, bigEndian: false });
  }
  return plans;
}
