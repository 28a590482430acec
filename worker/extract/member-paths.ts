import type { Catalog } from '../catalog/catalog.ts';
import type { Volume } from '../formats/volume.ts';
import type { EntryId } from '../protocol/entry.ts';
import { families, NO_PARENT } from './families.ts';
import { utf8Length } from './names.ts';

/** The tree of a plan's members: their names on the disc, the safe ones that replace them, and the paths these make. */
export class MemberPaths {
  readonly #catalog: Catalog;
  readonly #volume: Volume;
  readonly #entry: Uint32Array;
  readonly #parent: Uint32Array;
  /** Bytes of each safe name; from `measure` on, of each safe path. */
  readonly #length: Uint32Array;
  readonly #renamed = new Map<number, string>();
  /** The directories of the path that was made last, the top first, and where in it each one's path ends. */
  readonly #last: number[] = [];
  readonly #ends: number[] = [];
  #lastPath = '';

  /** `entry` and `parent` of each member; a parent stands before what is in it, and `NO_PARENT` is none. */
  constructor(catalog: Catalog, volume: Volume, entry: Uint32Array, parent: Uint32Array) {
    this.#catalog = catalog;
    this.#volume = volume;
    this.#entry = entry;
    this.#parent = parent;
    this.#length = new Uint32Array(entry.length);
  }

  /** The members of each directory, the top first. */
  families(): Iterable<number[]> {
    return families(this.#parent);
  }

  discName(entry: EntryId): string {
    return this.#volume.decodeName(this.#catalog.name(entry));
  }

  /** Path of an entry on the disc. */
  discPath(entry: EntryId): string {
    let path = '';
    for (let at = entry; at !== 0; at = this.#catalog.parent(at)) path = `/${this.discName(at)}${path}`;
    return path || '/';
  }

  /** Safe name of a member; before it was given one, that on the disc. */
  name(index: number): string {
    return this.#renamed.get(index) ?? this.discName(this.#entry[index] as number);
  }

  /** Give a member its safe name in place of the one on the disc. */
  setName(index: number, name: string, onDisc: string): void {
    if (name !== onDisc) this.#renamed.set(index, name);
    this.#length[index] = utf8Length(name);
  }

  /** Safe path of a member. */
  path(index: number): string {
    const parent = this.#parent[index] as number;
    const name = this.name(index);
    return parent === NO_PARENT ? name : `${this.#directory(parent)}/${name}`;
  }

  /** Put the lengths of parents' paths before those of names, once all have one. */
  measure(): void {
    for (let index = 0; index < this.#parent.length; index++) {
      const parent = this.#parent[index] as number;
      if (parent !== NO_PARENT) this.#length[index] = (this.#length[index] as number) + 1 + (this.#length[parent] as number);
    }
  }

  /** Bytes of a member's path in UTF-8. */
  length(index: number): number {
    return this.#length[index] as number;
  }

  /** Directories above a member. */
  depth(index: number): number {
    let depth = 0;
    for (let at = this.#parent[index] as number; at !== NO_PARENT; at = this.#parent[at] as number) depth++;
    return depth;
  }

  /**
   * Path of a directory, made from the last one's: members come in order, and a tree may be thousands of levels deep
   * (so it is a loop: calls cannot be nested so far).
   */
  #directory(index: number): string {
    const [last, ends] = [this.#last, this.#ends];
    const below: number[] = [];
    let at = index;
    while (at !== NO_PARENT && at !== last.at(-1)) {
      if (last.length > 0 && (last.at(-1) as number) > at) {
        last.pop();
        ends.pop();
      } else {
        below.push(at);
        at = this.#parent[at] as number;
      }
    }
    if (at === NO_PARENT) last.length = ends.length = 0;
    let path = this.#lastPath.slice(0, ends.at(-1) ?? 0);
    for (const directory of below.reverse()) {
      path += last.length > 0 ? `/${this.name(directory)}` : this.name(directory);
      last.push(directory);
      ends.push(path.length);
    }
    this.#lastPath = path;
    return path;
  }
}
