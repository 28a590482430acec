import { expect, test } from 'vitest';
import { TestDisc } from '../formats/udf/testing/build.ts';
import { ROOT } from '../protocol/entry.ts';
import { ImageInspector } from './inspector.ts';

test('that the streams of an entry are damaged is told when its details are asked for', async () => {
  const disc = new TestDisc([{ name: 'file', contents: Uint8Array.of(1), streams: [{ name: 'alt', contents: Uint8Array.of(2) }] }]);
  const at = disc.entries.get('\0streams') ?? 0;
  disc.bytes.fill(0, at, at + 2048);
  const inspector = new ImageInspector('test');
  const told: number[] = [];
  await inspector.open([new File([disc.bytes], 'x.udf')], ({ findings }) => void told.push(findings.damage));
  const { entries } = await inspector.list('udf', ROOT, { sort: 'name', descending: false, hidden: true, filter: '' });
  for (let asked = 0; asked < 2; asked++) expect((await inspector.details('udf', entries[0] as number)).streams).toEqual([]);
  expect(told.filter((damage) => damage > 0)).toEqual([1]);
});
