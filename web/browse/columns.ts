import type { RecordKey } from '../../worker/protocol/entry.ts';
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

/** Widths that were chosen (px). */
export type Widths = Readonly<Partial<Record<ColumnKey, number>>>;

const ALL: Readonly<Record<ColumnKey, Column>> = {
  name: { key: 'name', title: 'Name', number: false, width: null },
  where: { key: 'where', title: 'Directory', number: false, width: null },
  hits: { key: 'hits', title: 'Found at byte', number: true, width: 128 },
  size: { key: 'size', title: 'Size', number: true, width: 88 },
  modified: { key: 'modified', title: 'Modified', number: false, width: 146 },
  created: { key: 'created', title: 'Created', number: false, width: 146 },
  changed: { key: 'changed', title: 'Changed', number: false, width: 146 },
  accessed: { key: 'accessed', title: 'Accessed', number: false, width: 146 },
  kind: { key: 'kind', title: 'Kind', number: false, width: 148 },
  mode: { key: 'mode', title: 'Mode', number: false, width: 88 },
  owner: { key: 'owner', title: 'Owner', number: true, width: 88 },
  links: { key: 'links', title: 'Links', number: true, width: 56 },
  stored: { key: 'stored', title: 'Stored', number: true, width: 88 },
  pieces: { key: 'pieces', title: 'Pieces', number: true, width: 64 },
  offset: { key: 'offset', title: 'Sector', number: true, width: 84 },
};

/** What is in the entries' records, and has to be asked for. */
const IN_RECORD: ReadonlySet<ColumnKey> = new Set<RecordKey>([
  'created',
  'changed',
  'accessed',
  'mode',
  'owner',
  'links',
  'stored',
  'pieces',
]);
export const inRecord = (key: ColumnKey): key is RecordKey => IN_RECORD.has(key);

/** What a phone's list can be sorted by. */
export const SORTS: readonly SortKey[] = ['name', 'size', 'modified', 'kind', 'offset'];

/** The columns that can be chosen, in the order of their menu; the name always stands. */
export const CHOICES: readonly SortKey[] = [
  'size',
  'modified',
  'created',
  'changed',
  'accessed',
  'kind',
  'mode',
  'owner',
  'links',
  'stored',
  'pieces',
  'offset',
];

/** The columns of a directory where none were chosen, and of what was found in several. */
export const COLUMNS: readonly SortKey[] = ['name', 'size', 'modified', 'kind', 'offset'];
export const foundColumns = (of: readonly ColumnKey[]): readonly ColumnKey[] => withColumns(of, 'where');
export const hitColumns = (of: readonly ColumnKey[]): readonly ColumnKey[] => withColumns(of, 'where', 'hits');

/** What stands beside the name wherever that is. */
function withColumns(columns: readonly ColumnKey[], ...more: readonly ColumnKey[]): readonly ColumnKey[] {
  return columns.flatMap((key) => (key === 'name' ? [key, ...more] : key));
}

export const titleOf = (key: ColumnKey): string => ALL[key].title;

/** Whether an order by it begins with the most: what one looks for in a size. */
export const beginsDescending = (key: SortKey): boolean => key === 'size' || key === 'stored' || key === 'pieces';

/** Columns with one more or without it; a new one stands where the menu has it. */
export function toggled(columns: readonly SortKey[], key: SortKey): readonly SortKey[] {
  if (columns.includes(key)) return columns.filter((each) => each !== key);
  const before = CHOICES.slice(0, CHOICES.indexOf(key)).findLast((each) => columns.includes(each)) ?? 'name';
  return columns.toSpliced(columns.indexOf(before) + 1, 0, key);
}

/** Columns with one of them put in the place of another. */
export function moved<K extends ColumnKey>(columns: readonly K[], key: ColumnKey, to: ColumnKey): readonly K[] {
  const at = columns.findIndex((each) => each === to);
  const from = columns.findIndex((each) => each === key);
  // The name stays first.
  if (at < 0 || from < 1 || at === from) return columns;
  return columns.toSpliced(from, 1).toSpliced(Math.max(1, at), 0, columns[from] as K);
}

/** A name never has less than this (px) while a lesser column stands. */
const NAME = 168;
const LEAST = 40;
const GAP = 16;
/** The left gutter, and at the right the room of the button for columns. */
const GUTTERS = 20 + 28;
/** Columns leave in this order where there is no room: what one chose beyond the usual stays longer than that. */
const LEAVING: readonly ColumnKey[] = [
  'offset',
  'kind',
  'pieces',
  'links',
  'owner',
  'stored',
  'mode',
  'accessed',
  'changed',
  'created',
  'modified',
  'size',
  'where',
  'hits',
];

/** Columns that fit, as CSS has them, and what each of those that stretch has (px). */
export interface Fitting {
  readonly columns: readonly Column[];
  readonly template: string;
  readonly stretched: number;
}

/** Of the columns wanted those for which a table of this width has room. */
export function fitting(wanted: readonly ColumnKey[], width: number, widths: Widths = {}): Fitting {
  let columns = wanted.map((key) => (key === 'name' ? ALL[key] : { ...ALL[key], width: widths[key] ?? ALL[key].width }));
  const spare = (): number => width - GUTTERS - (columns.length - 1) * GAP - columns.reduce((sum, column) => sum + (column.width ?? 0), 0);
  const stretching = (): number => columns.filter((column) => column.width === null).length;
  for (const leaving of LEAVING) {
    if (spare() / stretching() >= NAME) break;
    columns = columns.filter(({ key }) => key !== leaving);
  }
  const template = columns.map((column) => (column.width === null ? 'minmax(0, 1fr)' : `${column.width}px`)).join(' ');
  return { columns, template, stretched: spare() / stretching() };
}

/** How wide a column may become (px): as far as the name keeps what it needs. */
export function widthWithin({ stretched }: Fitting, now: number, wished: number): number {
  return Math.round(Math.max(LEAST, Math.min(wished, now + Math.max(0, stretched - NAME))));
}
