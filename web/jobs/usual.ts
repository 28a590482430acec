import type { ExistingFiles, ListFormat, SaveFormat, SaveRequest } from '../../worker/protocol/save.ts';

/** What a save can become: the entries themselves, or a list of them. */
export type Form = SaveFormat | ListFormat;

/** What is done with files that the image does not hold whole. */
export type Damaged = 'leave-out' | 'partial' | 'zeros';

/** How to save: remembered from one visit to the next, but for `damaged`, which is chosen each time. */
export interface Choices {
  readonly form: Form;
  readonly compression: SaveRequest['compression'];
  readonly existing: ExistingFiles;
  readonly verify: boolean;
  readonly damaged: Damaged;
}

/** How most save, until they choose otherwise. */
export const USUAL: Choices = { form: 'zip', compression: 'stored', existing: 'keep-both', verify: false, damaged: 'leave-out' };
