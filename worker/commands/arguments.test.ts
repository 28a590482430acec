import { describe, expect, it } from 'vitest';
import { parseArguments, UsageError } from './arguments.ts';
import { printable } from './terminal.ts';

describe('a command line', () => {
  it('takes options anywhere, and everything behind -- as it is', () => {
    expect(parseArguments(['save', '--view', 'joliet', 'a.iso', 'out.zip', '--compression', 'small', '--', '--json'])).toEqual({
      command: 'save',
      operands: ['a.iso', 'out.zip', '--json'],
      view: 'joliet',
      inside: null,
      session: null,
      charset: null,
      json: false,
      streams: false,
      compression: 'small',
      partial: false,
    });
    expect(parseArguments(['ls', '--view=iso9660', 'a.iso']).view).toBe('iso9660');
    const line = parseArguments(['ls', 'a.iso', '--session', '2', '--charset', 'CP866']);
    expect([line.session, line.charset]).toEqual([2, 'ibm866']);
  });

  it.each([
    [['ls', '--wide']],
    [['ls', 'a.iso', '--view']],
    [['ls', 'a.iso', '--view', 'fat']],
    [['ls', 'a.iso', '--session', '0']],
    [['ls', 'a.iso', '--charset', 'klingon']],
    [[]],
  ])('that makes no sense is refused: %j', (words) => {
    expect(() => parseArguments(words)).toThrow(UsageError);
  });

  it('never prints control or direction characters of a name as they are', () => {
    expect(printable('a\x1b[31m\u202egpj.exe\n')).toBe('a\\u{1b}[31m\\u{202e}gpj.exe\\u{a}');
  });
});
