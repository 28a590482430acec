import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdentityReport } from '../../protocol/identity.ts';
import { BytesSource } from '../../source/bytes.ts';
import { openImage } from '../open.ts';
import { ReportParts } from '../parts.ts';
import { mediumFit } from './media.ts';

const FIXTURES = new URL('../../../fixtures/identity/', import.meta.url);
const CORPUS = new URL('../../../../shared/corpus/', import.meta.url);
const present = existsSync(new URL('index.json', CORPUS));

async function identityOf(bytes: Uint8Array, name: string): Promise<IdentityReport> {
  const image = await openImage(new BytesSource(bytes, name));
  if (image.detection.readable) await image.readAll();
  return new ReportParts(image).identity();
}
const unpacked = (url: URL): Uint8Array => new Uint8Array(url.pathname.endsWith('.gz') ? gunzipSync(readFileSync(url)) : readFileSync(url));
const fixture = (name: string): Promise<IdentityReport> => identityOf(unpacked(new URL(`${name}.iso.gz`, FIXTURES)), `${name}.iso`);

/** Fixture, kind, title, and the sentence without what it was made with. */
const TOLD: readonly (readonly [name: string, kind: string, title: string, sentence: string])[] = [
  ['debian', 'linux', 'Debian GNU/Linux 12.7.0 netinst, amd64', 'A Debian GNU/Linux 12.7.0 installation disc for amd64'],
  ['debian-live', 'linux', 'Debian GNU/Linux 12.7.0 live gnome', 'A Debian GNU/Linux 12.7.0 live disc'],
  ['ubuntu', 'linux', 'Ubuntu 24.04.1 LTS, amd64', 'An Ubuntu 24.04.1 LTS live disc for amd64'],
  ['fedora', 'linux', 'Fedora 39 Server, x86_64', 'A Fedora 39 installation disc for x86_64'],
  ['centos6', 'linux', 'CentOS 6.10, x86_64', 'A CentOS 6.10 installation disc for x86_64'],
  ['arch', 'linux', 'Arch Linux 2024.05.01, x86_64', 'An Arch Linux 2024.05.01 live disc for x86_64'],
  ['alpine', 'linux', 'Alpine Linux 3.19.1', 'An Alpine Linux 3.19.1 live disc'],
  ['suse', 'linux', 'openSUSE Leap 15.5 DVD, x86_64', 'An openSUSE Leap 15.5 DVD installation disc for x86_64'],
  ['mageia', 'linux', 'Mageia 9, x86_64', 'A Mageia 9 installation disc for x86_64'],
  ['proxmox', 'linux', 'Proxmox VE 8.2-1', 'A Proxmox VE 8.2-1 installation disc'],
  ['antix', 'linux', 'MX 23.2, x64', 'An MX 23.2 live disc for x64'],
  ['weak', 'linux', 'Void', 'A Void disc, by its names alone'],
  ['no-name', 'linux', '', 'A disc that starts Linux and does not say whose'],
  ['windows-11', 'windows', 'Windows 11 24H2, build 26100, x64, 2 editions', 'A Windows 11 installation disc in German (Germany)'],
  ['windows-10-esd', 'windows', 'Windows 10 22H2, build 19045, arm64, Professional', 'A Windows 10 installation disc in German (Germany)'],
  ['windows-server', 'windows', 'Windows Server 2022, build 20348, x64, ServerStandard', 'A Windows Server 2022 installation disc in German (Germany)'],
  ['windows-pe', 'windows', 'Windows PE (Windows 11 24H2), build 26100, x64', 'A Windows PE disc: Windows 11 that runs from memory'],
  ['windows-xp', 'windows', 'Windows XP Professional SP3, x86', 'A Windows XP Professional SP3 installation disc for x86'],
  ['windows-98', 'windows', 'Windows 98', 'A Windows 98 installation disc'],
  ['macos', 'macos', 'macOS 14.0, build 23A344', 'A macOS 14.0 installation disc'],
  ['freebsd', 'bsd', 'FreeBSD 14.1-RELEASE, amd64', 'A FreeBSD 14.1-RELEASE installation disc'],
  ['openbsd', 'bsd', 'OpenBSD 7.5, amd64', 'An OpenBSD 7.5 installation disc for amd64'],
  ['virtio', 'guest-tools', 'VirtIO drivers 0.1.240', 'VirtIO drivers 0.1.240, for a system that runs in a virtual machine'],
  ['virtualbox', 'guest-tools', 'VirtualBox Guest Additions 7.0.14', 'VirtualBox Guest Additions 7.0.14, for a system that runs in a virtual machine'],
  ['vmware', 'guest-tools', 'VMware Tools 10.3.25', 'VMware Tools 10.3.25, for a system that runs in a virtual machine'],
  ['cloud-init', 'settings', 'Settings for cloud-init (NoCloud)', 'A disc of settings for cloud-init (NoCloud), and no system'],
  ['driver', 'autorun', 'Printer Drivers 2003', 'A disc for Windows, “Printer Drivers 2003”, that starts “START\\setup.exe /cd”'],
  ['dvd', 'dvd-video', 'DVD-Video, FIXTURE_FILM, 12 titles', 'A DVD-Video with 12 titles, the longest of 1:47:32'],
  ['blu-ray', 'blu-ray', 'Blu-ray, A Film & More, 7 titles', 'A Blu-ray disc with 7 titles'],
  ['svcd', 'video-cd', 'Super Video CD, ALBUM OF FIXTURE, 2 tracks', 'A Super Video CD with 2 tracks'],
  ['ps1', 'playstation', 'PlayStation game, SLES-01234', 'A PlayStation game, SLES-01234'],
  ['ps2', 'playstation-2', 'PlayStation 2 game, SLUS-20062', 'A PlayStation 2 game, SLUS-20062'],
  ['psp', 'psp', 'PSP game, Fixture Stories, ULUS10041', 'A PSP game, “Fixture Stories”'],
  ['ps3', 'playstation-3', 'PlayStation 3 game, Fixture™ 3, BLES00001', 'A PlayStation 3 game, “Fixture™ 3”'],
  ['saturn', 'sega-saturn', 'Sega Saturn game, NIGHTS OF FIXTURES, T-12345G', 'A Sega Saturn game, “NIGHTS OF FIXTURES”'],
  ['dreamcast', 'sega-dreamcast', 'Sega Dreamcast game, FIXTURE ADVENTURE, MK-51000', 'A Sega Dreamcast game, “FIXTURE ADVENTURE”'],
  ['amiga-cd32', 'amiga-cd32', 'Amiga CD32 game', 'An Amiga CD32 game'],
  ['grub', 'rescue', 'GRUB 2 rescue disc', 'A GRUB 2 rescue disc: the loader with its modules and no system'],
]; // prettier-ignore

