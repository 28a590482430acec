import { Layout } from '../../source/layout.ts';
import { FORM_2_LENGTH, RawSectorSource, type SectorFault, type SectorForm } from '../../source/raw-sector.ts';
import { sliceSource } from '../../source/slice.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { LOGICAL_SECTOR, type Session, type Track } from './medium.ts';
import { placeOf } from './placement.ts';
import { FIRST_DESCRIPTOR, FORM_HEAD, headerAddress, holdsMark, recogniseForm } from './sector.ts';

/** A track as a sheet or the file itself describes it. */
export interface TrackPlan {
  readonly number: number;
  readonly session: number;
  readonly audio: boolean;
  readonly form: SectorForm;
  readonly file: ByteSource;
  /** Offset of INDEX 01 in the file. */
  readonly offset: number;
  /** Sectors from INDEX 01 on; the file may hold fewer. */
  readonly sectors: number;
  /** Logical sector of INDEX 01, as far as the sheet tells. */
  readonly start: number;
  readonly bigEndian: boolean;
}

/** Sectors of lead-out, lead-in and pregap between the first session and the second (Orange Book). */
const SESSION_GAP = 11_400;
const LATER_SESSION_GAP = 6_900;
/** No sheet describes a disc of more than 16 GiB: a start beyond comes from a number that lies. */
const MAX_START = 2 ** 23;
/** Sectors between tracks from which on they are taken for tracks of two sessions. */
const NEW_SESSION = 6_750;
/** Sectors of a descriptor sequence that are shown again at sector 16 of a disc without data there. */
const DESCRIPTORS = 16;

interface Placed {
  readonly plan: TrackPlan;
  readonly view: ByteSource | null;
  readonly start: number;
  readonly session: number;
}

export interface Assembled {
  readonly data: ByteSource;
  readonly tracks: readonly Track[];
  readonly sessions: readonly Session[];
}

/** Lay tracks out at their places on the disc. */
export async function assemble(name: string, plans: readonly TrackPlan[], findings: Findings, signal?: AbortSignal): Promise<Assembled> {
  const placed: Placed[] = [];
  let moved = 0;
  let session = 0;
  let planned = 0;
  for (const given of plans) {
    const plan = await settled(given, findings, signal);
    if (plan.session > planned) session = Math.max(session + 1, plan.session);
    planned = plan.session;
    const wanted = Math.min(plan.start + moved, MAX_START);
    if (plan.audio) {
      placed.push({ plan, view: null, start: wanted, session });
      continue;
    }
    const view = viewOf(plan, name, findings);
    const { start, skipped } = await placeTrack(plan, view, wanted, signal);
    const before = placed[placed.length - 1];
    if (before && start - wanted >= NEW_SESSION && before.session === session) session++;
    moved += start - wanted;
    const trimmed =
      skipped === 0 ? plan : { ...plan, offset: plan.offset + skipped * plan.form.size, sectors: Math.max(0, plan.sectors - skipped) };
    placed.push({ plan: trimmed, view: skipped === 0 ? view : viewOf(trimmed, name, findings), start, session });
  }
  return { data: layOut(name, placed, findings), tracks: placed.map(trackOf), sessions: sessionsOf(placed) };
}

/** The form that the sectors have, where a sheet says another. */
async function settled(plan: TrackPlan, findings: Findings, signal?: AbortSignal): Promise<TrackPlan> {
  const length = Math.min(FORM_HEAD, Math.max(0, plan.file.size - plan.offset));
  if (plan.audio || length === 0) return plan;
  const head = await plan.file.read(plan.offset, length, signal);
  if (!plan.form.sync && holdsMark(head, plan.form)) return plan;
  const form = recogniseForm(head);
  if (!form || (form.size === plan.form.size && form.at === plan.form.at)) return plan;
  findings.add(
    'warning',
    'sheet-disagrees',
    plan.offset,
    'ECMA-130 14',
    `Track ${plan.number} is said to have sectors of ${plan.form.size} bytes in mode ${plan.form.mode}; it has ${form.size} in mode ${form.mode}, and is read so.`,
  );
  const sectors = form.size === plan.form.size ? plan.sectors : Math.floor((plan.file.size - plan.offset) / form.size);
  return { ...plan, form, sectors };
}

const FAULTS: Readonly<Record<SectorFault, readonly ['warning' | 'damage', string, string, string]>> = {
  sync: ['damage', 'sector-sync', 'ECMA-130 14.1', 'has a broken sync pattern; its contents are given as they stand'],
  mode: ['warning', 'sector-mode', 'ECMA-130 14.2', 'names another mode than its track; its contents are given as they stand'],
  'form-2': ['warning', 'sector-form-2', 'CD-ROM XA', 'is of form 2 and holds 2,324 bytes; the first 2,048 are given'],
};

function viewOf(plan: TrackPlan, name: string, findings: Findings): ByteSource {
  const { file, form, offset, sectors } = plan;
  if (form.size === LOGICAL_SECTOR) {
    const held = Math.max(0, Math.min(sectors, Math.floor((file.size - offset) / LOGICAL_SECTOR)));
    return sliceSource(file, offset, held * LOGICAL_SECTOR, name);
  }
  const onFault = (sector: number, fault: SectorFault, at: number): void => {
    const [severity, code, spec, detail] = FAULTS[fault];
    findings.add(severity, code, at, spec, `Sector ${sector} of “${file.name}” ${detail}.`);
  };
  return new RawSectorSource(file, form, { name, offset, sectors, onFault });
}

