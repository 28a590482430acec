import { APPLICATION, atOffset, evidence, oneLine, VOLUME, type Disc } from './disc.ts';
import { withArticle, type Family } from './found.ts';

/** Values of a property list of Apple's, of one level: texts by key. Only what stands in plain XML. */
function propertyList(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [, key = '', value = ''] of text.matchAll(/<key>([^<]{1,80})<\/key>\s{0,80}<string>([^<]{0,200})<\/string>/g))
    values.set(key, value);
  return values;
}

/** macOS, by the list of its version and its installer. */
const mac: Family = async (disc) => {
  const path = disc.first('/System/Library/CoreServices/SystemVersion.plist', '/.IABootFilesSystemVersion.plist');
  const installer = disc.names('/').find((name) => /^install .*(?:macos|os x).*\.app$/.test(name));
  const values = propertyList((path === null ? null : await disc.text(path)) ?? '');
  const version = values.get('ProductVersion') ?? '';
  const name =
    values.get('ProductName') ?? (installer === undefined ? '' : (disc.at(`/${installer}`).path ?? '').replace(/^\/Install |\.app$/g, ''));
  if (name === '') return null;
  const full = oneLine(`${name} ${version}`);
  const build = values.get('ProductBuildVersion');
  return {
    kind: 'macos',
    title: build === undefined ? full : `${full}, build ${oneLine(build)}`,
    sentence: withArticle(`${full} installation disc`),
    evidence: [
      ...(path === null ? [] : [evidence('Version', `${full}${build === undefined ? '' : ` (${build})`}`, disc.at(path))]),
      ...(installer === undefined ? [] : [evidence('Installer', disc.at(`/${installer}`).path ?? '', disc.at(`/${installer}`))]),
    ],
  };
};

const freebsd: Family = async (disc) => {
  const path = '/bin/freebsd-version';
  const [, version] = /^USERLAND_VERSION="([^"]{1,60})"/m.exec((await disc.text(path)) ?? '') ?? [];
  if (version === undefined) return null;
  const [, architecture = ''] = /_(AMD64|I386|AARCH64|ARM64|POWERPC\w*|RISCV64)_/i.exec(disc.label) ?? [];
  const derived = disc.first('/usr/local/sbin/pfSense-upgrade', '/usr/local/opnsense');
  const name = derived === null ? `FreeBSD ${version}` : derived.includes('pfSense') ? 'pfSense' : 'OPNsense';
  const sets = disc.first('/usr/freebsd-dist');
  const machine = architecture.toLowerCase();
  return {
    kind: 'bsd',
    title: [name, machine].filter((part) => part !== '').join(', '),
    sentence: `${withArticle(name)} ${sets === null ? 'live' : 'installation'} disc`,
    architectures: machine === '' ? [] : [machine],
    evidence: [
      evidence('Version', version, disc.at(path)),
      ...(sets === null ? [] : [evidence('Sets', 'packed parts that setup installs', disc.at(sets))]),
      ...(derived === null ? [] : [evidence('Built on it', name, disc.at(derived))]),
    ],
  };
};

/** OpenBSD has a folder of its version, and in it one of the machine with bsd.rd. */
const openbsd: Family = (disc) => {
  for (const version of disc.names('/').filter((name) => /^\d+\.\d+$/.test(name)))
    for (const machine of disc.names(`/${version}`)) {
      const kernel = `/${version}/${machine}/bsd.rd`;
      if (disc.has(kernel)) return bsd('OpenBSD', version, machine, [evidence('Kernel', 'bsd.rd, which setup runs on', disc.at(kernel))]);
    }
  return null;
};

const netbsd: Family = (disc) => {
  const machine = disc.names('/').find((name) => disc.isDirectory(`/${name}/binary/sets`));
  if (machine === undefined || !disc.first('/netbsd', '/boot.cfg', `/${machine}/binary/kernel`)) return null;
  const [, major, minor] = /^NETBSD_(\d+?)(\d)(?:\D|$)/i.exec(disc.label) ?? [];
  return bsd('NetBSD', major === undefined ? '' : `${major}.${minor}`, machine, [evidence('Sets', 'packed parts that setup installs', disc.at(`/${machine}/binary/sets`))]); // prettier-ignore
};

const dragonfly: Family = async (disc) => {
  const label = disc.field(...VOLUME);
  return label && /^DRAGONFLY/i.test(label.text) && disc.isDirectory('/boot/kernel')
    ? bsd('DragonFly BSD', '', '', [evidence('Label', label.text, atOffset(label.at))])
    : null;
};

function bsd(name: string, version: string, machine: string, lines: ReturnType<typeof evidence>[]) {
  const full = `${name} ${version}`.trim();
  return {
    kind: 'bsd',
    title: machine === '' ? full : `${full}, ${machine}`,
    sentence: `${withArticle(full)} installation disc${machine === '' ? '' : ` for ${machine}`}`,
    architectures: machine === '' ? [] : [machine],
    evidence: lines,
  };
}

/** VMware's ESXi, by what its loader is told. */
const esxi: Family = async (disc) => {
  const path = '/BOOT.CFG';
  const text = disc.has('/IMGDB.TGZ') ? ((await disc.text(path)) ?? '') : '';
  const [, build = ''] = /^build=(\S{1,60})/m.exec(text) ?? [];
  if (text === '' || !/ESXi|vmware/i.test(text)) return null;
  return {
    kind: 'hypervisor',
    title: `VMware ESXi ${build}`.trim(),
    sentence: `A VMware ESXi ${build}`.trim() + ' installation disc',
    evidence: [evidence('Build', build, disc.at(path))],
  };
};

