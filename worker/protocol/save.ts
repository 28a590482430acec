import type { EntryId, ViewId } from './entry.ts';

/**
 * `file`: one file as it is; `zip`, `tar` and `tgz` (.tar.gz): the selection with its tree; `folder`: the same as
 * files in a folder that the user chose.
 */
export type SaveFormat = 'file' | 'zip' | 'tar' | 'tgz' | 'folder';

/** `stored`: not at all; `fast`: the browser's own deflate; `small`: tries longer. What does not shrink is stored. */
export type Compression = 'stored' | 'fast' | 'small';

/** What to save. */
export interface SaveRequest {
  readonly view: ViewId;
  /** Files and directories (whole); the root for the whole disc. */
  readonly entries: Uint32Array;
  readonly format: SaveFormat;
  /** Only for `zip` and `tgz` (where `stored` is as `fast`). */
  readonly compression: Compression;
  /** Save what is present of files that the image does not hold whole (named `.partial`). */
  readonly partial: boolean;
  /** Save such files at their full size under their own names, with zeros for what the image lacks: only by explicit choice. */
  readonly holes?: 'zeros';
  /** Include hidden and associated entries found inside selected directories. */
  readonly hidden: boolean;
}

/** A list of entries instead of the entries: `csv` and `json` say what the disc says of each, `sha256` sums up the files. */
export type ListFormat = 'csv' | 'json' | 'sha256';

/** Which list to save, and of what: see SaveRequest. */
export type ListRequest = Pick<SaveRequest, 'view' | 'entries' | 'hidden'> & { readonly list: ListFormat };

/** An entry whose name in the output differs from its name on the disc, or that is left out. */
export interface SaveChange {
  readonly entry: EntryId;
  /** Path on the disc. */
  readonly path: string;
  /** Path in the output; null where the entry is left out. */
  readonly saved: string | null;
  /** One sentence: why. */
  readonly reason: string;
}

/** A plan in figures, before anything is written. */
export interface SavePlanSummary {
  readonly plan: number;
  /** File name to propose. */
  readonly name: string;
  /** Files of the output, among them the texts that stand for links (`linkTexts`). */
  readonly files: number;
  readonly directories: number;
  /** Symbolic links that stay links, those that become texts, and devices. */
  readonly links: number;
  readonly linkTexts: number;
  readonly devices: number;
  /** Bytes of the contents to be saved. */
  readonly bytes: number;
  /** Exact bytes of the output; null where it is only known after compressing. */
  readonly size: number | null;
  /** Bytes that must pass through memory if there is no file to write to (0: slices do it all). */
  readonly computed: number;
  /** The first of the changes (MAX_CHANGES at most), and how many there are in all. */
  readonly changes: readonly SaveChange[];
  readonly changeCount: number;
  readonly leftOutCount: number;
  /** Directories that could not be read, or not whole: saved with what is known of them. Each is one change. */
  readonly incompleteCount: number;
  /** Named streams of what is saved: no form keeps them, each is saved by itself. */
  readonly streams: number;
  /** What to know of a `folder` before it is written; null for all else. */
  readonly folder: FolderOutlook | null;
}

/** Files from which on an archive is faster than a folder: the browser checks each file as it is closed. */
export const ARCHIVE_FROM = 300;

/** What a folder will be short of, as the browser writes it. */
export interface FolderOutlook {
  /** Worth saying that an archive is faster (`ARCHIVE_FROM`). */
  readonly archiveIsFaster: boolean;
  /** How many entries lose what a folder cannot keep: times, permissions, links (which become texts), devices. */
  readonly lost: { readonly times: number; readonly modes: number; readonly links: number; readonly devices: number };
}

/**
 * What is done where a folder has a file of the name already. `different`: replaced unless size and bytes are
 * the same; `keep-both`: the new one gets a number. A directory is never replaced, nor anything by one.
 */
export const EXISTING_FILES = ['skip', 'replace', 'keep-both', 'different'] as const;
export type ExistingFiles = (typeof EXISTING_FILES)[number];

/** What a folder holds before something is saved into it. */
export interface FolderSurvey {
  /** Files of the plan whose names are taken there by a file. */
  readonly existing: number;
  /** The choice of an interrupted save of the same, which goes on by it; null where there is none. */
  readonly resumes: ExistingFiles | null;
}

/** What became of a save into a folder. */
export interface FolderReport {
  /** Files written now. */
  readonly written: number;
  /** Files there already and left as they were: by choice, or because they are the same. */
  readonly kept: number;
  /** Files that an interrupted save of the same had written before. */
  readonly resumed: number;
  /** Files that got a number because the name was taken. */
  readonly numbered: number;
  /** Files read back and compared. */
  readonly verified: number;
  /** Name of the list of what was changed or could not be kept; null where none was needed. */
  readonly manifest: string | null;
}

/**
 * Where a save goes: `blob`: the result holds a Blob for the page to hand to the browser, of which at most `limit`
 * bytes are computed into memory; `file`: the worker writes into the file that the user chose; `folder` (for the
 * format `folder`): into that directory, where `verify` reads back and compares all that was written; `download`: the
 * browser's downloads, by way of the service worker, which asks over `port` (protocol/download).
 */
export type SaveDestination =
  | { readonly to: 'blob'; readonly limit: number }
  | { readonly to: 'file'; readonly handle: FileSystemFileHandle }
  | { readonly to: 'folder'; readonly handle: FileSystemDirectoryHandle; readonly existing: ExistingFiles; readonly verify: boolean }
  | { readonly to: 'download'; readonly port: MessagePort; readonly lock: string };

export interface SaveProgress {
  /**
   * `checksum`: reading for the ZIP's CRCs; `measure`: compressing to know every size; `write`: writing or
   * assembling; `verify`: reading back what was written.
   */
  readonly phase: 'checksum' | 'measure' | 'write' | 'verify';
  /** Files that are finished, where it is known. */
  readonly files?: number;
  /** Bytes done and in all, over all phases. */
  readonly done: number;
  readonly total: number;
  /** Path of the entry at work. */
  readonly path: string;
}

export interface SaveResult {
  readonly name: string;
  /** Present where the destination is `blob`. */
  readonly blob: Blob | null;
  /** Bytes of the finished output. */
  readonly size: number;
  readonly files: number;
  /** Entries that could not be read although planned (name and reason). */
  readonly failed: readonly SaveChange[];
  /** Present where the destination is `folder`. */
  readonly folder?: FolderReport;
}
