import type { DiscMap, MapKind } from '../../worker/protocol/disc-map.ts';
import type { EntryId, ViewId } from '../../worker/protocol/entry.ts';
import { plainName } from '../browse/names.ts';
import { count, exactSize, SECTOR } from '../figures.ts';
import { MapModel } from './map-model.ts';

/** The smallest stretch that fills the strip: a sector is some 40 px wide then. */
const LEAST = 16 * SECTOR;

/** What the pictures of one map show together: the stretch in view, the run that is pointed at, the kind that is left alone. */
export class MapView {
  readonly model: MapModel;
  /** Bytes at the left edge of the strip, and behind its right edge. */
  from = $state(0);
  to = $state(0);
  /** The run that is pointed at or walked to; null for none. */
  run: number | null = $state(null);
  /** The kind that a row of the legend points at; null: all are shown. */
  kind: MapKind | null = $state(null);
  /** What lies there, in words; empty without. */
  said = $state('');
  readonly #pathOf: (view: ViewId, entry: EntryId) => Promise<string>;

  constructor(map: DiscMap, pathOf: (view: ViewId, entry: EntryId) => Promise<string>) {
    this.model = new MapModel(map);
    this.#pathOf = pathOf;
    this.to = map.extent;
  }

  get extent(): number {
    return this.model.map.extent;
  }
  get zoomed(): boolean {
    return this.to - this.from < this.extent;
  }

  /** Show a stretch `factor` times as long, with the byte at `at` where it is. */
  zoom(at: number, factor: number): void {
    const length = Math.min(this.extent, Math.max(Math.min(LEAST, this.extent), (this.to - this.from) * factor));
    this.#show(at - ((at - this.from) / (this.to - this.from)) * length, length);
  }

  /** Move on by so many bytes. */
  pan(bytes: number): void {
    this.#show(this.from + bytes, this.to - this.from);
  }

  whole(): void {
    this.#show(0, this.extent);
  }

  /** Point at a run, or at none. */
  point(run: number | null): void {
    if (run === this.run) return;
    this.run = run;
    if (run === null) this.said = '';
    else void this.#say(run);
  }

  /** Point at a run, and bring it into view. */
  walk(run: number): void {
    const to = Math.max(0, Math.min(this.model.map.runs - 1, run));
    this.point(to);
    const [start, length, shown] = [this.model.start(to), this.model.length(to), this.to - this.from];
    if (start < this.from || start >= this.to) this.#show(start + length / 2 - shown / 2, shown);
  }

  #show(from: number, length: number): void {
    this.from = Math.max(0, Math.min(this.extent - length, from));
    this.to = this.from + length;
  }

  /** What a run is, in words. */
  async describe(run: number): Promise<string> {
    const owner = this.model.owner(run);
    const kind = this.model.kind(run);
    let name: string;
    if (typeof owner === 'string') name = owner;
    else {
      const path = plainName(await this.#pathOf(owner.view, owner.entry));
      name = kind === 'dir' ? `Records of ${path || '/'}` : kind === 'miss' ? `${path}, missing` : path;
    }
    return name;
  }

  async #say(run: number): Promise<void> {
    const name = await this.describe(run);
    if (this.run !== run) return;
    this.said = `Sector ${count(Math.floor(this.model.start(run) / SECTOR))}: ${name}, ${exactSize(this.model.length(run))}`;
  }
}
