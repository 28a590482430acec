import type { EntryId, EntryRow, ViewId } from '../../worker/protocol/entry.ts';
import { isAbort } from '../../worker/protocol/errors.ts';
import type { Study } from '../../worker/protocol/study.ts';
import { RowCache } from '../browse/row-cache.svelte.ts';
import { counted } from '../figures.ts';
import type { Announcer } from '../live.svelte.ts';
import type { Preferences } from '../preferences.svelte.ts';
import type { Session } from '../session.svelte.ts';
import { explain } from '../texts.ts';

/** Where a search looks. */
export type Scope = 'disc' | 'directory' | 'selection';

/** A screen reader hears of what was found when nobody has typed for so long (milliseconds). */
const SAY_AFTER = 700;

/** A search by name in one image: what was typed, where it looks, what it found. The list of the session shows that. */
export class Search {
  text = $state('');
  scope: Scope = $state('disc');
  /** Looking, or putting what was found in order. */
  busy = $state(false);
  /** Why nothing is looked for; empty where something is. */
  problem = $state('');
  /** What was selected when the search began. */
  selected: Uint32Array = $state.raw(new Uint32Array());
  readonly #session: Session;
  readonly #preferences: Preferences;
  readonly #announcer: Announcer;
  /** What had the focus before. */
  #focus: EntryId | null = null;
  #request = 0;
  #say: ReturnType<typeof setTimeout> | undefined;
  #study: { readonly of: unknown; readonly study: Promise<Study> } | null = null;

  constructor(session: Session, preferences: Preferences, announcer: Announcer) {
    this.#session = session;
    this.#preferences = preferences;
    this.#announcer = announcer;
  }

  /** What was found is on screen. */
  get shown(): boolean {
    return this.#session.found === this;
  }

  /** The bar was opened: the names are made ready, and what was looked for before is found again. */
  begin(): void {
    const { selection, found } = this.#session;
    if (!found) {
      this.selected = selection.ids();
      this.#focus = selection.current;
    }
    if (this.scope === 'selection' && this.selected.length === 0) this.scope = 'disc';
    const { view } = this.#session;
    if (this.text !== '') void this.find();
    else if (view !== null)
      void this.#ask()
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
  again(): Promise<void> {
    return this.find(true);
  }

  async find(same = false): Promise<void> {
    const request = ++this.#request;
    const session = this.#session;
    const { view } = session;
    if (view === null) return;
    if (this.text.trim() === '') return this.#empty();
    const news = new Found(same ? session.selection.entries.length : 0);
    this.busy = true;
    const { sort, descending } = this.#preferences;
    try {
      const study = await this.#ask();
      const asked = { view, text: this.text, scope: this.#entries(), sort, descending };
      const answer = await study.search(asked, (entries) => {
        // A list that is there already is not taken apart to be built again.
        if (request === this.#request && news.add(entries)) this.#show(view, news.entries, false, false);
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
    void this.#ask().then(
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
    const fresh = !this.shown;
    if (fresh) {
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
    const [rows, paths] = await Promise.all([inspector.rows(view, entries), inspector.paths(view, entries)]);
    return rows.map((row, index) => ({ ...row, where: directoryOf(paths[index] ?? '', row.name) }));
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

  /** A session of the disc has a study of its own, and so has each worker. */
  #ask(): Promise<Study> {
    const { inspector, overview } = this.#session;
    const of = [inspector, overview?.session];
    const known = this.#study?.of as unknown[] | undefined;
    if (!known || known.some((one, index) => one !== of[index])) this.#study = { of, study: inspector.study() };
    return (this.#study as { study: Promise<Study> }).study;
  }
}

/** "/a/b/c" without "/c", whatever stands in the name; "/" for what lies in the root. */
function directoryOf(path: string, name: string): string {
  return path.slice(0, Math.max(1, path.length - name.length - 1));
}

/** What comes while a search goes on. */
class Found {
  #entries = new Uint32Array(1024);
  #count = 0;
  readonly #least: number;

  /** `least`: so many are shown already. */
  constructor(least: number) {
    this.#least = least;
  }

  /** True once there are more than were there before. */
  add(entries: Uint32Array): boolean {
    if (this.#count + entries.length > this.#entries.length) {
      const wider = new Uint32Array(Math.max(this.#count + entries.length, this.#entries.length * 2));
      wider.set(this.#entries);
      this.#entries = wider;
    }
    this.#entries.set(entries, this.#count);
    this.#count += entries.length;
    return this.#count > this.#least;
  }

  get entries(): Uint32Array {
    return this.#entries.subarray(0, this.#count);
  }
}

const searches = new WeakMap<Session, Search>();

/** The search of an image, with what was typed last. */
export function searchOf(session: Session, preferences: Preferences, announcer: Announcer): Search {
  const known = searches.get(session) ?? new Search(session, preferences, announcer);
  searches.set(session, known);
  return known;
}
