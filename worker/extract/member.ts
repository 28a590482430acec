import type { EntryId } from '../protocol/entry.ts';
import type { SaveFormat, SaveRequest } from '../protocol/save.ts';
import type { ByteSource } from '../source/source.ts';
import type { Volume } from '../formats/volume.ts';
import type { Catalog } from '../catalog/catalog.ts';

/** A SaveRequest; the format `directory` is the command line's way out, which keeps links, times and modes. */
export type PlanRequest = Omit<SaveRequest, 'format' | 'view'> & { readonly format: SaveFormat | 'directory' };

/** Whether the tree leaves as a TAR, compressed or not. */
export function isTar(format: PlanRequest['format']): boolean {
  return format === 'tar' || format === 'tgz';
}

export interface PlanInput {
  readonly catalog: Catalog;
  readonly volume: Volume;
  /** The source that the offsets of `EntryRecord.runs` count in. */
  readonly image: ByteSource;
  readonly request: PlanRequest;
}

/** What becomes of one entry in the output. */
export interface Member {
  /** Its place in the plan. */
  readonly index: number;
  readonly entry: EntryId;
  /** Safe path in the output, without a slash at either end. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'device';
  /** Bytes of contents; 0 for what has none. */
  readonly size: number;
  /** Milliseconds since 1970 UTC. */
  readonly modified: number;
  /** POSIX mode with its type bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Target of a symbolic link that is safe to make. */
  readonly target: string | null;
  readonly device: readonly [number, number] | null;
  /** Index of the earlier member that this is a hard link to; -1 for none. */
  readonly linkTo: number;
}

/** A member without its path: trees may be thousands of levels deep, and their paths as long as the contents. */
export type UnnamedMember = Omit<Member, 'path'>;

/** The directory that a member's path lies in; '' for the top of what is saved. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last name of a member's path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
