import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MenuEntry } from '../../protocol/boot.ts';
import { BytesSource } from '../../source/bytes.ts';
import { openImage } from '../open.ts';
import { ReportParts } from '../parts.ts';
import { report } from '../report.ts';
import { grubCommands } from './menus/grub.ts';

const FIXTURES = new URL('../../../fixtures/boot-menus/', import.meta.url);
const disc = (): Uint8Array => new Uint8Array(gunzipSync(readFileSync(new URL('disc.bin.gz', FIXTURES))));
const reportOf = async (bytes: Uint8Array) => {
  const image = await openImage(new BytesSource(bytes, 'menus.iso'));
  await image.readAll();
  return report(new ReportParts(image), '0');
};
/** "title: kernel + initrd, ..." with a "-" before what is not there, "?" before what cannot be told. */
const told = ({ title, kernel, initrds, entries }: MenuEntry): unknown => {
  const files = [...(kernel ? [kernel] : []), ...initrds].map(({ path, there }) => `${there === null ? '?' : there ? '' : '-'}${path}`);
  return entries.length > 0 ? { [title]: entries.map(told) } : [title, ...files].join(' ');
};

describe('boot menus', () => {
  it('are told with what they start, whether that is there, and the labels that must match', async () => {
    const { bootMenus } = await reportOf(disc());
    expect(bootMenus.map(({ kind, path, entries, labels }) => [kind, path, entries.map(told), labels])).toEqual([
      [
        'syslinux',
        '/isolinux/isolinux.cfg',
        [
          { Tools: ['mem /isolinux/memtest'] },
          'Live system /live/vmlinuz /live/initrd.img',
          'gone -/live/absent -/live/absent.img /live/initrd.img',
        ],
        [{ label: 'MENUS', by: 'archisolabel', matches: true }],
      ],
      [
        'grub',
        '/boot/grub/grub.cfg',
        ['Start it /live/vmlinuz /live/initrd.img', { 'More …': ['Absent -/live/gone -/boot/grub/x.img', 'Unknown ?$kernel'] }],
        [
          { label: 'MENUS', by: 'search --label', matches: true },
          { label: 'OTHER', by: 'root=live:cdlabel', matches: false },
        ],
      ],
      ['systemd-boot', '/loader/entries', ['Entry 7 /live/vmlinuz /live/initrd.img'], []],
      ['bcd', '/boot/bcd', [], []],
    ]);
  });

  it('of any text are read in their bounds', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (line) => grubCommands(line).every((words) => words.length > 0)));
  });
});

describe('an EFI loader', () => {
  it('is named, with its signer and the digest that osslsigncode computes', async () => {
    const { digest, serial } = JSON.parse(readFileSync(new URL('loader.json', FIXTURES), 'utf8')) as { digest: string; serial: string };
    const { loaders, boots } = await reportOf(disc());
    expect(loaders).toMatchObject([
      {
        path: '/EFI/BOOT/BOOTX64.EFI',
        volume: null,
        architecture: 'x64',
        starts: true,
        program: { id: 'systemd-boot' },
        signatures: [{ signer: 'Signer of fixtures', issuer: 'Signer of fixtures', algorithm: 'sha256', digest, matches: true }],
        authorities: ['other'],
        hash: digest,
      },
    ]);
    expect(loaders[0]?.signatures[0]?.serial).toContain(serial);
    expect(loaders[0]?.sbat.map(({ component }) => component)).toEqual(['sbat', 'systemd', 'systemd.debian']);
    expect(boots.secureBoot).toBe('other');
    expect(boots.ways.map(({ way, answer, code }) => [way, answer, code])).toEqual([
      ['bios-disc', 'no', 'no-boot-catalog'],
      ['bios-stick', 'no', 'no-mbr'],
      ['uefi-disc', 'no', 'no-boot-catalog'],
      ['uefi-stick', 'no', 'no-partition'],
      ['uefi-copied', 'yes', 'efi-files'],
    ]);
  });

  it('that was changed after it was signed no longer agrees with its signature', async () => {
    const bytes = disc();
    const at = Buffer.from(bytes).indexOf('#### LoaderInfo');
    bytes[at] = 0x24;
    const { loaders } = await reportOf(bytes);
    expect(loaders[0]).toMatchObject({ signatures: [{ matches: false }], authorities: [] });
  });

  it('with any bytes changed leaves the rest of the report standing', async () => {
    const bytes = disc();
    const start = Buffer.from(bytes).indexOf('MZ');
    const size = 140_000;
    const place = fc.oneof(fc.nat(600), fc.nat(size), fc.integer({ min: size - 3000, max: size }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 30 }), async (changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) if (start + at < changed.length) changed[start + at] = value;
        expect((await reportOf(changed)).bootMenus).toHaveLength(4);
      }),
      { numRuns: 25 },
    );
  });
});
