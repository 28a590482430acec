import type { BootCatalogEntry, BootReport } from './boot.ts';
import type { MapSummary } from './disc-map.ts';
import type { CharsetId } from './charset.ts';
import type { EntryDetails, EntryId, EntryRow, NestedViewId, RecordKey, ViewId } from './entry.ts';
import type { Finding } from './finding.ts';
import type { IdentityReport } from './identity.ts';
import type { Inspection } from './inspection.ts';
import type { Looking } from './preview.ts';
import type { Study } from './study.ts';
import type { ImagePart, ImagePartition } from './partition.ts';
import type { WholeReport } from './whole.ts';
import type { FolderSurvey, ListRequest, SaveDestination, SavePlanSummary, SaveProgress, SaveRequest, SaveResult } from './save.ts';

/** What a file was recognised as, and what a person can do about it where it cannot be opened. */
export interface Detection {
  /** A stable word: `iso9660`, `udf`, `zip`, `text`, `zeros`, `truncated`, ... */
  readonly id: string;
  /** "ISO 9660 disc image", "web page": what follows "This is a …". */
  readonly title: string;
  /** True where Isoscope opens it. */
  readonly readable: boolean;
  /** What the bytes say, a plain sentence; empty for what is opened. */
  readonly explanation: string;
  /** What to do next, plain sentences; empty for what is opened. */
  readonly advice: readonly string[];
  /** Where the evidence stands in the file and its first bytes, for those who want to see it. */
  readonly evidence: readonly { readonly label: string; readonly value: string; readonly at: number | null }[];
}

/** `unread`: not asked for yet; `reading`: rows come; `read`: all there; `failed`: no root. */
export type ViewState = 'unread' | 'reading' | 'read' | 'failed';

/** One tree of the disc in figures. */
export interface ViewSummary {
  readonly id: ViewId;
  /** "Rock Ridge", "Joliet": the field's name. */
  readonly title: string;
  /** Volume identifier of this tree. */
  readonly label: string;
  readonly state: ViewState;
  /** False once damage was found in this tree. */
  readonly sound: boolean;
  readonly files: number;
  readonly directories: number;
  /** Sum of the files' sizes. */
  readonly bytes: number;
  /** Files whose bytes are not all in the image. */
  readonly cut: number;
  /** True where reading stopped at the named bound (2,000,000 entries). */
  readonly bounded: boolean;
  /** False where recorded times name no zone, and UTC is assumed. */
  readonly zoneKnown: boolean;
  /** True where names are 8-bit, so that the choice of a charset changes them. */
  readonly takesCharset: boolean;
}

/** An image that is a file of another view, opened in place. Its view answers all questions as any other does. */
export interface NestedImage {
  readonly id: NestedViewId;
  /** The file that holds it. */
  readonly view: ViewId;
  readonly entry: EntryId;
  readonly path: string;
  readonly summary: ViewSummary;
}

/** One session of a disc that was written in several, or an earlier state of one written bit by bit. */
export interface SessionSummary {
  /** Counted from 1, the oldest. */
  readonly number: number;
  /** `state`: not a session, but how the disc was when an earlier table of it was written (VAT of UDF). */
  readonly kind: 'session' | 'state';
  /** Its first sector; of a state that of its table, which was written last. */
  readonly start: number;
}

/** How a session differs from the one before it, by path, place and size. */
export interface SessionDifference {
  /** Entries of the open session that the one before does not have, or has with other contents. */
  readonly added: Uint32Array;
  readonly changed: Uint32Array;
  /** Paths of the one before that are gone, the first of them, and how many in all. */
  readonly removed: readonly string[];
  readonly removedCount: number;
}

/** The image as a whole: plain data, sent again whenever it changes while being read. */
export interface ImageOverview {
  readonly name: string;
  readonly size: number;
  readonly detection: Detection;
  readonly views: readonly ViewSummary[];
  /** Images inside that were opened in place, in that order. */
  readonly nested: readonly NestedImage[];
  /** The view to show first; null where nothing can be shown. */
  readonly shown: ViewId | null;
  /** Volume identifier of the shown view; empty where there is none. */
  readonly label: string;
  /** Bytes that the volume promises beyond the end of the file; 0 for a whole one. */
  readonly missing: number;
  /** Milliseconds since 1970 UTC of the volume's creation; null where it does not say. */
  readonly created: number | null;
  /** Bytes of the image read so far. */
  readonly bytesRead: number;
  readonly findings: { readonly note: number; readonly warning: number; readonly damage: number };
  /** True when every view has been read. */
  readonly complete: boolean;
  /** All sessions, oldest first; one for most discs. */
  readonly sessions: readonly SessionSummary[];
  /** The session that is open; without a choice the last, as a drive shows it. */
  readonly session: number;
  /** Charset of 8-bit names as chosen; null: guessed name by name. */
  readonly charset: CharsetId | null;
  /** False for a medium that is not 2,048-byte sectors from the file's first byte: `planImage` makes one of it. */
  readonly plain: boolean;
  /** Raw data sectors that carry a sum of their own, to be compared by `checkSectors`; 0 for a plain image. */
  readonly summed: number;
}

