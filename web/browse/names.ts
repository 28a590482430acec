/** Names as a disc records them, made fit to be looked at: nothing in them stays unseen. */

/** A part of a name: text as it is, or a chip for a character that has no picture or turns text around. */
export interface NamePart {
  readonly text: string;
  readonly chip: boolean;
}

const SPECIAL = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u3164\uffa0]/gu;

const TITLES: Readonly<Record<number, string>> = {
  0x00ad: 'SHY',
  0x061c: 'ALM',
  0x180e: 'MVS',
  0x200b: 'ZWSP',
  0x200c: 'ZWNJ',
  0x200d: 'ZWJ',
  0x200e: 'LRM',
  0x200f: 'RLM',
  0x2028: 'LS',
  0x2029: 'PS',
  0x202a: 'LRE',
  0x202b: 'RLE',
  0x202c: 'PDF',
  0x202d: 'LRO',
  0x202e: 'RLO',
  0x2060: 'WJ',
  0x2066: 'LRI',
  0x2067: 'RLI',
  0x2068: 'FSI',
  0x2069: 'PDI',
  0xfeff: 'BOM',
  0x3164: 'HF',
  0xffa0: 'HHF',
};

/** A character that cannot be seen, as a sign: U+0000 as ␀, U+202E as ⟨RLO⟩. */
function sign(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨${TITLES[code] ?? code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** Take a name apart into text and chips; almost always one piece of text. */
export function nameParts(name: string): NamePart[] {
  if (name.search(SPECIAL) < 0) return [{ text: name, chip: false }];
  const parts: NamePart[] = [];
  let from = 0;
  for (const match of name.matchAll(SPECIAL)) {
    if (match.index > from) parts.push({ text: name.slice(from, match.index), chip: false });
    parts.push({ text: sign(match[0]), chip: true });
    from = match.index + match[0].length;
  }
  if (from < name.length) parts.push({ text: name.slice(from), chip: false });
  return parts;
}

/** A name in which every character can be seen, for titles, messages and accessible names. */
export function plainName(name: string): string {
  return nameParts(name)
    .map((part) => part.text)
    .join('');
}

/** At least so many characters of a name's end stay. */
const TAIL = 8;

/** Characters of the end that stay: the extension whole, and at least `TAIL`. */
function tailLength(name: string): number {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 14 ? name.length - dot : 0;
  return Math.min(name.length - 1, Math.max(TAIL, extension));
}

/** Px that hardly any character of a list's type size is wider than: names this short are not measured, which takes longer than drawing them. */
const WIDEST = 16;

/** Shorten a name in its middle so that `measure` finds it no wider than `width`. */
export function shorten(name: string, width: number, measure: (text: string) => number): string {
  if (width <= 0 || name.length * WIDEST <= width || measure(name) <= width) return name;
  const characters = [...name];
  const tail = characters.slice(characters.length - tailLength(name)).join('');
  let low = 1;
  let high = Math.max(1, characters.length - tailLength(name));
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${characters.slice(0, middle).join('')}…${tail}`) <= width) low = middle;
    else high = middle - 1;
  }
  return `${characters.slice(0, low).join('')}…${tail}`;
}

let context: CanvasRenderingContext2D | null = null;
let family = '';
const widths = new Map<string, Map<string, number>>();
const MAX_WIDTHS = 5000;

/** A measure for texts in the page's own face at a weight and size ("600 13px"), remembered. */
export function textMeasure(font: string): (text: string) => number {
  const cache = widths.get(font) ?? new Map<string, number>();
  widths.set(font, cache);
  return (text) => {
    const before = cache.get(text);
    if (before !== undefined) return before;
    context ??= document.createElement('canvas').getContext('2d');
    family ||= getComputedStyle(document.body).fontFamily;
    if (!context) return 0;
    context.font = `${font} ${family}`;
    const width = context.measureText(text).width;
    if (cache.size > MAX_WIDTHS) cache.clear();
    cache.set(text, width);
    return width;
  };
}
