import type { EntryId, EntryRow, ViewId } from '../../worker/protocol/entry.ts';
import { EntryIds } from '../../worker/protocol/entry-ids.ts';
import { isAbort } from '../../worker/protocol/errors.ts';
import type { Pattern } from '../../worker/protocol/preview.ts';
import type { Hit } from '../../worker/protocol/study.ts';
import { foundColumns, hitColumns, type ColumnKey } from '../browse/columns.ts';
import { RowCache } from '../browse/row-cache.svelte.ts';
import { counted } from '../figures.ts';
import type { Announcer } from '../live.svelte.ts';
import type { Preferences } from '../preferences.svelte.ts';
import type { Session } from '../session.svelte.ts';
import { explain } from '../texts.ts';
import type { FoundList } from './found-list.ts';

/** Where a search looks. */
export type Scope = 'disc' | 'directory' | 'selection';

/** A screen reader hears of what was found when nobody has typed for so long (milliseconds). */
const SAY_AFTER = 700;

/** A search by name in one image: what was typed, where it looks, what it found. The list of the session shows that. */
export class Search implements FoundList {
  text = $state('');
  /** What the files are to hold, as typed. */
  holding = $state('');
  scope: Scope = $state('disc');
  /** Looking, or putting what was found in order. */
  busy = $state(false);
  /** Why nothing is looked for; empty where something is. */
  problem = $state('');
  /** What was left out; empty where nothing was. */
  note = $state('');
  /** How far a search in contents is, in bytes; null while none runs. */
  progress: { readonly done: number; readonly total: number } | null = $state.raw(null);
  /** What was found in contents; null where names are listed. */
  #hits: Map<EntryId, Hit> | null = $state.raw(null);
  /** What was selected when the search began. */
  selected: Uint32Array = $state.raw(new Uint32Array());
  readonly #session: Session;
  readonly #preferences: Preferences;
  readonly #announcer: Announcer;
  /** What had the focus before. */
  #focus: EntryId | null = null;
  /** What the rows that are kept were made of. */
  #listed: unknown = null;
  #request = 0;
  #say: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, preferences: Preferences, announcer: Announcer) {
    this.#session = session;
    this.#preferences = preferences;
    this.#announcer = announcer;
  }

  /** What was found is on screen. */
  get shown(): boolean {
    return this.#session.found === this;
  }

  get columns(): readonly ColumnKey[] {
    const { columns } = this.#preferences;
    return this.#hits ? hitColumns(columns) : foundColumns(columns);
  }
  get sorts(): boolean {
    return this.#hits === null;
  }

  placeOf(entry: EntryId): { readonly at: number; readonly length: number } | null {
    const hit = this.#hits?.get(entry);
    return hit ? { at: hit.at[0] ?? 0, length: hit.length } : null;
  }

  /** The bar was opened: the names are made ready, and what was looked for before is found again. */
  begin(): void {
    const { selection, found } = this.#session;
    // Come back from another page: it is still there.
    if (this.shown) return;
    if (!found) {
      this.selected = selection.ids();
      this.#focus = selection.current;
    }
    if (this.scope === 'selection' && this.selected.length === 0) this.scope = 'disc';
    const { view } = this.#session;
    if (this.text !== '') void this.find();
    else if (view !== null)
      void this.#session
        .study()
        .then((study) => study.prepareSearch(view))
        .catch(() => undefined); // a search says what is wrong
  }

  type(text: string): void {
    this.text = text;
    void this.find();
  }

  look(scope: Scope): void {
    this.scope = scope;
    void this.find();
  }

  /** Another order, or more of the disc was read. */
  async again(): Promise<void> {
    if (!this.#hits) await this.find(true);
  }

  /** Find files that hold any of the patterns, among those that the names typed allow. */
  async findContents(patterns: readonly Pattern[]): Promise<void> {
    const request = ++this.#request;
    const { view } = this.#session;
    if (view === null) return;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- rows are asked for anew with each list
    const hits = new Map<EntryId, Hit>();
    this.#hits = hits;
    this.busy = true;
    this.problem = this.note = '';
    this.progress = { done: 0, total: 0 };
    this.#show(view, new Uint32Array(), false, false);
    try {
      const study = await this.#session.study();
      const answer = await study.searchContents({ view, text: this.text, scope: this.#entries(), patterns }, (found, done, total) => {
        if (request !== this.#request || !this.progress) return;
        this.progress = { done, total };
        for (const hit of found) hits.set(hit.entry, hit);
        if (found.length > 0) this.#show(view, Uint32Array.from(hits.keys()), false, false, true);
      });
      if (request !== this.#request) return;
      this.problem = answer.problem;
      for (const hit of answer.hits) hits.set(hit.entry, hit);
      if (answer.unread > 0) this.note = `, ${counted(answer.unread, 'file')} could not be read`;
      this.#show(view, Uint32Array.from(hits.keys()), true, true, true);
      this.#sayFound();
    } catch (error) {
      if (request !== this.#request) return;
      if (!isAbort(error)) this.problem = explain(error).sentence;
      this.#show(view, Uint32Array.from(hits.keys()), true, true, true);
    } finally {
      if (request === this.#request) {
        this.busy = false;
        this.progress = null;
      }
    }
  }

  /** End what is looked for; what was found stays. */
  stop(): void {
    void this.#session.study().then(
      (study) => study.stopSearch(),
      () => undefined,
    );
  }

  async find(same = false): Promise<void> {
    const request = ++this.#request;
    const session = this.#session;
    const { view } = session;
    if (view === null) return;
    this.#hits = null;
    this.progress = null;
    if (this.text.trim() === '') return this.#empty();
    const news = new EntryIds();
    // A list that is there already is not taken apart to be built again.
    const least = same ? session.selection.entries.length : 0;
    this.busy = true;
    const { sort, descending } = this.#preferences;
    try {
      const study = await this.#session.study();
      const asked = { view, text: this.text, scope: this.#entries(), sort, descending };
      const answer = await study.search(asked, (entries) => {
        news.add(entries);
        // News come on a way of their own: what is late is older than the answer.
        if (request === this.#request && this.busy && news.count > least) this.#show(view, news.from(0), false, false);
      });
      if (request !== this.#request) return;
      this.problem = answer.problem;
      if (answer.problem === '') this.#show(view, answer.entries, true, answer.final, same);
      this.#sayFound();
    } catch (error) {
      if (request !== this.#request || isAbort(error)) return;
      this.problem = explain(error).sentence;
      this.#announcer.say(this.problem);
    } finally {
      if (request === this.#request) this.busy = false;
    }
  }

  /** The bar is closed: the directory is listed again. */
  async end(): Promise<void> {
    this.#request++;
    this.busy = false;
    clearTimeout(this.#say);
    void this.#session.study().then(
      (study) => study.stopSearch(),
      () => undefined,
    );
    this.#session.searching = false;
    await this.#session.leaveFound(this.#focus);
  }

  async #empty(): Promise<void> {
    this.busy = false;
    this.problem = '';
    if (this.shown) await this.#session.leaveFound(this.#focus);
  }

  #show(view: ViewId, entries: Uint32Array, complete: boolean, final: boolean, same = false): void {
    const session = this.#session;
    const { path, directory } = session;
    if (!this.shown || (!same && this.#hits !== this.#listed)) {
      this.#listed = this.#hits;
      session.rows = new RowCache((wanted) => this.#rows(view, wanted));
      session.filter = '';
    }
    if (!same) session.selection.reset();
    session.found = this;
    session.listing = { view, directory, path, entries, hiddenCount: 0, complete, final, rows: [] };
    session.selection.replace(entries, same ? session.selection.current : null);
    if (!same) session.turn++;
  }

  async #rows(view: ViewId, entries: Uint32Array): Promise<EntryRow[]> {
    const { inspector } = this.#session;
    const [rows, paths] = await Promise.all([
      inspector.rows(view, entries, this.#preferences.recordColumns),
      inspector.paths(view, entries),
    ]);
    return rows.map((row, index) => {
      const hit = this.#hits?.get(row.entry);
      const where = directoryOf(paths[index] ?? '', row.name);
      return hit ? { ...row, where, hits: { at: hit.at[0] ?? 0, count: hit.count } } : { ...row, where };
    });
  }

  #entries(): Uint32Array | null {
    if (this.scope === 'disc') return null;
    return this.scope === 'directory' ? Uint32Array.of(this.#session.directory) : this.selected;
  }

  #sayFound(): void {
    clearTimeout(this.#say);
    this.#say = setTimeout(
      () => this.#announcer.say(this.problem || `${counted(this.#session.selection.entries.length, 'entry', 'entries')} found.`),
      SAY_AFTER,
    );
  }
}

/** "/a/b/c" without "/c", whatever stands in the name; "/" for what lies in the root. */
function directoryOf(path: string, name: string): string {
  return path.slice(0, Math.max(1, path.length - name.length - 1));
}

const searches = new WeakMap<Session, Search>();

/** The search of an image, with what was typed last. */
export function searchOf(session: Session, preferences: Preferences, announcer: Announcer): Search {
  const known = searches.get(session) ?? new Search(session, preferences, announcer);
  searches.set(session, known);
  return known;
}
