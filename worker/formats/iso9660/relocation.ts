import type { Block } from '../../bytes/block.ts';
import { Findings } from '../findings.ts';
import type { Continuations } from './continuations.ts';
import { DIRECTORY, isDot, readSelf, SECTOR, type DirectoryRecord } from './directory-record.ts';
import { recordForm, scanRecords } from './directory-scan.ts';
import { placeOf } from './extents.ts';
import type { Sections } from './record-entries.ts';
import { readRidges } from './ridges.ts';
import type { RockRidge } from './rock-ridge-entries.ts';
import type { TreeForm } from './tree-form.ts';

/** Bytes of directories that are looked through for being the writer's place for moved ones: a disc has one such. */
const MAX_LOOKED_THROUGH = 16 * 1024 * 1024;

/**
 * Directories that a writer moved up because they lay too deep: marked RE where they are, with a CL
 * in their place (RRIP 4.1.5). The tree shows them in their place only.
 */
export class Relocations {
  readonly #form: TreeForm;
  readonly #continuations: Continuations;
  /** Offset of each directory marked RE, with that of its record. */
  readonly #moved = new Map<number, number>();
  readonly #linked = new Set<number>();
  /** Answers by offset: many records may name one directory. */
  readonly #emptied = new Map<number, boolean>();
  #left = MAX_LOOKED_THROUGH;

  constructor(form: TreeForm, continuations: Continuations) {
    this.#form = form;
    this.#continuations = continuations;
  }

  /** Note that a CL entry leads to the directory at this offset (RRIP 4.1.5.1). */
  link(offset: number): void {
    this.#linked.add(offset);
  }

  /** Whether a record is of a directory moved away from elsewhere; it is noted then (RRIP 4.1.5.3). */
  isMoved(record: DirectoryRecord, ridge: RockRidge): boolean {
    if (!ridge.relocated || !(record.flags & DIRECTORY) || ridge.childLink !== null) return false;
    this.#moved.set(this.offsetOf(record), record.offset);
    return true;
  }

  offsetOf(record: DirectoryRecord): number {
    return placeOf(record, this.#form.blockSize, this.#form.sourceSize).lba * this.#form.blockSize;
  }

  /** Whether the directory at this offset of the block holds moved directories and nothing else: the writer's place for them (RRIP 4.1.5). */
  async isEmptied(block: Block, offset: number, signal?: AbortSignal): Promise<boolean> {
    const known = this.#emptied.get(offset);
    if (known !== undefined) return known;
    const emptied = await this.#holdsMovedOnly(block, offset, signal);
    this.#emptied.set(offset, emptied);
    return emptied;
  }

  async #holdsMovedOnly(block: Block, offset: number, signal?: AbortSignal): Promise<boolean> {
    const at = offset - block.base;
    const self = readSelf(block, at, Math.min(SECTOR, block.length - at), this.#form.highSierra);
    if (!self) return false;
    const quiet = new Findings(); // told when the same place is read in earnest
    const scan = (end: number): Sections[] =>
      scanRecords(block, at, Math.min(end, block.length), Infinity, recordForm(this.#form), quiet)
        .records.filter((record) => !isDot(record))
        .map((first) => ({ block, first, rest: [] }));
    const [first] = scan(at + SECTOR);
    // Most directories are decided by their first entry.
    if (!first || !(await this.#allMoved([first], quiet, signal))) return false;
    const end = Math.min(at + self.dataLength, block.length);
    if ((this.#left -= end - at) < 0) return false;
    const sections = scan(end);
    if (!(await this.#allMoved(sections, quiet, signal))) return false;
    for (const { first: record } of sections) this.#moved.set(this.offsetOf(record), record.offset);
    return true;
  }

  async #allMoved(sections: readonly Sections[], quiet: Findings, signal?: AbortSignal): Promise<boolean> {
    const ridges = await readRidges(sections, this.#form, this.#continuations, quiet, signal);
    return ridges.every((ridge) => ridge?.relocated);
  }

  /** Tell of moved directories that no place leads to: they are lost from this tree (RRIP 4.1.5.3). */
  report(findings: Findings): void {
    for (const [offset, record] of this.#moved) {
      if (this.#linked.has(offset)) continue;
      findings.add(
        'damage',
        'relocated-orphan',
        record,
        'RRIP 4.1.5.3',
        'A directory is marked as moved here from elsewhere, and no place leads to it; the plain ISO 9660 view lists it.',
      );
    }
  }
}
