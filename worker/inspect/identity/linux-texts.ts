import { evidence, oneLine, type Disc } from './disc.ts';
import { keyed, withArticle, type Found } from './found.ts';

const ARCHITECTURE =
  /\b(amd64\/i386|amd64|i[3456]86|x86_64|x86-64|x64|arm64|armhf|armel|armv7|aarch64|ppc64el|ppc64le|powerpc|riscv64|s390x|loongarch64|mips64el|mipsel|mips|ia64|hppa|sparc64|multi-arch)\b/i;

/** The first word of a text that names a processor. */
export function architectureIn(text: string): string {
  return ARCHITECTURE.exec(text)?.[1] ?? '';
}

/** A distribution by what it calls itself: its name and version, what it is for, and the machines. */
export function distribution(
  name: string,
  { flavour = '', use, architecture = '' }: { flavour?: string; use: 'installation' | 'live'; architecture?: string },
  lines: Found['evidence'],
): Found {
  const plain = oneLine(name);
  const words = [plain, ...(flavour === '' || plain.toLowerCase().includes(flavour.toLowerCase()) ? [] : [flavour])].join(' ');
  return {
    kind: 'linux',
    title: architecture === '' ? words : `${words}, ${architecture}`,
    sentence: `${withArticle(plain)} ${use} disc${architecture === '' ? '' : ` for ${architecture}`}`,
    architectures: architecture === '' ? [] : [architecture],
    evidence: lines,
  };
}

/** Whether a disc starts a system from itself, by where live systems keep theirs. */
export function useOf(disc: Disc): 'installation' | 'live' {
  const live = disc.first('/casper', '/live', '/LiveOS', '/arch', '/antiX', '/airootfs.sfs');
  return live !== null && !disc.has('/install.amd') && !disc.has('/install/vmlinuz') ? 'live' : 'installation';
}

