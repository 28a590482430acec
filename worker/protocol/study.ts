import type { ViewId } from './entry.ts';
import type { SortKey } from './inspector.ts';

/** What is looked for among the names of a view. */
export interface SearchRequest {
  readonly view: ViewId;
  /** As typed: worker/search/query.ts has the grammar. */
  readonly text: string;
  /** Directories with all below them, and single files; null for the whole disc. */
  readonly scope: Uint32Array | null;
  readonly sort: SortKey;
  readonly descending: boolean;
}

export interface SearchAnswer {
  /** All that was found, in order (transferred). */
  readonly entries: Uint32Array;
  /** Why the text is not understood, a plain sentence; empty where it is. Nothing was looked for then. */
  readonly problem: string;
  /** True once the whole tree is read: nothing more will be found. */
  readonly final: boolean;
}

/** What is asked of an open image beyond its lists: loaded with the first question, anew for another session. */
export interface Study {
  /** Find entries by name, size, date, kind. `onFound` hears of them on the way where it takes longer. A new search ends the one before. */
  search(request: SearchRequest, onFound: (entries: Uint32Array) => void): Promise<SearchAnswer>;
  /** End a search; its promise rejects with an AbortError. */
  stopSearch(): Promise<void>;
  /** Make ready what searches by name need, as somebody is about to type. */
  prepareSearch(view: ViewId): Promise<void>;
}
