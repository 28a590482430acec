/** The tree of an image that is a file of another view: it was opened in place (`Inspector.openNested`). */
export type NestedViewId = `nested-${number}`;

/** The trees that a disc can hold over the same contents; also what `--view` takes. */
export type ViewId =
  NestedViewId | 'rockridge' | 'udf' | 'joliet' | 'iso1999' | 'iso9660' | 'highsierra' | 'hfsplus' | 'hfs' | 'boot' | 'tracks';

/** An entry of a view's catalog: an index into its columns. The root directory is entry 0. */
export type EntryId = number;

export const ROOT: EntryId = 0;

export type EntryKind = 'file' | 'directory' | 'symlink' | 'device' | 'other';

/** Whether an entry's bytes are in the image: all, some, none. */
export type Presence = 'whole' | 'cut' | 'missing';

/** The end of a symbolic link, followed inside the image. */
export interface LinkEnd {
  /** Null where it leads nowhere: `problem` then says why in a sentence. */
  readonly entry: EntryId | null;
  readonly kind: EntryKind | null;
  readonly path: string;
  readonly problem: string;
}

/** What a row has only where its column is shown: read again from the entry's record. */
export type RecordKey = 'created' | 'changed' | 'accessed' | 'mode' | 'owner' | 'links' | 'stored' | 'pieces';

/** Those of a row; null for what the disc does not say. Times in milliseconds since 1970 UTC, `stored` in bytes. */
export type RowRecord = { readonly [K in Exclude<RecordKey, 'owner'>]?: number | null } & {
  readonly owner?: readonly [uid: number | null, gid: number | null] | null;
};

/** One row of a directory's table. */
export interface EntryRow {
  readonly entry: EntryId;
  /** As recorded, decoded; may hold any character. Make it safe before it leaves (extract/names). */
  readonly name: string;
  readonly kind: EntryKind;
  /** Bytes of contents as one would save them; null for what has none. */
  readonly size: number | null;
  /** Milliseconds since 1970 UTC; null where the disc does not say. */
  readonly modified: number | null;
  /** Absolute offset of the first stored byte in the image; null where nothing is stored. */
  readonly offset: number | null;
  readonly presence: Presence;
  readonly hidden: boolean;
  /** An associated file (ECMA-119 9.1.6): a second part, as of a Mac resource fork. */
  readonly associated: boolean;
  /** Children of a directory (those shown and hidden); null while it is not read, or for a file. */
  readonly children: number | null;
  /** What was asked for beyond the rest; absent where nothing was, or its record cannot be read. */
  readonly record?: RowRecord;
  /** The name's bytes in hex, where they are not valid Unicode. */
  readonly nameBytes?: string;
  /** Path of the directory it is in, where entries of several are listed together. */
  readonly where?: string;
  /** Where in its contents something was found, and how often. */
  readonly hits?: { readonly at: number; readonly count: number };
}

/** Further contents of an entry under a name of their own: a named stream of UDF. */
export interface StreamSummary {
  readonly name: string;
  readonly size: number;
  readonly presence: Presence;
}

/** All that the disc says of one entry, read again from its record when asked for. */
export interface EntryDetails {
  readonly entry: EntryId;
  readonly path: string;
  readonly kind: EntryKind;
  readonly size: number | null;
  /** POSIX mode with its type bits; null where the view records none. */
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly links: number | null;
  /** Target of a symbolic link as recorded, decoded. */
  readonly target: string | null;
  /** Where the link leads inside the image; null for what is no link. */
  readonly link: LinkEnd | null;
  /** Major and minor number of a device. */
  readonly device: readonly [number, number] | null;
  /** Milliseconds since 1970 UTC. */
  readonly times: { readonly modified?: number; readonly created?: number; readonly accessed?: number; readonly changed?: number };
  /** False where the recorded time names no zone, and UTC is assumed. */
  readonly zoneKnown: boolean;
  /** Stored pieces in order: [offset in the image, length]; offset null for a hole of zeros. Null where they are too many to list. */
  readonly extents: readonly (readonly [number | null, number])[] | null;
  /** How many extents there are. */
  readonly pieces: number;
  readonly hidden: boolean;
  readonly presence: Presence;
  /** Name of the compression the stored bytes are in ("zisofs"); null for plain bytes. */
  readonly compression: string | null;
  /** The file system that this file holds and that opens in place ("FAT12"); null for most. */
  readonly nested: string | null;
  /** Its named streams, in the disc's order; `planStream` takes an index of this list. */
  readonly streams: readonly StreamSummary[];
}
