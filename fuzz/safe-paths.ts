import type { ExtractionPlan } from '../worker/extract/plan.ts';

/** Names that Windows gives to devices, whatever stands behind a dot (Win32: naming files). */
const DEVICE = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ .]*(\.|$)/i;
// eslint-disable-next-line no-control-regex -- that is what must not be there
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f<>:"|?*\\/\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]/;
const MOST_BYTES = 255;

/** What is wrong with one name of a path; null where nothing is. Written apart from what makes names safe (worker/extract/names.ts). */
export function nameTrouble(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return 'means a directory';
  if (DEVICE.test(name)) return 'is a device';
  if (FORBIDDEN.test(name)) return 'holds a character that is not allowed';
  if (/[. ]$/.test(name) || name.startsWith(' ')) return 'begins or ends in what Windows drops';
  const bytes = new TextEncoder().encode(name);
  if (bytes.length > MOST_BYTES) return 'is too long';
  return new TextDecoder().decode(bytes) === name ? null : 'is not well formed';
}

/** Where a link leads outside of what is saved, from the directory it stands in. */
function escapes(path: string, target: string): boolean {
  if (target.startsWith('/') || target.includes('\\') || /^[a-z]:/i.test(target) || target.includes('\0')) return true;
  let depth = path.split('/').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

/** The first member of a plan whose path or link must not leave; null where all may. */
export function memberTrouble(plan: ExtractionPlan): string | null {
  const taken = new Set<string>();
  for (const { path, target, kind } of plan.members()) {
    for (const name of path.split('/')) {
      const trouble = nameTrouble(name);
      if (trouble) return `${JSON.stringify(path)} ${trouble}`;
    }
    const folded = path.normalize('NFC').toLowerCase();
    if (taken.has(folded)) return `${JSON.stringify(path)} is there twice`;
    taken.add(folded);
    if (kind === 'symlink' && (target === null || escapes(path, target)))
      return `${JSON.stringify(path)} leads to ${JSON.stringify(target)}`;
  }
  return null;
}