/** Systems that a folder or file of their own tells. */
const OTHERS: readonly (readonly [path: string, kind: string, name: string])[] = [
  ['/reactos/freeldr.sys', 'reactos', 'ReactOS'],
  ['/reactos/txtsetup.sif', 'reactos', 'ReactOS'],
  ['/freeldr.ini', 'reactos', 'ReactOS'],
  ['/FDOS', 'freedos', 'FreeDOS'],
  ['/FREEDOS', 'freedos', 'FreeDOS'],
  ['/KERNEL.SYS', 'freedos', 'FreeDOS'],
  ['/platform/i86pc/kernel', 'solaris', 'Solaris'],
  ['/platform/sun4u/kernel', 'solaris', 'Solaris'],
  ['/OS2IMAGE', 'os2', 'OS/2'],
  ['/haiku.hpkg', 'haiku', 'Haiku'],
];

const others: Family = (disc) => {
  for (const [path, kind, name] of OTHERS)
    if (disc.has(path))
      return {
        kind,
        title: name,
        sentence: `${withArticle(name)} disc`,
        evidence: [evidence('System', `files of ${name}`, disc.at(path))],
      };
  return null;
};

/** Loaders that load no system of the disc, and what they are for. */
const ALONE: Readonly<Record<string, readonly [kind: string, what: string]>> = {
  'memtest86+': ['memory-test', 'a test of memory'],
  memtest86: ['memory-test', 'a test of memory'],
  ipxe: ['network-boot', 'which loads a system over the network'],
};
/** iPXE for machines of before UEFI is started as a Linux kernel is. */
const IPXE_KERNEL = /^ipxe\.l?krn$/;

/** Discs that hold a loader and nothing to load. */
const tools: Family = (disc) => {
  const { boot, loaders } = disc.boot;
  const programs = [
    ...boot.map(({ program, offset }) => ({ program, source: atOffset(offset), architecture: 'x86' })),
    ...loaders.map(({ program, path, volume, architecture, starts }) => ({
      program: starts ? program : null,
      source: volume === null ? disc.at(path) : atOffset(volume),
      architecture,
    })),
  ];
  const told = programs.flatMap((each) => (each.program && ALONE[each.program.id] ? [{ ...each, program: each.program }] : []));
  const [first] = told;
  const [kind, what] = ALONE[first?.program.id ?? ''] ?? [];
  if (!first || kind === undefined) return null;
  const version = told.find(({ program }) => program.version !== '')?.program.version ?? '';
  const name = `${first.program.title} ${version}`.trim();
  const kernel = kind === 'network-boot' ? disc.names('/').find((each) => IPXE_KERNEL.test(each)) : undefined;
  const application = disc.field(...APPLICATION);
  const machines = [...new Set([...told.map(({ architecture }) => architecture), ...(kernel === undefined ? [] : ['x86'])])].sort();
  return {
    kind,
    title: `${name}, ${machines.join(' and ')}`,
    sentence: `A disc that starts ${name}, ${what}`,
    architectures: machines,
    evidence: [
      ...told.map(({ program, source, architecture }) =>
        evidence('Loader', `${`${program.title} ${program.version}`.trim()}, ${architecture}`, source),
      ),
      ...(kernel === undefined ? [] : [evidence('Loader', 'iPXE, x86', disc.at(`/${kernel}`))]),
      ...(application ? [evidence('Application', application.text, atOffset(application.at))] : []),
    ],
  };
};

/** What a rescue disc of GRUB has at its root: nothing that could be loaded. */
const GRUB_ONLY = /^(?:boot|efi|efi\.img|system|mach_kernel|\.disk|\.volumeicon\.icns|boot\.cat\w*|rr_moved)$/;

const grubRescue: Family = (disc) => {
  const folder = disc.names('/boot/grub').find((name) => /^(?:i386|x86_64|arm64|arm|ia64|powerpc|sparc64|riscv64|mips\w*)-\w+$/.test(name));
  if (folder === undefined || !disc.names('/').every((name) => GRUB_ONLY.test(name)) || disc.names('/boot').some((name) => /vmlinu|initrd/.test(name))) return null; // prettier-ignore
  const version = disc.boot.loaders.find(({ program }) => program?.id === 'grub2')?.program?.version ?? '';
  const name = `GRUB ${version || '2'} rescue disc`;
  return {
    kind: 'rescue',
    title: name,
    sentence: `A ${name}: the loader with its modules and no system`,
    evidence: [
      evidence('Modules', folder, disc.at(`/boot/grub/${folder}`)),
      ...(disc.has('/boot/grub/grub.cfg') ? [evidence('Menu', 'the menu of the loader', disc.at('/boot/grub/grub.cfg'))] : []),
    ],
  };
};

/** Rescue and boot discs with a name of their own. */
const RESCUE: readonly (readonly [path: string, name: string])[] = [
  ['/HBCD_PE.ini', 'Hiren’s BootCD PE'],
  ['/HBCD', 'Hiren’s BootCD'],
  ['/dban.bzi', 'DBAN'],
  ['/boot/grub/sgd', 'Super GRUB2 Disk'],
  ['/ventoy/ventoy.json', 'Ventoy'],
];

const rescue: Family = (disc: Disc) => {
  for (const [path, name] of RESCUE)
    if (disc.has(path))
      return {
        kind: 'rescue',
        title: name,
        sentence: `${withArticle(name)} disc`,
        evidence: [evidence('Files', `of ${name}`, disc.at(path))],
      };
  return null;
};

/** Systems other than Linux and Windows, and what starts without one. */
export const systems: readonly Family[] = [mac, freebsd, openbsd, netbsd, dragonfly, esxi];
/** Those that a Linux disc may have files of. */
export const smallSystems: readonly Family[] = [others];
export const bootTools: readonly Family[] = [tools, rescue, grubRescue];
