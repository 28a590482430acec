/* eslint-disable svelte/prefer-svelte-reactivity -- counted by #version */
import type { Field, Structure } from '../../worker/protocol/preview.ts';

const PAGE = 16 * 1024;
const MAX_PAGES = 256;

/** A field with the structure it belongs to; `odd` alternates along the image, for the tint. */
export interface PlacedField {
  readonly field: Field;
  readonly structure: Structure;
  readonly odd: boolean;
}

/** The structures of the image around what is in view. */
export class StructureWindow {
  readonly #find: (offset: number, length: number) => Promise<Structure[]>;
  readonly #pages = new Map<number, readonly PlacedField[]>();
  readonly #wanted = new Set<number>();
  #version = $state(0);

  constructor(find: (offset: number, length: number) => Promise<Structure[]>) {
    this.#find = find;
  }

  want(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) {
      if (this.#pages.has(page) || this.#wanted.has(page)) continue;
      this.#wanted.add(page);
      this.#find(page * PAGE, PAGE)
        .then((structures) => this.#keep(page, structures))
        // The bytes themselves cannot be had then, which is said where they stand.
        .catch(() => undefined)
        .finally(() => this.#wanted.delete(page));
    }
  }

  /** The field in which a byte stands; undefined for none, or while it is looked for. */
  at(offset: number): PlacedField | undefined {
    void this.#version;
    const fields = this.#pages.get(Math.floor(offset / PAGE));
    if (!fields) return undefined;
    let low = 0;
    let high = fields.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const { field } = fields[middle] as PlacedField;
      if (offset < field.at) high = middle - 1;
      else if (offset >= field.at + field.length) low = middle + 1;
      else return fields[middle];
    }
    return undefined;
  }

  #keep(page: number, structures: readonly Structure[]): void {
    const placed: PlacedField[] = [];
    let end = 0;
    for (const structure of structures) {
      for (const field of structure.fields) {
        // A structure inside a field of another (identifiers in a file entry) takes the place of the rest of it.
        while (placed.length > 0 && (placed.at(-1) as PlacedField).field.at >= field.at) placed.pop();
        const before = placed.at(-1);
        if (before && end > field.at) {
          const { field: cut } = before;
          placed[placed.length - 1] = { ...before, field: { ...cut, length: field.at - cut.at } };
        }
        placed.push({ field, structure, odd: placed.length % 2 === 1 });
        end = field.at + field.length;
      }
    }
    this.#pages.set(page, placed);
    for (const old of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      this.#pages.delete(old);
    }
    this.#version++;
  }
}
