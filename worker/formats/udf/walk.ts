import { ImageError } from '../../protocol/errors.ts';
import { ROOT, type EntryId } from '../../protocol/entry.ts';
import type { Gather } from '../../source/gather.ts';
import { runLength, type Run } from '../../source/runs.ts';
import type { Held } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { Pending } from '../pending.ts';
import { presenceOf } from '../presence.ts';
import type { EntrySink, ReadOptions, ScannedEntry } from '../volume.ts';
import { kindOf } from './entry-kind.ts';
import { readFileEntry, type FileEntry } from './file-entry.ts';
import { scanDirectories, type ScannedPart } from './directory-scan.ts';
import { nameOf, type FileIdentifier } from './file-identifier.ts';
import { IcbReader } from './icb.ts';
import { PlainEntries, PlainEntry } from './plain-entries.ts';
import type { Space } from './space.ts';

/** Directories deeper than this are listed, not entered. */
export const MAX_DEPTH = 256;
/** Bytes of one directory that are read: five million entries. */
export const MAX_DIRECTORY = 256 * 1024 * 1024;
/** Bytes of directories that are read of any tree; beyond, as many as the image has: they do not overlap. */
const LEAST_BUDGET = 64 * 1024 * 1024;
/** Pieces of directories that wait to be read: some 64 MB. */
const MAX_PIECES = 1_000_000;
/** Directories that are read together, in number and in bytes. */
const TOGETHER = 512;
const TOGETHER_BYTES = 512 * 1024;
/** The record of an entry that has no ICB: nothing more can be said of it. */
export const NO_RECORD = -2;

/** A directory that is known and not read yet. */
interface Directory {
  readonly id: EntryId;
  /** Absolute offset of its first byte. */
  readonly offset: number;
  readonly size: number;
  readonly depth: number;
  readonly parent: Directory | null;
  readonly entry: FileEntry;
  /** False where less is read than it claims. */
  readonly whole: boolean;
}

/** The file entries of some children, plain ones apart, and which is the next to be used. */
interface ChildEntries {
  readonly found: readonly (FileEntry | null)[];
  readonly plain: PlainEntries;
  next: number;
}

/** One reading of a tree: directories that lie near each other together, each with the ICBs of all its children. */
export class TreeWalk {
  /** Entries that have named streams. */
  streams = 0;
  readonly #space: Space;
  readonly #root: number;
  readonly #findings: Findings;
  readonly #gather: Gather;
  readonly #icbs: IcbReader<FileEntry>;
  readonly #plain = new PlainEntry();
  readonly #pending = new Pending<Directory>();
  /** Absolute offsets of the file entries of all directories seen. */
  readonly #visited = new Set<number>();
  /** Directories that are listed, not entered: closed once the one they stand in is. */
  #closed: EntryId[] = [];
  #full = false;
  /** Bytes of directories that may still be read, and pieces of them that may wait. */
  #left: number;
  #pieces = MAX_PIECES;

  constructor(gather: Gather, space: Space, root: number, findings: Findings) {
    this.#space = space;
    this.#root = root;
    this.#findings = findings;
    this.#gather = gather;
    this.#left = Math.max(space.held.size, LEAST_BUDGET);
    this.#icbs = new IcbReader(space, gather, readFileEntry);
  }

  /** Read all directories into the sink; throws ImageError where the root cannot be read. */
  async run(sink: EntrySink, { signal, onWindow }: ReadOptions): Promise<void> {
    let wanted: EntryId | null = null;
    this.#gather.onWindow = async () => {
      wanted = (await onWindow?.()) ?? wanted;
    };
    this.#icbs.onContinuation = (offset) => sink.place?.(ROOT, offset, this.#space.blockSize);
    const [root] = await this.#icbs.read([this.#root], this.#findings, signal);
    if (!root || kindOf(root) !== 'directory')
      throw new ImageError(
        'root-unreadable',
        'The root directory cannot be read: where it should be there is none.',
        root?.offset ?? null,
        'ECMA-167 4/14.1.15',
      );
    this.#visited.add(root.offset);
    this.#pending.add(this.#afford(directoryOf(ROOT, root, null)));
    for (;;) {
      const batch = this.#take(wanted);
      wanted = null;
      const [first] = batch;
      if (!first) break;
      if (first.size > TOGETHER_BYTES) await this.#large(first, sink, signal);
      else await this.#together(batch, sink, signal);
      signal?.throwIfAborted();
      if (this.#full) break;
    }
  }

