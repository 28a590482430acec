import { ROOT, type EntryId, type ViewId } from '../protocol/entry.ts';
import { ImageError, isAbort } from '../protocol/errors.ts';
import type { Detection, ImageOverview, ViewState, ViewSummary } from '../protocol/inspector.ts';
import { Catalog } from '../catalog/catalog.ts';
import { Totals } from '../catalog/totals.ts';
import { elTorito } from '../formats/el-torito/index.ts';
import { Findings } from '../formats/findings.ts';
import { iso9660 } from '../formats/iso9660/index.ts';
import { openMedium, shiftedMedium } from '../formats/optical/index.ts';
import type { Medium } from '../formats/optical/medium.ts';
import { audioTracks } from '../formats/optical/tracks-volume.ts';
import { udf } from '../formats/udf/index.ts';
import type { OpenedFormat, Volume, VolumeFormat } from '../formats/volume.ts';
import { CountingSource } from '../source/counting.ts';
import { HeadSource } from '../source/head.ts';
import type { ByteSource } from '../source/source.ts';
import { audioDisc, hidesImage, missingFiles, titleOn } from './media.ts';
import { beginningOnly, recognise } from './recognise.ts';

/** The formats that are opened, in the order of detection. */
const FORMATS: readonly VolumeFormat[] = [iso9660, udf, elTorito];

/** Which view wins among those that hold as many contents (formats.md: which tree to show). */
const PREFERENCE: readonly ViewId[] = ['rockridge', 'udf', 'joliet', 'iso1999', 'iso9660', 'highsierra', 'hfsplus', 'hfs', 'boot', 'tracks'];

/** Views of what stands beside a file system: never the ones shown first where there is another. */
const ASIDE: readonly ViewId[] = ['boot', 'tracks'];

/** A view that is not on screen keeps its catalog up to so many entries; a larger one is read again when chosen. */
const KEEP_ENTRIES = 250_000;

type Figures = Pick<ViewSummary, 'files' | 'directories' | 'bytes' | 'cut' | 'bounded'>;

/** One tree of the image, with what has been read of it. */
export class View {
  readonly volume: Volume;
  catalog = new Catalog();
  totals: Totals | null = null;
  state: ViewState = 'unread';
  /** Distinct recorded contents; known once read. */
  contents = 0;
  #reading: Promise<void> | null = null;
  #wanted: EntryId | null = null;
  readonly #waiting: { directory: EntryId; resolve: () => void }[] = [];
  /** The figures of the last reading, which outlive a released catalog. */
  #figures: Figures | null = null;

  constructor(volume: Volume) {
    this.volume = volume;
  }

  /** Read all of it; the same promise while it is being read. */
  read(onChange: () => void, signal?: AbortSignal): Promise<void> {
    this.#reading ??= this.#read(onChange, signal);
    return this.#reading;
  }

