import { APPLICATION, atOffset, evidence, oneLine, PUBLISHER, VOLUME, type Disc, type VolumeField } from './disc.ts';
import { withArticle, type Family, type Found } from './found.ts';
import {
  archFolders,
  architectureIn,
  discInfo,
  diskInfo,
  distribution,
  mageiaProduct,
  osRelease,
  proxmoxInfo,
  releaseFile,
  suseMedia,
  treeInfo,
  useOf,
} from './linux-texts.ts';

/** Distributions by a file or folder that only they have. */
const MARKS: readonly (readonly [path: string, name: string])[] = [
  ['/slackware64', 'Slackware64'],
  ['/slackware', 'Slackware'],
  ['/manjaro', 'Manjaro'],
  ['/KNOPPIX/KNOPPIX', 'KNOPPIX'],
  ['/porteus', 'Porteus'],
  ['/slax', 'Slax'],
  ['/pmagic', 'Parted Magic'],
  ['/nix-store.squashfs', 'NixOS'],
  ['/boot/core.gz', 'Tiny Core Linux'],
  ['/boot/corepure64.gz', 'Tiny Core Linux'],
  ['/live/Tails.module', 'Tails'],
  ['/ubcd', 'Ultimate Boot CD'],
  ['/k3os', 'k3OS'],
];

/** Names by which labels, publishers and menus tell a distribution; what they tell is weak, and said to be. */
const KNOWN =
  /\b(Debian|Ubuntu|Kubuntu|Xubuntu|Lubuntu|Linux Mint|Fedora|CentOS|AlmaLinux|Rocky|openSUSE|SLES|Arch Linux|Manjaro|EndeavourOS|Gentoo|Slackware|KNOPPIX|Puppy|Void|NixOS|Kali|Tails|Alpine|Mageia|Mandriva|PCLinuxOS|Solus|deepin|Zorin|elementary|Pop_OS|Pop!_OS|antiX|MX|Qubes|Oracle Linux|RHEL|Red Hat Enterprise Linux|Clear Linux|ttylinux|OpenWrt|Parrot|Whonix|Guix)\b/i;

/** Fedora's and Red Hat's CoreOS name themselves in the label, which their kernel is told too. */
const COREOS: readonly (readonly [label: RegExp, name: string])[] = [
  [/^fedora-coreos-(\d.*)$/i, 'Fedora CoreOS'],
  [/^rhcos-(\d.*)$/i, 'Red Hat Enterprise Linux CoreOS'],
  [/^scos-(\d.*)$/i, 'CentOS Stream CoreOS'],
];

const coreos: Family = (disc) => {
  const label = disc.field(...VOLUME);
  if (!label || !disc.has('/images/ignition.img')) return null;
  for (const [pattern, name] of COREOS) {
    const [, version] = pattern.exec(label.text) ?? [];
    if (version === undefined) continue;
    const lines = [evidence('Label', label.text, atOffset(label.at)), evidence('Ignition', 'where CoreOS keeps its first settings', disc.at('/images/ignition.img'))]; // prettier-ignore
    return distribution(`${name} ${version}`, { use: 'live' }, lines);
  }
  return null;
};

const arch: Family = (disc) => {
  const application = disc.field(...APPLICATION);
  if (!disc.isDirectory('/arch') || !application || !/arch linux/i.test(application.text)) return null;
  const label = disc.field(...VOLUME);
  const [, year, month] = /^ARCH_(\d{4})(\d\d)$/.exec(label?.text ?? '') ?? [];
  const name = year === undefined ? 'Arch Linux' : `Arch Linux ${year}.${month}`;
  return distribution(name, { use: 'live', architecture: archFolders(disc) }, [
    evidence('System', 'the tree of archiso', disc.at('/arch')),
    ...(label ? [evidence('Label', label.text, atOffset(label.at))] : []),
    evidence('Application', application.text, atOffset(application.at)),
  ]);
};

const mark: Family = (disc) => {
  for (const [path, name] of MARKS)
    if (disc.has(path)) return distribution(name, { use: useOf(disc), architecture: architectureIn(disc.label) }, [evidence('System', `files of ${name}`, disc.at(path))]); // prettier-ignore
  const puppy = disc.names('/').find((file) => /^puppy_.*\.sfs$/.test(file));
  return puppy === undefined ? null : distribution('Puppy Linux', { use: 'live' }, [evidence('System', puppy, disc.at(`/${puppy}`))]);
};

/** Names in the descriptor and in boot menus, where the disc starts Linux: weak evidence. */
const byName: Family = (disc) => {
  const kernel = startedKernel(disc);
  if (!kernel) return null;
  const fields: (readonly [string, VolumeField | null])[] = [
    ['Label', disc.field(...VOLUME)],
    ['Application', disc.field(...APPLICATION)],
    ['Publisher', disc.field(...PUBLISHER)],
  ];
  for (const [label, field] of fields) {
    const [name] = KNOWN.exec(field?.text.replaceAll('_', ' ') ?? '') ?? [];
    if (!field || name === undefined) continue;
    const version = label === 'Label' ? (/\d+(?:\.\d+)*/.exec(field.text)?.[0] ?? '') : '';
    return weakly(disc, `${name} ${version}`.trim(), architectureIn(field.text.replaceAll('_', ' ')), [
      evidence(label, field.text, atOffset(field.at)),
      kernel,
    ]);
  }
  const menu = disc.boot.bootMenus
    .flatMap(({ path, entries }) => entries.map(({ title }) => ({ path, title })))
    .find(({ title }) => KNOWN.test(title));
  const [name] = menu ? (KNOWN.exec(menu.title) ?? []) : [];
  if (menu && name !== undefined) return weakly(disc, name, '', [evidence('Boot menu', oneLine(menu.title), disc.at(menu.path)), kernel]);
  return {
    kind: 'linux',
    title: '',
    sentence: 'A disc that starts Linux and does not say whose',
    evidence: [kernel],
  };
};

/** What a disc is by names alone: nothing says whether it installs. */
function weakly(disc: Disc, name: string, architecture: string, lines: Found['evidence']): Found {
  const found = distribution(name, { use: useOf(disc), architecture }, lines);
  return { ...found, sentence: `${withArticle(oneLine(name))} disc, by its names alone` };
}

/** The first kernel of a boot menu that is there. */
function startedKernel(disc: Disc): Found['evidence'][number] | null {
  for (const { entries, volume } of disc.boot.bootMenus) {
    if (volume !== null) continue;
    for (const { kernel } of [...entries, ...entries.flatMap((entry) => entry.entries)])
      if (kernel?.there && /vmlinu|bzimage|\/linux\d*$|\/kernel/i.test(kernel.path))
        return evidence('Kernel', 'a boot menu starts it', disc.at(kernel.path));
  }
  return null;
}

/** Linux distributions, the ones that say most first. */
export const linux: readonly Family[] = [diskInfo, treeInfo, suseMedia, mageiaProduct, proxmoxInfo, releaseFile, discInfo, coreos, arch, osRelease, mark, byName]; // prettier-ignore
