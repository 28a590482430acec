import type { BootReport } from '../protocol/boot.ts';
import type { IdentityReport } from '../protocol/identity.ts';
import type { DiscMap } from '../protocol/disc-map.ts';
import type { Inspection } from '../protocol/inspection.ts';
import type { InspectionReport } from '../protocol/inspector.ts';
import type { WholeReport } from '../protocol/whole.ts';
import type { DiscImage } from '../inspect/image.ts';
import { ReportParts } from '../inspect/parts.ts';
import { report } from '../inspect/report.ts';

/** What is asked of one open image as a whole: see Inspection. */
export class ImageInspection implements Inspection {
  readonly #image: DiscImage;
  readonly #parts: ReportParts;

  constructor(image: DiscImage) {
    this.#image = image;
    this.#parts = new ReportParts(image);
  }

  async boot(): Promise<BootReport> {
    await this.#image.untilRead();
    return (await this.#parts.boot()).report;
  }

  async identity(): Promise<IdentityReport> {
    await this.#image.untilRead();
    return this.#parts.identity();
  }

  async whole(): Promise<WholeReport> {
    await this.#image.untilRead();
    return this.#parts.whole();
  }

  /** A copy: what was found stays here for the report. */
  async map(): Promise<DiscMap> {
    await this.#image.untilRead();
    return this.#parts.map();
  }

  /** All that is known now; of an image that is still being read, so far. */
  report(version: string): Promise<InspectionReport> {
    return report(this.#parts, version);
  }
}
