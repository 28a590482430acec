import type { CharsetId } from '../worker/protocol/charset.ts';
import { ROOT, type EntryDetails, type EntryId, type EntryRow, type ViewId } from '../worker/protocol/entry.ts';
import { Unsupported } from '../worker/protocol/errors.ts';
import type { ImageOverview, Listing, ListOptions, SortKey, ViewSummary } from '../worker/protocol/inspector.ts';
import { beginsDescending, titleOf } from './browse/columns.ts';
import { door } from './door.ts';
import { FolderTree } from './browse/folder-tree.svelte.ts';
import { RowCache } from './browse/row-cache.svelte.ts';
import { Selection } from './browse/selection.svelte.ts';
import { BytesPlace } from './bytes/place.svelte.ts';
import { Differences } from './differences.svelte.ts';
import { counted } from './figures.ts';
import { connect, isHung, type Connection } from './inspector.ts';
import type { Announcer } from './live.svelte.ts';
import { plainName } from './browse/names.ts';
import { Measures } from './measures.svelte.ts';
import { Places, type Place } from './places.svelte.ts';
import type { PageId } from './frame/page-list.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { FoundList } from './search/found-list.ts';
import type { Trail } from './trail.ts';
import { insideOf, treesOf } from './trees.ts';

/** `refused`: not an image, or nothing in it can be shown. */
export type SessionState = 'opening' | 'open' | 'refused' | 'failed';

/** How often a directory is listed again while the disc is still being read. */
const RELIST_AFTER = 500;
const DETAILS_AFTER = 40;
/** A worker that ended sooner (milliseconds) is not started again, nor one that hung so soon after another. */
const MIN_LIFE = 3000;
const MIN_PEACE = 60_000;

let sessions = 0;

/** One open image: what is known of it and what is looked at. */
export class Session {
  readonly id = ++sessions;
  /** All files of the image; a sheet that names the others stands first. */
  readonly files: readonly File[];
  readonly file: File;
  readonly differences = new Differences(this);
  /** What answers searches and the like, and what tells of the whole. */
  readonly study = door(
    () => this.#now,
    ({ inspector }) => inspector.study(),
  );
  readonly inspection = door(
    () => this.#now,
    ({ inspector }) => inspector.inspection(),
  );
  readonly measures: Measures;
  readonly selection = new Selection();
  /** Which of the image's pages is shown. */
  page: PageId = $state('files');
  /** Where one looks on the page Bytes. */
  readonly bytesPage = new BytesPlace(() => {
    this.bytesFrom = this.page === 'bytes' ? this.bytesFrom : this.page;
    this.page = 'bytes';
  });
  /** The page that led to a place in Bytes: Back leads there again. */
  bytesFrom: PageId = $state('files');
  overview: ImageOverview | null = $state.raw(null);
  state: SessionState = $state('opening');
  failure: unknown = $state.raw(null);
  view: ViewId | null = $state(null);
  /** The directory shown, root first; its last is the directory itself. */
  path: readonly EntryRow[] = $state.raw([]);
  listing: Listing | null = $state.raw(null);
  tree: FolderTree | null = $state.raw(null);
  details: EntryDetails | null = $state.raw(null);
  filter = $state('');
  /** The bar of the search is open. */
  searching = $state(false);
  /** What a search found, listed in the place of the directory; null where that is listed. */
  found: FoundList | null = $state.raw(null);
  bannerClosed = $state(false);
  /** Another session of the disc is being opened: what is told of views now is of neither. */
  switching = $state(false);
  /** Resolves when it is known what the image is. */
  opened: Promise<void> = Promise.resolve();
  /** Counts the workers that this image has had: each numbers its entries anew. */
  life = 0;
  /** Counts lists that the user asked for (not those of the disc still being read): the view goes to the focus then. */
  turn = $state(0);
  /** A new one for each place: another tree has other rows for the same entries. */
  rows: RowCache = $state.raw(this.#rowsOf());

  #connection: Connection;
  /** When a worker of this image hung the last time (`performance.now`). */
  #hung = -Infinity;
  #revived: Promise<void> = Promise.resolve();
  #preferences: Preferences;
  #announcer: Announcer;
  #onFail: (session: Session, error: unknown, revived: boolean) => void;
  readonly #places: Places;
  #request = 0;
  #first: Promise<Listing | null> | null = null;
  #relist: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;

  constructor(
    files: readonly [File, ...File[]],
    preferences: Preferences,
    announcer: Announcer,
    trail: Trail,
    onFail: (session: Session, error: unknown, revived: boolean) => void,
  ) {
    this.files = files;
    this.file = files[0];
    this.#onFail = onFail;
    this.#preferences = preferences;
    this.#announcer = announcer;
    this.measures = new Measures(this, preferences);
    this.#places = new Places(this.id, trail);
    this.#connection = this.#connect();
  }

  get inspector() {
    return this.#connection.inspector;
  }
  get directory(): EntryId {
    return this.listing?.directory ?? ROOT;
  }
  get summary(): ViewSummary | null {
    return treesOf(this.overview).find((view) => view.id === this.view) ?? null;
  }
  get title(): string {
    return plainName(this.summary?.label || this.overview?.label || '') || this.file.name;
  }
  /** Bytes of the image: of all its files, where its sectors are put together from them. */
  get bytes(): number {
    const { overview, files } = this;
    return !overview || overview.plain || overview.missing > 0 ? (overview?.size ?? 0) : files.reduce((sum, { size }) => sum + size, 0);
  }
  get canGoBack(): boolean {
    return this.#places.canGoBack;
  }
  get canGoForward(): boolean {
    return this.#places.canGoForward;
  }
  /** The directory's path, as "/boot/grub". */
  get where(): string {
    return `/${this.path
      .slice(1)
      .map((row) => row.name)
      .join('/')}`;
  }

  /** Which worker answers, and for which session of the disc. */
  get #now() {
    return { inspector: this.inspector, session: this.overview?.session };
  }

