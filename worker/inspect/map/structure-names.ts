import { MAP_KINDS, NO_VIEW, type MapKind, type MapStructure } from '../../protocol/disc-map.ts';
import type { Spans } from './spans.ts';

/** Different names of structures that a map tells apart: a boot catalog and a partition table together have fewer. */
const MAX_NAMES = 4096;

export const kindNumber = (kind: MapKind): number => MAP_KINDS.indexOf(kind);

/** The names of owners that are no entries, each once. */
export class StructureNames {
  readonly list: MapStructure[] = [];
  readonly #known = new Map<string, number>();

  /** The number of a name; past a bound of names, that of the first of its kind. */
  number(name: string, kind: MapKind): number {
    const key = `${kind} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.list.length >= MAX_NAMES)
      return Math.max(
        0,
        this.list.findIndex((each) => each.kind === kind),
      );
    this.list.push({ name, kind });
    this.#known.set(key, this.list.length - 1);
    return this.list.length - 1;
  }

  /** Add bytes of a structure to a layer. */
  claim(spans: Spans, name: string, kind: MapKind, offset: number, length: number): void {
    spans.add(offset, offset + length, kindNumber(kind), NO_VIEW, this.number(name, kind));
  }
}
