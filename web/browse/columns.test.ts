import { describe, expect, it } from 'vitest';
import { COLUMNS, fitting, foundColumns, moved, toggled, type ColumnKey } from './columns.ts';

const FOUND_COLUMNS = foundColumns(COLUMNS);

const keys = (wanted: readonly ColumnKey[], width: number) => fitting(wanted, width).columns.map(({ key }) => key);

describe('the columns of a table', () => {
  it('all stand where there is room, and leave one by one, the name last', () => {
    expect(keys(COLUMNS, 1000)).toEqual(['name', 'size', 'modified', 'kind', 'offset']);
    expect(keys(COLUMNS, 650)).toEqual(['name', 'size', 'modified', 'kind']);
    expect(keys(COLUMNS, 500)).toEqual(['name', 'size', 'modified']);
    expect(keys(COLUMNS, 100)).toEqual(['name']);
  });

  it('keep where something was found longer than what is known of it', () => {
    expect(keys(FOUND_COLUMNS, 700)).toEqual(['name', 'where', 'size', 'modified']);
    expect(keys(FOUND_COLUMNS, 400)).toEqual(['name', 'where']);
  });

  it('share what is left among those that stretch', () => {
    const { template, stretched } = fitting(FOUND_COLUMNS, 1000);
    expect(template).toBe('minmax(0, 1fr) minmax(0, 1fr) 88px 146px 148px 84px');
    expect(stretched).toBe((1000 - 48 - 5 * 16 - 88 - 146 - 148 - 84) / 2);
  });

  it('are added where their menu has them, moved and taken away, but the name stays first', () => {
    expect(toggled(COLUMNS, 'mode')).toEqual(['name', 'size', 'modified', 'kind', 'mode', 'offset']);
    expect(toggled(['name', 'kind'], 'size')).toEqual(['name', 'size', 'kind']);
    expect(toggled(COLUMNS, 'size')).toEqual(['name', 'modified', 'kind', 'offset']);
    expect(moved(COLUMNS, 'kind', 'size')).toEqual(['name', 'kind', 'size', 'modified', 'offset']);
    expect(moved(COLUMNS, 'size', 'offset')).toEqual(['name', 'modified', 'kind', 'offset', 'size']);
    expect(moved(COLUMNS, 'size', 'name')).toEqual(COLUMNS);
    expect(moved(COLUMNS, 'name', 'size')).toEqual(COLUMNS);
  });

  it('have the width that was chosen for them', () => {
    expect(fitting(COLUMNS, 1000, { size: 200 }).template).toBe('minmax(0, 1fr) 200px 146px 148px 84px');
  });
});
