import type { Waiting } from '../pending.ts';

/** The size of a directory that no record outside of it tells. */
export const UNKNOWN_SIZE = -1;

/** A directory that is known and not read yet. */
export interface PendingDirectory extends Waiting {
  readonly depth: number;
  readonly parent: PendingDirectory | null;
  /** Absolute offset of its record. */
  readonly record: number;
  /** Hash of its identifier, to compare with the path table. */
  readonly nameHash: number;
}
