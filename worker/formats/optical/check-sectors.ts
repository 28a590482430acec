import { edc } from '../../bytes/edc.ts';
import { isForm2, isSync, subheaderAt, type SectorForm } from '../../source/raw-sector.ts';
import { Findings } from '../findings.ts';
import { summedTracks, type Medium, type Track } from './medium.ts';

/** Stored bytes read at a time. */
const PIECE = 2 * 1024 * 1024;

export interface SectorCheck {
  /** Sectors whose sums were compared. */
  readonly checked: number;
  /** Sectors that differ from their sums, or whose sync pattern is broken. */
  readonly bad: number;
  readonly findings: Findings;
}

/** Where the sum of a sector stands and what it covers, from the sector's start (ECMA-130 14.3; CD-ROM XA). */
interface Cover {
  readonly from: number;
  readonly sum: number;
}

/**
 * Compare every data sector with its error detection code, and name those that differ. Tracks whose
 * sectors are stored without it (2,048 and 2,056 bytes) are passed over.
 */
export async function checkSectors(
  medium: Medium,
  onProgress: (sectors: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<SectorCheck> {
  const findings = new Findings();
  let [checked, bad] = [0, 0];
  for (const track of summedTracks(medium)) {
    const { size } = track.form;
    const step = Math.floor(PIECE / size);
    for (let sector = 0; sector < track.sectors; sector += step) {
      signal?.throwIfAborted();
      const count = Math.min(step, track.sectors - sector);
      const stored = await track.source.read(sector * size, count * size, signal);
      for (let index = 0; index < count; index++) {
        const at = index * size;
        const wrong = faultOf(stored, at, track.form);
        if (wrong) {
          bad++;
          name(findings, track, sector + index, wrong);
        }
      }
      checked += count;
      onProgress(checked);
    }
  }
  return { checked, bad, findings };
}

function name(findings: Findings, track: Track, sector: number, [code, spec, detail]: Fault): void {
  const at = sector * track.form.size;
  findings.add('damage', code, at, spec, `Sector ${track.start + sector} of track ${track.number} ${detail}.`);
}

type Fault = readonly [code: string, spec: string, detail: string];
const BROKEN_SYNC: Fault = ['sector-sync', 'ECMA-130 14.1', 'has a broken sync pattern'];
const BROKEN_SUM: Fault = ['sector-edc', 'ECMA-130 14.3', 'differs from its checksum'];

function faultOf(stored: Uint8Array, at: number, form: SectorForm): Fault | null {
  if (form.sync && !isSync(stored, at)) return BROKEN_SYNC;
  const cover = coverOf(stored, at, form);
  if (!cover) return null;
  const said =
    ((stored[cover.sum] as number) |
      ((stored[cover.sum + 1] as number) << 8) |
      ((stored[cover.sum + 2] as number) << 16) |
      ((stored[cover.sum + 3] as number) << 24)) >>>
    0;
  const form2 = cover.sum - cover.from > 2068;
  if (form2 && said === 0) return null; // form 2 need not record one (CD-ROM XA)
  return said === edc(stored, cover.from, cover.sum) ? null : BROKEN_SUM;
}

function coverOf(stored: Uint8Array, at: number, form: SectorForm): Cover | null {
  if (form.mode === 1) return { from: at, sum: at + 2064 };
  const subheader = subheaderAt(form);
  if (subheader < 0) return null;
  const from = at + subheader;
  return { from, sum: from + (isForm2(stored, from) ? 2332 : 2056) };
}
