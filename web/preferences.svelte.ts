import { get, set } from 'idb-keyval';
import type { CharsetId } from '../worker/protocol/charset.ts';
import type { RecordKey, ViewId } from '../worker/protocol/entry.ts';
import { USUAL, type Choices } from './jobs/usual.ts';
import type { SortKey } from '../worker/protocol/inspector.ts';
import { COLUMNS, inRecord, type Widths } from './browse/columns.ts';
import type { ChosenWidths } from './frame/panes.ts';
import { units } from './units.svelte.ts';

export type Theme = 'system' | 'light' | 'dark';

interface Kept {
  theme: Theme;
  sort: SortKey;
  descending: boolean;
  showHidden: boolean;
  sizes: 'binary' | 'decimal';
  dates: 'language' | 'iso';
  /** Notify of a save's end while the page is not looked at. */
  notify: boolean;
  /** Keep which images were open, and where one was in them. */
  remember: boolean;
  panes: ChosenWidths;
  /** The columns of the list in order, and widths that were chosen. */
  columns: readonly SortKey[];
  widths: Widths;
  /** How the last archive or folder was saved. */
  saving: Choices;
  /** The view last chosen for an image, by the image's size and date (no names are kept). */
  views: [image: string, view: ViewId][];
  /** The charset of names chosen for an image, in the same way. */
  charsets: [image: string, charset: CharsetId][];
}

const KEY = 'isoscope-preferences';
/** Also read by public/theme.js before the first paint: IndexedDB would answer too late. */
const THEME_KEY = 'isoscope-theme';
/** Images of which something is remembered. */
const MAX_IMAGES = 64;
/** Some private windows never answer IndexedDB; the page does not wait for them. */
const PATIENCE = 400;

/** What the page remembers from one visit to the next. */
export class Preferences {
  #kept: Kept = $state.raw({
    theme: 'system',
    sort: 'name',
    descending: false,
    showHidden: false,
    sizes: 'binary',
    dates: 'language',
    notify: false,
    remember: true,
    panes: { tree: null, details: null },
    columns: COLUMNS,
    widths: {},
    saving: USUAL,
    views: [],
    charsets: [],
  });

  #changed = false;
  #writing = false;

  get theme(): Theme {
    return this.#kept.theme;
  }
  get sort(): SortKey {
    return this.#kept.sort;
  }
  get descending(): boolean {
    return this.#kept.descending;
  }
  get showHidden(): boolean {
    return this.#kept.showHidden;
  }

  get sizes(): Kept['sizes'] {
    return this.#kept.sizes;
  }
  get dates(): Kept['dates'] {
    return this.#kept.dates;
  }
  get notify(): boolean {
    return this.#kept.notify;
  }

  get remember(): boolean {
    return this.#kept.remember;
  }

  get columns(): readonly SortKey[] {
    return this.#kept.columns;
  }
  /** Those of them that stand in the entries' records. */
  get recordColumns(): readonly RecordKey[] {
    return this.#kept.columns.filter(inRecord);
  }
  get widths(): Widths {
    return this.#kept.widths;
  }

  get panes(): ChosenWidths {
    return this.#kept.panes;
  }

  get saving(): Choices {
    return { ...USUAL, ...this.#kept.saving };
  }

  async load(): Promise<void> {
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE, undefined));
    const kept = await Promise.race([get<Partial<Kept>>(KEY).catch(() => undefined), late]);
    if (kept) this.#kept = { ...this.#kept, ...kept };
    // What the page was painted with holds: IndexedDB may answer too late, or be a write behind.
    this.#kept = { ...this.#kept, theme: paintedTheme() ?? this.#kept.theme };
    this.#showTheme();
    this.#setUnits();
  }

  setTheme(theme: Theme): void {
    this.#keep({ theme });
    this.#showTheme();
  }

  setSort(sort: SortKey, descending: boolean): void {
    this.#keep({ sort, descending });
  }

  setShowHidden(showHidden: boolean): void {
    this.#keep({ showHidden });
  }

  setSizes(sizes: Kept['sizes']): void {
    this.#keep({ sizes });
    this.#setUnits();
  }

  setDates(dates: Kept['dates']): void {
    this.#keep({ dates });
    this.#setUnits();
  }

  setColumns(columns: readonly SortKey[]): void {
    this.#keep({ columns });
  }

  setWidths(widths: Widths): void {
    this.#keep({ widths });
  }

  setPane(pane: keyof ChosenWidths, width: number | null): void {
    this.#keep({ panes: { ...this.#kept.panes, [pane]: width } });
  }

  setRemember(remember: boolean): void {
    this.#keep({ remember });
  }

  setNotify(notify: boolean): void {
    this.#keep({ notify });
  }

  setSaving(saving: Choices): void {
    this.#keep({ saving: { ...saving, damaged: 'leave-out' } });
  }

  /** The view chosen last for this file, if it was seen before. */
  viewOf(file: File): ViewId | null {
    return this.#kept.views.find(([image]) => image === identity(file))?.[1] ?? null;
  }

  setViewOf(file: File, view: ViewId): void {
    this.#keep({ views: remembered(this.#kept.views, file, view) });
  }

  /** The charset of names chosen last for this file; null: guess. */
  charsetOf(file: File): CharsetId | null {
    return this.#kept.charsets.find(([image]) => image === identity(file))?.[1] ?? null;
  }

  setCharsetOf(file: File, charset: CharsetId | null): void {
    this.#keep({ charsets: remembered(this.#kept.charsets, file, charset) });
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    this.#changed = true;
    void this.#write();
  }

  /** One after another: a divider that is dragged changes the widths at each step. */
  async #write(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#changed) {
      this.#changed = false;
      // A browser that keeps nothing (private window) is no reason to stop.
      await set(KEY, this.#kept).catch(() => undefined);
    }
    this.#writing = false;
  }

  #setUnits(): void {
    units.decimal = this.#kept.sizes === 'decimal';
    units.iso = this.#kept.dates === 'iso';
  }

  #showTheme(): void {
    const { theme } = this.#kept;
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
    try {
      if (theme === 'system') localStorage.removeItem(THEME_KEY);
      else localStorage.setItem(THEME_KEY, theme);
    } catch {
      // Storage is switched off: the theme holds for this visit.
    }
  }
}

/** The theme as public/theme.js found it; null where storage is switched off. */
function paintedTheme(): Theme | null {
  try {
    const theme = localStorage.getItem(THEME_KEY);
    return theme === 'light' || theme === 'dark' ? theme : 'system';
  } catch {
    return null;
  }
}

function remembered<T>(kept: readonly [string, T][], file: File, value: T | null): [string, T][] {
  const others = kept.filter(([image]) => image !== identity(file));
  return (value === null ? others : [[identity(file), value] as [string, T], ...others]).slice(0, MAX_IMAGES);
}

function identity(file: File): string {
  return `${file.size}.${file.lastModified}`;
}
