import type { EntryId } from '../../worker/protocol/entry.ts';
import type { ColumnKey } from '../browse/columns.ts';

/** What a search found, as the list shows it in the place of a directory. */
export interface FoundList {
  readonly columns: readonly ColumnKey[];
  /** Whether it can be put in another order. */
  readonly sorts: boolean;
  /** Find it again: in another order, or when more of the disc was read. */
  again(): Promise<void>;
  /** Where in a file something was found; null for what was found by name. */
  placeOf(entry: EntryId): { readonly at: number; readonly length: number } | null;
}