describe('what a disc is', () => {
  it.each(TOLD)('is told of %s: %s', async (name, kind, title, sentence) => {
    const made = name === 'windows-11' ? 'Microsoft’s own mastering tool, OSCDIMG 2.56' : 'xorriso 1.5.4';
    const told = await fixture(name);
    expect([told.kind, told.title, told.sentence]).toEqual([kind, title, `${sentence}, made with ${made}.`]);
  });

  it('has a place for each thing that it is told by, and the bytes of a quoted field stand there', async () => {
    const bytes = unpacked(new URL('windows-11.iso.gz', FIXTURES));
    const { evidence } = await identityOf(bytes, 'windows-11.iso');
    for (const { path, offset } of evidence) expect(path ?? offset).not.toBeNull();
    const application = evidence.find(({ label }) => label === 'Application');
    expect(new TextDecoder().decode(bytes.subarray(application?.offset ?? 0, (application?.offset ?? 0) + 12))).toBe('OSCDIMG 2.56');
    const wim = evidence.find(({ label }) => label === 'Version');
    expect(wim?.path).toBe('/sources/install.wim');
    expect(new TextDecoder().decode(bytes.subarray(wim?.offset ?? 0, (wim?.offset ?? 0) + 5))).toBe('MSWIM');
  });

  it('is told of a DVD by the tables of its control files', async () => {
    const { evidence } = await fixture('dvd');
    const facts = Object.fromEntries(evidence.map(({ label, fact }) => [label, fact]));
    expect(facts).toMatchObject({ Titles: '12, in 1 set', Longest: '1:47:32', Picture: 'PAL', Regions: '2, 4', Provider: 'FIXTURES' });
  });

  it.each(['windows-11', 'dvd', 'blu-ray', 'psp', 'driver', 'fedora'])(
    'with any bytes of %s changed is told all the same',
    async (name) => {
      const sound = unpacked(new URL(`${name}.iso.gz`, FIXTURES));
      const place = fc.tuple(fc.nat({ max: sound.length - 1 - 98_304 }), fc.nat({ max: 255 }));
      const once = async (changes: [number, number][]): Promise<void> => {
        const bytes = sound.slice();
        for (const [at, value] of changes) bytes[98_304 + at] = value;
        expect((await identityOf(bytes, 'changed.iso')).sentence).toMatch(/\.$/);
      };
      await fc.assert(fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 300 }), once), { numRuns: 40 });
    },
  );

  it.each([
    [64, 'CD 650 (74 minutes)', null, 4],
    [333_001, 'CD 700 (80 minutes)', 'CD 650 (74 minutes)', 4],
    [360_000, 'CD 800 (90 minutes)', 'CD 700 (80 minutes)', 4],
    [400_000, 'CD 800 (90 minutes)', null, 4],
    [2_200_000, 'DVD 5', null, 8],
    [2_300_000, 'DVD 9', null, 8],
    [5_000_000, 'BD 25', null, 16],
    [60_000_000, null, null, 128],
    [1_000_000_000, null, null, null],
  ])('of %i sectors fits on %s, with overburning on %s, on a stick of %s GB', (sectors, disc, overburn, stick) => {
    expect(mediumFit({ source: { size: sectors * 2048 }, missing: 0, medium: { tracks: [] } })).toEqual({ sectors, disc, overburn, stick });
  });
});

describe.skipIf(!present)('what a disc of the corpus is', () => {
  interface Item {
    readonly name: string;
    readonly stored?: string;
    readonly milestone: string;
  }
  const items = present ? (JSON.parse(readFileSync(new URL('index.json', CORPUS), 'utf8')) as Item[]) : [];
  const expected = JSON.parse(readFileSync(new URL('../identity-of-corpus.json', FIXTURES), 'utf8')) as Record<string, readonly string[]>;
  const known = items.filter(({ name, stored }) => stored !== undefined && expected[name] !== undefined);

  it('is told of all that can be read', () => {
    const readable = items.filter(({ name, stored, milestone }) => stored && !['refuse', 'hostile'].includes(milestone) && !/^(?:real-libcdio-(?:cdda|isofs)|gen-raw)/.test(name)); // prettier-ignore
    expect(readable.filter(({ name }) => expected[name] === undefined).map(({ name }) => name)).toEqual([]);
  });

  it.each(known)('$name', async ({ name, stored = '' }) => {
    const { kind, title, sentence } = await identityOf(unpacked(new URL(stored, CORPUS)), stored.replace(/^.*\/|\.gz$/g, ''));
    expect([kind, title, sentence]).toEqual(expected[name]);
  });
});
