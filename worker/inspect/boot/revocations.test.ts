import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../protocol/errors.ts';
import { BytesSource } from '../../source/bytes.ts';
import { openImage } from '../open.ts';
import { ReportParts } from '../parts.ts';
import { checkRevocations, readRevocations } from './revocations.ts';

const FIXTURES = new URL('../../../fixtures/boot-menus/', import.meta.url);
const fixture = (name: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(new URL(name, FIXTURES))));
const { digest } = JSON.parse(readFileSync(new URL('loader.json', FIXTURES), 'utf8')) as { digest: string };

describe('a revocation list', () => {
  it.each(['dbx.esl.gz', 'dbx.auth.gz'])('as sbsiglist and sbvarsign write it is read: %s', (name) => {
    const { hashes, certificates } = readRevocations(fixture(name));
    expect([...hashes].sort()).toEqual(['07'.repeat(32), digest].sort());
    expect(certificates).toBe(1);
  });

  it('of efivarfs, or as a text of hashes, is read too', () => {
    expect(readRevocations(Uint8Array.of(0x27, 0, 0, 0, ...fixture('dbx.esl.gz'))).hashes.size).toBe(2);
    const json = JSON.stringify({ images: { x64: [{ authenticodeHash: digest.toUpperCase(), flatHash: '' }] } });
    expect([...readRevocations(new TextEncoder().encode(json)).hashes]).toEqual([digest]);
  });

  it('revokes the loader whose hash it names, and no other', async () => {
    const image = await openImage(new BytesSource(fixture('disc.bin.gz'), 'menus.iso'));
    await image.readAll();
    const { report } = await new ReportParts(image).boot();
    expect(checkRevocations(report, readRevocations(fixture('dbx.auth.gz')))).toEqual({
      hashes: 2,
      certificates: 1,
      checked: 1,
      unknown: 0,
      revoked: [{ path: '/EFI/BOOT/BOOTX64.EFI', volume: null }],
    });
    const others = { hashes: new Set(['07'.repeat(32)]), certificates: 0 };
    expect(checkRevocations(report, others).revoked).toEqual([]);
  });

  it('that is none, cut short or of any bytes is refused with a reason', () => {
    expect(() => readRevocations(fixture('dbx.esl.gz').subarray(0, 90))).toThrow(ImageError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, listed) => {
        const bytes = listed ? Uint8Array.of(...fixture('dbx.esl.gz').subarray(0, 16), ...noise) : noise;
        try {
          readRevocations(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ImageError);
        }
      }),
    );
  });
});
