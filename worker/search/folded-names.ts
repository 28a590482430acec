import type { EntryId } from '../protocol/entry.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { DecodeName } from '../catalog/order.ts';

const encoder = new TextEncoder();

/** A name as it is compared: without case, and without the accents of Latin, Greek and Cyrillic letters. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase();
}

/**
 * The names of a catalog as they are compared, one behind the other: a text is looked for in all of them
 * in one pass over bytes. It follows the catalog while that is read. Some 17 bytes an entry.
 */
export class FoldedNames {
  /** UTF-8. */
  bytes = new Uint8Array(64 * 1024);
  /** How many entries are folded. */
  count = 0;
  #starts = new Uint32Array(4096);
  #end = 0;
  readonly #catalog: Catalog;
  readonly #decode: DecodeName;

  constructor(catalog: Catalog, decode: DecodeName) {
    this.#catalog = catalog;
    this.#decode = decode;
  }

  /** Where an entry's name begins; of the one behind the last, where that ends. */
  start(entry: EntryId): number {
    return entry < this.count ? (this.#starts[entry] as number) : this.#end;
  }

  /** Fold the names up to this entry. */
  extend(to: EntryId): void {
    if (to > this.#starts.length) this.#starts = widened(this.#starts, Math.max(to, this.#starts.length * 2));
    for (; this.count < to; this.count++) {
      this.#starts[this.count] = this.#end;
      this.#add(this.#catalog.name(this.count));
    }
  }

  #add(name: Uint8Array): void {
    this.#reserve(name.length);
    const { bytes } = this;
    let end = this.#end;
    for (const byte of name) {
      // As recorded, names are 8-bit, UTF-8 or WTF-8: in each of them ASCII is itself.
      if (byte >= 0x80) return this.#addText(name);
      bytes[end++] = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
    }
    this.#end = end;
  }

  #addText(name: Uint8Array): void {
    const folded = encoder.encode(fold(this.#decode(name)));
    this.#reserve(folded.length);
    this.bytes.set(folded, this.#end);
    this.#end += folded.length;
  }

  #reserve(more: number): void {
    if (this.#end + more > this.bytes.length) this.bytes = widened(this.bytes, Math.max(this.#end + more, this.bytes.length * 2));
  }
}

function widened<T extends Uint8Array | Uint32Array>(column: T, length: number): T {
  const wider = new (column.constructor as new (length: number) => T)(length);
  wider.set(column);
  return wider;
}
