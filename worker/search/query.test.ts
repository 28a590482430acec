import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from './query.ts';

const terms = (text: string) => {
  const { terms, problem } = parseQuery(text);
  expect(problem).toBe('');
  return terms;
};
const only = (text: string) => terms(text)[0];

describe('a query', () => {
  it('is words that must all be in the name, folded; quotes keep blanks and stars as they are', () => {
    expect(terms('Grub  ÉTÉ "a *b"')).toEqual([
      { not: false, by: 'text', text: 'grub' },
      { not: false, by: 'text', text: 'ete' },
      { not: false, by: 'text', text: 'a *b' },
    ]);
  });

  it('takes a word with * or ? for a whole name, and a word behind - for one that must not be there', () => {
    expect(terms('*.DLL -api')).toEqual([
      { not: false, by: 'glob', text: '*.dll' },
      { not: true, by: 'text', text: 'api' },
    ]);
  });

  it('takes what stands between slashes for a regular expression, blanks and all', () => {
    const [term] = terms('/^a b\\/c$/');
    expect(term?.by === 'pattern' && term.pattern.source).toBe('^a b\\/c$');
    expect(parseQuery('/^a(/').problem).toContain('no regular expression');
    expect(parseQuery('/usr').problem).toContain('ends with');
  });

  it('reads sizes in binary units, with ends that belong to a range', () => {
    expect(only('size:>10M')).toMatchObject({ by: 'size', from: 10 * 2 ** 20 + 1, to: Infinity });
    expect(only('size:<=1.5k')).toMatchObject({ from: -Infinity, to: 1536 });
    expect(only('size:1KiB..2kb')).toMatchObject({ from: 1024, to: 2048 });
    expect(only('size:..0')).toMatchObject({ from: -Infinity, to: 0 });
    expect(only('SIZE:7')).toMatchObject({ from: 7, to: 7 });
    expect(parseQuery('size:>big').problem).toContain('“big” is no size');
  });

  it('reads dates as whole years, months and days in UTC', () => {
    const at = (text: string) => Date.parse(text);
    expect(only('date:2024')).toMatchObject({ by: 'date', from: at('2024-01-01'), to: at('2025-01-01') - 1 });
    expect(only('date:2024-2')).toMatchObject({ from: at('2024-02-01'), to: at('2024-03-01') - 1 });
    expect(only('date:>2023-12-31')).toMatchObject({ from: at('2024-01-01'), to: Infinity });
    expect(only('date:1999..2000-06')).toMatchObject({ from: at('1999-01-01'), to: at('2000-07-01') - 1 });
    expect(parseQuery('date:2024-13').problem).toContain('no date');
  });

  it('knows extensions, kinds, marks and directories, and leaves other colons to names', () => {
    expect(only('ext:.JPG,png')).toMatchObject({ by: 'ext', extensions: ['jpg', 'png'] });
    expect(only('kind:"Boot Image"')).toMatchObject({ by: 'kind', text: 'boot image' });
    expect(only('-is:hidden')).toMatchObject({ not: true, by: 'is', mark: 'hidden' });
    expect(only('in:/Sources/')).toMatchObject({ by: 'in', text: 'sources' });
    expect(only('file:resource')).toMatchObject({ by: 'text', text: 'file:resource' });
    expect(parseQuery('is:blue').problem).toContain('is:blue');
  });

  it('reads anything without an error', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseQuery(text).terms)));
    fc.assert(
      fc.property(fc.array(fc.constantFrom('-', '/', '"', 'size:', '..', '>', '1', 'M', ' ', '\\', '*')), (parts) =>
        Array.isArray(parseQuery(parts.join('')).terms),
      ),
    );
  });
});
