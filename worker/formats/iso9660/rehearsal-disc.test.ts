import { describe, expect, it } from 'vitest';
import { REHEARSAL_ENTRIES, rehearsalDisc } from './rehearsal-disc.ts';
import { listTree, openBytes, viewOf } from './testing/tree.ts';

describe('the disc that a worker rehearses with', () => {
  it.each(['rockridge', 'joliet'])('has all of its entries in the view %s, and nothing is wrong with it', async (id) => {
    const opened = await openBytes(rehearsalDisc());
    const view = viewOf(opened, id);
    const tree = await listTree(view);
    expect(tree.size).toBe(REHEARSAL_ENTRIES);
    expect(tree.get('/group 7/section-9/file_23.txt')?.size).toBe(rehearsalDisc().length);
    expect([...opened.findings.list, ...view.findings.list]).toEqual([]);
  });
});
