import type { BootCatalogReport, BootCatalogEntry } from '../protocol/boot.ts';
import type { VolumeReport } from '../protocol/inspector.ts';
import type { CharsetId } from '../protocol/charset.ts';
import type { EntryId, EntryKind, Presence, ViewId } from '../protocol/entry.ts';
import type { ByteSource } from '../source/source.ts';
import type { Run } from '../source/runs.ts';
import type { Findings } from './findings.ts';

/** One entry as a driver found it, for the catalog's columns. */
export interface ScannedEntry {
  /** The name as recorded (8-bit names verbatim; UCS-2 and CS0 as UTF-8, lone surrogates as WTF-8). */
  readonly name: Uint8Array;
  readonly kind: EntryKind;
  /** Decoded bytes of a file; 0 for all else. */
  readonly size: number;
  /** Milliseconds since 1970 UTC; NaN where not recorded. */
  readonly modified: number;
  /** Absolute offset of the first stored byte; NaN where nothing is stored. */
  readonly offset: number;
  /** Where the entry's record stands: what `Volume.describe` takes. An integer below 2^53. */
  readonly record: number;
  readonly presence: Presence;
  readonly hidden: boolean;
  readonly associated: boolean;
  /** False for a structure that is not a person's file (boot catalog): not counted among contents. */
  readonly content: boolean;
  /** True for a file whose stored bytes are not `size` bytes from `offset` on: its record says where they are. */
  readonly scattered?: boolean;
}

/**
 * Where a driver puts what it finds; the catalog implements it. The root (entry 0) exists from the
 * start. All children of a directory are added between `begin` and `end`, and directories are not
 * nested inside each other's begin/end; `end` with complete = false says that part of it was unreadable.
 */
export interface EntrySink {
  begin(directory: EntryId): void;
  /**
   * Adds a child of the directory begun; returns its id, or -1 when the catalog is full: stop then. Its
   * name may be given as a range of bytes that hold more: a tree of many entries need make no array for each.
   */
  add(entry: ScannedEntry, names?: Uint8Array, from?: number, to?: number): EntryId;
  end(directory: EntryId, complete: boolean): void;
  /** Says where a directory's own records stand, or blocks that continue those of its entries: once for each piece. */
  place?(directory: EntryId, offset: number, length: number): void;
}

/** Bytes of a medium that are no entry's contents: a descriptor, a table, a copy of either. */
export interface DiscStructure {
  /** Absolute offset of its first byte. */
  readonly offset: number;
  readonly length: number;
  /** "Primary volume descriptor": what the standard calls it. */
  readonly name: string;
  /** True for an area that other structures and files may lie in: they go before it. */
  readonly area?: boolean;
}

/** What the record of one entry says, read again when asked for. */
export interface EntryRecord {
  readonly kind: EntryKind;
  readonly size: number;
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly links: number | null;
  /** Target of a symbolic link: its bytes as recorded (8-bit or UTF-8), components joined by "/". */
  readonly target: Uint8Array | null;
  readonly device: readonly [number, number] | null;
  readonly times: { readonly modified?: number; readonly created?: number; readonly accessed?: number; readonly changed?: number };
  readonly zoneKnown: boolean;
  /** Stored bytes in order, absolute in the image; may run past its end. */
  readonly runs: readonly Run[];
  /** How many runs there are, told where it costs something to make them. */
  readonly pieces?: number;
  readonly presence: Presence;
  /** Name of the compression of the stored bytes; null for plain. */
  readonly compression: string | null;
  /** Extended attributes as they are recorded (AAIP 2.0), where the format has such. */
  readonly attributes?: Uint8Array | null;
  /** Entries with the same key are links to one file (extent or serial number); null where unknown. */
  readonly identity: string | null;
}

/** What the records of trees without owners, modes and links lack. */
export const NO_ATTRIBUTES = {
  mode: null,
  uid: null,
  gid: null,
  links: null,
  target: null,
  device: null,
  compression: null,
  identity: null,
} as const satisfies Partial<EntryRecord>;