/** What Debian's and Ubuntu's makers write into .disk/info: `Name 1.2 "Codename" - Release amd64 (date)`. */
export async function diskInfo(disc: Disc): Promise<Found | null> {
  const path = '/.disk/info';
  const line = oneLine((await disc.text(path))?.split('\n')[0] ?? '');
  if (line === '') return null;
  const [, liveName, liveVersion, desktop] = /^Official (.+?) Live (\S+)(?: (\w+))?/.exec(line) ?? [];
  const [named = ''] = line.split(/ ["“]| - | \(/);
  const name = liveName === undefined ? named.replace(/_/g, ' ').trim() : `${liveName} ${liveVersion}`;
  const [, medium, number] = /\b(NETINST|DVD|CD|BD|DLBD)(?: Binary-(\d+))?\b/.exec(line.slice(name.length)) ?? [];
  const flavour = liveName !== undefined ? `live ${desktop ?? ''}`.trim() : medium === 'NETINST' ? 'netinst' : medium ? `${medium} ${number ?? ''}`.trim() : ''; // prettier-ignore
  const architecture = architectureIn(line) || (await diskArchitecture(disc));
  const use = liveName !== undefined ? 'live' : medium ? 'installation' : useOf(disc);
  return distribution(name, { flavour, use, architecture }, [evidence('Release', line, disc.at(path))]);
}

async function diskArchitecture(disc: Disc): Promise<string> {
  const text = await disc.text('/README.diskdefines');
  return /^#define\s+ARCH\s+(\S+)/m.exec(text ?? '')?.[1] ?? '';
}

/** Variants of a tree that are a part of every disc, and say nothing of this one. */
const COMMON_VARIANTS = ['baseos', 'appstream', ''];

/** What Fedora, Red Hat and their kin write into .treeinfo (productmd). */
export async function treeInfo(disc: Disc): Promise<Found | null> {
  const path = disc.first('/.treeinfo', '/treeinfo');
  if (path === null) return null;
  const values = keyed((await disc.text(path)) ?? '');
  const get = (...keys: string[]): string => keys.map((key) => values.get(key) ?? '').find((value) => value !== '') ?? '';
  const family = get('release.name', 'general.family');
  const version = get('release.version', 'general.version');
  if (family === '') return null;
  const variant = get('general.variant', 'tree.variants');
  const architecture = get('tree.arch', 'general.arch');
  const name = [family, version].join(' ').trim();
  const flavour = COMMON_VARIANTS.includes(variant.toLowerCase()) || variant.includes(',') ? '' : variant;
  return distribution(name, { flavour, use: useOf(disc), architecture }, [
    evidence('Release', [name, flavour, architecture].filter((part) => part !== '').join(', '), disc.at(path)),
  ]);
}

/** Anaconda's older .discinfo: time, release, architecture, discs, a line each. */
export async function discInfo(disc: Disc): Promise<Found | null> {
  const path = disc.first('/.discinfo');
  const [time = '', release = '', architecture = ''] = path === null ? [] : ((await disc.text(path)) ?? '').split('\n', 4).map(oneLine);
  if (path === null || !/^\d+(\.\d+)?$/.test(time) || release === '') return null;
  // Some have the version alone, the name stands in the label then.
  const [, fromLabel = ''] = /^([A-Za-z]+)/.exec(disc.label) ?? [];
  const name = /[A-Za-z]/.test(release) ? release : `${fromLabel} ${release}`.trim();
  return distribution(name, { use: useOf(disc), architecture: architectureIn(architecture) }, [
    evidence('Release', release, disc.at(path)),
  ]);
}

/** SUSE's media.1/media: who, which medium, which number. */
export async function suseMedia(disc: Disc): Promise<Found | null> {
  const path = '/media.1/media';
  const [vendor = '', medium = ''] = ((await disc.text(path)) ?? '').split('\n', 3).map(oneLine);
  if (!/suse/i.test(`${vendor} ${medium}`)) return null;
  const full = medium === '' ? vendor : medium;
  const architecture = architectureIn(full.replace(/[-_](?=x86_64)/g, ' ').replace(/-/g, ' '));
  const name = full.replace(/-(?:x86_64|aarch64|i[56]86|ppc64le|s390x)\b.*$|-?Build.*$|-Media.*$/, '').replace(/-/g, ' '); // prettier-ignore
  return distribution(name, { use: 'installation', architecture }, [evidence('Medium', full, disc.at(path))]);
}

/** Mageia's and Mandriva's product.id: `key=value` between commas. */
export async function mageiaProduct(disc: Disc): Promise<Found | null> {
  const path = disc.first('/product.id', '/x86_64/product.id', '/i586/product.id', '/aarch64/product.id');
  if (path === null) return null;
  const line = oneLine((await disc.text(path)) ?? '');
  const values = keyed(line.replaceAll(',', '\n'));
  const name = `${values.get('distribution') ?? ''} ${values.get('version') ?? ''}`.trim();
  if (name === '') return null;
  return distribution(name, { use: 'installation', architecture: values.get('arch') ?? '' }, [evidence('Product', line, disc.at(path))]);
}

/** A system that lies open on the disc: its os-release (freedesktop.org). */
export async function osRelease(disc: Disc): Promise<Found | null> {
  const path = disc.first('/etc/os-release', '/usr/lib/os-release');
  if (path === null) return null;
  const values = keyed((await disc.text(path)) ?? '');
  const name = values.get('pretty_name') ?? `${values.get('name') ?? ''} ${values.get('version_id') ?? ''}`.trim();
  if (name === '') return null;
  const found = distribution(name, { use: 'live' }, [evidence('Release', name, disc.at(path))]);
  return /bsd/i.test(values.get('id') ?? '') ? { ...found, kind: 'bsd' } : found;
}

/** Proxmox' .cd-info. */
export async function proxmoxInfo(disc: Disc): Promise<Found | null> {
  const path = '/.cd-info';
  const values = keyed((await disc.text(path)) ?? '');
  const product = values.get('productlong') ?? values.get('product') ?? '';
  if (product === '') return null;
  const name = `${product} ${values.get('release') ?? ''}${values.has('isorelease') ? `-${values.get('isorelease')}` : ''}`.trim();
  return distribution(name, { use: 'installation' }, [evidence('Release', name, disc.at(path))]);
}

/** Texts of one line, `Name 1.2 amd64`, that some systems begin their disc with. */
const RELEASE_FILES: readonly (readonly [path: string, name: string, use: 'installation' | 'live'])[] = [
  ['/.alpine-release', 'Alpine Linux', 'live'],
  ['/GParted-Live-Version', 'GParted Live', 'live'],
  ['/Clonezilla-Live-Version', 'Clonezilla Live', 'live'],
  ['/sysresccd/VERSION', 'SystemRescue', 'live'],
  ['/antiX/version', 'antiX', 'live'],
  ['/KNOPPIX/knoppix-version', 'KNOPPIX', 'live'],
  ['/arch/version', 'Arch Linux', 'live'],
];

export async function releaseFile(disc: Disc): Promise<Found | null> {
  for (const [path, name, use] of RELEASE_FILES) {
    const line = oneLine((await disc.text(path))?.split('\n')[0] ?? '');
    const [version] = /\d[\w.-]*/.exec(line) ?? [];
    if (version === undefined) continue;
    // What says its own name is believed: "MX-23.2_x64 Libretto" is antiX' kin.
    const [, own] = /^([A-Za-z]{2,})-(?=\d)/.exec(line) ?? [];
    const full = `${path === '/antiX/version' && own ? own : name} ${version.replace(/[-_](?:x64|386|x86_64|amd64)$/, '')}`;
    return distribution(full, { use, architecture: architectureIn(line.replaceAll('_x64', ' x64')) || archFolders(disc) }, [
      evidence('Release', line, disc.at(path)),
    ]);
  }
  return null;
}

/** Architectures for which archiso has systems. */
export function archFolders(disc: Disc): string {
  return ['x86_64', 'i686', 'aarch64'].filter((name) => disc.isDirectory(`/arch/${name}`) || disc.isDirectory(`/arch/boot/${name}`)).join(' and '); // prettier-ignore
}