  /** Resolves when a directory has been read (ahead of others), or nothing more will come, or `patience` ms have gone. */
  async untilRead(directory: EntryId, patience: number): Promise<void> {
    if (this.state === 'read' || this.state === 'failed' || this.catalog.isRead(directory)) return;
    this.#wanted = directory;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patience)));
    const done = new Promise<void>((resolve) => this.#waiting.push({ directory, resolve }));
    await Promise.race([late, done]);
    clearTimeout(timer);
  }

  /** Forget the entries (not the figures) to save memory; `read` brings them back. */
  release(): void {
    this.catalog = new Catalog();
    this.totals = null;
    this.state = 'unread';
    this.#reading = null;
  }

  summary(): ViewSummary {
    const { volume } = this;
    const { files, directories, bytes, cut, bounded } = this.state === 'reading' ? this.catalog : (this.#figures ?? this.catalog);
    return {
      id: volume.id,
      title: volume.title,
      label: volume.label,
      state: this.state,
      sound: !volume.findings.damaged,
      files,
      directories,
      bytes,
      cut,
      bounded,
      zoneKnown: volume.zoneKnown,
    };
  }

  async #read(onChange: () => void, signal?: AbortSignal): Promise<void> {
    this.state = 'reading';
    const options = {
      ...(signal ? { signal } : {}),
      onWindow: (): EntryId | null => {
        this.#release();
        onChange();
        const wanted = this.#wanted;
        this.#wanted = null;
        return wanted;
      },
    };
    try {
      await this.volume.read(this.catalog, options);
      this.state = 'read';
      this.totals = new Totals(this.catalog);
    } catch (error) {
      if (isAbort(error)) throw error;
      this.state = 'failed';
      const [code, at, spec] = error instanceof ImageError ? [error.code, error.at, error.spec] : ['unreadable', null, ''];
      this.volume.findings.add('damage', code, at, spec, error instanceof Error ? error.message : String(error));
    } finally {
      this.#release(true);
    }
    if (this.catalog.bounded) {
      this.volume.findings.add(
        'warning',
        'too-many-entries',
        null,
        '',
        `The tree holds more than ${this.catalog.count.toLocaleString('en')} entries; reading stopped there. What is listed can be used.`,
      );
    }
    const { files, directories, bytes, cut, bounded } = this.catalog;
    this.#figures = { files, directories, bytes, cut, bounded };
    this.contents = this.catalog.distinctContents();
    onChange();
  }

  #release(all = false): void {
    for (let index = this.#waiting.length - 1; index >= 0; index--) {
      const waiter = this.#waiting[index];
      if (waiter && (all || this.catalog.isRead(waiter.directory))) {
        this.#waiting.splice(index, 1);
        waiter.resolve();
      }
    }
  }
}

/** An opened image: its views, read one after another, and what was seen on the way. */
export class DiscImage {
  readonly medium: Medium;
  readonly source: CountingSource;
  detection: Detection;
  readonly opened: readonly OpenedFormat[];
  readonly views: readonly View[];
  /** What was seen of the image as a whole; its medium adds to it while it is read. */
  readonly findings: Findings;
  shown: ViewId | null;
  complete = false;

  constructor(medium: Medium, source: CountingSource, detection: Detection, opened: readonly OpenedFormat[]) {
    this.medium = medium;
    this.findings = medium.findings;
    this.source = source;
    this.detection = detection;
    this.opened = opened;
    this.views = opened.flatMap((format) => format.volumes.map((volume) => new View(volume)));
    this.shown = this.#byPreference()[0]?.volume.id ?? null;
    if (this.missing > 0) {
      const [has, lacks] = [source.size, this.missing].map((bytes) => bytes.toLocaleString('en'));
      this.findings.add(
        'warning',
        'image-truncated',
        source.size,
        'ECMA-119 8.4.8',
        `The image ends after ${has} bytes; the volume is ${lacks} bytes longer.`,
      );
    }
  }

  view(id: ViewId): View | null {
    return this.views.find((view) => view.volume.id === id) ?? null;
  }

  /** Bytes that the volumes claim beyond the end of the file. */
  get missing(): number {
    const claimed = Math.max(0, ...this.views.map((view) => view.volume.claimedSize ?? 0));
    return Math.max(0, claimed - this.source.size);
  }

  /** Read every view, the likely one first; then `shown` is the sound view with the most contents. */
  async readAll(onChange: () => void = () => undefined, signal?: AbortSignal): Promise<void> {
    for (const view of this.#byPreference()) {
      await view.read(onChange, signal);
      this.#choose();
      for (const other of this.views) {
        if (other.state === 'read' && other.catalog.count > KEEP_ENTRIES && other.volume.id !== this.shown) other.release();
      }
    }
    if (this.detection.readable && !this.views.some((view) => view.catalog.count > 1 || rootReadable(view))) {
      this.shown = null;
      this.detection = this.missing > 0 ? beginningOnly(this.source.size) : withoutDirectories();
    }
    this.complete = true;
    onChange();
  }

