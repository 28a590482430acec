import type { ViewId } from './entry.ts';

/**
 * `appended`: all is there and something unexpected follows; `empty`: no bytes but zeros; `holes`: places inside that were
 * never filled; `unsure`: nothing says how long it should be, or what says so disagrees.
 */
export type WholeVerdict = 'whole' | 'truncated' | 'appended' | 'empty' | 'holes' | 'unsure';

/** One fact that the verdict rests on. */
export interface WholeEvidence {
  readonly label: string;
  readonly fact: string;
  /** Absolute offset in bytes where it stands; null where it has no place. */
  readonly place: number | null;
}

/** A file that is not all there. */
export interface LostFile {
  readonly path: string;
  readonly presence: 'cut' | 'missing';
}

/** The files of the shown view that the image's end, or a gap in it, took. */
export interface LostFiles {
  readonly view: ViewId;
  /** Files of which nothing is there, and those of which a part is. */
  readonly lost: number;
  readonly cut: number;
  /** Bytes of theirs that are missing: exact where files lie in one piece. */
  readonly bytes: number;
  /** Directories that could not be read whole: what they list is not known. */
  readonly directories: number;
  /** The first of them, in the order of the catalog. */
  readonly files: readonly LostFile[];
}

/** What follows where everything that the disc speaks of ends. */
export interface AppendedBytes {
  /** `padding`: zeros as writers leave them; `zeros`: more of them; `other`: a format that is known by its mark. */
  readonly kind: 'padding' | 'zeros' | 'signature' | 'zip' | 'image' | 'other' | 'unknown';
  /** "a ZIP file": follows "It is". */
  readonly title: string;
  /** Absolute offset and bytes. */
  readonly offset: number;
  readonly length: number;
}

/** Files that seem to hold nothing where they were looked at: only a sample is read. */
export interface ZeroSample {
  /** Files and places that were looked at. */
  readonly files: number;
  readonly places: number;
  /** Those where zeros stood that cannot be right, by the kind of file. */
  readonly wrong: readonly { readonly path: string; readonly offset: number }[];
  /** Those that were zeros wherever looked at, and may be meant so. */
  readonly blank: readonly { readonly path: string; readonly offset: number }[];
}

/** The answer to "Is it whole?" from a few small reads. */
export interface WholeReport {
  readonly verdict: WholeVerdict;
  readonly sentence: string;
  /** Bytes that are there; of a raw or wrapped medium those of its 2,048-byte sectors. */
  readonly size: number;
  /** Bytes up to the end of all that the disc speaks of; null where it does not say. */
  readonly promised: number | null;
  /** Bytes missing at the end; null where some are and the disc does not say how many. */
  readonly missing: number | null;
  readonly evidence: readonly WholeEvidence[];
  /** Null where no file is known to be lost. */
  readonly lost: LostFiles | null;
  /** Null where nothing follows. */
  readonly appended: AppendedBytes | null;
  /** Null where no file is large enough to be looked at. */
  readonly zeros: ZeroSample | null;
}
