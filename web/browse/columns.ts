import type { SortKey } from '../../worker/protocol/inspector.ts';

/** A column of the table. */
export interface Column {
  readonly key: SortKey;
  readonly title: string;
  readonly number: boolean;
}

/** The columns in their order; the narrower windows leave the last ones out (by style). */
export const COLUMNS: readonly Column[] = [
  { key: 'name', title: 'Name', number: false },
  { key: 'size', title: 'Size', number: true },
  { key: 'modified', title: 'Modified', number: false },
  { key: 'kind', title: 'Kind', number: false },
  { key: 'offset', title: 'Sector', number: true },
];