/** What came of comparing raw sectors with their error detection codes (ECMA-130 14.3). */
export interface SectorSums {
  readonly checked: number;
  readonly bad: number;
  /** The bad ones by name, the first of them. */
  readonly findings: readonly Finding[];
}

export type SortKey = 'name' | 'size' | 'modified' | 'kind' | 'offset' | RecordKey;

/** How a directory is listed. Directories stand before files whatever the key. */
export interface ListOptions {
  readonly sort: SortKey;
  readonly descending: boolean;
  /** Show hidden and associated entries too. */
  readonly hidden: boolean;
  /** Only names that contain this, case ignored; empty for all. */
  readonly filter: string;
  /** What the rows that come with the list are to have beside the rest. */
  readonly columns?: readonly RecordKey[];
}

/** The children of one directory in order. */
export interface Listing {
  readonly view: ViewId;
  readonly directory: EntryId;
  /** Directories from the root to this one. */
  readonly path: readonly EntryRow[];
  /** Entries in order (transferred). */
  readonly entries: Uint32Array;
  /** How many hidden and associated entries were left out. */
  readonly hiddenCount: number;
  /** False while the directory has not been read (whole) yet. */
  readonly complete: boolean;
  /** True once the whole tree is read: rows of directories have their sizes then, and nothing changes any more. */
  readonly final: boolean;
  /** The rows of the first entries: what a screen shows at once needs no second question. */
  readonly rows: readonly EntryRow[];
}

/** One directory in the tree pane. */
export interface TreeNode {
  readonly entry: EntryId;
  readonly name: string;
  /** Files and directories directly inside; null while not read. */
  readonly children: number | null;
  readonly hasDirectories: boolean;
  readonly hidden: boolean;
}

/** Count and bytes of a selection with everything below its directories. */
export interface Measure {
  readonly files: number;
  readonly directories: number;
  /** Symbolic links, and what is neither file, directory nor link. */
  readonly links: number;
  readonly others: number;
  readonly bytes: number;
  /** Files not wholly in the image, and the bytes they should have. */
  readonly cut: number;
  readonly cutBytes: number;
}

/** The report of `report IMAGE --json` and of "Copy report" (schema: docs/report.schema.json). */
export interface InspectionReport extends BootReport {
  readonly isoscope: string;
  readonly name: string;
  readonly size: number;
  /** The word of `Detection.id`. */
  readonly detected: string;
  readonly title: string;
  /** The answer to "What is it?". */
  readonly identity: IdentityReport;
  readonly shown: ViewId | null;
  readonly views: readonly ViewSummary[];
  readonly volumes: readonly VolumeReport[];
  /** The answer to "Is it whole?", from what the disc says of itself and a few small reads. */
  readonly whole: WholeReport;
  /** The map of the disc in figures; null where nothing can be read. */
  readonly map: MapSummary | null;
  readonly findings: readonly Finding[];
}

export interface VolumeReport {
  readonly format: string;
  /** Descriptor fields by their standard's name: text, numbers (sizes in blocks), ISO 8601 dates. */
  readonly descriptors: readonly {
    readonly title: string;
    readonly at: number;
    readonly fields: Readonly<Record<string, string | number | null>>;
  }[];
}

/**
 * The door between page and worker: one open image per worker. All answers are cloneable; errors
 * keep their fields (protocol/transfer).
 */