/**
 * Where a data track begins on the disc, and how many of its sectors stand before that: the first
 * header's address and what the sheet says are tried, then the root directory tells (see placeOf).
 */
async function placeTrack(
  plan: TrackPlan,
  view: ByteSource,
  wanted: number,
  signal?: AbortSignal,
): Promise<{ start: number; skipped: number }> {
  const address = plan.form.sync && view.size > 0 ? headerAddress(await plan.file.read(plan.offset, 16, signal)) : null;
  // Sectors before logical sector 0 are pregap that was copied too.
  const skipped = address !== null && address < 0 && wanted <= 0 && -address * LOGICAL_SECTOR < view.size ? -address : 0;
  const behind = skipped === 0 ? view : sliceSource(view, skipped * LOGICAL_SECTOR, view.size - skipped * LOGICAL_SECTOR, view.name);
  const gap = plan.session > 1 ? SESSION_GAP + (plan.session - 2) * LATER_SESSION_GAP : SESSION_GAP;
  const first = skipped > 0 ? 0 : wanted;
  const candidates = [first, ...(address !== null && address > 0 ? [address] : []), wanted + gap, 0];
  const start = await placeOf(behind, candidates, signal);
  // A second data track that starts anew at 0 cannot stand there: its own count is kept by no disc.
  if (start !== null && (start > 0 || first === 0)) return { start, skipped };
  const told = address !== null && address > wanted && address - wanted >= NEW_SESSION && address < 100 * 60 * 75;
  return { start: told ? address : first, skipped };
}

function layOut(name: string, placed: readonly Placed[], findings: Findings): ByteSource {
  const all = placed.filter((each): each is Placed & { view: ByteSource } => each.view !== null && each.view.size > 0);
  const views = all.sort((a, b) => a.start - b.start);
  const only = views[0];
  if (only && views.length === 1 && only.start === 0) return only.view;
  const layout = new Layout(name);
  if (only && only.start > FIRST_DESCRIPTOR + DESCRIPTORS) mirrorDescriptors(layout, views);
  for (const { view, start, plan } of views) {
    const offset = Math.max(0, start) * LOGICAL_SECTOR;
    const over = Math.max(0, layout.size - offset);
    if (over > 0) {
      findings.add('warning', 'tracks-overlap', plan.offset, '', `Track ${plan.number} begins before the track in front of it ends.`);
    }
    if (over >= view.size) continue;
    layout.addAbsent(offset + over - layout.size);
    layout.addSource(view, over, view.size - over);
  }
  if (views.some((each) => each.view.form2)) layout.form2 = layOutForm2(name, views);
  return layout;
}

/** The same disc with 2,324 bytes a sector: tracks that have no form 2 are left out of it. */
function layOutForm2(name: string, views: readonly (Placed & { view: ByteSource })[]): ByteSource {
  const layout = new Layout(name);
  for (const { view, start } of views) {
    const offset = Math.max(0, start) * FORM_2_LENGTH;
    const over = Math.max(0, layout.size - offset);
    const sectors = view.size / LOGICAL_SECTOR;
    const length = sectors * FORM_2_LENGTH - over;
    if (length <= 0) continue;
    layout.addZeros(offset + over - layout.size);
    if (view.form2) layout.addSource(view.form2, over, length);
    else layout.addZeros(length);
  }
  return layout;
}

/**
 * A disc whose data begin in a later session has nothing at sector 16. A drive reads the descriptors
 * of its last session instead; so they are shown there too, and the disc as a plain image mounts.
 */
function mirrorDescriptors(layout: Layout, views: readonly (Placed & { view: ByteSource })[]): void {
  const { view } = views[views.length - 1] as Placed & { view: ByteSource };
  const offset = FIRST_DESCRIPTOR * LOGICAL_SECTOR;
  layout.addAbsent(offset);
  const held = Math.max(0, Math.min(DESCRIPTORS * LOGICAL_SECTOR, view.size - offset));
  if (held > 0) layout.addSource(view, offset, held);
  // What stands here is not what the disc has here: no file of an earlier session may be taken from it.
  layout.gaps.push({ offset, length: held });
}

function trackOf({ plan, start, session }: Placed): Track {
  const { number, audio, form, file, offset, bigEndian } = plan;
  const sectors = Math.max(0, Math.min(plan.sectors, Math.floor((file.size - offset) / form.size)));
  const mode = audio ? 'audio' : form.mode === 2 ? 'mode2' : 'mode1';
  const source = sliceSource(file, Math.min(offset, file.size), sectors * form.size, file.name);
  return { number, session, mode, start, sectors, source, form, bigEndian };
}

/** Sessions with data, by their first data track: where a reader looks for descriptors. */
function sessionsOf(placed: readonly Placed[]): Session[] {
  const sessions: Session[] = [];
  for (const { session, start, view } of placed) {
    if (view && view.size > 0 && sessions.at(-1)?.number !== session) sessions.push({ number: session, startSector: start });
  }
  return sessions;
}