  open(): Promise<void> {
    return (this.opened = this.#open());
  }

  async #open(): Promise<void> {
    try {
      const opening = this.inspector.open(this.files, (changed) => this.#changed(changed));
      // Asked for at once: the first rows come with the answer. What cannot be listed, the overview says.
      this.#first = this.inspector.list(null, ROOT, this.#options).catch(() => null);
      const overview = await opening;
      this.overview = overview;
      if (!overview.detection.readable || overview.shown === null) {
        this.state = 'refused';
        return;
      }
      const charset = this.#preferences.charsetOf(this.file);
      if (charset !== null && overview.views.some((view) => view.takesCharset)) {
        this.#first = null;
        await this.inspector.chooseCharset(charset);
      }
      await this.show(this.#knownView(overview) ?? overview.shown);
      this.state = 'open';
      this.#changed(await this.inspector.overview());
    } catch (error) {
      this.#fail(error);
    }
  }

  #connect(): Connection {
    this.life++;
    const begun = performance.now();
    return connect(
      (error) => void (this.#revived = this.#revive(error, begun).catch((again: unknown) => this.#fail(again))),
      () => [this.file.name, this.where],
    );
  }

  /** Its worker ended by itself, or hung: another one opens the same files and shows the same place. */
  async #revive(error: unknown, begun: number): Promise<void> {
    const { view, where, overview, selection } = this;
    const current = selection.current === null ? undefined : this.rows.get(selection.current);
    const now = performance.now();
    const again = isHung(error) ? now - this.#hung < MIN_PEACE : now - begun < MIN_LIFE;
    if (this.state !== 'open' || view === null || again) throw error;
    if (isHung(error)) this.#hung = now;
    this.#connection = this.#connect();
    let fresh = await this.inspector.open(this.files, (changed) => this.#changed(changed));
    if (overview && overview.session !== fresh.session) fresh = await this.inspector.chooseSession(overview.session);
    if (overview?.charset) fresh = await this.inspector.chooseCharset(overview.charset);
    await this.#restart(fresh);
    const wanted = current ? [where, `${where === '/' ? '' : where}/${current.name}`] : [where];
    const [directory, focus = null] = await this.inspector.find(view, wanted);
    if (directory !== undefined && this.view === view) await this.go(directory, focus);
    this.#onFail(this, error, true);
  }

  /** Resolves once a worker that takes another's place has the image open. */
  get revived(): Promise<void> {
    return this.#revived;
  }

  close(): void {
    for (const timer of [this.#relist, this.#looking]) clearTimeout(timer);
    this.differences.stop();
    this.measures.stop();
    this.#connection.close();
  }

  /** Show another tree of the disc. */
  async show(view: ViewId, directory: EntryId = ROOT, focus: EntryId | null = null): Promise<void> {
    await this.#enter(view);
    await this.go(directory, focus);
  }

  /** The user's own choice of a tree: remembered for this image. */
  async chooseView(view: ViewId): Promise<void> {
    if (view === this.view) return;
    this.#preferences.setViewOf(this.file, view);
    await this.show(view).catch((error: unknown) => this.#fail(error));
  }

  /** Show where an entry is, in whichever tree. */
  async goTo(view: ViewId, entry: EntryId): Promise<void> {
    const path = await this.inspector.ancestors(view, entry);
    const directory = path.at(-2)?.entry ?? ROOT;
    if (path.some((row) => row.hidden) && !this.#preferences.showHidden) await this.showHidden(true);
    if (view === this.view) await this.go(directory, entry);
    else await this.show(view, directory, entry);
  }

  /** Go where a symbolic link leads: into a directory, to a file. Throws the reason where it leads nowhere. */
  async follow(entry: EntryId): Promise<void> {
    const { view } = this;
    if (view === null) return;
    const { link } = await this.inspector.details(view, entry);
    if (link?.entry === null || !link) throw new Unsupported('link', link?.problem ?? 'It is no link.');
    if (link.kind === 'directory') await this.go(link.entry);
    else {
      await this.goTo(view, link.entry);
      this.selection.move(this.selection.cursor, 'only');
    }
  }

  /** Open another session of the disc at its root. The one before stays where the wanted one cannot be shown. */
  async chooseSession(number: number): Promise<void> {
    const before = this.overview?.session;
    if (this.switching || before === undefined || before === number) return;
    this.switching = true;
    try {
      const charset = this.overview?.charset ?? null;
      let overview = await this.inspector.chooseSession(number);
      const shows = overview.detection.readable && overview.shown !== null;
      if (!shows) overview = await this.inspector.chooseSession(before);
      if (charset !== null) overview = await this.inspector.chooseCharset(charset);
      await this.#restart(overview);
      this.#announcer.say(`Session ${overview.session}.`);
      if (!shows) throw new Unsupported('session', `Session ${number} holds nothing that can be listed.`);
    } finally {
      this.switching = false;
    }
    this.#changed(await this.inspector.overview());
  }

  /** Read 8-bit names in another charset (null: guess): all names shown are new then. */
  async chooseCharset(charset: CharsetId | null): Promise<void> {
    this.#preferences.setCharsetOf(this.file, charset);
    this.overview = await this.inspector.chooseCharset(charset);
    this.rows.renew();
    this.tree?.rename(this.title);
    this.look(this.selection.current);
    await Promise.all([this.#again(true), this.tree?.refresh()]);
  }

  /** Show a directory; `focus` is the entry in it that gets the focus. */
  async go(directory: EntryId, focus: EntryId | null = null): Promise<void> {
    const view = this.view;
    if (view === null) return;
    this.#leave();
    if (await this.#list(view, directory, focus, true)) this.#places.add(view, directory, focus);
  }

  async up(): Promise<void> {
    const parent = this.path.at(-2);
    const left = this.path.at(-1);
    const inside = insideOf(this.overview, this.view);
    if (parent && left) await this.go(parent.entry, left.entry);
    else if (inside) await this.goTo(inside.view, inside.entry);
  }

  async travel(step: -1 | 1): Promise<void> {
    this.#leave();
    const place = this.#places.step(step);
    if (place) await this.#showPlace(place);
  }

  /** The browser's history leads to a place of this image; false where it is gone. */
  arrive(id: number): boolean {
    this.#leave();
    const place = this.#places.arrive(id);
    if (place) void this.#showPlace(place).catch((error: unknown) => this.#fail(error));
    return place !== undefined;
  }

  async sortBy(key: SortKey): Promise<void> {
    const same = this.#preferences.sort === key;
    const descending = same ? !this.#preferences.descending : beginsDescending(key);
    this.#preferences.setSort(key, descending);
    await this.#again();
    this.#announcer.say(`Sorted by ${titleOf(key).toLowerCase()}, ${descending ? 'descending' : 'ascending'}.`);
  }

  /** Show other columns: what was not read of the entries before is. */
  setColumns(columns: readonly SortKey[]): void {
    const before = this.#preferences.recordColumns;
    this.#preferences.setColumns(columns);
    if (this.#preferences.recordColumns.some((key) => !before.includes(key))) void this.rows.refresh();
  }

  async showHidden(hidden: boolean): Promise<void> {
    this.#preferences.setShowHidden(hidden);
    await this.#again();
    await this.tree?.refresh();
  }

  async setFilter(filter: string): Promise<void> {
    this.filter = filter;
    await this.#again();
    this.#announcer.say(`${counted(this.listing?.entries.length ?? 0, 'item')} found.`);
  }

  /** Find by the beginning of a name, from the row after the focus on. */
  findPrefix(prefix: string, from: number): Promise<number> {
    if (this.view === null || !this.listing) return Promise.resolve(-1);
    return this.inspector.findPrefix(this.view, this.listing.entries, prefix, from);
  }

  /** Fetch what the disc says of one entry, soon. */
  look(entry: EntryId | null): void {
    clearTimeout(this.#looking);
    const view = this.view;
    if (entry === null || view === null) {
      this.details = null;
      return;
    }
    this.#looking = setTimeout(() => {
      void this.inspector.details(view, entry).then(
        (details) => {
          if (view === this.view && entry === this.selection.current) this.details = details;
        },
        () => (this.details = null),
      );
    }, DETAILS_AFTER);
  }

  async #showPlace(place: Place): Promise<void> {
    if (place.view !== this.view) await this.#enter(place.view);
    await this.#list(place.view, place.directory, place.focus, true);
  }

  /** What has the focus here will have it when one comes back. */
  #leave(): void {
    this.searching = false;
    if (this.#places.current && !this.found) this.#places.current.focus = this.selection.current;
  }

  async #enter(view: ViewId): Promise<void> {
    const known = treesOf(this.overview).find(({ id }) => id === view);
    if (!known || known.state === 'unread') this.overview = await this.inspector.choose(view);
    this.view = view;
    this.tree = new FolderTree((parent) => this.inspector.directories(view, parent, this.#preferences.showHidden), this.title);
  }

  /** The tree chosen for this image before, where it can be shown. */
  #knownView(overview: ImageOverview): ViewId | null {
    const before = this.#preferences.viewOf(this.file);
    return overview.views.some((view) => view.id === before && view.state !== 'failed') ? before : null;
  }

  /** Other trees with other entries took the place of all: begin again at the root. */
  async #restart(overview: ImageOverview): Promise<void> {
    this.overview = overview;
    this.#places.forget();
    this.differences.forget();
    const same = overview.views.find((view) => view.id === this.view && view.state !== 'failed');
    const view = same?.id ?? overview.shown;
    if (view !== null) await this.show(view);
  }

  #rowsOf(rows: readonly EntryRow[] = []): RowCache {
    return new RowCache(
      (entries) => (this.view === null ? Promise.resolve([]) : this.inspector.rows(this.view, entries, this.#preferences.recordColumns)),
      rows,
    );
  }

  get #options(): ListOptions {
    const { sort, descending, showHidden: hidden, recordColumns: columns } = this.#preferences;
    return { sort, descending, hidden, filter: this.filter, columns };
  }

  async #again(quiet = false): Promise<void> {
    if (this.found) return this.found.again();
    if (this.view !== null) await this.#list(this.view, this.directory, this.selection.current, false, quiet);
  }

  /** Show the directory again, where what a search found took its place. */
  async leaveFound(focus: EntryId | null): Promise<void> {
    if (this.found && this.view !== null) await this.#list(this.view, this.directory, focus, true);
  }

  /** List a directory; false when another list was asked for meanwhile. */
  async #list(view: ViewId, directory: EntryId, focus: EntryId | null, moved: boolean, quiet = false): Promise<boolean> {
    // A list that nobody asked for must not take the place of one that somebody waits for.
    const request = quiet ? this.#request : ++this.#request;
    if (moved) this.filter = '';
    const first = await this.#first;
    this.#first = null;
    const fits = first?.view === view && first.directory === directory;
    const listing = fits ? first : await this.inspector.list(view, directory, this.#options);
    if (request !== this.#request || (!moved && this.found) || (quiet && (view !== this.view || directory !== this.directory)))
      return false;
    const { path } = listing;
    if (moved) {
      this.found = null;
      this.selection.reset();
      this.rows = this.#rowsOf(listing.rows);
      this.details = null;
    } else this.rows.renew(listing.rows);
    this.listing = listing;
    this.path = path;
    this.selection.replace(listing.entries, focus);
    if (!quiet) this.turn++;
    // The disc may have been read to its end while this was on its way.
    if (moved && !listing.complete && this.overview?.complete) void this.#again(true).catch((error: unknown) => this.#fail(error));
    if (moved) {
      void this.tree?.reveal(path.map((row) => row.entry));
      this.#announcer.say(`${plainName(path.at(-1)?.name || this.title)}, ${counted(listing.entries.length, 'item')}.`);
    }
    return true;
  }

  /** More of the disc was read: a directory that was not whole is listed again. */
  #changed(overview: ImageOverview): void {
    if (this.switching && overview.session !== this.overview?.session) return;
    this.overview = overview;
    if (this.state !== 'open' || this.switching) return;
    if (!overview.detection.readable) this.state = 'refused';
    else if (overview.complete) this.#showBest(overview);
    const now = this.summary?.state === 'read' && !this.listing?.final;
    if (this.#relist && !now) return;
    clearTimeout(this.#relist);
    const again = (): void => {
      this.#relist = undefined;
      if (!this.listing?.final) void this.#again(true).catch(() => undefined);
      void this.tree?.refresh();
    };
    this.#relist = setTimeout(again, now ? 0 : RELIST_AFTER);
  }

  /** All trees are read: if another one holds more, show it, unless the user is at work in this one. */
  #showBest({ shown }: ImageOverview): void {
    const untouched = this.#places.count === 1 && this.selection.count === 0 && this.filter === '';
    if (shown === null || shown === this.view || !untouched || this.#preferences.viewOf(this.file) !== null) return;
    this.#places.forget();
    void this.show(shown).catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.failure = error;
    this.state = 'failed';
    this.#onFail(this, error, false);
  }
}
