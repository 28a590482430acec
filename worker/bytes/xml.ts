/** Elements of one text: a Windows image has about 60 for each of up to 20 systems. */
const MAX_ELEMENTS = 50_000;
const MAX_DEPTH = 16;
/** Letters of one value. */
const MAX_VALUE = 4096;

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const NAME = /^(\/?)([A-Za-z_][\w.:-]{0,63})(?=[\s/>])/;
/** Letters of a tag's attributes. */
const MAX_ATTRIBUTES = 256;
/** What is no element, by its beginning, and where it ends. */
const OTHERS: readonly (readonly [begin: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<!', '>'],
  ['<?', '>'],
];

/** An element of an XML text: its own text, and what stands inside it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: string;
  text: string;
  readonly children: XmlElement[];
}

/**
 * The elements of an XML text that declares nothing: declarations are passed over, and only the five named entities and
 * numbers are decoded, so nothing in it grows. Null where its tags do not fit or it goes beyond the bounds.
 */
export function readXml(text: string): XmlElement | null {
  const root: XmlElement = { name: '', attributes: '', text: '', children: [] };
  const open: XmlElement[] = [root];
  let count = 0;
  for (let from = 0, at = text.indexOf('<'); at >= 0; at = text.indexOf('<', from)) {
    const top = open.at(-1) as XmlElement;
    add(top, decode(text.slice(from, Math.min(at, from + MAX_VALUE))));
    const other = OTHERS.find(([begin]) => text.startsWith(begin, at));
    const [begin, ending] = other ?? ['<', '>'];
    const end = text.indexOf(ending, at + begin.length);
    if (end < 0) return null;
    from = end + ending.length;
    if (other) {
      if (begin === '<![CDATA[') add(top, text.slice(at + begin.length, Math.min(end, at + begin.length + MAX_VALUE)));
      continue;
    }
    const [matched, closing, name] = NAME.exec(text.slice(at + 1, at + 1 + 66)) ?? [];
    if (matched === undefined || name === undefined) return null;
    if (closing === '/') {
      if (open.length === 1 || top.name !== name) return null;
      open.pop();
      continue;
    }
    if (++count > MAX_ELEMENTS) return null;
    const attributes = text.slice(at + 1 + matched.length, Math.min(end, at + 1 + matched.length + MAX_ATTRIBUTES));
    const element: XmlElement = { name, attributes, text: '', children: [] };
    top.children.push(element);
    if (text[end - 1] !== '/' && open.push(element) > MAX_DEPTH) return null;
  }
  return open.length === 1 && root.children.length > 0 ? root : null;
}

function add(element: XmlElement, text: string): void {
  if (element.text.length < MAX_VALUE) element.text += text;
}

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (all, decimal: string, hexadecimal: string, name: string) => {
    if (name !== undefined) return NAMED[name] ?? all;
    const code = decimal === undefined ? parseInt(hexadecimal, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** The text at a path of names below an element, blanks at its ends left out; empty where there is none. */
export function textAt(element: XmlElement, ...names: readonly string[]): string {
  return elementAt(element, ...names)?.text.trim() ?? '';
}

export function elementAt(element: XmlElement, ...names: readonly string[]): XmlElement | null {
  let at: XmlElement | undefined = element;
  for (const name of names) at = at?.children.find((child) => child.name === name);
  return at ?? null;
}
