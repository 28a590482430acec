import { describe, expect, it } from 'vitest';
import { COLUMNS, fitting, FOUND_COLUMNS } from './columns.ts';

const keys = (wanted: typeof COLUMNS, width: number) => fitting(wanted, width).columns.map(({ key }) => key);

describe('the columns of a table', () => {
  it('all stand where there is room, and leave one by one, the name last', () => {
    expect(keys(COLUMNS, 1000)).toEqual(['name', 'size', 'modified', 'kind', 'offset']);
    expect(keys(COLUMNS, 640)).toEqual(['name', 'size', 'modified', 'kind']);
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
    expect(stretched).toBe((1000 - 40 - 5 * 16 - 88 - 146 - 148 - 84) / 2);
  });
});
