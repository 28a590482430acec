import type { EntryId, ViewId } from './entry.ts';
import type { KindFamily } from './file-kind.ts';
import type { Finding } from './finding.ts';

/**
 * What bytes of a disc are for, by number in the columns of a map: structures of the disc, boot images, directories, files by
 * family, what belongs to nobody, and what is not in the image. Each has one colour in the page.
 */
export const MAP_KINDS = ['sys', 'boot', 'dir', 'img', 'exe', 'arc', 'txt', 'med', 'oth', 'gap', 'miss'] as const;

export type MapKind = 'sys' | 'dir' | 'gap' | 'miss' | KindFamily;

/** In `views` of a map: the owner is a structure, and `owners` is an index of `structures`. */
export const NO_VIEW = 255;

/** An owner that is no entry of a tree. */
export interface MapStructure {
  /** "Primary volume descriptor", "Gap, zeros". */
  readonly name: string;
  readonly kind: MapKind;
}

/** All bytes of one kind. */
export interface MapTotal {
  readonly kind: MapKind;
  readonly bytes: number;
  /** Runs of that kind, and how many entries or structures they belong to. */
  readonly runs: number;
  readonly owners: number;
}

/** All bytes of one name that is no entry. */
export interface StructureTotal extends MapStructure {
  readonly bytes: number;
  readonly runs: number;
}

/** An entry by the view it stands in. */
export interface MapEntry {
  readonly view: ViewId;
  readonly entry: EntryId;
  readonly path: string;
}

/** Two owners of the same bytes, which are not one file: `partial` ranges cross, `inside` one holds the other, `structure` a file and the disc's own records. */
export interface MapOverlap {
  readonly how: 'partial' | 'inside' | 'structure';
  /** Absolute offset and bytes that both have. */
  readonly offset: number;
  readonly length: number;
  readonly first: MapEntry;
  /** The other file; the name of the structure where it is none. */
  readonly second: MapEntry | string;
}

/** Files of one tree that no other tree names. */
export interface MapOrphans {
  readonly view: ViewId;
  readonly title: string;
  readonly files: number;
  readonly bytes: number;
}

/** What a map says in figures. */
export interface MapSummary {
  /** Bytes that the image holds as logical sectors, and up to where the map goes: further where bytes are missing or tracks hold sound. */
  readonly size: number;
  readonly extent: number;
  readonly runs: number;
  /** In order of size. */
  readonly totals: readonly MapTotal[];
  readonly structures: readonly StructureTotal[];
  /** Extents that more than one name of the same tree has (hard links), and the bytes that are saved by that. */
  readonly shared: { readonly extents: number; readonly bytes: number };
  /** Extents that two trees begin at the same place and end at different ones. */
  readonly disagreements: number;
  /** How many overlaps there are, and the first of them. */
  readonly overlapCount: number;
  readonly overlaps: readonly MapOverlap[];
  readonly orphans: readonly MapOrphans[];
  /** Bytes that belong to nobody and are not all zero; and those of which only samples were read. */
  readonly gapsWithContents: { readonly bytes: number; readonly runs: number };
  readonly gapsSampled: { readonly bytes: number; readonly runs: number };
  readonly findings: readonly Finding[];
}

/** A large file, to be named on a picture of the map. */
export interface MapLabel {
  readonly start: number;
  readonly length: number;
  readonly name: string;
}

/**
 * Every byte of an image with its owner, as runs in order of place without a break: run i has the bytes from `starts[i]` to
 * `starts[i + 1]`.
 */
export interface DiscMap extends MapSummary {
  /** One more than there are runs: the last is `extent`. */
  readonly starts: Float64Array;
  /** Index in MAP_KINDS. */
  readonly kinds: Uint8Array;
  /** Index in `viewIds`, or NO_VIEW. */
  readonly views: Uint8Array;
  /** An entry of that view, or an index in `structureNames`. */
  readonly owners: Uint32Array;
  readonly viewIds: readonly ViewId[];
  readonly structureNames: readonly MapStructure[];
  /** The largest runs of files, in order of place. */
  readonly labels: readonly MapLabel[];
}
