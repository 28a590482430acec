import { describe, expect, it } from 'vitest';
import { weight } from './image.ts';

describe('the view that is shown first', () => {
  it('is a sound one before a damaged one that holds as much or somewhat more', () => {
    expect(weight(100, false)).toBeGreaterThan(weight(100, true));
    expect(weight(60, false)).toBeGreaterThan(weight(100, true));
  });

  it('is a damaged one that holds far more: a Windows disc with one bad file entry does not open on its README', () => {
    expect(weight(1_199, true)).toBeGreaterThan(weight(1, false));
  });
});
