import type { BootReport, RevocationCheck } from '../protocol/boot.ts';
import type { IdentityReport } from '../protocol/identity.ts';
import type { DiscMap } from '../protocol/disc-map.ts';
import type { Inspection, ReportKind } from '../protocol/inspection.ts';
import type { InspectionReport } from '../protocol/inspector.ts';
import type { SelfCheck } from '../protocol/self-check.ts';
import type { FileSums, SumName } from '../protocol/sums.ts';
import type { WholeReport } from '../protocol/whole.ts';
import type { DiscImage } from '../inspect/image.ts';
import { loadSelfCheck } from '../inspect/lazy.ts';
import { ReportParts } from '../inspect/parts.ts';
import { report } from '../inspect/report.ts';
import type { ByteSource } from '../source/source.ts';
import { checksumsOf, startSums } from './checksums.ts';

/** The page hears of what is under way at most this often (milliseconds). */
const NEWS = 100;

/** What is asked of one open image as a whole: see Inspection. */
export class ImageInspection implements Inspection {
  readonly #image: DiscImage;
  readonly #files: readonly ByteSource[];
  readonly #parts: ReportParts;
  readonly #version: string;
  #checking: AbortController | null = null;
  #summing: AbortController | null = null;

  /** `files`: those that the image was opened from. */
  constructor(image: DiscImage, files: readonly ByteSource[], version: string) {
    this.#image = image;
    this.#files = files;
    this.#version = version;
    this.#parts = new ReportParts(image);
  }

  /** End all that is under way: the image is closed, or another session takes its place. */
  stop(): void {
    this.#checking?.abort();
    this.#summing?.abort();
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

  async checkItself(onProgress: (done: number, total: number) => void): Promise<SelfCheck> {
    this.#checking?.abort();
    const { signal } = (this.#checking = new AbortController());
    await this.#image.untilRead();
    const checkItself = await loadSelfCheck();
    signal.throwIfAborted();
    return checkItself(this.#image, seldom(onProgress), signal);
  }

  async stopChecking(): Promise<void> {
    this.#checking?.abort();
  }

  async imageSums(names: readonly SumName[], onProgress: (done: number, total: number) => void): Promise<readonly FileSums[]> {
    this.#summing?.abort();
    const { signal } = (this.#summing = new AbortController());
    const total = this.#files.reduce((sum, { size }) => sum + size, 0);
    const tell = seldom(onProgress);
    const answers: FileSums[] = [];
    let before = 0;
    for (const file of this.#files) {
      const how = { start: startSums, workers: cores() };
      const sums = await checksumsOf(file, names, how, (done) => tell(before + done, total), signal);
      before += file.size;
      answers.push({ name: file.name, size: file.size, sums });
    }
    return answers;
  }

  async stopSums(): Promise<void> {
    this.#summing?.abort();
  }

  /** All that is known now; of an image that is still being read, so far. */
  report(): Promise<InspectionReport> {
    return report(this.#parts, this.#version);
  }

  async revocations(list: Blob): Promise<RevocationCheck> {
    await this.#image.untilRead();
    const { checkRevocations, readRevocations, MAX_LIST } = await import('../inspect/boot/revocations.ts');
    // One byte more than a list may have tells that it has too many.
    const bytes = new Uint8Array(await list.slice(0, MAX_LIST + 1).arrayBuffer());
    return checkRevocations((await this.#parts.boot()).report, readRevocations(bytes));
  }

  async document(kind: ReportKind): Promise<string> {
    await this.#image.untilRead();
    const { markdownDocument, xorrisoDocument } = await import('../inspect/documents.ts');
    if (kind === 'xorriso') return xorrisoDocument(this.#parts);
    const all = await this.report();
    return kind === 'json' ? `${JSON.stringify(all, null, 2)}\n` : markdownDocument(all);
  }
}

/** Processors that may be busy with sums; one where that is not told. */
const cores = (): number => (globalThis as { navigator?: NavigatorConcurrentHardware }).navigator?.hardwareConcurrency ?? 1;

/** Tells only now and then, and never what is older. */
function seldom(tell: (done: number, total: number) => void): (done: number, total: number) => void {
  let next = 0;
  return (done, total) => {
    if (performance.now() < next) return;
    next = performance.now() + NEWS;
    tell(done, total);
  };
}
