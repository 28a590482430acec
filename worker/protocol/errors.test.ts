import { describe, expect, it } from 'vitest';
import { abortError, fromPlain, ImageError, isAbort, SourceError, toPlain, Unsupported } from './errors.ts';

describe('errors cross between threads with their fields', () => {
  it.each([
    new ImageError('bad-root', 'The root is missing.', 2 ** 40, 'ECMA-119 8.4.18'),
    new SourceError('changed', 'The file was changed.', 12),
    new Unsupported('udf', 'UDF is not read.'),
  ])('$name', (error) => {
    const back = fromPlain(structuredClone(toPlain(error)));
    expect(back).toBeInstanceOf(error.constructor);
    expect({ ...back, message: back.message }).toEqual({ ...error, message: error.message });
  });

  it('a cancel stays a cancel', () => {
    expect(isAbort(fromPlain(structuredClone(toPlain(abortError()))))).toBe(true);
    expect(isAbort(new Error('other'))).toBe(false);
  });
});
