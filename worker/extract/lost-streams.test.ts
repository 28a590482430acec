import { describe, expect, it, vi } from 'vitest';
import { Catalog } from '../catalog/catalog.ts';
import { TestDisc } from '../formats/udf/testing/build.ts';
import { readDisc } from '../formats/udf/testing/tree.ts';
import { BytesSource } from '../source/bytes.ts';
import type { PlanRequest } from './member.ts';
import { ExtractionPlan } from './plan.ts';
import { summarize } from './save.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const streams = [
  { name: 'alt', contents: text('alternate') },
  { name: 'icon', contents: text('picture') },
];

async function planOf(disc: TestDisc, format: PlanRequest['format']) {
  const { volume } = await readDisc(disc.bytes);
  const catalog = new Catalog();
  await volume.read(catalog);
  const asked = vi.spyOn(volume, 'streams');
  const request = { entries: Uint32Array.of(0), format, compression: 'stored', partial: false, hidden: false } as const;
  const plan = await ExtractionPlan.build({ catalog, volume, image: new BytesSource(disc.bytes, 'disc.iso'), request });
  return { plan, asked };
}

describe('named streams of what is saved (UDF 2.60 3.3.5)', () => {
  it.each(['folder', 'zip', 'tar'] as const)('are told before a save as %s, entry by entry, as lost', async (format) => {
    const disc = new TestDisc([
      { name: 'plain.txt', contents: text('no streams') },
      { name: 'both.txt', contents: text('main'), streams },
    ]);
    const { plan } = await planOf(disc, format);
    const { streams: lost, changes, changeCount, leftOutCount } = summarize(plan);
    expect({ lost, changeCount, leftOutCount }).toEqual({ lost: 2, changeCount: 1, leftOutCount: 0 });
    expect(changes).toEqual([
      expect.objectContaining({ path: '/both.txt', saved: 'both.txt', reason: 'Not saved with it: its named streams “alt”, “icon”.' }),
    ]);
  });

  it('cost nothing on a disc without any', async () => {
    const { plan, asked } = await planOf(new TestDisc([{ name: 'plain.txt', contents: text('no streams') }]), 'folder');
    expect(plan.streams).toBe(0);
    expect(asked).not.toHaveBeenCalled();
  });
});
