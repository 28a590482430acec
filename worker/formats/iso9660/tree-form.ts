import type { Held } from '../../source/source.ts';
import type { RecordForm } from './directory-scan.ts';

/** How names are recorded: `identifier` with versions, `verbatim` (ISO 9660:1999), `ucs2` (Joliet). */
export type Naming = 'identifier' | 'verbatim' | 'ucs2';

/** One directory hierarchy, and all that reading its records depends on. */
export interface TreeForm extends RecordForm {
  readonly naming: Naming;
  /** Bytes to skip before the system use entries; null where Rock Ridge is not read (SUSP 5.3). */
  readonly skip: number | null;
  readonly rootLba: number;
  readonly rootLength: number;
  /** Absolute offset of the root's record in the volume descriptor. */
  readonly rootRecord: number;
  /** Bytes of the image. */
  readonly sourceSize: number;
  /** What of them is there. */
  readonly held: Held;
  /** Absolute offset of the El Torito boot catalog, which is no person's file; -1 where there is none. */
  readonly bootCatalog: number;
  /** Number of this volume in its set, and how many there are (ECMA-119 8.4.10, 8.4.11). */
  readonly volumeSequence: number;
  readonly volumeSetSize: number;
  readonly pathTable: PathTablePlace;
}

/** Where the path tables are, and their bytes (ECMA-119 8.4.13, 8.4.14, 8.4.16). */
export interface PathTablePlace {
  readonly size: number;
  readonly little: number;
  readonly big: number;
  /** Blocks of the second copies that a disc may have; 0 without, absent in High Sierra (ECMA-119 8.4.15, 8.4.17). */
  readonly copies?: readonly [little: number, big: number];
}
