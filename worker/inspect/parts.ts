import type { DiscMap } from '../protocol/disc-map.ts';
import type { IdentityReport } from '../protocol/identity.ts';
import type { WholeReport } from '../protocol/whole.ts';
import type { SeenBoot } from './boot/index.ts';
import type { DiscImage } from './image.ts';
import { loadBoot, loadIdentity, loadMap, loadWhole } from './lazy.ts';

/**
 * What costs a look into an image, part by part. A part is found once, with the first question for it, and again only where
 * the image has been read further or shows another tree since.
 */
export class ReportParts {
  readonly image: DiscImage;
  readonly #kept = new Map<string, { readonly of: string; readonly part: Promise<unknown> }>();

  constructor(image: DiscImage) {
    this.image = image;
  }

  boot(): Promise<SeenBoot> {
    return this.#once('boot', async () => (await loadBoot())(this.image));
  }

  whole(): Promise<WholeReport> {
    return this.#once('whole', async () => (await loadWhole())(this.image, (await this.boot()).report.systemArea));
  }

  identity(): Promise<IdentityReport> {
    return this.#once('identity', async () => (await loadIdentity())(this.image, (await this.boot()).report));
  }

  map(): Promise<DiscMap> {
    return this.#once('map', async () => (await loadMap())(this.image));
  }

  #once<T>(name: string, find: () => Promise<T>): Promise<T> {
    const { complete, shown, charset, views } = this.image;
    const of = [complete, shown, charset, ...views.map(({ state }) => state)].join();
    const kept = this.#kept.get(name);
    if (kept?.of === of) return kept.part as Promise<T>;
    const part = find();
    this.#kept.set(name, { of, part });
    // What failed is tried again by the next question.
    part.catch(() => this.#kept.get(name)?.part === part && this.#kept.delete(name));
    return part;
  }
}
