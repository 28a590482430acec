import type { EntryRow } from '../../worker/protocol/entry.ts';
import { count, modeText, SECTOR, shortTime, size } from '../figures.ts';
import type { ColumnKey } from './columns.ts';
import { lookOf, lossOf } from './icon-of.ts';
import { plainName } from './names.ts';

const time = (value: number | null | undefined): string => (typeof value === 'number' ? shortTime(value) : '');
const number = (value: number | null | undefined): string => (typeof value === 'number' ? count(value) : '');

const TEXTS: Readonly<Record<ColumnKey, (row: EntryRow) => string>> = {
  name: ({ name }) => plainName(name),
  where: ({ where }) => plainName(where ?? ''),
  hits: ({ hits }) => (hits ? `${count(hits.at)}${hits.count > 1 ? `, ${count(hits.count - 1)} more` : ''}` : ''),
  size: (row) => (row.size === null ? '' : size(row.size)),
  modified: ({ modified }) => time(modified),
  created: ({ record }) => time(record?.created),
  changed: ({ record }) => time(record?.changed),
  accessed: ({ record }) => time(record?.accessed),
  kind: (row) => lossOf(row) ?? lookOf(row).kind,
  mode: ({ record }) => (typeof record?.mode === 'number' ? modeText(record.mode) : ''),
  owner: ({ record }) => record?.owner?.map((id) => id ?? '?').join(':') ?? '',
  links: ({ record }) => number(record?.links),
  stored: ({ record }) => (typeof record?.stored === 'number' ? size(record.stored) : ''),
  pieces: ({ record }) => number(record?.pieces),
  offset: ({ offset }) => (offset === null ? '' : count(Math.floor(offset / SECTOR))),
};

/** What a column says of a row, as plain text. */
export const cellText = (row: EntryRow, key: ColumnKey): string => TEXTS[key](row);
