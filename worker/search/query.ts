import { fold } from './folded-names.ts';

/** One condition of a search; `not`: entries that do not meet it. */
export type Term = { readonly not: boolean } & (
  | { readonly by: 'text' | 'glob' | 'in' | 'kind'; readonly text: string }
  | { readonly by: 'pattern'; readonly pattern: RegExp }
  | { readonly by: 'ext'; readonly extensions: readonly string[] }
  /** Both ends belong to it. */
  | { readonly by: 'size' | 'date'; readonly from: number; readonly to: number }
  | { readonly by: 'is'; readonly mark: Mark }
);

export type Mark = 'hidden' | 'damaged' | 'empty';

/** What was typed, understood: all terms must hold. */
export interface Query {
  readonly terms: readonly Term[];
  /** Why it is not understood, a plain sentence; empty where it is. */
  readonly problem: string;
}

/** -? then /pattern/, key:"quoted" or key:word, "quoted", or a word. */
const TOKEN = /(-?)(?:\/((?:[^/\\]|\\.)+)\/(?=\s|$)|(?:([a-z]+):)?(?:"([^"]*)"?|(\S+)))/giy;

/** Longest text that is searched for, in characters. */
const MAX_TEXT = 1000;

/** Understand what was typed. Names are compared folded: without case and accents. */
export function parseQuery(text: string): Query {
  const terms: Term[] = [];
  let problem = text.length > MAX_TEXT ? `Only ${MAX_TEXT} characters are searched for.` : '';
  for (const [, minus, pattern, key = '', quoted, word = ''] of tokens(text.slice(0, MAX_TEXT))) {
    const not = minus === '-';
    try {
      if (pattern !== undefined) terms.push({ not, by: 'pattern', pattern: patternOf(pattern) });
      else terms.push({ not, ...termOf(key.toLowerCase(), quoted ?? word, quoted !== undefined) });
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      problem ||= error.message;
    }
  }
  return { terms, problem };
}

class NotUnderstood extends Error {}

function* tokens(text: string): Generator<readonly (string | undefined)[]> {
  for (let at = 0; at < text.length;) {
    const blank = /\s/.test(text.charAt(at));
    TOKEN.lastIndex = at;
    const token = blank ? null : TOKEN.exec(text);
    if (token) yield token;
    at += Math.max(1, token?.[0].length ?? 1);
  }
}

function patternOf(source: string): RegExp {
  try {
    return new RegExp(source, 'iu');
  } catch {
    throw new NotUnderstood(`/${source}/ is no regular expression yet.`);
  }
}

type Unsigned<T> = T extends Term ? Omit<T, 'not'> : never;

function termOf(key: string, value: string, quoted: boolean): Unsigned<Term> {
  const make = TERMS[key];
  if (make) return make(value);
  // No key of ours: a colon is part of the name.
  const text = fold(key === '' ? value : `${key}:${value}`);
  if (key === '' && !quoted && value.startsWith('/') && value.length > 1 && !value.endsWith('/'))
    throw new NotUnderstood('A regular expression ends with “/”.');
  return { by: !quoted && /[*?]/.test(text) ? 'glob' : 'text', text };
}

const TERMS: Readonly<Record<string, (value: string) => Unsigned<Term>>> = {
  size: (value) => ({ by: 'size', ...rangeOf(value, sizeOf, 'size', '10M, >1G or 4K..64K') }),
  date: (value) => ({ by: 'date', ...rangeOf(value, dateOf, 'date', '2024, 2024-05, >2023-12-31 or 2022..2024') }),
  ext: (value) => ({ by: 'ext', extensions: value.split(',').map((one) => fold(one.replace(/^[.*]+/, ''))) }),
  kind: (value) => ({ by: 'kind', text: fold(value) }),
  in: (value) => ({ by: 'in', text: fold(value.replace(/^\/|\/$/g, '')) }),
  is: (value) => {
    const mark = MARKS[fold(value)];
    if (!mark) throw new NotUnderstood(`“is:${value}” is not known: hidden, damaged and empty are.`);
    return { by: 'is', mark };
  },
};

const MARKS: Readonly<Record<string, Mark>> = { hidden: 'hidden', damaged: 'damaged', missing: 'damaged', cut: 'damaged', empty: 'empty' };

interface Range {
  readonly from: number;
  readonly to: number;
}

/** ">a", ">=a", "<a", "<=a", "a..b", "a..", "..b" or "a", where `read` gives the range of one value. */
function rangeOf(text: string, read: (text: string) => Range | null, what: string, like: string): Range {
  const value = (part: string): Range => {
    const range = read(part);
    if (!range) throw new NotUnderstood(`“${part}” is no ${what}: ${like}.`);
    return range;
  };
  const [, sign, signed] = /^([<>]=?)(.*)$/.exec(text) ?? [];
  if (sign !== undefined && signed !== undefined) {
    const { from, to } = value(signed);
    if (sign === '>') return { from: to + 1, to: Infinity };
    if (sign === '>=') return { from, to: Infinity };
    return { from: -Infinity, to: sign === '<' ? from - 1 : to };
  }
  const [first, second] = text.split('..');
  if (second === undefined) return value(text);
  return { from: first ? value(first).from : -Infinity, to: second ? value(second).to : Infinity };
}

const UNITS = 'bkmgt';

/** "10M", "1.5 GiB", "512": bytes in binary units, as the page shows them. */
function sizeOf(text: string): Range | null {
  const [, number, unit = 'b'] = /^(\d+(?:[.,]\d+)?)\s*([bkmgt])?(?:i?b)?$/i.exec(text) ?? [];
  if (number === undefined) return null;
  const bytes = Math.round(Number(number.replace(',', '.')) * 1024 ** UNITS.indexOf(unit.toLowerCase()));
  return { from: bytes, to: bytes };
}

/** "2024", "2024-05", "2024-05-31": the whole year, month or day in UTC, as the page shows dates. */
function dateOf(text: string): Range | null {
  const [, year, month, day] = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text) ?? [];
  if (year === undefined) return null;
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  if (m < 1 || m > 12 || d < 1 || d > 31) return null;
  const end = day === undefined ? (month === undefined ? [y + 1, 0, 1] : [y, m, 1]) : [y, m - 1, d + 1];
  return { from: utc(y, m - 1, d), to: utc(...(end as [number, number, number])) - 1 };
}

/** Date.UTC takes the years 0 to 99 for those of the last century. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}
