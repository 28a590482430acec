import type { SortKey } from '../../worker/protocol/inspector.ts';

export type ColumnKey = SortKey | 'where' | 'hits';

/** A column of the table. */
export interface Column {
  readonly key: ColumnKey;
  readonly title: string;
  readonly number: boolean;
  /** Px; null for one that takes what is left. */
  readonly width: number | null;
}

const ALL: Readonly<Record<ColumnKey, Column>> = {
  name: { key: 'name', title: 'Name', number: false, width: null },
  where: { key: 'where', title: 'Directory', number: false, width: null },
  hits: { key: 'hits', title: 'Found at byte', number: true, width: 128 },
  size: { key: 'size', title: 'Size', number: true, width: 88 },
  modified: { key: 'modified', title: 'Modified', number: false, width: 146 },
  kind: { key: 'kind', title: 'Kind', number: false, width: 148 },
  offset: { key: 'offset', title: 'Sector', number: true, width: 84 },
};

/** What a list can be sorted by, in the order of the columns. */
export const SORTS: readonly SortKey[] = ['name', 'size', 'modified', 'kind', 'offset'];

/** The columns of a directory, and of what was found in several. */
export const COLUMNS: readonly ColumnKey[] = ['name', 'size', 'modified', 'kind', 'offset'];
export const FOUND_COLUMNS: readonly ColumnKey[] = ['name', 'where', 'size', 'modified', 'kind', 'offset'];
export const HIT_COLUMNS: readonly ColumnKey[] = ['name', 'where', 'hits', 'size', 'modified', 'kind', 'offset'];

export const titleOf = (key: ColumnKey): string => ALL[key].title;

/** A name never has less than this (px) while a lesser column stands. */
const NAME = 168;
const GAP = 16;
const GUTTERS = 40;
/** Columns leave in this order where there is no room. */
const LEAVING: readonly ColumnKey[] = ['offset', 'kind', 'modified', 'size', 'where', 'hits'];

/** Columns that fit, as CSS has them, and what each of those that stretch has (px). */
export interface Fitting {
  readonly columns: readonly Column[];
  readonly template: string;
  readonly stretched: number;
}

/** Of the columns wanted those for which a table of this width has room. */
export function fitting(wanted: readonly ColumnKey[], width: number): Fitting {
  let columns = wanted.map((key) => ALL[key]);
  const spare = (): number => width - GUTTERS - (columns.length - 1) * GAP - columns.reduce((sum, column) => sum + (column.width ?? 0), 0);
  const stretching = (): number => columns.filter((column) => column.width === null).length;
  for (const leaving of LEAVING) {
    if (spare() / stretching() >= NAME) break;
    columns = columns.filter(({ key }) => key !== leaving);
  }
  const template = columns.map((column) => (column.width === null ? 'minmax(0, 1fr)' : `${column.width}px`)).join(' ');
  return { columns, template, stretched: spare() / stretching() };
}
