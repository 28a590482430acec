import { ImageError, SourceError, Unsupported, isAbort, type SourceErrorCode } from '../worker/protocol/errors.ts';
import type { ViewSummary } from '../worker/protocol/inspector.ts';
import { count, counted } from './figures.ts';

/** What the page reads; lists only what ships. */
export const READS =
  'Reads ISO 9660 levels 1–3, ISO 9660:1999, High Sierra, Joliet, Rock Ridge with zisofs, UDF 1.02 to 2.60 and El Torito boot images; from plain images, raw sectors, CUE, CCD, NRG and CSO.';

export const PROMISE = 'Nothing is uploaded. Your image never leaves this computer.';

/** How anybody can check the promise. */
export const PRIVACY = [
  'There is no server part: the page and its workers are files, and images are read by your browser from your own disk.',
  'To check it, open the network panel of your browser’s tools (F12), open an image and save from it: all that appears are parts of this page, and nothing is sent but their addresses. Or go offline first: nothing is missing.',
  'When it is loaded, the page asks its own address for a newer version of itself. It sets no cookies and counts no visits. What you choose in the preferences, and which images were open, stays in this browser.',
  'The policy that your browser enforces for this page allows no address but its own:',
] as const;

/** An error in plain words, and the line that a developer needs. */
export interface Explained {
  readonly sentence: string;
  readonly technical: string;
}

const SOURCE: Readonly<Record<SourceErrorCode, string>> = {
  changed: 'The image file was changed on the disk after it was opened. Open it again to go on.',
  gone: 'The image file is no longer where it was: it was moved or removed, or its drive was unplugged. Open it again to go on.',
  denied: 'The browser no longer has permission to read the image file. Open it again to go on.',
  'past-end': 'The image file ends before the place that was asked for.',
  stalled: 'The browser stopped delivering bytes of the image file. Try again, or open the file again.',
  'target-full': 'The disk is full. Make room or choose another place, then save again.',
  'target-denied': 'The browser was not allowed to write there. Choose another place.',
  'target-gone': 'The file that was being written was changed or removed by another program.',
  'target-refused': 'The place chosen did not take this file. Choose another place.',
  'target-broken': 'The browser broke the download off before it was whole. Save again.',
  unreadable: 'The image file could not be read. The drive may be damaged, or the connection to it lost.',
};

/** The platform's own errors that a person can meet while saving. */
const PLATFORM: Readonly<Record<string, string>> = {
  QuotaExceededError: SOURCE['target-full'],
  NotAllowedError: SOURCE['target-denied'],
  NoModificationAllowedError: 'The file is in use by another program. Close it there or choose another name.',
  InvalidStateError: SOURCE['target-gone'],
  NotFoundError: SOURCE.gone,
  NotReadableError: SOURCE.changed,
  AbortError: 'Cancelled.',
  WorkerEnded: 'The part of Isoscope that reads this image stopped working.',
};

const place = (at: number | null) => (at === null ? '' : `, byte ${count(at)}`);

/** Any thrown value as a sentence with the technical line under it. */
export function explain(error: unknown): Explained {
  if (error instanceof ImageError) {
    return { sentence: sentence(error.message), technical: `${error.code}${place(error.at)}${error.spec ? `, ${error.spec}` : ''}` };
  }
  if (error instanceof SourceError)
    return { sentence: SOURCE[error.code] ?? error.message, technical: `${error.code}${place(error.at)}: ${error.message}` };
  if (error instanceof Unsupported) return { sentence: sentence(error.message), technical: `unsupported: ${error.feature}` };
  if (isAbort(error)) return { sentence: 'Cancelled.', technical: '' };
  const name = error instanceof Error ? error.name : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  // Made by the watchdog, which knows at what it hung.
  if (name === 'WorkerHung') return { sentence: message, technical: name };
  return { sentence: PLATFORM[name] ?? 'Something went wrong inside Isoscope.', technical: `${name}: ${message}` };
}

const HELD: Partial<Record<ViewSummary['id'], string>> = { boot: 'image', tracks: 'track' };

/** How much a tree holds: "290 files", "3 tracks". */
export function holds(view: ViewSummary): string {
  return counted(view.files, HELD[view.id] ?? 'file');
}

/** A message of the worker as a sentence: capital, full stop. */
export function sentence(text: string): string {
  if (text === '') return '';
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}

/** A detection's title with an article, where it comes without one. */
export function withArticle(noun: string): string {
  return /^(an?|the|no)\b/.test(noun) ? noun : /^([aeiou]|ISO)/i.test(noun) && !/^UDF/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Names of keys as this computer's keyboard has them: Ctrl is ⌘ on a Mac, Alt is ⌥. */
export function keyText(keys: string): string {
  return MAC ? keys.replaceAll('Ctrl', '⌘').replaceAll('Alt', '⌥') : keys;
}