  /** The directory, ended after its first block where directories overlap so much that they are more than the image. */
  #afford(directory: Directory): Directory {
    const { size, entry } = directory;
    const { runs } = entry.allocation;
    const bytes = Math.min(size, MAX_DIRECTORY);
    if (bytes <= this.#left && runs.length <= this.#pieces) {
      this.#left -= bytes;
      this.#pieces -= runs.length;
      return directory;
    }
    runs.splice(1);
    const first = runs[0] ? Math.min(size, this.#space.blockSize, runLength(runs[0])) : 0;
    if (size > first)
      this.#findings.add(
        'damage',
        'directories-overlap',
        entry.offset,
        'ECMA-167 4/8.6',
        'Directories overlap: together they are larger than the image. Of this one only the first block was read.',
      );
    return { ...directory, size: first, whole: size <= first };
  }

  /** The next directories: the wanted one alone, a large one alone, or some small ones. */
  #take(wanted: EntryId | null): Directory[] {
    const first = (wanted !== null && this.#pending.take(wanted)) || this.#pending.next();
    if (!first) return [];
    const batch = [first];
    this.#pieces += first.entry.allocation.runs.length;
    let bytes = first.size;
    while (batch.length < TOGETHER && wanted === null) {
      const next = this.#pending.next();
      if (!next) break;
      bytes += next.size;
      if (bytes > TOGETHER_BYTES) {
        this.#pending.add(next);
        break;
      }
      this.#pieces += next.entry.allocation.runs.length;
      batch.push(next);
    }
    return batch;
  }

  async #together(batch: readonly Directory[], sink: EntrySink, signal: AbortSignal | undefined): Promise<void> {
    const parts = await scanDirectories(
      this.#gather,
      batch.map((directory) => ({ directory, from: 0, length: directory.size, last: true })),
      this.#findings,
      signal,
    );
    const entries = await this.#entries(parts, signal);
    const children: Directory[] = [];
    for (const part of parts) {
      if (this.#full) return;
      const { id } = part.directory;
      sink.begin(id);
      placeDirectory(part.directory, sink);
      this.#add(part, entries, sink, children);
      sink.end(id, part.scan.complete && isWhole(part.directory) && !this.#full);
    }
    this.#enter(children, sink);
  }

  /** One directory in parts, each with its children's ICBs. */
  async #large(directory: Directory, sink: EntrySink, signal: AbortSignal | undefined): Promise<void> {
    const { id, entry } = directory;
    const children: Directory[] = [];
    let complete = isWhole(directory);
    const end = Math.min(directory.size, MAX_DIRECTORY);
    if (end < directory.size) {
      complete = false;
      this.#findings.add(
        'damage',
        'directory-size',
        entry.offset + 56,
        'ECMA-167 4/8.6',
        `A directory claims ${directory.size} bytes; ${end} were read.`,
      );
    }
    sink.begin(id);
    placeDirectory(directory, sink);
    for (let from = 0; from < end && !this.#full;) {
      const length = Math.min(TOGETHER_BYTES, end - from);
      const parts = await scanDirectories(this.#gather, [{ directory, from, length, last: from + length >= end }], this.#findings, signal);
      const entries = await this.#entries(parts, signal);
      const [part] = parts;
      if (!part) break;
      complete &&= part.scan.complete;
      this.#add(part, entries, sink, children);
      if (from + length >= end || part.scan.used === 0) break;
      from += part.scan.used;
    }
    sink.end(id, complete && !this.#full);
    this.#enter(children, sink);
  }

  /** The file entries of all children in these parts. */
  async #entries(parts: readonly ScannedPart<Directory>[], signal: AbortSignal | undefined): Promise<ChildEntries> {
    const addresses: number[] = [];
    const directories: number[] = [];
    for (const { scan } of parts) {
      for (const { icb, directory } of scan.identifiers) {
        if (icb < 0) continue;
        if (directory) directories.push(addresses.length);
        addresses.push(icb);
      }
    }
    const plain = new PlainEntries(addresses.length, this.#space);
    for (const slot of directories) plain.bar(slot);
    return { plain, found: await this.#icbs.read(addresses, this.#findings, signal, plain), next: 0 };
  }

  #add({ directory, scan }: ScannedPart<Directory>, entries: ChildEntries, sink: EntrySink, children: Directory[]): void {
    const plain = this.#plain;
    for (const identifier of scan.identifiers) {
      const { names, nameStart, nameEnd, icb } = identifier;
      const slot = icb >= 0 ? entries.next++ : -1;
      if (slot >= 0 && entries.plain.has(slot)) {
        entries.plain.fill(slot, plain);
        plain.record = icb;
        plain.hidden = identifier.hidden;
        if (sink.add(plain, names, nameStart, nameEnd) >= 0) continue;
        this.#full = true;
        return;
      }
      const entry = slot < 0 ? null : (entries.found[slot] ?? null);
      const scanned = scannedEntry(identifier, entry, this.#space.held);
      const id = sink.add(scanned, names, nameStart, nameEnd);
      if (id < 0) {
        this.#full = true;
        return;
      }
      if (entry && entry.streams >= 0) this.streams++;
      if (scanned.kind !== 'directory') {
        if (identifier.directory && entry)
          this.#findings.add(
            'warning',
            'directory-flag',
            entry.offset + 27,
            'ECMA-167 4/14.4.3',
            'An identifier says that its entry is a directory; its ICB says that it is none, and is believed.',
          );
        continue;
      }
      if (entry) this.#found(directoryOf(id, entry, directory), children);
      else this.#closed.push(id);
    }
  }

  /** Take a directory to be read, or tell why it is listed only. */
  #found(child: Directory, children: Directory[]): void {
    const { id, entry, depth } = child;
    if (depth <= MAX_DEPTH && !this.#visited.has(entry.offset)) {
      this.#visited.add(entry.offset);
      children.push(child);
      return;
    }
    this.#closed.push(id);
    if (depth > MAX_DEPTH)
      this.#findings.add(
        'damage',
        'directory-depth',
        entry.offset,
        'ECMA-167 4/8.6',
        `A directory lies more than ${MAX_DEPTH} levels deep; it is listed, not entered.`,
      );
    else if (isAncestor(child))
      this.#findings.add(
        'damage',
        'directory-loop',
        entry.offset,
        'ECMA-167 4/8.6',
        'A directory contains itself; it is listed, not entered again.',
      );
    else
      this.#findings.add(
        'warning',
        'directory-shared',
        entry.offset,
        'ECMA-167 4/8.6',
        'Two identifiers name one directory; the second is listed, not entered again.',
      );
  }

  /** Queue the directories just found; those that are not entered are closed. */
  #enter(children: readonly Directory[], sink: EntrySink): void {
    const closed = this.#closed;
    this.#closed = [];
    if (this.#full) return;
    for (const child of children) this.#pending.add(this.#afford(child));
    for (const id of closed) {
      sink.begin(id);
      sink.end(id, false);
    }
  }
}

