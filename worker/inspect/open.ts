import { ImageError } from '../protocol/errors.ts';
import type { Detection, SessionSummary } from '../protocol/inspector.ts';
import { elTorito } from '../formats/el-torito/index.ts';
import { Findings } from '../formats/findings.ts';
import { findSessions, iso9660 } from '../formats/iso9660/index.ts';
import type { Medium } from '../formats/optical/medium.ts';
import type { OpenedFormat, VolumeFormat } from '../formats/volume.ts';
import { CountingSource } from '../source/counting.ts';
import { HeadSource } from '../source/head.ts';
import type { ByteSource } from '../source/source.ts';
import { ASIDE, DiscImage, type OpenedSession } from './image.ts';
import { audioDisc, hidesImage, missingFiles, nameMissingPart, titleOn } from './media.ts';
import { loadOptical, loadRecognise, loadTracks, loadUdf } from './lazy.ts';

/** The formats that are opened, in the order of detection. */
const FORMATS: readonly (() => Promise<VolumeFormat>)[] = [async () => iso9660, loadUdf, async () => elTorito];

export interface OpenOptions {
  readonly signal?: AbortSignal;
  /** The session to open, counted from 1; without it the state that a drive shows, the last. */
  readonly session?: number;
}

/**
 * Open an image: recognise it and read its descriptors, not yet its trees. Several files are those
 * of one image: a sheet and what it names, the parts of a split one.
 */
export async function openImage(files: ByteSource | readonly ByteSource[], options: OpenOptions = {}): Promise<DiscImage> {
  const { signal } = options;
  const { openMedium, shiftedMedium } = await loadOptical();
  const medium = await openMedium('read' in files ? [files] : files, signal);
  const image = await openOn(medium, options);
  const shifted = hidesImage(image.detection) ? await shiftedMedium(medium, signal) : null;
  return shifted ? openOn(shifted, options) : image;
}

/** Where a session's descriptors are read from: its first sector. */
interface ChosenSession extends OpenedSession {
  readonly start: number;
}

/** The sessions of a medium, and the one that is wanted. An overwritable medium's last state is told at its beginning. */
async function chooseSession(medium: Medium, kept: ByteSource, { signal, session }: OpenOptions): Promise<ChosenSession> {
  const listed = medium.sessions.filter(({ startSector }) => medium.kind !== 'session' || startSector > 0);
  const starts = listed.length > 1 ? listed.map(({ startSector }) => startSector) : await findSessions(kept, signal);
  const overwritable = starts.length > 1 && (starts[0] ?? 0) > 0 && listed.length <= 1;
  const chosen = among(starts, starts.length > 1 ? session : undefined);
  return session === undefined && overwritable ? { ...chosen, start: 0 } : chosen;
}

/** The wanted one of sessions that begin so, without a wish the last; ImageError where there is none of that number. */
function among(starts: readonly number[], wanted: number | undefined, kind: SessionSummary['kind'] = 'session'): ChosenSession {
  const number = wanted ?? starts.length;
  const start = starts[number - 1];
  if (start === undefined) {
    const has = starts.length === 1 ? 'one session' : `${starts.length} sessions`;
    throw new ImageError('no-session', `There is no session ${number}: this disc has ${has}.`);
  }
  return { sessions: starts.map((each, index) => ({ number: index + 1, kind, start: each })), session: number, start };
}

/** The formats that were found on a medium. */
interface OpenedFormats {
  readonly opened: OpenedFormat[];
  readonly failures: readonly ImageError[];
  /** The first that is a file system; null without one. */
  readonly first: VolumeFormat | null;
}

async function openFormats(kept: ByteSource, start: number, signal?: AbortSignal): Promise<OpenedFormats> {
  const opened: OpenedFormat[] = [];
  const failures: ImageError[] = [];
  let first: VolumeFormat | null = null;
  for (const load of FORMATS) {
    const format = await load();
    if (!(await format.probe(kept, signal, start, first === null))) continue;
    try {
      const found = await format.open(kept, signal, start);
      opened.push(found);
      if (found.volumes.some((volume) => !ASIDE.includes(volume.id))) first ??= format;
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      failures.push(error);
    }
  }
  return { opened, failures, first };
}

/** The formats in the wanted session. Where the medium has but one, a format may keep states of its own, to be chosen alike. */
async function openSession(
  medium: Medium,
  kept: ByteSource,
  options: OpenOptions,
): Promise<OpenedFormats & { readonly chosen: ChosenSession }> {
  const chosen = await chooseSession(medium, kept, options);
  const found = await openFormats(kept, chosen.start, options.signal);
  if (chosen.sessions.length > 1) return { ...found, chosen };
  const [states] = found.opened.flatMap((format) => (format.states && format.states.length > 1 ? [format.states] : []));
  const state = among(states ?? [chosen.start], options.session, states ? 'state' : 'session');
  if (!states || state.session === states.length) return { ...found, chosen: state };
  return { ...(await openFormats(kept, state.start, options.signal)), chosen: state };
}

async function openOn(medium: Medium, options: OpenOptions): Promise<DiscImage> {
  const { signal } = options;
  const source = new CountingSource(medium.data);
  const kept = new HeadSource(source);
  const { opened, failures, first, chosen } = await openSession(medium, kept, options);
  const session: OpenedSession = { sessions: chosen.sessions, session: chosen.session };
  const tracks = medium.tracks.length > 0 ? (await loadTracks()).audioTracks(medium) : null;
  if (tracks) opened.push({ volumes: [tracks], report: [], boot: [], findings: new Findings() });
  if (!first) {
    const detection = tracks ? audioDisc(medium) : missingFiles(medium, await (await loadRecognise())(kept, signal));
    const image = new DiscImage(medium, source, detection, tracks ? opened : [], session);
    for (const { code, message, at, spec } of failures) image.findings.add('damage', code, at, spec, message);
    return image;
  }
  const detection: Detection = {
    id: first.id,
    title: titleOn(first.title, medium),
    readable: true,
    explanation: '',
    advice: [],
    evidence: [],
  };
  const image = new DiscImage(medium, source, detection, opened, session);
  for (const { code, message, at, spec } of failures) image.findings.add('damage', code, at, spec, message);
  if (image.missing > 0) nameMissingPart(medium, source.size);
  return image;
}
