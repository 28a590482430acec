import { groupFiles } from '../worker/protocol/companions.ts';
import { markOfPage } from './handles.ts';
import type { RecentImages } from './home/recent.svelte.ts';
import { Attention } from './jobs/attention.svelte.ts';
import { isHung } from './inspector.ts';
import { Jobs } from './jobs.svelte.ts';
import { Announcer } from './live.svelte.ts';
import { chooseImages } from './pickers.ts';
import type { Preferences } from './preferences.svelte.ts';
import { Saving } from './saving.svelte.ts';
import { Session } from './session.svelte.ts';
import { explain, type Explained } from './texts.ts';
import { screen } from './screen.svelte.ts';
import type { MenuLine } from './ui/menu-line.ts';
import { trail } from './trail.ts';

/** Which of the page's own sheets is open. */
export type Sheet =
  | 'palette'
  | 'preferences'
  | 'about'
  | 'keys'
  | 'jobs'
  | 'findings'
  | 'charset'
  | 'sessions'
  | 'sectors'
  | 'views'
  | 'save-as'
  | 'image'
  | 'shares';

/** A menu that was asked for at a place of the page, in px of the window; its lines follow what changes. */
export interface AskedMenu {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly lines: () => MenuLine[];
}

/** The open images, which of them is looked at, and what the page has to say. */
export class Workspace {
  sessions: readonly Session[] = $state.raw([]);
  active: Session | null = $state.raw(null);
  /** A short message of the page itself: a folder was dropped, a report was copied. */
  notice: Explained | null = $state.raw(null);
  sheet: Sheet | null = $state(null);
  /** Drawers, where there is no room for the pane. */
  details = $state(false);
  /** Where there is room for it, the details pane stands open until it is closed. */
  pane = $state(true);
  folders = $state(false);
  menu: AskedMenu | null = $state.raw(null);
  /** Images that were open before; null until they are read. */
  recent: RecentImages | null = $state.raw(null);
  /** Text that could not be put on the clipboard: shown to be copied by hand. */
  byHand: string | null = $state(null);
  /** An image with a running save, that was asked to close. */
  closing: Session | null = $state.raw(null);
  readonly announcer = new Announcer();
  readonly attention = new Attention(() => this.preferences.notify);
  readonly jobs = new Jobs(this.announcer, this.attention);
  readonly saving = new Saving({
    jobs: this.jobs,
    usual: () => this.preferences.saving,
    remember: (change) => this.preferences.setSaving({ ...this.preferences.saving, ...change }),
    onError: (error) => this.tell(explain(error)),
    tell: (sentence) => this.tell({ sentence, technical: '' }),
  });
  readonly preferences: Preferences;

  constructor(preferences: Preferences) {
    this.preferences = preferences;
    trail.show = (step) => this.#arrive(step.session, step.place);
  }

  get detailsShown(): boolean {
    return screen.middling ? this.details : this.pane;
  }

  toggleDetails(): void {
    if (screen.middling) this.details = !this.details;
    else this.pane = !this.pane;
  }

  /** Show a menu where it was asked for: at the pointer, or by the Menu key at what has the focus. */
  ask(event: MouseEvent, label: string, lines: () => MenuLine[]): void {
    event.preventDefault();
    const { left, bottom } = (event.target as HTMLElement).getBoundingClientRect();
    const byKey = event.clientX === 0 && event.clientY === 0;
    this.menu = { label, lines, x: byKey ? left + 24 : event.clientX, y: byKey ? bottom : event.clientY };
  }

  /** True while one of the dialogs is open. */
  get asks(): boolean {
    const { saving, sheet, closing, byHand } = this;
    return saving.pending !== null || saving.clash !== null || sheet !== null || closing !== null || byHand !== null;
  }

