import type { FolderOutlook } from '../protocol/save.ts';

const TIME = 1;
const MODE = 2;

/** What a folder written by a page cannot keep of a plan's members: times, modes, links, devices. */
export class Losses {
  readonly #recorded: Uint8Array;
  readonly #links = new Map<number, string>();
  #times = 0;
  #modes = 0;
  #devices = 0;

  constructor(members: number) {
    this.#recorded = new Uint8Array(members);
  }

  take(index: number, time: boolean, mode: boolean): void {
    this.#recorded[index] = (time ? TIME : 0) | (mode ? MODE : 0);
    if (time) this.#times++;
    if (mode) this.#modes++;
  }

  addLink(index: number, target: string): void {
    this.#links.set(index, target);
  }

  addDevice(): void {
    this.#devices++;
  }

  /** Whether the disc records a time of this member. */
  hasTime(index: number): boolean {
    return ((this.#recorded[index] as number) & TIME) !== 0;
  }

  hasMode(index: number): boolean {
    return ((this.#recorded[index] as number) & MODE) !== 0;
  }

  /** Target of a link that became a text. */
  target(index: number): string | null {
    return this.#links.get(index) ?? null;
  }

  get counts(): FolderOutlook['lost'] {
    return { times: this.#times, modes: this.#modes, links: this.#links.size, devices: this.#devices };
  }
}
