import type { CharsetId } from './charset.ts';
import type { EntryId, ViewId } from './entry.ts';

/** Whose bytes are looked at: an entry's contents, or the image's own, as sectors of 2,048 bytes. */
export type Subject = { readonly view: ViewId; readonly entry: EntryId } | 'image';

/** Bytes that one `read` gives at most. */
export const MAX_READ = 4 * 1024 * 1024;

/** What can be read of a subject. */
export interface Contents {
  readonly name: string;
  /** Bytes that can be read. */
  readonly size: number;
  /** Bytes that belong to it and that the image does not hold. */
  readonly missing: number;
  /** Its bytes on the user's own file, which cost no memory; null where they must be decoded or put together. */
  readonly blob: Blob | null;
}

export type TextCharset = CharsetId | 'utf-16le' | 'utf-16be';

/** A label and a value, both in words. */
export type PreviewFact = readonly [label: string, value: string];

/** One member of an archive as its directory names it. */
export interface ArchiveMember {
  /** As recorded, decoded; may hold any character. */
  readonly name: string;
  readonly directory: boolean;
  readonly size: number;
  /** Milliseconds since 1970 UTC; null where not recorded. */
  readonly modified: number | null;
}

/** What a file is, by its first bytes, and what of it can be shown. Nothing of it is ever run. */
export type Preview =
  | { readonly kind: 'picture'; readonly title: string; readonly type: string; readonly width: number; readonly height: number }
  | { readonly kind: 'sound' | 'film'; readonly title: string; readonly type: string }
  | { readonly kind: 'text'; readonly title: string; readonly charset: TextCharset; readonly drawn: 'image/svg+xml' | null }
  | {
      readonly kind: 'archive';
      readonly title: string;
      readonly members: readonly ArchiveMember[];
      /** Members in all; null where that is known only at its end. */
      readonly count: number | null;
    }
  | { readonly kind: 'program'; readonly title: string; readonly facts: readonly PreviewFact[] }
  /** Shown as bytes; `reason` says why, where that needs saying. */
  | { readonly kind: 'bytes'; readonly title: string; readonly reason: string };

/** A text being split into rows. Rows are lines, or parts of a line that is longer than fits. */
export interface TextState {
  readonly id: number;
  readonly charset: TextCharset;
  readonly rows: number;
  readonly lines: number;
  /** Bytes split so far; all of them when `complete`. */
  readonly indexed: number;
  readonly size: number;
  readonly complete: boolean;
}

export interface TextRow {
  readonly text: string;
  /** Number of the line that begins here, from 1; null for the further parts of a long line. */
  readonly line: number | null;
}

/** Bytes to look for. */
export interface Pattern {
  readonly bytes: Uint8Array;
  /** Latin letters match in either case. */
  readonly anyCase: boolean;
}

export interface Match {
  readonly at: number;
  readonly length: number;
}

export interface FindRequest {
  readonly subject: Subject;
  /** Any of these; at the same place the first. */
  readonly patterns: readonly Pattern[];
  /** Where to begin; backwards: matches that begin before it. */
  readonly from: number;
  readonly backwards: boolean;
}

/** One field of a structure on the disc. */
export interface Field {
  readonly name: string;
  /** Absolute offset in the image. */
  readonly at: number;
  readonly length: number;
  /** What it says, in words. */
  readonly value: string;
  /** "ECMA-119 8.4.6"; empty where no standard says anything. */
  readonly spec: string;
  /** Offset in the image of what it points to; null where it points to nothing. */
  readonly target: number | null;
}

/** A structure of the image's own bytes, field by field. */
export interface Structure {
  readonly title: string;
  readonly at: number;
  readonly length: number;
  readonly spec: string;
  readonly fields: readonly Field[];
}

/** The part of the door through which bytes and contents are looked at. */
export interface Looking {
  /** What can be read of a subject. Throws ImageError or Unsupported where nothing can. */
  contents(subject: Subject): Promise<Contents>;
  /** Up to `length` bytes (at most MAX_READ) from an offset; fewer where the subject ends. Transferred. */
  read(subject: Subject, offset: number, length: number): Promise<Uint8Array>;
  /** What a file is and what of it can be shown. */
  peek(subject: Subject): Promise<Preview>;
  /** Begin to split a text into rows; `onProgress` is told until it is complete. Two are kept open. */
  openText(subject: Subject, charset: TextCharset, onProgress: (state: TextState) => void): Promise<TextState>;
  textRows(id: number, from: number, count: number): Promise<TextRow[]>;
  /** The row in which a byte stands, as far as the text is split; -1 beyond. */
  textRowAt(id: number, offset: number): Promise<number>;
  closeText(id: number): Promise<void>;
  /** The next place of a pattern, null where there is none; `onProgress` hears of bytes looked at. One at a time: a new search ends the one before. */
  findBytes(request: FindRequest, onProgress: (bytes: number) => void): Promise<Match | null>;
  /** End a search; its promise rejects with an AbortError. */
  stopFinding(): Promise<void>;
  /** The structures known in a part of the image (at most 64 KiB), in order. */
  structures(offset: number, length: number): Promise<Structure[]>;
}