  overview(): ImageOverview {
    const shown = this.shown ? this.view(this.shown) : null;
    const totals = { note: 0, warning: 0, damage: 0 };
    for (const findings of this.allFindings()) {
      for (const severity of ['note', 'warning', 'damage'] as const) totals[severity] += findings.totals[severity];
    }
    return {
      name: this.source.name,
      size: this.source.size,
      detection: this.detection,
      views: this.views.map((view) => view.summary()),
      shown: this.shown,
      label: shown?.volume.label ?? '',
      missing: this.missing,
      created: shown?.volume.created ?? null,
      bytesRead: this.source.bytes,
      findings: totals,
      complete: this.complete,
    };
  }

  allFindings(): Findings[] {
    return [this.findings, ...this.opened.map((format) => format.findings), ...this.views.map((view) => view.volume.findings)];
  }

  #byPreference(): View[] {
    return [...this.views].sort((a, b) => PREFERENCE.indexOf(a.volume.id) - PREFERENCE.indexOf(b.volume.id));
  }

  #choose(): void {
    const read = this.#byPreference().filter((view) => !ASIDE.includes(view.volume.id) && (view.state === 'read' || view.contents > 0));
    const rank = (view: View): number => (view.volume.findings.damaged ? 0 : 1);
    read.sort((a, b) => rank(b) - rank(a) || b.contents - a.contents);
    const best = read[0];
    if (best) this.shown = best.volume.id;
  }
}

/**
 * Open an image: recognise it and read its descriptors, not yet its trees. Several files are those
 * of one image: a sheet and what it names, the parts of a split one.
 */
export async function openImage(files: ByteSource | readonly ByteSource[], signal?: AbortSignal): Promise<DiscImage> {
  const medium = await openMedium('read' in files ? [files] : files, signal);
  const image = await openOn(medium, signal);
  const shifted = hidesImage(image.detection) ? await shiftedMedium(medium, signal) : null;
  return shifted ? openOn(shifted, signal) : image;
}

async function openOn(medium: Medium, signal?: AbortSignal): Promise<DiscImage> {
  const source = new CountingSource(medium.data);
  const kept = new HeadSource(source);
  const opened: OpenedFormat[] = [];
  const failures: ImageError[] = [];
  let first: VolumeFormat | null = null;
  for (const format of FORMATS) {
    if (!(await format.probe(kept, signal))) continue;
    try {
      const found = await format.open(kept, signal);
      opened.push(found);
      if (found.volumes.some((volume) => !ASIDE.includes(volume.id))) first ??= format;
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      failures.push(error);
    }
  }
  const tracks = audioTracks(medium);
  if (tracks) opened.push({ volumes: [tracks], report: [], boot: [], findings: new Findings() });
  if (!first) {
    const detection = tracks ? audioDisc(medium) : missingFiles(medium, await recognise(kept, signal));
    const image = new DiscImage(medium, source, detection, tracks ? opened : []);
    for (const { code, message, at, spec } of failures) image.findings.add('damage', code, at, spec, message);
    return image;
  }
  const detection: Detection = { id: first.id, title: titleOn(first.title, medium), readable: true, explanation: '', advice: [], evidence: [] };
  const image = new DiscImage(medium, source, detection, opened);
  for (const { code, message, at, spec } of failures) image.findings.add('damage', code, at, spec, message);
  return image;
}

/** What to say of a disc that has descriptors, but whose root directory cannot be read in any view. */
function withoutDirectories(): Detection {
  return {
    id: 'damaged',
    title: 'a damaged disc image',
    readable: false,
    explanation: 'Its volume descriptors are there, but no root directory can be read where they point.',
    advice: ['Copy or download the image again. The report says which places are damaged.'],
    evidence: [],
  };
}

/** True where the root directory of a view could be read. */
export function rootReadable(view: View): boolean {
  return view.state === 'read' && view.catalog.isRead(ROOT);
}