function directoryOf(id: EntryId, entry: FileEntry, parent: Directory | null): Directory {
  const { runs, length } = entry.allocation;
  return { id, offset: firstOffset(runs), size: length, depth: parent ? parent.depth + 1 : 0, parent, entry, whole: true };
}

/** Say where a directory's identifiers are, as far as they are read. */
function placeDirectory({ id, size, entry }: Directory, sink: EntrySink): void {
  let left = Math.min(size, MAX_DIRECTORY);
  for (const run of entry.allocation.runs) {
    if (left <= 0) return;
    if ('offset' in run) sink.place?.(id, run.offset, Math.min(run.length, left));
    left -= runLength(run);
  }
}

function isWhole({ whole, entry }: Directory): boolean {
  return whole && entry.allocation.lacking === 0;
}

function isAncestor({ entry, parent }: Directory): boolean {
  for (let above = parent; above; above = above.parent) if (above.entry.offset === entry.offset) return true;
  return false;
}

/** One entry by its identifier and its file entry; without the latter only its name is known. */
function scannedEntry(identifier: FileIdentifier, entry: FileEntry | null, held: Held): ScannedEntry {
  const { hidden, icb, directory } = identifier;
  const kind = entry ? kindOf(entry) : directory ? 'directory' : 'file';
  const plain = kind === 'file';
  let presence: ScannedEntry['presence'] = 'whole';
  if (plain) presence = entry ? entryPresence(entry, held) : 'missing';
  return {
    name: nameOf(identifier),
    kind,
    size: plain && entry ? entry.allocation.length : 0,
    modified: entry ? entry.modified : NaN,
    offset: entry ? firstOffset(entry.allocation.runs) : NaN,
    record: icb >= 0 ? icb : NO_RECORD,
    presence,
    hidden,
    associated: false,
    content: true,
    scattered: plain && entry !== null && !isOnePiece(entry.allocation),
  };
}

/** Whether all that a file claims is in the image (ECMA-167 4/14.9.10). */
export function entryPresence({ allocation }: FileEntry, held: Held): ScannedEntry['presence'] {
  if (allocation.lacking > 0) return allocation.length > 0 ? 'cut' : 'missing';
  return presenceOf(allocation.runs, held);
}

function isOnePiece({ runs, length }: FileEntry['allocation']): boolean {
  const [run] = runs;
  return runs.length === 0 || (runs.length === 1 && run !== undefined && 'offset' in run && run.length === length);
}

function firstOffset(runs: readonly Run[]): number {
  for (const run of runs) if ('offset' in run) return run.offset;
  return NaN;
}
