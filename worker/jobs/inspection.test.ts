import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ImageInspector } from './inspector.ts';

const disc = gunzipSync(readFileSync(new URL('../../fixtures/sums/implanted.img.gz', import.meta.url)));

async function opened(...files: readonly File[]) {
  const inspector = new ImageInspector('test');
  await inspector.open(files, () => undefined);
  return inspector.inspection();
}

it('the sums of an image are those of each file that it was opened from', async () => {
  const parts = [disc.subarray(0, 600_000), disc.subarray(600_000)];
  const inspection = await opened(...parts.map((part, index) => new File([part], `disc.iso.00${index + 1}`)));
  const told: number[] = [];
  const sums = await inspection.imageSums(['md5', 'sha256'], (done, total) => told.push(done / total));
  const digest = (name: string, part: Uint8Array): string => createHash(name).update(part).digest('hex');
  expect(sums).toEqual(
    parts.map((part, index) => ({
      name: `disc.iso.00${index + 1}`,
      size: part.length,
      sums: { md5: digest('md5', part), sha256: digest('sha256', part) },
    })),
  );
  expect(told.every((part) => part > 0 && part <= 1)).toBe(true);
});

it('a check of its own sums waits until the disc is read, and a second one ends the first', async () => {
  const inspection = await opened(new File([disc], 'disc.iso'));
  const first = inspection.checkItself(() => undefined);
  const second = inspection.checkItself(() => undefined);
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  expect((await second).state).toBe('right');
});

it('a pass over the image is ended by stopSums', async () => {
  const inspection = await opened(new File([disc], 'disc.iso'));
  const summing = inspection.imageSums(['sha512'], () => undefined);
  await inspection.stopSums();
  await expect(summing).rejects.toMatchObject({ name: 'AbortError' });
});
