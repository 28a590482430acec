import type { BootReport, RevocationCheck } from './boot.ts';
import type { IdentityReport } from './identity.ts';
import type { DiscMap } from './disc-map.ts';
import type { SelfCheck } from './self-check.ts';
import type { FileSums, SumName } from './sums.ts';
import type { WholeReport } from './whole.ts';

/** What the report is written as. */
export type ReportKind = 'markdown' | 'json' | 'xorriso';

/**
 * What is asked of an image as a whole: whether it starts a machine, and the like. Loaded with the first question, anew for
 * another session; what was found once is kept. Each answer waits until the disc has been read.
 */
export interface Inspection {
  /** What it is, by what it holds; the boot report is made for it. */
  identity(): Promise<IdentityReport>;
  /** Whether and how it starts a machine; its boot images, loaders and menus are read for it. */
  boot(): Promise<BootReport>;
  /** Compare its loaders with a revocation list of Secure Boot (a dbx, an update of it, a text of hashes). Throws ImageError where the file is none. */
  revocations(list: Blob): Promise<RevocationCheck>;
  /** The report as a text to keep: for people, for programs, or as the xorriso command that makes such a boot setup. */
  document(kind: ReportKind): Promise<string>;
  /** Whether what it promises is there, by what it says of itself and a few small reads. */
  whole(): Promise<WholeReport>;
  /** Who owns every byte of it, over all its trees; those that are not read yet are read for it. */
  map(): Promise<DiscMap>;
  /**
   * Compare it with all checksums that it holds of itself, in one pass; `onProgress` is told of bytes, and of how many. A new
   * check, or `stopChecking`, ends one under way as cancelled.
   */
  checkItself(onProgress: (done: number, total: number) => void): Promise<SelfCheck>;
  stopChecking(): Promise<void>;
  /** Sums of the files that were opened, as they are, each read once; `onProgress` is told of bytes of all. Ended as a check is, by `stopSums`. */
  imageSums(names: readonly SumName[], onProgress: (done: number, total: number) => void): Promise<readonly FileSums[]>;
  stopSums(): Promise<void>;
}
