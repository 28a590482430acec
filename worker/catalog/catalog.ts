import { ROOT, type EntryId, type EntryKind, type Presence } from '../protocol/entry.ts';
import type { EntrySink, ScannedEntry } from '../formats/volume.ts';
import { Places } from './places.ts';

/** Past this many entries reading stops and says so; what was read stays usable. */
export const MAX_ENTRIES = 2_000_000;

const KINDS: readonly EntryKind[] = ['file', 'directory', 'symlink', 'device', 'other', 'file'];
/** The second place of `file` among the kinds: one that is not in one piece as it is. */
const SCATTERED = 5;
const PRESENCES: readonly Presence[] = ['whole', 'cut', 'missing'];
const KIND_MASK = 7;
const PRESENCE_SHIFT = 3;
const HIDDEN = 1 << 5;
const ASSOCIATED = 1 << 6;
const STRUCTURE = 1 << 7;

/** State of a directory: not read, being read, read, read with losses. */
const UNREAD = 0;
const OPEN = 1;
const READ = 2;
const PARTIAL = 3;

const INITIAL_ENTRIES = 1024;
const INITIAL_NAME_BYTES = 16 * 1024;
/** Up to so many entries the columns grow four times at a step, for every step copies all of them; then they double. */
const FAST_GROWTH = 65_536;

/**
 * The entries of one view in columns: about 45 bytes an entry and its name, so that a million
 * stay small. An entry is an index; the root is 0. The children of a directory stand together.
 */
export class Catalog implements EntrySink {
  count = 0;
  bounded = false;
  files = 0;
  directories = 0;
  /** Sum of the sizes of all files. */
  bytes = 0;
  /** Files not wholly in the image. */
  cut = 0;
  #capacity = 0;
  #flags = new Uint8Array(0);
  #parent = new Uint32Array(0);
  #size = new Float64Array(0);
  #modified = new Float64Array(0);
  #offset = new Float64Array(0);
  #record = new Float64Array(0);
  #nameStart = new Uint32Array(0);
  #names = new Uint8Array(INITIAL_NAME_BYTES);
  #nameBytes = 0;
  /** Of directories only: first child, how many, state; indexed by entry, kept sparse in a map of slots. */
  #slot = new Uint32Array(0);
  #first = new Uint32Array(64);
  #children = new Uint32Array(64);
  #state = new Uint8Array(64);
  #slots = 0;
  #current: EntryId = -1;
  /** Where directories stand, piece by piece. */
  readonly places = new Places();

  constructor() {
    this.#grow(INITIAL_ENTRIES);
    this.#append(ROOT, EMPTY_ROOT, EMPTY_ROOT.name, 0, 0);
  }

