import type { ExistingFiles, SavePlanSummary } from '../worker/protocol/save.ts';
import type { Order } from './jobs/order.ts';
import type { Surroundings, Wishes } from './jobs/wishes.ts';

/** What is asked before a save: `review`: names change, something is left out or lost; `choose`: the browser wants a
 * click before it shows its dialog; `refused`: too much to compute in memory, and neither a file to write to nor a
 * download to stream. */
export type Question = 'review' | 'choose' | 'refused' | 'empty';

/** A save that waits for an answer. */
export interface Pending {
  readonly question: Question;
  readonly order: Order;
  readonly plan: SavePlanSummary;
}

/** A folder that was chosen has files of the same names. */
export interface Clash {
  readonly folder: string;
  /** So many of the files to be saved. */
  readonly existing: number;
  readonly files: number;
  /** What was chosen last. */
  readonly usual: ExistingFiles;
  /** Null: nothing is to be saved after all. */
  readonly answer: (choice: ExistingFiles | null) => void;
}

/** The saves that are being planned, as the page shows them; what plans them is loaded with the first wish. */
export class Saving {
  pending: Pending | null = $state.raw(null);
  clash: Clash | null = $state.raw(null);
  planning = $state(false);
  readonly #page: Surroundings;
  #wishes: Promise<Wishes> | null = null;

  constructor(page: Surroundings) {
    this.#page = page;
  }

  /** Have a wish carried out. */
  wish(carryOut: (wishes: Wishes) => Promise<void> | void): void {
    this.#wishes ??= import('./jobs/wishes.ts').then(({ Wishes }) => new Wishes(this, this.#page));
    this.#wishes.then(carryOut).catch((error: unknown) => {
      this.#page.onError(error);
    });
  }
}
