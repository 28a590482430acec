import { ImageError } from '../../protocol/errors.ts';
import { ROOT, type EntryId } from '../../protocol/entry.ts';
import type { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import type { EntrySink, ReadOptions } from '../volume.ts';
import { Continuations } from './continuations.ts';
import { isDot, isPlausible, readSelf, SECTOR } from './directory-record.ts';
import { scanRecords } from './directory-scan.ts';
import { placeOf } from './extents.ts';
import { identifierHash, ROOT_HASH } from './identifiers.ts';
import { PendingDirectories, type PendingDirectory } from './pending.ts';
import { entryNames, joinSections, reportUnfinished, scannedEntry, type Sections } from './record-entries.ts';
import { readRidges } from './ridges.ts';
import type { RockRidge } from './rock-ridge.ts';
import type { TreeForm } from './tree-form.ts';
import { DirectoryWindows } from './windows.ts';

/** Directories deeper than this are listed, not entered; the standard ends at 8 (ECMA-119 6.8.2.1). */
export const MAX_DEPTH = 256;
/** Bytes of one directory that are read: five million entries. */
export const MAX_DIRECTORY = 256 * 1024 * 1024;

const UNKNOWN = -1;

/** One reading of a tree: directories in order of place, each as soon as its window is in memory. */
export class TreeWalk {
  /** Absolute offsets of all directories seen, with the hash of each one's identifier. */
  readonly visited = new Map<number, number>();
  /** End of the last file or directory, to compare with the volume's recorded size. */
  end = 0;
  readonly #form: TreeForm;
  readonly #source: ByteSource;
  readonly #findings: Findings;
  readonly #windows: DirectoryWindows;
  readonly #continuations: Continuations;
  readonly #pending = new PendingDirectories();
  /** Directories moved elsewhere (RE), and those that were put back (CL): absolute offsets, and where the RE record is. */
  readonly #relocated = new Map<number, number>();
  readonly #linked = new Set<number>();
  #full = false;

  constructor(source: ByteSource, held: readonly Block[], form: TreeForm, findings: Findings) {
    this.#source = source;
    this.#form = form;
    this.#findings = findings;
    this.#windows = new DirectoryWindows(source, held);
    this.#continuations = new Continuations(source, (offset) => this.#windows.held(offset));
  }

  /** Read all directories into the sink; throws ImageError where the root cannot be read. */
  async run(sink: EntrySink, { signal, onWindow }: ReadOptions): Promise<void> {
    const root = this.#form.rootLba * this.#form.blockSize;
    this.#enqueue({
      id: ROOT,
      offset: root,
      size: this.#form.rootLength,
      depth: 0,
      parent: null,
      record: this.#form.rootRecord,
      nameHash: ROOT_HASH,
    });
    let wanted: EntryId | null = null;
    let decoded = false;
    for (;;) {
      const next = (wanted !== null && this.#pending.take(wanted)) || this.#pending.next();
      wanted = null;
      if (!next) break;
      if (!this.#windows.held(next.offset) && next.offset < this.#source.size) {
        if (decoded && onWindow) {
          wanted = await onWindow();
          decoded = false;
          if (wanted !== null) {
            this.#pending.add(next);
            continue;
          }
        }
        await this.#windows.load(next.offset, this.#pending.bytes, signal);
      }
      signal?.throwIfAborted();
      await this.#directory(next, sink, signal, onWindow);
      decoded = true;
      if (this.#full) break;
    }
    for (const [offset, record] of this.#relocated) {
      if (this.#linked.has(offset)) continue;
      this.#findings.add(
        'damage',
        'relocated-orphan',
        record,
        'RRIP 4.1.5.3',
        'A directory is marked as moved here from elsewhere, and no place leads to it; the plain ISO 9660 view lists it.',
      );
    }
  }

  #enqueue(directory: PendingDirectory): void {
    this.visited.set(directory.offset, directory.nameHash);
    this.#pending.add(directory);
  }

  async #directory(
    directory: PendingDirectory,
    sink: EntrySink,
    signal: AbortSignal | undefined,
    onWindow: ReadOptions['onWindow'],
  ): Promise<void> {
    const { id, offset } = directory;
    const { end, doubt, sound } = this.#extent(directory);
    if (end <= offset) {
      if (id === ROOT)
        throw new ImageError(
          'root-unreadable',
          'The root directory cannot be read: where it should be there is none.',
          offset,
          'ECMA-119 8.4.18',
        );
      sink.begin(id);
      sink.end(id, sound);
      return;
    }
    let complete = sound;
    const children: PendingDirectory[] = [];
    let open: Sections | null = null;
    sink.begin(id);
    for (let from = offset; from < end && !this.#full;) {
      let block = this.#windows.held(from);
      if (!block) {
        await onWindow?.();
        block = await this.#windows.load(from, this.#pending.bytes + end - from, signal);
      }
      const to = Math.min(end, block.base + block.length);
      const scan = scanRecords(block, from - block.base, to - block.base, doubt - block.base, this.#form, this.#findings);
      this.#windows.use(to - from);
      complete &&= scan.complete;
      const joined = joinSections(
        block,
        scan.records.filter((record) => !isDot(record)),
        open,
        this.#findings,
      );
      open = joined.open;
      from = scan.ended ? end : to;
      if (open && (from >= end || scan.ended)) {
        reportUnfinished(open, this.#findings);
        joined.whole.push(open);
      }
      if (joined.whole.length > 0) await this.#entries(directory, joined.whole, sink, children, signal);
    }
    sink.end(id, complete && !this.#full);
    this.#enter(children, sink);
  }

  /** Add these entries to the sink; directories among them go to `children`. */
  async #entries(
    directory: PendingDirectory,
    sections: readonly Sections[],
    sink: EntrySink,
    children: PendingDirectory[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const form = this.#form;
    const ridges = await readRidges(sections, form, this.#continuations, this.#findings, signal);
    const names = entryNames(sections, ridges, form, this.#findings);
    for (const [index, section] of sections.entries()) {
      const ridge = ridges[index] ?? null;
      if (ridge && (await this.#isMovedAway(directory, section, ridge, signal))) continue;
      const entry = scannedEntry(section, ridge, names[index] as Uint8Array, form, this.#findings);
      const id = sink.add(entry);
      if (id < 0) {
        this.#full = true;
        return;
      }
      if (entry.kind !== 'directory') {
        if (entry.presence === 'whole' && entry.size > 0)
          this.end = Math.max(this.end, entry.offset + Math.min(entry.size, section.first.dataLength));
        continue;
      }
      const moved = ridge?.childLink != null;
      if (moved) this.#linked.add(entry.offset);
      const size = moved ? UNKNOWN : placeOf(section.first, form.blockSize, form.sourceSize).length;
      children.push({
        id,
        offset: entry.offset,
        size,
        depth: directory.depth + 1,
        parent: directory,
        record: entry.record,
        nameHash: identifierHash(section.first.name),
      });
    }
  }

  /** Queue the directories just found; those that cannot be entered are closed at once. */
  #enter(children: readonly PendingDirectory[], sink: EntrySink): void {
    for (const child of children) {
      if (!this.#full && !this.visited.has(child.offset) && child.depth <= MAX_DEPTH) {
        this.#enqueue(child);
        continue;
      }
      if (this.#full) continue;
      if (child.depth > MAX_DEPTH)
        this.#findings.add(
          'damage',
          'directory-depth',
          child.record,
          'ECMA-119 6.8.2.1',
          `A directory lies more than ${MAX_DEPTH} levels deep; it is listed, not entered.`,
        );
      else if (isAncestor(child))
        this.#findings.add(
          'damage',
          'directory-loop',
          child.record,
          'ECMA-119 6.8.2',
          'A directory contains itself; it is listed, not entered again.',
        );
      else
        this.#findings.add(
          'warning',
          'directory-shared',
          child.record,
          'ECMA-119 6.8.2',
          'Two directories are recorded in one place; the second is listed, not entered again.',
        );
      sink.begin(child.id);
      sink.end(child.id, false);
    }
  }

  /** Where a directory ends, from its record and its own "." record; `doubt` where the two differ (ECMA-119 6.8.2.2). */
  #extent({ offset, size, record, id }: PendingDirectory): { end: number; doubt: number; sound: boolean } {
    const block = this.#windows.held(offset);
    const { blockSize, sourceSize, highSierra } = this.#form;
    const none = { end: offset, doubt: offset, sound: false };
    if (!block) {
      this.#findings.add(
        'damage',
        'directory-past-end',
        record,
        'ECMA-119 9.1.3',
        `A directory at ${offset} lies past the end of the image.`,
      );
      return none;
    }
    const at = offset - block.base;
    const room = Math.min(SECTOR, block.length - at);
    const self = readSelf(block, at, room, highSierra);
    if (!self && id === ROOT && !isPlausible(block, at, room)) return none;
    if (!self && size !== 0)
      this.#findings.add(
        'warning',
        'directory-without-self',
        offset,
        'ECMA-119 6.8.2.2',
        'A directory does not begin with the record of itself.',
      );
    // Rounded up to blocks: a size that is no multiple of the block still owns the whole block.
    const fits = (length: number): number =>
      Math.min(offset + Math.ceil(length / blockSize) * blockSize, sourceSize, offset + MAX_DIRECTORY) - offset;
    const selfSize = self ? placeOf(self, blockSize, sourceSize).length : 0;
    const known = size === UNKNOWN ? selfSize || SECTOR : size;
    const [taken, own] = [fits(known), fits(selfSize)];
    if (known === selfSize || selfSize === 0) {
      const whole = offset + known <= offset + taken;
      if (!whole)
        this.#findings.add(
          'damage',
          'directory-past-end',
          record,
          'ECMA-119 9.1.4',
          `A directory of ${known} bytes at ${offset} runs past the end of the image or past what is read of one directory.`,
        );
      return { end: offset + taken, doubt: Infinity, sound: whole };
    }
    this.#findings.add(
      'warning',
      'directory-size-disagree',
      record,
      'ECMA-119 9.1.4',
      `A directory is ${known} bytes long by its record and ${selfSize} by its own; it was read as far as records go on.`,
    );
    return {
      end: offset + Math.max(taken, own),
      doubt: offset + (known > taken ? own : selfSize > own ? taken : Math.min(taken, own)),
      sound: true,
    };
  }

  /** Whether a record is no entry of this place: a directory moved here from elsewhere, or the directory made to hold such ones (RRIP 4.1.5). */
  async #isMovedAway(
    directory: PendingDirectory,
    { first }: Sections,
    ridge: RockRidge,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    if (!(first.flags & 2) || ridge.childLink !== null) return false;
    const { blockSize, sourceSize } = this.#form;
    const offset = placeOf(first, blockSize, sourceSize).lba * blockSize;
    if (directory.depth === 0 && (await this.#isEmptied(offset, ridge, signal))) return true;
    if (ridge.relocated) this.#relocated.set(offset, first.offset);
    return ridge.relocated;
  }

  /**
   * Whether a directory of the root holds nothing but directories moved there (RRIP 4.1.5). The
   * writer may call it anything; it is looked into where it is in memory anyway, or where its name or
   * RE entry says so.
   */
  async #isEmptied(offset: number, ridge: RockRidge, signal: AbortSignal | undefined): Promise<boolean> {
    let block = this.#windows.held(offset);
    if (!block) {
      const named = ridge.name !== null && /rr_moved/i.test(String.fromCharCode(...ridge.name));
      if (!(named || ridge.relocated) || offset >= this.#source.size) return false;
      block = await this.#windows.load(offset, this.#pending.bytes, signal);
    }
    const at = offset - block.base;
    const self = readSelf(block, at, Math.min(SECTOR, block.length - at), this.#form.highSierra);
    if (!self) return false;
    const end = Math.min(at + self.dataLength, block.length);
    const { records } = scanRecords(block, at, end, Infinity, this.#form, QUIET);
    const sections = records.filter((record) => !isDot(record)).map((record): Sections => ({ block, first: record, rest: [] }));
    if (sections.length === 0 || !sections.some(({ first }) => first.systemUseEnd - first.systemUse >= 4)) return false;
    const ridges = await readRidges(sections, this.#form, this.#continuations, QUIET, signal);
    if (!ridges.every((each) => each?.relocated)) return false;
    for (const { first } of sections)
      this.#relocated.set(placeOf(first, this.#form.blockSize, this.#form.sourceSize).lba * this.#form.blockSize, first.offset);
    this.visited.set(offset, 0);
    return true;
  }
}

/** Takes findings that are made again when the same place is read in earnest. */
const QUIET = { add: () => undefined } as unknown as Findings;

function isAncestor(child: PendingDirectory): boolean {
  for (let above = child.parent; above; above = above.parent) if (above.offset === child.offset) return true;
  return false;
}
