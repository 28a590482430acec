import { ROOT, type EntryId } from '../protocol/entry.ts';
import { ImageError, isAbort } from '../protocol/errors.ts';
import type { ViewState, ViewSummary } from '../protocol/inspector.ts';
import { Catalog } from '../catalog/catalog.ts';
import { Totals } from '../catalog/totals.ts';
import type { Volume } from '../formats/volume.ts';

type Figures = Pick<ViewSummary, 'files' | 'directories' | 'bytes' | 'cut' | 'bounded'>;

/** One tree of the image, with what has been read of it. */
export class View {
  readonly volume: Volume;
  catalog = new Catalog();
  totals: Totals | null = null;
  #shownTotals: Totals | null = null;
  state: ViewState = 'unread';
  /** True once somebody lists it: its entries' numbers must stay what they are, so it is never released. */
  inUse = false;
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

  /** The totals without what is hidden; null while not read. */
  get shownTotals(): Totals | null {
    if (this.totals) this.#shownTotals ??= new Totals(this.catalog, false);
    return this.#shownTotals;
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
    this.#shownTotals = null;
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
      takesCharset: volume.useCharset !== undefined,
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

/** True where the root directory of a view could be read. */
export function rootReadable(view: View): boolean {
  return view.state === 'read' && view.catalog.isRead(ROOT);
}
