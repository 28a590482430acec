import { expect, it } from 'vitest';
import { ascii, buildImage } from '../formats/iso9660/testing/build.ts';
import { BlobSource } from '../source/blob.ts';
import { CountingSource } from '../source/counting.ts';
import { openImage } from './open.ts';

it('opens a plain disc of 4 MiB and lists it with three reads', async () => {
  const image = buildImage([
    { name: 'A.TXT;1', contents: ascii('a') },
    { name: 'SUB', children: [] },
  ]);
  const source = new CountingSource(new BlobSource(new Blob([new Uint8Array(image), new Uint8Array(4 * 1024 * 1024)]), 'plain.iso'));
  const { views, shown } = await openImage(source);
  expect(shown).toBe('iso9660');
  await views[0]?.read(() => undefined);
  expect(views[0]?.catalog.count).toBe(3);
  expect(source.reads).toBeLessThanOrEqual(3);
});
