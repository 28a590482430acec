import type { Evidence, WimReport } from '../../protocol/identity.ts';
import type { Disc } from './disc.ts';

/** What one family found a disc to be. */
export interface Found {
  readonly kind: string;
  /** For a title; empty where the disc has no name of its own. */
  readonly title: string;
  /** What the disc is, as a sentence without its full stop: what it was made with follows. */
  readonly sentence: string;
  /** As the disc names them; empty where loaders have to tell. */
  readonly architectures?: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly wims?: readonly WimReport[];
}

/** Looks whether a disc is of one family; null where it is not. */
export type Family = (disc: Disc) => Promise<Found | null> | Found | null;

/** "A Debian", "An Ubuntu", "An 8-bit". */
export function withArticle(noun: string): string {
  return `${/^(?:[aeiou8]|11\b|18\b|MX\b|XCP|[FHLMNRSX]\d)/i.test(noun) ? 'An' : 'A'} ${noun}`;
}

/** "1 title", "1,204 files". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Keys and values of a text of lines `key=value` in sections: "section.key", names in small letters, quotes around values left out. */
export function keyed(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r\n?|\n/, 2000)) {
    const [, name] = /^\s*\[([^\]]{1,80})\]/.exec(line) ?? [];
    if (name !== undefined) section = `${name.trim().toLowerCase()}.`;
    const equals = line.indexOf('=');
    if (equals <= 0 || name !== undefined) continue;
    const key = line.slice(0, equals).trim().toLowerCase();
    const value = line.slice(equals + 1).trim().replace(/^(["'])(.*)\1$/, '$2'); // prettier-ignore
    if (key !== '' && !values.has(section + key)) values.set(section + key, value);
  }
  return values;
}