/** Further contents of an entry under a name of their own: `describe` takes the record, `open` what it gives. */
export interface NamedStream {
  /** As recorded, in the form of the volume's names. */
  readonly name: Uint8Array;
  readonly record: number;
  readonly size: number;
  readonly presence: Presence;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /**
   * Called after each window of records, awaited: the place to tell progress, to yield, and to say
   * which directory somebody waits for: its id is read next (null: on in order of place).
   */
  readonly onWindow?: () => Promise<EntryId | null> | EntryId | null;
}

/** One tree of a disc. Read only. */
export interface Volume {
  readonly id: ViewId;
  /** The field's name of this kind of tree: "Joliet". */
  readonly title: string;
  /** Volume identifier. */
  readonly label: string;
  /** Volume creation, milliseconds since 1970 UTC; null where not recorded. */
  readonly created: number | null;
  /** False where recorded times name no zone (UTC is assumed). */
  readonly zoneKnown: boolean;
  /** Bytes the volume claims, from the start of the image; null where it does not say. */
  readonly claimedSize: number | null;
  /** What was seen in this tree alone. */
  readonly findings: Findings;
  /** Read 8-bit names in this charset from now on; null: guess. Absent where names are Unicode. */
  useCharset?(charset: CharsetId | null): void;
  /** Read all directories into the sink, in windows in order of place; may be called again. */
  read(sink: EntrySink, options?: ReadOptions): Promise<void>;
  /** A name's or a link target's bytes as text; bytes that are no text become U+FFFD. */
  decodeName(bytes: Uint8Array): string;
  /** The records at these places, in the same order, by windows. Throws ImageError for a bad one. */
  describe(records: ArrayLike<number>, signal?: AbortSignal): Promise<EntryRecord[]>;
  /** False where the reading of the tree has shown that no entry has named streams. */
  readonly hasStreams?: boolean;
  /** True where an entry's record has a block of its own, apart from the directories (`recordSpan` says which). */
  readonly recordsApart?: boolean;
  /** The named streams of the entries at these places, in the same order; absent where the format has none. */
  streams?(records: ArrayLike<number>, signal?: AbortSignal): Promise<NamedStream[][]>;
  /** Absolute offset and least length of an entry's record, by the catalog's number for it; absent where records have no place. */
  recordSpan?(record: number): readonly [offset: number, length: number];
  /** The contents of a described file, decoded: `size` bytes. Throws ImageError where it cannot be. */
  open(record: EntryRecord, name: string): ByteSource;
}

/** What a driver found on a medium. */
export interface OpenedFormat {
  readonly volumes: readonly Volume[];
  readonly report: readonly VolumeReport[];
  readonly boot: readonly BootCatalogEntry[];
  readonly bootCatalog?: BootCatalogReport | null;
  /** What was seen on the medium outside of any one tree. */
  readonly findings: Findings;
  /** Sectors that `open` takes as sessions: states of the disc that the format itself keeps, oldest first (VAT of UDF). */
  readonly states?: readonly number[];
  /** The structures outside of the trees, looked for when asked: they may run past the end of the image, and overlap. */
  structures?(signal?: AbortSignal): Promise<readonly DiscStructure[]>;
}

/** A file system format. The order of formats in `inspect/detect` is the order of detection. */
export interface VolumeFormat {
  readonly id: string;
  readonly title: string;
  /**
   * Whether the source holds this format: cheap, a few reads, never throws for odd content.
   * `session` is the sector at which the wanted session begins; 0 for the first or only one. `alone` is
   * false where another file system was opened: then only what the beginning says is worth a read.
   */
  probe(source: ByteSource, signal?: AbortSignal, session?: number, alone?: boolean): Promise<boolean>;
  open(source: ByteSource, signal?: AbortSignal, session?: number): Promise<OpenedFormat>;
}
