/** Elements inside one that are read, and levels: a signature has some hundred, fourteen deep. */
const MAX_ELEMENTS = 4096;

/** One element of DER (X.690 8.1): its tag's byte, and its contents, which share memory. */
export interface DerElement {
  readonly tag: number;
  readonly contents: Uint8Array;
  /** The element whole, with tag and length. */
  readonly whole: Uint8Array;
}

/** The element that begins at `at`; null where none does, or where it is longer than what is there. */
export function derElement(bytes: Uint8Array, at = 0): DerElement | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 31) === 31) return null;
  let from = at + 2;
  let length = first;
  if (first & 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || from + count > bytes.length) return null;
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[from + index] as number);
    from += count;
  }
  if (from + length > bytes.length) return null;
  return { tag, contents: bytes.subarray(from, from + length), whole: bytes.subarray(at, from + length) };
}

/** The elements inside of one, as far as they are well formed. */
export function derElements({ contents }: DerElement): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < contents.length && elements.length < MAX_ELEMENTS;) {
    const element = derElement(contents, at);
    if (!element) break;
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

/** An object identifier as text: "1.2.840.113549.1.7.2". */
export function derOid({ contents }: DerElement): string {
  const parts: number[] = [];
  let value = 0;
  for (const byte of contents) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (parts.length === 0) parts.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else parts.push(value);
    value = 0;
  }
  return parts.join('.');
}

/** The text of a string element, whatever its kind. */
export function derText({ tag, contents }: DerElement): string {
  return new TextDecoder(tag === 0x1e ? 'utf-16be' : 'utf-8').decode(contents);
}
