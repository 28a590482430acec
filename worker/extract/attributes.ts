import type { EntryRecord } from '../formats/volume.ts';

/** Mode with type bits, and owner. */
export interface Attributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The few combinations of mode and owner that a disc has, one number for each. */
export class AttributeTable {
  readonly #combinations: Attributes[] = [];
  readonly #indices = new Map<string, number>();

  /** The number of a record's attributes. `usual`: type bits (0: the record's own) and mode where none is recorded. */
  intern(record: EntryRecord | null, usual: number): number {
    const type = usual & 0o170000;
    const recorded = record?.mode ?? null;
    const mode = recorded === null ? usual : type === 0 ? recorded : type | (recorded & 0o7777);
    const uid = record?.uid ?? 0;
    const gid = record?.gid ?? 0;
    const key = `${mode} ${uid} ${gid}`;
    let index = this.#indices.get(key);
    if (index === undefined) {
      index = this.#combinations.push({ mode, uid, gid }) - 1;
      this.#indices.set(key, index);
    }
    return index;
  }

  at(index: number): Attributes {
    return this.#combinations[index] as Attributes;
  }
}
