import { atOffset, evidence, oneLine, VOLUME, type Disc } from './disc.ts';
import { counted, keyed, listed, type Family, type Found } from './found.ts';
import { programVersion } from './windows.ts';

/** Tools that a hypervisor gives to the systems that run in it, by a file of theirs and, where it has one, a file with the version. */
const GUEST_TOOLS: readonly (readonly [path: string, name: string])[] = [
  ['/virtio-win-gt-x64.msi', 'VirtIO drivers'],
  ['/virtio-win_license.txt', 'VirtIO drivers'],
  ['/NetKVM', 'VirtIO drivers'],
  ['/VBoxWindowsAdditions.exe', 'VirtualBox Guest Additions'],
  ['/VBoxLinuxAdditions.run', 'VirtualBox Guest Additions'],
  ['/PTAgent.exe', 'Parallels Tools'],
  ['/prltools.mobileconfig', 'Parallels Tools'],
  ['/managementagentx64.msi', 'XenServer VM Tools'],
];

const guestTools: Family = async (disc) => {
  const vmware = disc.names('/').find((name) => /^vmwaretools-.*\.tar\.gz$/.test(name));
  const manifest = keyed((await disc.text('/manifest.txt')) ?? '').get('monolithic.version');
  const [path, name] = vmware !== undefined ? [`/${vmware}`, 'VMware Tools'] : manifest !== undefined ? ['/manifest.txt', 'VMware Tools'] : (GUEST_TOOLS.find(([each]) => disc.has(each)) ?? []); // prettier-ignore
  if (path === undefined || name === undefined) return null;
  const label = disc.field(...VOLUME);
  const named =
    manifest ?? /\d+\.\d+[\w.]*/.exec(vmware ?? label?.text ?? '')?.[0] ?? (await programVersion(disc, path)).get('ProductVersion') ?? '';
  const version = oneLine(named.replace(/\.tar\.gz$/, ''));
  return {
    kind: 'guest-tools',
    title: `${name} ${version}`.trim(),
    sentence: `${name}${version === '' ? '' : ` ${version}`}, for a system that runs in a virtual machine`,
    evidence: [evidence('Files', name, disc.at(path)), ...(label ? [evidence('Label', label.text, atOffset(label.at))] : [])],
  };
};

/** Discs that tell a machine how to set itself up. */
const SEEDS: readonly (readonly [label: RegExp | null, path: string, name: string])[] = [
  [/^cidata$/i, '/user-data', 'cloud-init (NoCloud)'],
  [/^config-2$/i, '/openstack/latest/meta_data.json', 'cloud-init (OpenStack)'],
  [/^OEMDRV$/, '/ks.cfg', 'Anaconda (kickstart)'],
  [null, '/autounattend.xml', 'Windows Setup (answers)'],
];

const seed: Family = (disc) => {
  for (const [label, path, name] of SEEDS)
    if (disc.has(path) && (label === null || label.test(disc.label)))
      return {
        kind: 'settings',
        title: `Settings for ${name}`,
        sentence: `A disc of settings for ${name}, and no system`,
        evidence: [evidence('Settings', path.slice(1), disc.at(path))],
      };
  return null;
};

/** Discs that Windows starts something of: drivers, magazines, programs. */
const autorun: Family = async (disc) => {
  const path = '/autorun.inf';
  const text = await disc.text(path);
  if (text === null) return null;
  const values = keyed(text);
  const get = (key: string): string => oneLine(values.get(`autorun.${key}`) ?? '');
  const command = get('open') || get('shellexecute');
  const label = get('label');
  if (command === '' && label === '') return null;
  const program = `/${(/^"([^"]+)"/.exec(command)?.[1] ?? command.split(' ')[0] ?? '').replaceAll('\\', '/').replace(/^[./]+/, '')}`;
  const version = program === '/' ? new Map<string, string>() : await programVersion(disc, program);
  const product = oneLine(version.get('ProductName') ?? version.get('FileDescription') ?? '');
  const name = label || product;
  return {
    kind: 'autorun',
    title: name,
    sentence: `A disc for Windows${name === '' ? '' : `, “${name}”,`} ${command === '' ? 'with a name of its own' : `that starts “${command}”`}`,
    evidence: [
      ...(command === '' ? [] : [evidence('Starts', command, disc.at(path))]),
      ...(label === '' ? [] : [evidence('Label', label, disc.at(path))]),
      ...['ProductName', 'FileDescription', 'ProductVersion', 'CompanyName'].flatMap((key) => {
        const value = version.get(key);
        return value === undefined ? [] : [evidence(NAMES[key] ?? key, value, disc.at(program))];
      }),
    ],
  };
};

const NAMES: Readonly<Record<string, string>> = {
  ProductName: 'Product',
  FileDescription: 'Program',
  ProductVersion: 'Version',
  CompanyName: 'Company',
};

/** What is for a system that runs already. */
export const programs: readonly Family[] = [guestTools, seed, autorun];

/** What is left: files, as many as there are, and the tracks of sound beside them. */
export function dataOnly(disc: Disc): Found {
  const files = disc.view?.summary().files ?? 0;
  const boots = disc.boot.boots.ways.some(({ answer }) => answer === 'yes');
  const empty = (disc.view?.catalog.count ?? 1) <= 1;
  const damaged = empty && disc.view?.volume.findings.damaged;
  const what = boots ? 'A bootable disc' : damaged ? 'A damaged disc that shows no files' : empty ? 'An empty disc' : 'A data disc';
  const sound = disc.image.medium.tracks.filter(({ mode }) => mode === 'audio').length;
  const parts = [
    ...(files > 0 ? [counted(files, 'file')] : empty ? [] : ['directories or links and no files']),
    ...(sound > 0 ? [counted(sound, 'audio track')] : []),
  ];
  return {
    kind: empty && !damaged ? 'empty' : 'data',
    title: '',
    sentence: `${what}${parts.length > 0 ? ` with ${listed(parts)}` : ''}`,
    evidence: [],
  };
}
