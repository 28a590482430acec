import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findPath, pathOf } from '../catalog/path.ts';
import { BytesSource } from '../source/bytes.ts';
import { openImage } from './open.ts';
import type { View } from './view.ts';

const CORPUS = new URL('../../../shared/corpus/', import.meta.url);

/** SHA-256 of what 7-Zip extracts from the EFI image of these discs. */
const LOADERS = {
  'real-open/debian-memtest86+-6.10-x64': ['/EFI/BOOT/bootx64.efi', '6490eeb76da69cae7f867208d4ff14abdbacc87402f54d44b13b02676975374d'],
  'real-open/debian-ipxe-1.0.0': ['/efi/boot/bootx64.efi', '67c7f1f8e062968209ca055283ca782f21faf6a18f55dd19848601bbaf8ed7aa'],
} as const;

const open = async (stored: string) => {
  const bytes = new Uint8Array(gunzipSync(readFileSync(new URL(`${stored}.iso.gz`, CORPUS))));
  const image = await openImage(new BytesSource(bytes, stored));
  await image.readAll();
  return { image, bytes };
};
const entryAt = ({ catalog, volume }: View, path: string): number => findPath(catalog, (name) => volume.decodeName(name), path);

describe.skipIf(!existsSync(CORPUS))('an image inside an image', () => {
  it.each(Object.entries(LOADERS))(
    'of %s is a view of its own, whose files lie at their places in the image',
    async (stored, [path, sum]) => {
      const { image, bytes } = await open(stored);
      const boot = image.view('boot') as View;
      const entry = entryAt(boot, '/2-uefi.img');
      const nested = await image.openNested('boot', entry);
      expect(nested).toMatchObject({
        view: 'boot',
        entry,
        path: '/2-uefi.img',
        summary: { title: expect.stringMatching(/^FAT1[26]$/) as string },
      });
      const view = image.view(nested.id) as View;
      await view.read(() => undefined);
      const loader = entryAt(view, path);
      const [record] = await view.volume.describe([view.catalog.record(loader)]);
      const [run] = record?.runs ?? [];
      expect(record?.runs).toHaveLength(1);
      const { offset, length } = run as { offset: number; length: number };
      expect(
        createHash('sha256')
          .update(bytes.subarray(offset, offset + length))
          .digest('hex'),
      ).toBe(sum);
      expect(pathOf(view.catalog, (name) => view.volume.decodeName(name), loader)).toBe(path);
      // Asked for again it is the same one, and the image tells of it.
      expect((await image.openNested('boot', entry)).id).toBe(nested.id);
      expect(image.overview().nested.map(({ id }) => id)).toEqual([nested.id]);
      expect(image.overview().views.map(({ id }) => id)).not.toContain(nested.id);
    },
  );

  it('is refused where a file is none', async () => {
    const { image } = await open('real-open/debian-ipxe-1.0.0');
    await expect(image.openNested('boot', entryAt(image.view('boot') as View, '/1-bios-no-emulation.img'))).rejects.toMatchObject({
      feature: 'no-image',
    });
    await expect(image.openNested('boot', 0)).rejects.toMatchObject({ feature: 'no-image' });
  });
});
