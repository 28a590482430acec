import type { EntryId, ViewId } from '../protocol/entry.ts';
import type { CharsetId } from '../protocol/charset.ts';
import type { Detection, ImageOverview, NestedImage, SessionSummary } from '../protocol/inspector.ts';
import type { Findings } from '../formats/findings.ts';
import { summedTracks, type Medium } from '../formats/optical/medium.ts';
import type { OpenedFormat } from '../formats/volume.ts';
import type { CountingSource } from '../source/counting.ts';
import { pathOf } from '../catalog/path.ts';
import { loadNested } from './lazy.ts';
import { missingFiles } from './media.ts';
import { beginningOnly, withoutDirectories } from './refusals.ts';
import { rootReadable, View } from './view.ts';

/** Which view wins among those that hold as many contents (formats.md: which tree to show). */
const PREFERENCE: readonly ViewId[] = [
  'rockridge',
  'udf',
  'joliet',
  'iso1999',
  'iso9660',
  'highsierra',
  'hfsplus',
  'hfs',
  'boot',
  'tracks',
];

/** Views of what stands beside a file system: never the ones shown first where there is another. */
export const ASIDE: readonly ViewId[] = ['boot', 'tracks'];

/** A view that is not on screen keeps its catalog up to so many entries; a larger one is read again when chosen. */
export const KEEP_ENTRIES = 250_000;

/** Which state of a disc of several sessions is open. */
export interface OpenedSession {
  readonly sessions: readonly SessionSummary[];
  /** Number of the open one, counted from 1. */
  readonly session: number;
}

/** An image inside with its view. */
interface OpenedInPlace {
  readonly from: Pick<NestedImage, 'id' | 'view' | 'entry' | 'path'>;
  readonly view: View;
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
  readonly session: OpenedSession;
  /** Charset of 8-bit names; null: guessed. */
  charset: CharsetId | null = null;
  shown: ViewId | null;
  readonly #stopped = new AbortController();
  #complete = false;
  readonly #waiting: (() => void)[] = [];
  readonly #nested: OpenedInPlace[] = [];
  #nestedCount = 0;

  constructor(medium: Medium, source: CountingSource, detection: Detection, opened: readonly OpenedFormat[], session: OpenedSession) {
    this.medium = medium;
    this.session = session;
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
    return this.allViews.find((view) => view.volume.id === id) ?? null;
  }

  /** The image that a file holds, as a view of its own: opened once. */
  async openNested(id: ViewId, entry: EntryId): Promise<NestedImage> {
    const known = (): OpenedInPlace | undefined => this.#nested.find(({ from }) => from.view === id && from.entry === entry);
    const holder = this.view(id);
    if (!known() && holder) {
      const { openNested } = await loadNested();
      holder.inUse = true; // its entry's number is kept
      const own = `nested-${++this.#nestedCount}` as const;
      const view = await openNested(this.source, holder, entry, own);
      const path = pathOf(holder.catalog, (bytes) => holder.volume.decodeName(bytes), entry);
      if (!known()) this.#nested.push({ from: { id: own, view: id, entry, path }, view });
    }
    const { from, view } = known() as OpenedInPlace;
    return { ...from, summary: view.summary() };
  }

  /** Bytes that the volumes claim beyond the end of the file. */
  get missing(): number {
    const claimed = Math.max(0, ...this.views.map((view) => view.volume.claimedSize ?? 0));
    return Math.max(0, claimed - this.source.size);
  }

  /** End what is being read of it: another session takes its place. */
  stop(): void {
    this.#stopped.abort();
    this.#tellWaiting();
  }

  /** True once nothing more is read of its own accord. */
  get complete(): boolean {
    return this.#complete;
  }

  /** All has been read, or reading cannot go on. */
  finish(): void {
    this.#complete = true;
    this.#tellWaiting();
  }

  /** Resolves once all has been read; throws an AbortError where it was stopped before. */
  async untilRead(): Promise<void> {
    if (!this.#complete && !this.#stopped.signal.aborted) await new Promise<void>((go) => this.#waiting.push(go));
    if (!this.#complete) this.#stopped.signal.throwIfAborted();
  }

  #tellWaiting(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Read every view, the likely one first; then `shown` is the sound view with the most contents. */
  async readAll(onChange: () => void = () => undefined): Promise<void> {
    const { signal } = this.#stopped;
    for (const view of this.#byPreference()) {
      await view.read(onChange, signal);
      this.#choose();
      for (const other of this.views) {
        const idle = !other.inUse && other.volume.id !== this.shown;
        if (idle && other.state === 'read' && other.catalog.count > KEEP_ENTRIES) other.release();
      }
    }
    if (this.detection.readable && !this.views.some((view) => view.catalog.count > 1 || rootReadable(view))) {
      this.shown = null;
      this.detection = this.missing > 0 ? missingFiles(this.medium, beginningOnly(this.source.size)) : withoutDirectories();
    }
    this.finish();
    onChange();
  }

  /** Read 8-bit names in this charset from now on; null: guess. */
  useCharset(charset: CharsetId | null): void {
    this.charset = charset;
    for (const view of this.views) view.volume.useCharset?.(charset);
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
      nested: this.#nested.map(({ from, view }) => ({ ...from, summary: view.summary() })),
      shown: this.shown,
      label: shown?.volume.label ?? '',
      missing: this.missing,
      created: shown?.volume.created ?? null,
      bytesRead: this.source.bytes,
      findings: totals,
      complete: this.complete,
      ...this.session,
      charset: this.charset,
      plain: this.medium.kind === 'plain',
      summed: summedTracks(this.medium).reduce((sum, { sectors }) => sum + sectors, 0),
    };
  }

  allFindings(): Findings[] {
    return [this.findings, ...this.opened.map((format) => format.findings), ...this.allViews.map((view) => view.volume.findings)];
  }

  /** Those of the disc, and those of images inside that were opened. */
  get allViews(): readonly View[] {
    return [...this.views, ...this.#nested.map(({ view }) => view)];
  }

  #byPreference(): View[] {
    return [...this.views].sort((a, b) => PREFERENCE.indexOf(a.volume.id) - PREFERENCE.indexOf(b.volume.id));
  }

  #choose(): void {
    const read = this.#byPreference().filter((view) => !ASIDE.includes(view.volume.id) && (view.state === 'read' || view.contents > 0));
    read.sort((a, b) => weight(b.contents, b.volume.findings.damaged) - weight(a.contents, a.volume.findings.damaged));
    const best = read[0];
    if (best) this.shown = best.volume.id;
  }
}

/**
 * What a view's contents weigh against another's: half where it is damaged. So a sound tree goes before a
 * damaged one, but a README alone never before 1,200 files of which one is bad.
 */
export function weight(contents: number, damaged: boolean): number {
  return damaged ? contents / 2 : contents;
}
