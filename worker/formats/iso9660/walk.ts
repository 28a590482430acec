import { ImageError } from '../../protocol/errors.ts';
import { ROOT, type EntryId } from '../../protocol/entry.ts';
import type { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { Pending } from '../pending.ts';
import type { EntrySink, ReadOptions } from '../volume.ts';
import { Continuations } from './continuations.ts';
import { ASSOCIATED, DIRECTORY, isDot, ordersAgree, readSelf, RECORD_HEADER, SECTOR } from './directory-record.ts';
import { directoryExtent, reportPastEnd } from './directory-extent.ts';
import { recordForm, scanRecords, type RecordForm, type TakeRecord } from './directory-scan.ts';
import { placeOf } from './extents.ts';
import { identifierHash, ROOT_HASH, withoutTwins } from './identifiers.ts';
import { UNKNOWN_SIZE, type PendingDirectory } from './pending.ts';
import { hasPlainRecords, PlainRecord } from './plain-record.ts';
import { entryNames, joinSections, reportUnfinished, scannedEntry, type OpenSections, type Sections } from './record-entries.ts';
import { Relocations } from './relocation.ts';
import { readRidges } from './ridges.ts';
import { RidgeReading } from './rock-ridge.ts';
import type { RockRidge } from './rock-ridge-entries.ts';
import type { TreeForm } from './tree-form.ts';
import { DirectoryWindows } from './windows.ts';

/** Directories deeper than this are listed, not entered; the standard ends at 8 (ECMA-119 6.8.2.1). */
export const MAX_DEPTH = 256;
/** Bytes of directories that are read of any tree; beyond, as many as the image has: they do not overlap. */
const LEAST_BUDGET = 64 * 1024 * 1024;

/** One reading of a tree: directories in order of place, each as soon as its window is in memory. */
export class TreeWalk {
  /** Absolute offsets of all directories seen, with the hash of each one's identifier. */
  readonly visited = new Map<number, number>();
  /** End of the last file or directory, to compare with the volume's recorded size. */
  end = 0;
  readonly #form: TreeForm;
  readonly #records: RecordForm;
  readonly #source: ByteSource;
  readonly #findings: Findings;
  readonly #windows: DirectoryWindows;
  readonly #continuations: Continuations;
  readonly #pending = new Pending<PendingDirectory>();
  readonly #relocations: Relocations;
  readonly #plain: PlainRecord | null;
  /** Directories that are listed, not entered: closed once the one they stand in is. */
  #closed: EntryId[] = [];
  #full = false;
  /** Bytes of directories that may still be read. */
  #left: number;

  constructor(source: ByteSource, held: readonly Block[], form: TreeForm, findings: Findings, places?: Float64Array) {
    this.#source = source;
    this.#left = Math.max(source.size, LEAST_BUDGET);
    this.#form = form;
    this.#records = recordForm(form);
    this.#plain = hasPlainRecords(form) ? new PlainRecord(form) : null;
    this.#findings = findings;
    this.#windows = new DirectoryWindows(source, held, places);
    this.#continuations = new Continuations(source, (offset) => this.#windows.held(offset));
    this.#relocations = new Relocations(form, this.#continuations);
  }

  /** Read all directories into the sink; throws ImageError where the root cannot be read. */
  async run(sink: EntrySink, { signal, onWindow }: ReadOptions): Promise<void> {
    const root = this.#form.rootLba * this.#form.blockSize;
    this.visited.set(root, ROOT_HASH);
    this.#pending.add({
      id: ROOT,
      offset: root,
      size: this.#form.rootLength,
      depth: 0,
      parent: null,
      record: this.#form.rootRecord,
      nameHash: ROOT_HASH,
    });
    this.#continuations.onArea = ({ offset, length }) => {
      const from = offset - (offset % SECTOR);
      sink.place?.(ROOT, from, Math.ceil((offset + length) / SECTOR) * SECTOR - from);
    };
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
    this.#relocations.report(this.#findings);
  }

  async #directory(
    directory: PendingDirectory,
    sink: EntrySink,
    signal: AbortSignal | undefined,
    onWindow: ReadOptions['onWindow'],
  ): Promise<void> {
    const { id, offset } = directory;
    const extent = directoryExtent(this.#windows.held(offset), directory, this.#form, this.#findings);
    const { doubt } = extent;
    const { end, sound } = this.#afford(offset, extent);
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
    sink.place?.(id, offset, end - offset);
    if (id === ROOT) this.#placeExtensions(offset);
    let complete = sound;
    const children: PendingDirectory[] = [];
    let open: OpenSections | null = null;
    sink.begin(id);
    for (let from = offset; from < end && !this.#full;) {
      let block = this.#windows.held(from);
      if (!block) {
        await onWindow?.();
        block = await this.#windows.load(from, this.#pending.bytes + end - from, signal);
      }
      const to = Math.min(end, block.base + block.length);
      const take = this.#takePlain(directory, open !== null, sink, children);
      const scan = scanRecords(block, from - block.base, to - block.base, doubt - block.base, this.#records, this.#findings, take);
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

  /** The root's own record goes on where the extensions in use are named, for that is longer than a record (SUSP 5.5). */
  #placeExtensions(root: number): void {
    const { skip, blockSize, highSierra } = this.#form;
    const block = this.#windows.held(root);
    const self = block && readSelf(block, root - block.base, Math.min(SECTOR, block.length - (root - block.base)), highSierra);
    if (!block || !self || skip === null) return;
    const { needs } = new RidgeReading(block, self.systemUse, self.systemUseEnd, blockSize).go(() => null);
    if (needs && this.#continuations.inside(needs)) this.#continuations.onArea?.(needs);
  }

  /** The extent of a directory, ended after its first sector where directories overlap so much that they are more than the image. */
  #afford(offset: number, { end, sound }: { readonly end: number; readonly sound: boolean }): { end: number; sound: boolean } {
    this.#left -= end - offset;
    if (this.#left >= 0 || end - offset <= SECTOR) return { end, sound };
    this.#left += end - offset;
    this.#findings.add(
      'damage',
      'directories-overlap',
      offset,
      'ECMA-119 6.8.2',
      'Directories overlap: together they are larger than the image. Of this one only the first sector was read.',
    );
    return { end: offset + SECTOR, sound: false };
  }

  /** Adds plain records to the sink at once, up to the first that is not: entries keep the order of their records. Null for a tree without such records. */
  #takePlain(directory: PendingDirectory, open: boolean, sink: EntrySink, children: PendingDirectory[]): TakeRecord | null {
    const plain = this.#plain;
    if (!plain || open) return null;
    let taking = true;
    return (block, at, length, nameLength) => {
      if (nameLength === 1 && block.u8(at + RECORD_HEADER) <= 1) return ordersAgree(block, at); // the directory itself, and its parent
      // A directory in the root may be the place of moved ones: that is looked into with care.
      taking &&= plain.read(block, at, length, nameLength) && !(plain.kind === 'directory' && directory.depth === 0);
      if (taking && !this.#full) this.#addPlain(plain, directory, sink, children);
      return taking;
    };
  }

  #addPlain(plain: PlainRecord, parent: PendingDirectory, sink: EntrySink, children: PendingDirectory[]): void {
    const id = sink.add(plain, plain.names, plain.nameStart, plain.nameEnd);
    if (id < 0) this.#full = true;
    else if (plain.kind === 'file') {
      if (plain.size > 0) this.end = Math.max(this.end, plain.offset + plain.size);
    } else {
      const { offset, length: size, record, identifierHash: nameHash } = plain;
      this.#found({ id, offset, size, depth: parent.depth + 1, parent, record, nameHash }, children);
    }
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
    const recorded = entryNames(sections, ridges, form, this.#findings);
    const names = withoutTwins(recorded, (index) => ((sections[index] as Sections).first.flags & ASSOCIATED) !== 0);
    for (let index = 0; index < sections.length; index++) {
      const section = sections[index] as Sections;
      const ridge = ridges[index] ?? null;
      if (
        ridge &&
        section.first.flags & DIRECTORY &&
        ridge.childLink === null &&
        (await this.#isMovedAway(directory, section, ridge, signal))
      )
        continue;
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
      const moved = ridge !== null && ridge.childLink !== null;
      if (moved) this.#relocations.link(entry.offset);
      const size = moved ? UNKNOWN_SIZE : placeOf(section.first, form.blockSize, form.sourceSize).length;
      const { offset, record } = entry;
      const nameHash = identifierHash(section.first.name);
      this.#found({ id, offset, size, depth: directory.depth + 1, parent: directory, record, nameHash }, children);
    }
  }

  /** Take a directory to be read, or tell why it is listed only: of that kind an image can have as many as it has records. */
  #found(child: PendingDirectory, children: PendingDirectory[]): void {
    const { id, offset, record, depth } = child;
    const known = this.visited.has(offset);
    if (depth <= MAX_DEPTH && !known) {
      this.visited.set(offset, child.nameHash);
      if (offset < this.#source.size) {
        children.push(child);
        return;
      }
      reportPastEnd(offset, record, this.#findings);
    } else if (depth > MAX_DEPTH)
      this.#findings.add(
        'damage',
        'directory-depth',
        record,
        'ECMA-119 6.8.2.1',
        `A directory lies more than ${MAX_DEPTH} levels deep; it is listed, not entered.`,
      );
    else if (isAncestor(child))
      this.#findings.add(
        'damage',
        'directory-loop',
        record,
        'ECMA-119 6.8.2',
        'A directory contains itself; it is listed, not entered again.',
      );
    else
      this.#findings.add(
        'warning',
        'directory-shared',
        record,
        'ECMA-119 6.8.2',
        'Two directories are recorded in one place; the second is listed, not entered again.',
      );
    this.#closed.push(id);
  }

  /** Queue the directories just found; those that are not entered are closed. */
  #enter(children: readonly PendingDirectory[], sink: EntrySink): void {
    const closed = this.#closed;
    this.#closed = [];
    if (this.#full) return;
    for (const child of children) this.#pending.add(child);
    for (const id of closed) {
      sink.begin(id);
      sink.end(id, false);
    }
  }

  /** Whether a record is no entry of this place: a directory moved here, or the root's directory made to hold such ones (RRIP 4.1.5). */
  async #isMovedAway(
    directory: PendingDirectory,
    { first }: Sections,
    ridge: RockRidge,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    if (directory.depth === 0 && first.flags & DIRECTORY && ridge.childLink === null) {
      const offset = this.#relocations.offsetOf(first);
      // The writer may call it anything: it is looked into where it is in memory, or where its name or RE entry says so.
      const named = ridge.name !== null && /rr_moved/i.test(String.fromCharCode(...ridge.name));
      let block = this.#windows.held(offset);
      if (!block && (named || ridge.relocated) && offset < this.#source.size)
        block = await this.#windows.load(offset, this.#pending.bytes, signal);
      if (block && (await this.#relocations.isEmptied(block, offset, signal))) {
        this.visited.set(offset, identifierHash(first.name));
        return true;
      }
    }
    return this.#relocations.isMoved(first, ridge);
  }
}

function isAncestor(child: PendingDirectory): boolean {
  for (let above = child.parent; above; above = above.parent) if (above.offset === child.offset) return true;
  return false;
}
