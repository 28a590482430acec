import { cutName, safeName, utf8Length, type NameRule, type SafeName } from './names.ts';

/**
 * Longest name in a folder that a page writes: Chromium writes `NAME.crswap` beside it first (248 bytes are taken,
 * 249 end as an InvalidStateError: measured), or `NAME.1.crswap` where a crash has left one.
 */
export const MAX_PICKER_NAME = 255 - '.999.crswap'.length;

interface Rule {
  readonly pattern: RegExp;
  readonly replace: (found: string) => string;
  readonly reason: string;
}

const underscores = (found: string): string => '_'.repeat([...found].length);
const marked = (found: string): string => `${found}_`;

/**
 * What the File System API of Chromium refuses besides what no system takes (its IsSafePathComponent and
 * IsFilenameLegal): a leading dot is taken, but what follows it must be legal by itself.
 */
const RULES: readonly Rule[] = [
  {
    pattern: /\p{Cf}/gu,
    replace: underscores,
    reason: 'The name holds format characters, which the browser does not write into a folder.',
  },
  {
    pattern: /^\.?[\p{White_Space}.~]+/u,
    replace: (found) => (/^\.?$/.test(found) ? found : (found.startsWith('.') ? '.' : '') + underscores(found.replace(/^\./, ''))),
    reason: 'The name begins with a tilde, a space or two dots, which the browser does not write into a folder.',
  },
  {
    pattern: /[\p{White_Space}.~]+$/u,
    replace: underscores,
    reason: 'The name ends in a tilde, a dot or a space, which the browser does not write into a folder.',
  },
  {
    pattern: /\.(?:lnk|scf|url|\{.*\})$/i,
    replace: marked,
    reason: 'Files with this ending can start programs on Windows: the browser does not write them into a folder.',
  },
  {
    pattern: /\.crswap$/i,
    replace: marked,
    reason: 'The browser keeps this ending for files that are not whole yet.',
  },
  {
    pattern: /^(?:desktop\.ini|thumbs\.db)$/i,
    replace: marked,
    reason: 'Windows gives this name a meaning: the browser does not write it into a folder.',
  },
];

/** A name that may stand in a folder that the user chose; total and idempotent. */
function pickerName(name: string): SafeName {
  const portable = safeName(name);
  let safe = portable.name;
  let { reason } = portable;
  // Cutting can bring an ending forth that a rule changes, and a rule can make a name longer: until it stays.
  for (let before = ''; before !== safe;) {
    before = safe;
    for (const rule of RULES) {
      const changed = safe.replace(rule.pattern, rule.replace);
      if (changed !== safe) reason ??= rule.reason;
      safe = changed;
    }
    if (utf8Length(safe) <= MAX_PICKER_NAME) continue;
    safe = cutName(safe, '', MAX_PICKER_NAME);
    reason ??= `The name is longer than the ${MAX_PICKER_NAME} bytes that the browser can write into a folder.`;
  }
  return { name: safe, reason };
}

/** Names that Chromium writes into a folder. */
export const PICKER: NameRule = { safe: pickerName, maxBytes: MAX_PICKER_NAME };
