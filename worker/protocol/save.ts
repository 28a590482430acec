import type { EntryId, ViewId } from './entry.ts';

/** `file`: one file as it is; `zip`, `tar` and `tgz` (.tar.gz): the selection with its tree. */
export type SaveFormat = 'file' | 'zip' | 'tar' | 'tgz';

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
  /** Include hidden and associated entries found inside selected directories. */
  readonly hidden: boolean;
}

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
  readonly files: number;
  readonly directories: number;
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
}

/**
 * Where a save goes: `blob`: the result holds a Blob for the page to hand to the browser, of which at most `limit`
 * bytes are computed into memory; `file`: the worker writes into the file that the user chose.
 */
export type SaveDestination =
  { readonly to: 'blob'; readonly limit: number } | { readonly to: 'file'; readonly handle: FileSystemFileHandle };

export interface SaveProgress {
  /** `checksum`: reading for the ZIP's CRCs; `measure`: compressing to know every size; `write`: writing or assembling. */
  readonly phase: 'checksum' | 'measure' | 'write';
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
}
