import type { SectorForm } from '../../source/raw-sector.ts';
import type { ByteSource } from '../../source/source.ts';
import type { TrackPlan } from './assemble.ts';
import { MAX_TRACKS } from './cue.ts';
import { audioSectors, wholeSectors } from './sector.ts';

/** One entry of a CloneCD table of contents: a track, or the lead-out of a session (MMC-3, READ TOC). */
export interface CcdEntry {
  readonly session: number;
  /** Track number, or 0xA0-0xA2. */
  readonly point: number;
  readonly control: number;
  readonly sector: number;
}

const MAX_ENTRIES = 400;
const MAX_LINES = 20_000;
const LEAD_OUT = 0xa2;
/** Bit of the subchannel's control field that says data. */
const DATA = 4;
const SECTOR = 2352;

/** True where bytes are the text of a CloneCD control file. */
export function isCcd(bytes: Uint8Array): boolean {
  return /^\s*\[CloneCD\]/i.test(new TextDecoder('latin1').decode(bytes.subarray(0, 256)));
}

/** The table of contents, and the modes of tracks where they are given. */
export function parseCcd(text: string): { readonly entries: CcdEntry[]; readonly modes: ReadonlyMap<number, number> } {
  const sections: { name: string; values: Map<string, number> }[] = [];
  for (const line of text.split(/\r\n|\r|\n/, MAX_LINES)) {
    const section = /^\s*\[(.{1,40})\]/.exec(line)?.[1];
    const pair = /^\s*([^=]{1,40}?)\s*=\s*(-?(?:0x[0-9a-f]{1,8}|\d{1,10}))\s*$/i.exec(line);
    if (section !== undefined && sections.length < MAX_ENTRIES) sections.push({ name: section.toLowerCase(), values: new Map() });
    else if (pair) sections.at(-1)?.values.set((pair[1] as string).toLowerCase(), Number(pair[2]));
  }
  const entries: CcdEntry[] = [];
  const modes = new Map<number, number>();
  for (const { name, values } of sections) {
    const track = /^track\s+(\d{1,2})$/.exec(name)?.[1];
    const mode = values.get('mode');
    if (track !== undefined && mode !== undefined) modes.set(Number(track), mode);
    if (!name.startsWith('entry')) continue;
    const [session = 1, point = 0, control = 0, sector = 0] = ['session', 'point', 'control', 'plba'].map((key) => values.get(key));
    entries.push({ session, point, control, sector });
  }
  return { entries, modes };
}

/** The tracks of a CloneCD image: sessions follow each other in the file without what lies between them. */
export function ccdTracks(text: string, file: ByteSource): TrackPlan[] {
  const { entries, modes } = parseCcd(text);
  const tracks = entries
    .filter(({ point }) => point >= 1 && point <= MAX_TRACKS)
    .sort((a, b) => a.session - b.session || a.sector - b.sector);
  const plans: TrackPlan[] = [];
  let offset = 0;
  for (const [index, track] of tracks.slice(0, MAX_TRACKS).entries()) {
    const next = tracks[index + 1];
    const leadOut = entries.find(({ session, point }) => session === track.session && point === LEAD_OUT)?.sector;
    const held = Math.max(0, Math.floor((file.size - offset) / SECTOR));
    const end = next?.session === track.session ? next.sector : next ? leadOut : undefined;
    const sectors = end === undefined ? held : Math.max(0, Math.min(held, end - track.sector));
    const audio = (track.control & DATA) === 0;
    const form: SectorForm = audio ? audioSectors() : wholeSectors(modes.get(track.point) === 2 ? 2 : 1);
    plans.push({ number: track.point, session: track.session, audio, form, file, offset, sectors, start: track.sector, bigEndian: false });
    offset += sectors * SECTOR;
  }
  return plans;
}