  begin(directory: EntryId): void {
    if (this.#current !== -1) throw new Error(`directory ${this.#current} is still open`);
    const slot = this.#slot[directory] as number;
    this.#current = directory;
    this.#first[slot] = this.count;
    this.#children[slot] = 0;
    this.#state[slot] = OPEN;
  }

  add(entry: ScannedEntry, names = entry.name, from = 0, to = names.length): EntryId {
    if (this.count >= MAX_ENTRIES) {
      this.bounded = true;
      return -1;
    }
    const id = this.#append(this.#current, entry, names, from, to);
    const slot = this.#slot[this.#current] as number;
    this.#children[slot] = (this.#children[slot] as number) + 1;
    if (entry.kind === 'file') {
      this.files++;
      this.bytes += entry.size;
      if (entry.presence !== 'whole') this.cut++;
    } else if (entry.kind === 'directory') this.directories++;
    return id;
  }

  end(directory: EntryId, complete: boolean): void {
    this.#state[this.#slot[directory] as number] = complete ? READ : PARTIAL;
    this.#current = -1;
  }

  place(directory: EntryId, offset: number, length: number): void {
    this.places.add(directory, offset, length);
  }

  parent(entry: EntryId): EntryId {
    return this.#parent[entry] as number;
  }
  kind(entry: EntryId): EntryKind {
    return KINDS[(this.#flags[entry] as number) & KIND_MASK] as EntryKind;
  }
  /** True for a file whose stored bytes are not its size from its offset on. */
  isScattered(entry: EntryId): boolean {
    return ((this.#flags[entry] as number) & KIND_MASK) === SCATTERED;
  }
  presence(entry: EntryId): Presence {
    return PRESENCES[((this.#flags[entry] as number) >> PRESENCE_SHIFT) & 3] as Presence;
  }
  hidden(entry: EntryId): boolean {
    return ((this.#flags[entry] as number) & HIDDEN) !== 0;
  }
  associated(entry: EntryId): boolean {
    return ((this.#flags[entry] as number) & ASSOCIATED) !== 0;
  }
  /** False for a structure of the disc that is listed as a file (boot catalog). */
  isContent(entry: EntryId): boolean {
    return ((this.#flags[entry] as number) & STRUCTURE) === 0;
  }
  /** Decoded bytes of a file, 0 for all else. */
  size(entry: EntryId): number {
    return this.#size[entry] as number;
  }
  /** Milliseconds since 1970 UTC, NaN where not recorded. */
  modified(entry: EntryId): number {
    return this.#modified[entry] as number;
  }
  /** Absolute offset of the first stored byte, NaN where nothing is stored. */
  offset(entry: EntryId): number {
    return this.#offset[entry] as number;
  }
  record(entry: EntryId): number {
    return this.#record[entry] as number;
  }
  /** The name's bytes; shares memory, valid until the next `add`. */
  name(entry: EntryId): Uint8Array {
    const end = entry + 1 < this.count ? (this.#nameStart[entry + 1] as number) : this.#nameBytes;
    return this.#names.subarray(this.#nameStart[entry], end);
  }
  /** The children of a directory as a range of ids [from, to); empty for what is not a read directory. */
  range(directory: EntryId): readonly [EntryId, EntryId] {
    if (this.kind(directory) !== 'directory') return [0, 0];
    const slot = this.#slot[directory] as number;
    if (this.#state[slot] === UNREAD) return [0, 0];
    const first = this.#first[slot] as number;
    return [first, first + (this.#children[slot] as number)];
  }
  /** A directory's own number: 0 for the root, and so on in order of entries; only for directories. */
  slot(directory: EntryId): number {
    return this.#slot[directory] as number;
  }
  /** Whether a directory has been read (as far as it can be). */
  isRead(directory: EntryId): boolean {
    return (this.#state[this.#slot[directory] as number] as number) >= READ;
  }
  /** Whether part of a directory could not be read. */
  isPartial(directory: EntryId): boolean {
    return this.#state[this.#slot[directory] as number] === PARTIAL;
  }

  /**
   * Distinct recorded contents: files with bytes, counted once for each place they begin at;
   * structures of the disc and what lies below `except` do not count.
   */
  distinctContents(): number {
    let used = 0;
    let last = -1;
    let ascending = true;
    const offsets = new Float64Array(this.files);
    for (let entry = 0; entry < this.count; entry++) {
      const flags = this.#flags[entry] as number;
      if (KINDS[flags & KIND_MASK] !== 'file' || (flags & STRUCTURE) !== 0) continue;
      const offset = this.#offset[entry] as number;
      if (!((this.#size[entry] as number) > 0 && offset === offset)) continue;
      // Most writers place contents in the order of directories: then there is nothing to sort.
      ascending &&= offset >= last;
      offsets[used++] = last = offset;
    }
    const sorted = ascending ? offsets : offsets.subarray(0, used).sort();
    let distinct = 0;
    for (let index = 0; index < used; index++) if (index === 0 || sorted[index] !== sorted[index - 1]) distinct++;
    return distinct;
  }

  /** Bytes held by the columns. */
  get memory(): number {
    return this.#capacity * (1 + 4 + 8 * 4 + 4 + 4) + this.#names.length + this.#first.length * 9 + this.places.memory;
  }

  #append(parent: EntryId, entry: ScannedEntry, names: Uint8Array, from: number, to: number): EntryId {
    if (this.count === this.#capacity) this.#grow(this.#capacity * (this.count < FAST_GROWTH ? 4 : 2));
    const id = this.count++;
    this.#flags[id] =
      (entry.kind === 'file' ? (entry.scattered ? SCATTERED : 0) : KINDS.indexOf(entry.kind)) |
      (entry.presence === 'whole' ? 0 : PRESENCES.indexOf(entry.presence) << PRESENCE_SHIFT) |
      (entry.hidden ? HIDDEN : 0) |
      (entry.associated ? ASSOCIATED : 0) |
      (entry.content ? 0 : STRUCTURE);
    this.#parent[id] = parent;
    this.#size[id] = entry.size;
    this.#modified[id] = entry.modified;
    this.#offset[id] = entry.offset;
    this.#record[id] = entry.record;
    this.#nameStart[id] = this.#nameBytes;
    const end = this.#nameBytes + to - from;
    if (end > this.#names.length) this.#names = widened(this.#names, Math.max(this.#names.length * 2, end));
    // Names are short: a loop is several times faster than TypedArray.set.
    const kept = this.#names;
    for (let at = this.#nameBytes; at < end; at++) kept[at] = names[from++] as number;
    this.#nameBytes = end;
    if (entry.kind === 'directory') {
      if (this.#slots === this.#first.length) {
        this.#first = widened(this.#first, this.#slots * 2);
        this.#children = widened(this.#children, this.#slots * 2);
        this.#state = widened(this.#state, this.#slots * 2);
      }
      this.#slot[id] = this.#slots++;
    }
    return id;
  }

  #grow(capacity: number): void {
    this.#capacity = Math.min(capacity, MAX_ENTRIES + 1);
    this.#flags = widened(this.#flags, this.#capacity);
    this.#parent = widened(this.#parent, this.#capacity);
    this.#size = widened(this.#size, this.#capacity);
    this.#modified = widened(this.#modified, this.#capacity);
    this.#offset = widened(this.#offset, this.#capacity);
    this.#record = widened(this.#record, this.#capacity);
    this.#nameStart = widened(this.#nameStart, this.#capacity);
    this.#slot = widened(this.#slot, this.#capacity);
  }
}

const EMPTY_ROOT: ScannedEntry = {
  name: new Uint8Array(0),
  kind: 'directory',
  size: 0,
  modified: NaN,
  offset: NaN,
  record: -1,
  presence: 'whole',
  hidden: false,
  associated: false,
  content: true,
};

function widened<T extends Uint8Array | Uint32Array | Float64Array>(column: T, length: number): T {
  const wider = new (column.constructor as new (length: number) => T)(length);
  wider.set(column);
  return wider;
}
