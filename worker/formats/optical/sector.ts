import { isSync, type SectorForm } from '../../source/raw-sector.ts';
import { LOGICAL_SECTOR } from './medium.ts';

/** Sector that holds the first volume descriptor (ECMA-119 6.2.1). */
export const FIRST_DESCRIPTOR = 16;
/** Sectors before logical sector 0: two seconds of pregap. */
export const PREGAP = 150;
/** Bytes from the start that are looked at; no form needs more to be told. */
export const FORM_HEAD = 64 * 1024;

/** Bytes of a whole sector; with 96 or 16 bytes of subchannel behind. */
export const WHOLE = 2352;
export const WHOLE_SIZES: readonly number[] = [WHOLE, 2448, 2368];
/** Sectors looked at for the sync pattern: some may be damaged. */
const SYNC_PROBES = 16;
const MARKS = ['CD001', 'BEA01', 'CDROM'];
const MODE_BYTE = 15;
const AFTER_HEADER = 16;
const AFTER_SUBHEADER = 24;

const data = (size: number, at: number, sync: boolean, mode: 0 | 1 | 2): SectorForm => ({ size, at, length: LOGICAL_SECTOR, sync, mode });

/** Sectors without anything around their contents. */
export const PLAIN: SectorForm = data(LOGICAL_SECTOR, 0, false, 0);
/** Mode 2 sectors from the subheader on (2,336 bytes), or the subheader and the contents alone (2,056). */
export const MODE2_2336: SectorForm = data(2336, 8, false, 2);
export const MODE2_2056: SectorForm = data(2056, 8, false, 2);
/** Contents of form 2 sectors alone. */
export const FORM2_2324: SectorForm = data(2324, 0, false, 2);

/** Whole data sectors: 2,352 bytes, or more with a subchannel behind (ECMA-130 14; CD-ROM XA). */
export function wholeSectors(mode: 1 | 2, size = WHOLE): SectorForm {
  return data(size, mode === 1 ? AFTER_HEADER : AFTER_SUBHEADER, true, mode);
}

/** Audio sectors of 2,352 bytes, with a subchannel behind where they are larger. */
export function audioSectors(size = WHOLE): SectorForm {
  return { size, at: 0, length: 2352, sync: false, mode: 0 };
}

/**
 * The form of the data sectors that these bytes begin, by what they hold: the sync pattern at the
 * distance of a sector, or else a volume descriptor where sectors without sync would have it. Null
 * for plain sectors and for what is no disc.
 */
export function recogniseForm(head: Uint8Array): SectorForm | null {
  return syncedForm(head) ?? bareForm(head);
}

function syncedForm(head: Uint8Array): SectorForm | null {
  let best: SectorForm | null = null;
  let most = 0;
  for (const size of WHOLE_SIZES) {
    const modes = [0, 0, 0, 0];
    for (let sector = 0; sector < SYNC_PROBES; sector++) {
      const at = sector * size;
      const mode = head[at + MODE_BYTE] ?? 3;
      if (isSync(head, at)) modes[Math.min(mode, 3)] = (modes[Math.min(mode, 3)] as number) + 1;
    }
    const count = (modes[1] as number) + (modes[2] as number);
    if (count <= most) continue;
    most = count;
    best = wholeSectors((modes[2] as number) > (modes[1] as number) ? 2 : 1, size);
  }
  // One damaged sector among few must not hide the rest; one pattern alone is enough of a short file only.
  return most >= 2 || (most === 1 && head.length < 2 * 2448) ? best : null;
}

/** Forms without sync pattern, told by a volume descriptor in sector 16 (ECMA-119 6.2.1, ECMA-167 2/8.3). */
function bareForm(head: Uint8Array): SectorForm | null {
  if (holdsMark(head, PLAIN)) return null;
  // A sync pattern that somebody overwrote leaves the contents where they were.
  const forms = [MODE2_2336, MODE2_2056, wholeSectors(1), wholeSectors(2), wholeSectors(1, 2448), wholeSectors(2, 2448)];
  return forms.find((form) => holdsMark(head, form)) ?? null;
}

/** True where a volume descriptor stands in sector 16 of this form. */
export function holdsMark(head: Uint8Array, form: SectorForm, sector = FIRST_DESCRIPTOR): boolean {
  const at = sector * form.size + form.at;
  const text = (from: number): string => String.fromCharCode(...head.subarray(from, from + 5));
  return MARKS.includes(text(at + 1)) || text(at + 9) === 'CDROM';
}

/** Logical sector that a header names, in minutes, seconds and frames (ECMA-130 14.2); null where it is no address. */
export function headerAddress(sector: Uint8Array): number | null {
  if (!isSync(sector, 0)) return null;
  const [minute, second, frame] = [bcd(sector[12]), bcd(sector[13]), bcd(sector[14])];
  if (minute === null || second === null || frame === null || second > 59 || frame > 74) return null;
  return (minute * 60 + second) * 75 + frame - PREGAP;
}

/** Two decimal digits in a byte; null for what is none. */
export function bcd(byte: number | undefined): number | null {
  if (byte === undefined || byte >> 4 > 9 || (byte & 15) > 9) return null;
  return (byte >> 4) * 10 + (byte & 15);
}

/** "raw 2,352-byte sectors" and the like, for a detection's title. */
export function formTitle(form: SectorForm): string {
  if (form.size === LOGICAL_SECTOR) return '2,048-byte sectors';
  return `raw ${form.size.toLocaleString('en')}-byte sectors${form.size > 2352 ? ' with subchannel' : ''}`;
}