  /** Open files: those of one image (a sheet and what it names, the parts of a split one) in one tab. */
  open(files: readonly File[]): readonly Session[] {
    const opened = grouped(files).map((group) => this.#session(group));
    if (opened.length === 0) return opened;
    this.notice = null;
    this.sessions = [...this.sessions, ...opened];
    this.active = opened[0] ?? null;
    for (const session of opened) void session.open();
    return opened;
  }

  async choose(): Promise<void> {
    this.open(await chooseImages());
  }

  /** Let the user choose the files that an image lacks: it opens with them in its own tab. */
  async complete(session: Session): Promise<void> {
    const chosen = await chooseImages();
    if (chosen.length === 0) return;
    const kept = session.files.filter((file) => !chosen.some(({ name }) => name === file.name));
    const groups = grouped([...kept, ...chosen]);
    const own = groups.find((group) => group.some(({ name }) => name === session.file.name));
    if (own) this.#replace(session, this.#session(own));
    this.open(groups.filter((group) => group !== own).flat());
    if (own) this.active = this.sessions.find((other) => other.files === own) ?? this.active;
  }

  /** Open the sample disc that lies beside the page. */
  async sample(): Promise<void> {
    try {
      const response = await fetch('./sample.iso');
      if (!response.ok) throw new Error(`sample.iso: HTTP ${response.status}`);
      this.open([markOfPage(new File([await response.blob()], 'sample.iso'))]);
    } catch (error) {
      this.tell({ sentence: 'The sample disc could not be loaded.', technical: explain(error).technical });
    }
  }

  /** Close an image; asks first while something is being saved from it. */
  close(session: Session, sure = false): void {
    if (!sure && this.jobs.running.some((job) => job.session === session.id)) {
      this.closing = session;
      return;
    }
    this.closing = null;
    this.jobs.abandon(session.id, new DOMException('The image was closed.', 'AbortError'));
    session.close();
    const at = this.sessions.indexOf(session);
    this.sessions = this.sessions.filter((other) => other !== session);
    if (this.active === session) this.active = this.sessions[Math.min(at, this.sessions.length - 1)] ?? null;
  }

  /** Open the same file anew, in the same tab. */
  reopen(session: Session): void {
    this.#replace(session, this.#session(session.files as [File, ...File[]]));
  }

  #replace(session: Session, fresh: Session): void {
    session.close();
    this.sessions = this.sessions.map((other) => (other === session ? fresh : other));
    this.active = fresh;
    void fresh.open();
  }

  /** The browser's history leads to a place of an image: show that. */
  #arrive(id: number, place: number): boolean {
    const session = this.sessions.find((other) => other.id === id);
    if (!session?.arrive(place)) return false;
    this.active = session;
    return true;
  }

  #session(files: readonly [File, ...File[]]): Session {
    return new Session(files, this.preferences, this.announcer, trail, (session, error, revived) => this.#ended(session, error, revived));
  }

  /** An image's worker ended; with another one in its place what was saved into a folder goes on where it stopped. */
  #ended(session: Session, error: unknown, revived: boolean): void {
    const lost = this.jobs.abandon(session.id, error, !revived);
    if (!revived) return;
    const { sentence, technical } = explain(error);
    this.tell({ sentence: `${sentence} It was started again, and the image opened anew.`, technical });
    // What hung once would hang again: the user decides.
    if (!isHung(error)) for (const job of lost) if (job.keeps) this.jobs.retry(job);
    this.jobs.wake(session.id);
  }

  tell(notice: Explained): void {
    this.notice = notice;
  }

  /** Put a text on the clipboard, or show it to be copied by hand. */
  async copy(text: Promise<string> | string, what: string): Promise<void> {
    let ready = '';
    try {
      ready = await text;
      await navigator.clipboard.writeText(ready);
      this.tell({ sentence: `${what} copied.`, technical: '' });
    } catch (error) {
      if (ready === '') this.tell(explain(error));
      else this.byHand = ready;
    }
  }
}

function grouped(files: readonly File[]): (readonly [File, ...File[]])[] {
  return groupFiles(files.map(({ name }) => name)).map((group) => group.map((index) => files[index]) as [File, ...File[]]);
}
