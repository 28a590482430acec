import { expect, test } from 'vitest';
import { BytesSource } from '../source/bytes.ts';
import { buildImage } from '../formats/iso9660/testing/build.ts';
import { openImage } from './open.ts';

test('the first part of a split image that ends before any directory asks for the next, not for another download', async () => {
  const image = buildImage([{ name: 'A.TXT;1', contents: new Uint8Array(100) }]);
  const part = (name: string) => openImage([new BytesSource(image.slice(0, 18 * 2048), name)]);
  const split = await part('disc.iso.001');
  await split.readAll();
  expect(split.detection).toMatchObject({ id: 'split', readable: false, advice: ['Choose “disc.iso.001” and “disc.iso.002” together.'] });
  const whole = await part('disc.iso');
  await whole.readAll();
  expect(whole.detection.id).toBe('truncated');
});
