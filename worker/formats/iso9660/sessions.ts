import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import { SECTOR } from './directory-record.ts';
import { FIRST_DESCRIPTOR } from './volume-descriptor.ts';

/** Sessions that are looked for; a CD holds at most 46, an overwritable medium any number. */
export const MAX_SESSIONS = 256;
/** Where a writer of overwritable media puts the first session: sector 16 then holds a copy of the last one's descriptors. */
const OVERWRITABLE_FIRST = 32;
/** Sectors between the end of a session and the next one on a CD: lead-out and lead-in with pregap (6750 + 4500 + 150; later 2250 + 4500 + 150). */
const CD_GAPS = [11_400, 6_900, 11_250, 6_750];
/** Writers begin a session at a multiple of so many sectors. */
const ALIGNMENT = 32;
/** Sectors behind the end of a session in which the next one is looked for one by one. */
const SCANNED = 512;

interface SessionStart {
  readonly start: number;
  /** Sector after the last that the descriptor claims, counted from the session's start and from the disc's. */
  readonly ends: readonly number[];
}

/**
 * First sectors of all ISO 9660 sessions in an image, oldest first; [0] where there is but one. Block
 * numbers are absolute in all of them: a descriptor whose root directory does not stand where it says,
 * counted from the start of the image, belongs to an image inside a file and is no session (ECMA-119 6.7.1;
 * Multi-Session CD, ECMA-168 of the same idea).
 */
export async function findSessions(source: ByteSource, signal?: AbortSignal): Promise<readonly number[]> {
  const head = await sessionAt(source, 0, signal);
  if (!head) return [0];
  const older = await sessionAt(source, OVERWRITABLE_FIRST, signal);
  const starts: number[] = [];
  for (let at: SessionStart | null = older ?? head; at && starts.length < MAX_SESSIONS;) {
    starts.push(at.start);
    at = await nextSession(source, at, signal);
  }
  return starts;
}

async function nextSession(source: ByteSource, { start, ends }: SessionStart, signal?: AbortSignal): Promise<SessionStart | null> {
  const last = Math.floor(source.size / SECTOR);
  for (const end of ends) {
    if (end <= start || end + FIRST_DESCRIPTOR + 1 >= last) continue;
    const count = Math.min(SCANNED, last - end);
    const bytes = await source.read(end * SECTOR, count * SECTOR, signal);
    for (let sector = FIRST_DESCRIPTOR; sector < count; sector++) {
      if (!isPrimary(bytes, sector * SECTOR)) continue;
      const found = await sessionAt(source, end + sector - FIRST_DESCRIPTOR, signal);
      if (found) return found;
    }
    for (const gap of CD_GAPS) {
      for (const candidate of [end + gap, Math.ceil(end / ALIGNMENT) * ALIGNMENT + gap]) {
        const found = await sessionAt(source, candidate, signal);
        if (found) return found;
      }
    }
  }
  return null;
}

/** The session that begins at a sector, if its primary descriptor leads to a root directory that names itself. */
async function sessionAt(source: ByteSource, start: number, signal?: AbortSignal): Promise<SessionStart | null> {
  const at = (start + FIRST_DESCRIPTOR) * SECTOR;
  if (at + SECTOR > source.size) return null;
  const block = new Block(await source.read(at, SECTOR, signal), at);
  if (!isPrimary(block.bytes, 0)) return null;
  const blocks = block.u32le(80);
  const blockSize = block.u16le(128);
  const rootLba = block.u32le(158);
  if (start === 0) return { start, ends: [blocks] };
  if (blockSize !== SECTOR || (rootLba + 1) * SECTOR > source.size || rootLba <= start + FIRST_DESCRIPTOR) return null;
  const root = new Block(await source.read(rootLba * SECTOR, SECTOR, signal), rootLba * SECTOR);
  const self = root.u8(0) >= 34 && root.u8(32) === 1 && root.u8(33) === 0 && root.u32le(2) === rootLba;
  return self ? { start, ends: [start + blocks, blocks] } : null;
}

function isPrimary(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 1 && String.fromCharCode(...bytes.subarray(at + 1, at + 6)) === 'CD001';
}
