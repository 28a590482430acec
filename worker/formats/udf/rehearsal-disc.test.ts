import { describe, expect, it } from 'vitest';
import { UDF_REHEARSAL_ENTRIES, udfRehearsalDisc } from './rehearsal-disc.ts';
import { readDisc } from './testing/tree.ts';

describe('the disc of UDF that a worker rehearses with', () => {
  it('has all of its entries, and nothing is wrong with it', async () => {
    const { paths, entry, codes } = await readDisc(udfRehearsalDisc());
    expect(paths.length).toBe(UDF_REHEARSAL_ENTRIES);
    expect(entry('/group 39/file_59.txt').size).toBe(59 * 2048);
    expect(codes).toEqual([]);
  });
});
