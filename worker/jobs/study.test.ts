import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { EntryId, ViewId } from '../protocol/entry.ts';
import type { Hit } from '../protocol/study.ts';
import { ImageInspector } from './inspector.ts';

async function opened(fixture: string) {
  const bytes = gunzipSync(readFileSync(new URL(`../../fixtures/${fixture}.img.gz`, import.meta.url)));
  const inspector = new ImageInspector('test');
  const { shown } = await inspector.open([new File([bytes], 'x.iso')], () => undefined);
  return { inspector, study: await inspector.study(), view: shown as ViewId };
}

const utf8 = (text: string) => ({ bytes: new TextEncoder().encode(text), anyCase: false });

for (const fixture of ['rockridge', 'zisofs', 'joliet', 'level4']) {
  test(`what is found in the contents of ${fixture} is what Buffer finds in each file`, async () => {
    const { inspector, study, view } = await opened(fixture);
    const { entries } = await study.search(
      { view, text: 'kind:file size:>0', scope: null, sort: 'name', descending: false },
      () => undefined,
    );
    const expected = new Map<EntryId, number[]>();
    for (const entry of entries) {
      const contents = Buffer.from(await inspector.read({ view, entry }, 0, 4_000_000));
      const places: number[] = [];
      for (let at = contents.indexOf('e'); at >= 0; at = contents.indexOf('e', at + 1)) places.push(at);
      if (places.length > 0) expected.set(entry, places);
    }
    const hits: Hit[] = [];
    let last: readonly number[] = [];
    const answer = await study.searchContents({ view, text: '', scope: null, patterns: [utf8('e')] }, (found, done, total) => {
      hits.push(...found);
      last = [done, total];
    });
    expect(answer).toEqual({ problem: '', hits, files: entries.length, unread: 0 });
    expect(last[0]).toBe(last[1]);
    expect(expected.size).toBeGreaterThan(0);
    expect(new Map(hits.map(({ entry, at }) => [entry, at]))).toEqual(
      new Map([...expected].map(([entry, at]) => [entry, at.slice(0, 100)])),
    );
    expect(hits.every(({ entry, count }) => count === expected.get(entry)?.length)).toBe(true);
  });
}

test('a search in contents ends when another begins, and says what it does not understand', async () => {
  const { study, view } = await opened('rockridge');
  const request = { view, text: '', scope: null, patterns: [utf8('e')] };
  const first = study.searchContents(request, () => undefined);
  const second = study.searchContents({ ...request, text: 'size:>x' }, () => undefined);
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  expect((await second).problem).toContain('no size');
});
