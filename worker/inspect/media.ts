import type { Detection } from '../protocol/inspector.ts';
import type { Medium, MediumKind } from '../formats/optical/medium.ts';

/** What a file without a known beginning may still be: an image with other bytes in front. */
const MAY_HIDE = ['unknown', 'text', 'xml', 'html', 'zeros'];

/** True where an image may stand behind what was recognised. */
export function hidesImage(detection: Detection): boolean {
  return !detection.readable && MAY_HIDE.includes(detection.id);
}

/** "ISO 9660 disc image, raw 2,352-byte sectors". */
export function titleOn(title: string, medium: Medium): string {
  return medium.title === '' ? title : `${title}, ${medium.title}`;
}

/** What to say of a disc that holds sound and no file system. */
export function audioDisc(medium: Medium): Detection {
  return { id: 'audio-cd', title: titleOn('Audio CD image', medium), readable: true, explanation: '', advice: [], evidence: [] };
}

/** What a sheet is called whose files are not here. */
const SHEETS: Partial<Record<MediumKind, string>> = {
  cue: 'a CUE sheet without its image',
  ccd: 'a CloneCD sheet without its image',
  mds: 'an Alcohol 120% index without its image',
  toc: 'a TOC file without its image',
};

/** What to say where files that belong to an image are not here: their names, where that is all that is wrong. */
export function missingFiles(medium: Medium, detection: Detection): Detection {
  const { kind, name, missing } = medium;
  if (missing.length === 0) return kind === 'raw' && detection.id === 'unknown' ? rawOnly(detection) : detection;
  const quoted = missing.map((each) => `“${each}”`);
  const listed = quoted.length > 4 ? `${quoted.slice(0, 3).join(', ')} and ${quoted.length - 3} more` : quoted.join(', ');
  const verb = missing.length === 1 ? 'is' : 'are';
  const advice = [`Choose “${name}” and ${listed} together.`];
  const title = SHEETS[kind];
  if (title) {
    const explanation = `“${name}” only lists the tracks; it names ${listed}, which ${verb} not here.`;
    return { id: kind, title, readable: false, explanation, advice, evidence: [] };
  }
  if (detection.id !== 'unknown' && detection.id !== 'truncated') return detection;
  const explanation = `“${name}” seems to be one part of a split image: it cannot be opened without ${listed}, which ${verb} not here.`;
  return { id: 'split', title: 'a part of a split image', readable: false, explanation, advice, evidence: [] };
}

/** Say which part of a split image is missing, where what came of it is too short. */
export function nameMissingPart({ kind, name, missing, findings }: Medium, at: number): void {
  const part = missing[0];
  if (part === undefined || SHEETS[kind]) return;
  findings.add(
    'warning',
    'part-missing',
    at,
    '',
    `“${name}” is a part of a split image; “${part}” is not here: choose all parts together.`,
  );
}

/** What to say of raw sectors in which no file system begins: a console's game, sound in front of the data. */
function rawOnly({ evidence }: Detection): Detection {
  return {
    id: 'raw',
    title: 'a raw copy of a CD’s sectors',
    readable: false,
    explanation: 'Its sectors can be read, but no file system that Isoscope knows begins in them.',
    advice: ['If a .cue, .ccd or .mds file came with it, choose them together: it says which tracks there are.'],
    evidence,
  };
}