export interface Inspector extends Looking {
  /** Open an image (its first file; more where one image has several) and begin to read it. */
  open(files: readonly File[], onChange: (overview: ImageOverview) => void): Promise<ImageOverview>;
  overview(): Promise<ImageOverview>;
  /** Begin to read a view that is not read yet; resolves when its root directory can be listed. */
  choose(view: ViewId): Promise<ImageOverview>;
  /**
   * Open the file system inside a file (`EntryDetails.nested` says whether there is one) as a view of its own, once: later
   * calls give the same one. Unsupported where there is none.
   */
  openNested(view: ViewId, entry: EntryId): Promise<NestedImage>;
  /** Open another session of the same image; views and entries are new ones then. */
  chooseSession(session: number): Promise<ImageOverview>;
  /** Read 8-bit names in a charset (null: guess); rows, trees and paths must be asked for again. */
  chooseCharset(charset: CharsetId | null): Promise<ImageOverview>;
  /** Files of this view whose contents (place and size) are in no file of the other; both are read for it. */
  onlyIn(view: ViewId, other: ViewId): Promise<Uint32Array>;
  /** How the open session differs from the one before, in the view given; null for the first. */
  compareSessions(view: ViewId): Promise<SessionDifference | null>;
  /** Compare all raw data sectors with their sums; `onProgress` is told how many were. A new check, or `stopChecking`, ends one under way as cancelled. */
  checkSectors(onProgress: (sectors: number) => void): Promise<SectorSums>;
  stopChecking(): Promise<void>;
  /** A plan (see `plan`) of the whole image as plain 2,048-byte sectors, or of a part of that. */
  planImage(part?: ImagePart): Promise<SavePlanSummary>;
  /** A plan (see `plan`) of a list of entries; for `sha256` all their files are read when it is carried out. */
  planList(request: ListRequest): Promise<SavePlanSummary>;
  /** The partitions of an image that is a disk too; empty for most. */
  partitions(): Promise<readonly ImagePartition[]>;
  /** The boot images that the boot catalog names, without a look into them. */
  bootEntries(): Promise<readonly BootCatalogEntry[]>;
  /** List a directory, read ahead of others where it has to be; without a view, of the one that is shown first, as soon as the image is open. */
  list(view: ViewId | null, directory: EntryId, options: ListOptions): Promise<Listing>;
  /** Rows of a table; `columns` that stand in the entries' records are read for it. */
  rows(view: ViewId, entries: Uint32Array, columns?: readonly RecordKey[]): Promise<EntryRow[]>;
  /** The directories directly inside one, in order of name. */
  directories(view: ViewId, parent: EntryId, hidden: boolean): Promise<TreeNode[]>;
  /** Directories from the root to this entry, root first, the entry itself last. */
  ancestors(view: ViewId, entry: EntryId): Promise<EntryRow[]>;
  details(view: ViewId, entry: EntryId): Promise<EntryDetails>;
  /** Index in `entries` of the first name at or after `from` (wrapping) that starts with `prefix`; -1. */
  findPrefix(view: ViewId, entries: Uint32Array, prefix: string, from: number): Promise<number>;
  /** `hidden`: count hidden and associated entries inside directories too, as a save with the same wish takes them. */
  measure(view: ViewId, entries: Uint32Array, hidden: boolean): Promise<Measure>;
  report(): Promise<InspectionReport>;
  /** What answers searches and the like of the session that is open. */
  study(): Promise<Study>;
  /** What tells of the session that is open as a whole. */
  inspection(): Promise<Inspection>;
  /** What a save would do: name, size, changed names, what must be left out. Nothing is written. */
  plan(request: SaveRequest): Promise<SavePlanSummary>;
  /** A plan (see `plan`) of one named stream of an entry, by its index in the entry's details. */
  planStream(view: ViewId, entry: EntryId, stream: number): Promise<SavePlanSummary>;
  /** Look which of a plan's files a folder has already, before the plan is carried out there. Nothing is written. */
  survey(plan: number, folder: FileSystemDirectoryHandle): Promise<FolderSurvey>;
  /** Carry out a plan, once. */
  save(plan: number, destination: SaveDestination, onProgress: (progress: SaveProgress) => void): Promise<SaveResult>;
  /** Cancel a running save; its promise rejects with an AbortError. */
  cancel(plan: number): Promise<void>;
  /** Hold a running save (nothing more is read or written), or let it go on. */
  pause(plan: number, paused: boolean): Promise<void>;
  /** Paths of entries as `find` takes them, in the order given. */
  paths(view: ViewId, entries: Uint32Array): Promise<string[]>;
  /** The entries at paths, as after the image was opened again; those that are not there are left out. */
  find(view: ViewId, paths: readonly string[]): Promise<Uint32Array>;
  /** Name of a lock (navigator.locks) that the worker holds as long as it lives; null where there are none. */
  lifeline(): Promise<string | null>;
}
