/* eslint-disable svelte/prefer-svelte-reactivity -- a store of answers, nothing watches it */
import type { ViewId } from '../worker/protocol/entry.ts';
import type { SessionDifference, ViewSummary } from '../worker/protocol/inspector.ts';
import type { Session } from './session.svelte.ts';

/** What is compared unasked: trees of more entries wait until someone wants to know. */
const MAX_UNASKED = 250_000;
/** How long the page waits for an idle moment. */
const PATIENCE = 4000;

/** How another tree differs from the shown one, by contents: entries of each that the other lacks. */
export interface ViewDifference {
  readonly shown: ViewSummary;
  readonly other: ViewSummary;
  readonly inShown: Uint32Array;
  readonly inOther: Uint32Array;
}

/** Files of a tree that the shown one lacks. */
export interface Unseen {
  readonly view: ViewSummary;
  readonly entries: Uint32Array;
}

/** True for a tree of files; boot images and audio tracks stand beside those. */
export function isTree(view: ViewSummary): boolean {
  return view.id !== 'boot' && view.id !== 'tracks' && view.state !== 'failed';
}

/** What the trees and sessions of one image do not share. Nothing is compared twice. */
export class Differences {
  /** The tree that holds most of what the shown one lacks; null while not known, or where there is none. */
  unseen: Unseen | null = $state.raw(null);
  /** The user has read that. */
  closed = $state(false);
  readonly #session: Session;
  #compared = new Map<string, Promise<Uint32Array>>();
  #sessions: { readonly view: ViewId; readonly answer: Promise<SessionDifference | null> } | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The trees of the disc that can be compared. */
  get trees(): readonly ViewSummary[] {
    return (this.#session.overview?.views ?? []).filter(isTree);
  }

  /** Look, in an idle moment, for files that the shown tree lacks. */
  watch(): void {
    this.stop();
    this.unseen = null;
    const { trees } = this;
    const small = trees.every((view) => view.files + view.directories < MAX_UNASKED);
    if (!this.#session.overview?.complete || trees.length < 2 || !small) return;
    this.#idle = setTimeout(() => void this.#look().catch(() => undefined), PATIENCE / 4);
  }

  stop(): void {
    clearTimeout(this.#idle);
  }

  /** Other trees took the place of all. */
  forget(): void {
    this.stop();
    this.unseen = null;
    this.closed = false;
    this.#compared = new Map();
    this.#sessions = null;
  }

  /** Every other tree against the shown one. */
  async views(): Promise<ViewDifference[]> {
    const shown = this.#session.summary;
    if (!shown) return [];
    const differences: ViewDifference[] = [];
    for (const other of this.trees) {
      if (other.id === shown.id) continue;
      const inShown = await this.#onlyIn(shown.id, other.id);
      differences.push({ shown, other, inShown, inOther: await this.#onlyIn(other.id, shown.id) });
    }
    return differences;
  }

  /** The open session against the one before, in the shown tree. */
  sessions(): Promise<SessionDifference | null> {
    const { view } = this.#session;
    if (view === null) return Promise.resolve(null);
    if (this.#sessions?.view !== view) this.#sessions = { view, answer: this.#session.inspector.compareSessions(view) };
    return this.#sessions.answer;
  }

  async #look(): Promise<void> {
    const shown = this.#session.view;
    if (shown === null) return;
    let most: Unseen | null = null;
    for (const view of this.trees) {
      if (view.id === shown) continue;
      const entries = await this.#onlyIn(view.id, shown);
      if (entries.length > (most?.entries.length ?? 0)) most = { view, entries };
    }
    if (shown === this.#session.view) this.unseen = most;
  }

  #onlyIn(view: ViewId, other: ViewId): Promise<Uint32Array<ArrayBufferLike>> {
    const key = `${view} ${other}`;
    const before = this.#compared.get(key);
    if (before) return before;
    const answer: Promise<Uint32Array<ArrayBufferLike>> = this.#session.inspector.onlyIn(view, other);
    this.#compared.set(key, answer);
    return answer;
  }
}
