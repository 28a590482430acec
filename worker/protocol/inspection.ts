import type { BootReport } from './boot.ts';
import type { IdentityReport } from './identity.ts';
import type { DiscMap } from './disc-map.ts';
import type { WholeReport } from './whole.ts';

/**
 * What is asked of an image as a whole: whether it starts a machine, and the like. Loaded with the first question, anew for
 * another session; what was found once is kept. Each answer waits until the disc has been read.
 */
export interface Inspection {
  /** What it is, by what it holds; the boot report is made for it. */
  identity(): Promise<IdentityReport>;
  /** Whether and how it starts a machine; its boot images, loaders and menus are read for it. */
  boot(): Promise<BootReport>;
  /** Whether what it promises is there, by what it says of itself and a few small reads. */
  whole(): Promise<WholeReport>;
  /** Who owns every byte of it, over all its trees; those that are not read yet are read for it. */
  map(): Promise<DiscMap>;
}
