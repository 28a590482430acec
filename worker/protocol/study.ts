import type { EntryId, EntryRow, ViewId } from './entry.ts';
import type { Finding } from './finding.ts';
import type { SortKey } from './inspector.ts';
import type { Pattern } from './preview.ts';

/** What is looked for among the names of a view. */
export interface SearchRequest {
  readonly view: ViewId;
  /** As typed: worker/search/query.ts has the grammar. */
  readonly text: string;
  /** Directories with all below them, and single files; null for the whole disc. */
  readonly scope: Uint32Array | null;
  readonly sort: SortKey;
  readonly descending: boolean;
}

export interface SearchAnswer {
  /** All that was found, in order (transferred). */
  readonly entries: Uint32Array;
  /** Why the text is not understood, a plain sentence; empty where it is. Nothing was looked for then. */
  readonly problem: string;
  /** True once the whole tree is read: nothing more will be found. */
  readonly final: boolean;
}

/** What is looked for in the contents of files. */
export interface ContentsRequest {
  readonly view: ViewId;
  /** Which files, as `SearchRequest` has it. */
  readonly text: string;
  readonly scope: Uint32Array | null;
  /** Any of these. */
  readonly patterns: readonly Pattern[];
}

/** A file that holds what is looked for. */
export interface Hit {
  readonly entry: EntryId;
  /** Offsets in its contents, the first of them. */
  readonly at: readonly number[];
  /** How many bytes the first one has. */
  readonly length: number;
  /** How many places there are in all. */
  readonly count: number;
}

export interface ContentsAnswer {
  /** Why the text is not understood; empty where it is. */
  readonly problem: string;
  /** All files that hold it: news may still be on their way. */
  readonly hits: readonly Hit[];
  /** Files that were looked through, and those that could not be read or decoded. */
  readonly files: number;
  readonly unread: number;
}

/** Checksums of a file's contents, in hex of small letters. */
export interface Checksums {
  readonly crc32: string;
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

/** Another name of the same contents or directory, in one of the trees. */
export interface OtherName {
  readonly view: ViewId;
  /** The tree's name: "Joliet". */
  readonly title: string;
  readonly entry: EntryId;
  readonly path: string;
}

/** What takes the room of a directory, all below it counted. */
export interface Shares {
  /** Directories from the root to this one. */
  readonly path: readonly EntryRow[];
  /** Its largest entries, the largest first. */
  readonly rows: readonly EntryRow[];
  /** How many more there are, and their bytes together. */
  readonly others: number;
  readonly otherBytes: number;
  /** Bytes of all. */
  readonly bytes: number;
}

/** What is asked of an open image beyond its lists: loaded with the first question, anew for another session. */
export interface Study {
  /** Find entries by name, size, date, kind. `onFound` hears of them on the way where it takes longer. A new search ends the one before. */
  search(request: SearchRequest, onFound: (entries: Uint32Array) => void): Promise<SearchAnswer>;
  /** End a search; its promise rejects with an AbortError. */
  stopSearch(): Promise<void>;
  /**
   * Find files by their contents, in the order of their places on the disc. `onNews` hears of them, and of bytes looked
   * through, of how many. Ended as a search by name is.
   */
  searchContents(request: ContentsRequest, onNews: (hits: readonly Hit[], done: number, total: number) => void): Promise<ContentsAnswer>;
  /** The checksums of a file that the image holds whole; `onProgress` is told of bytes. A new pass, or `stopChecksums`, ends one under way as cancelled. */
  checksums(view: ViewId, entry: EntryId, onProgress: (done: number) => void): Promise<Checksums>;
  stopChecksums(): Promise<void>;
  /** Other names of an entry, in its own tree and in those that are read. */
  otherNames(view: ViewId, entry: EntryId): Promise<readonly OtherName[]>;
  /** Findings that concern an entry: they lie in its record or its contents. */
  findingsOf(view: ViewId, entry: EntryId): Promise<readonly Finding[]>;
  /** What takes the room of a directory; null while the tree is being read. `hidden`: hidden entries count too. */
  shares(view: ViewId, directory: EntryId, hidden: boolean): Promise<Shares | null>;
  /** Make ready what searches by name need, as somebody is about to type. */
  prepareSearch(view: ViewId): Promise<void>;
}
