import type { RevocationCheck } from '../../worker/protocol/boot.ts';
import type { ImagePart } from '../../worker/protocol/partition.ts';

/** Where evidence leads to. */
export interface Leads {
  /** Show bytes of the image. */
  readonly place: (at: number, length?: number) => void;
  /** Show a file of the tree that is shown first. */
  readonly file: (path: string) => void;
  /** Save a part of the image as a file. */
  readonly save: (part: ImagePart) => void;
  /** Compare the loaders with a revocation list. */
  readonly revocations: (list: Blob) => Promise<RevocationCheck>;
  readonly copy: (text: string, what: string) => void;
}
