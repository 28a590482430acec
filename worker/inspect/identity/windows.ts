import type { Evidence, WimImageReport, WimReport } from '../../protocol/identity.ts';
import { readPeVersion } from '../../formats/pe/index.ts';
import { readWim } from '../../formats/wim/index.ts';
import { evidence, oneLine, readOrNull, type Disc } from './disc.ts';
import { counted, keyed, listed, withArticle, type Family, type Found } from './found.ts';
import { DOS_FOLDERS, NT_TAGS, windowsName, withoutRelease } from './windows-names.ts';

/** Where discs of Windows have their images; media for two kinds of machines have two folders. */
const FOLDERS = ['/sources', '/x64/sources', '/x86/sources', '/arm64/sources'];
const WIM_NAME = /\.(?:wim|esd|swm)$/;
/** Windows images of a disc that are looked into; Microsoft's have two to five. */
const MAX_WIMS = 16;
/** Names that are told in one line. */
const MAX_TOLD = 12;

/** The Windows images of a disc, those that setup uses first. */
async function wimsOf(disc: Disc): Promise<WimReport[]> {
  const paths = FOLDERS.flatMap((folder) =>
    disc
      .names(folder)
      .filter((name) => WIM_NAME.test(name))
      .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
      .map((name) => `${folder}/${name}`),
  );
  const wims: WimReport[] = [];
  for (const path of paths.slice(0, MAX_WIMS)) {
    const source = await disc.open(path);
    const wim = source && (await readOrNull(() => readWim(source)));
    if (wim) wims.push({ ...wim, ...disc.at(path) });
  }
  return wims;
}

const rank = (name: string): number => (name.startsWith('install.') ? 0 : name === 'boot.wim' ? 1 : 2);

const modern: Family = async (disc) => {
  const wims = await wimsOf(disc);
  const known = wims.filter(({ images }) => images.some(({ version }) => version !== null));
  const install = known.filter(({ path }) => /\/install\.\w+$/i.test(path ?? ''));
  const [main] = install.length > 0 ? install : known;
  const image = main?.images.find(({ version }) => version !== null);
  if (!main || !image) return wims.length > 0 && disc.has('/bootmgr') ? unnamed(disc, wims) : null;
  const images = (install.length > 0 ? install : [main]).flatMap((wim) => wim.images);
  const architectures = distinct(images.map(({ architecture }) => architecture));
  const editions = distinct(images.map(({ displayName, name, edition }) => displayName || name || edition));
  const environment = install.length === 0 && known.every((wim) => wim.images.every(isEnvironment));
  const name = environment ? `Windows PE (${windowsName(image)})` : windowsName(image);
  const what = environment
    ? withArticle(`Windows PE disc: ${withoutRelease(windowsName(image))} that runs from memory`)
    : withArticle(`${withoutRelease(name)} installation disc${inLanguages(distinct(images.flatMap((each) => each.languages)))}`);
  return {
    kind: 'windows',
    title: [
      name,
      `build ${image.version?.build}`,
      architectures.join(' and '),
      environment ? '' : editions.length === 1 ? (images[0]?.edition ?? '') : counted(editions.length, 'edition'),
    ]
      .filter((part) => part !== '')
      .join(', '),
    sentence: what,
    architectures,
    evidence: [...wimEvidence(main, image, images), ...(await setupEvidence(disc))],
    wims,
  };
};

/** " in German (Germany)" where there are few enough to be said. */
function inLanguages(tags: readonly string[]): string {
  const names = new Intl.DisplayNames(['en'], { type: 'language' });
  const known = tags.filter((tag) => /^[a-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?$/.test(tag));
  return known.length === 0 || known.length > 2 ? '' : ` in ${listed(known.map((tag) => names.of(tag) ?? tag))}`;
}

/** Setup and rescue systems, which are started and not installed. */
function isEnvironment({ edition, name }: WimImageReport): boolean {
  return edition === 'WindowsPE' || edition === '' || /Windows (?:PE|Setup)/i.test(name);
}

function unnamed(disc: Disc, wims: readonly WimReport[]): Found {
  const [first] = wims;
  return {
    kind: 'windows',
    title: 'Windows',
    sentence: 'A disc that starts Windows; which one its images do not say',
    evidence: [
      evidence('Boot manager', 'BOOTMGR of Windows', disc.at('/bootmgr')),
      ...(first ? [evidence('Windows image', first.problem || 'names no version', first)] : []),
    ],
    wims,
  };
}

function wimEvidence(main: WimReport, image: WimImageReport, images: readonly WimImageReport[]): Evidence[] {
  const { version } = image;
  const names = distinct(images.map(({ displayName, name, edition }) => displayName || name || edition));
  const languages = distinct(images.flatMap((each) => each.languages));
  const told = (words: readonly string[]): string =>
    words.length > MAX_TOLD ? `${words.slice(0, MAX_TOLD).join(', ')} and ${words.length - MAX_TOLD} more` : listed(words);
  const lines: (readonly [string, string])[] = [
    ['Version', version ? `${version.major}.${version.minor}.${version.build}.${version.spBuild}` : ''],
    ['Editions', told(names)],
    ['Languages', told(languages)],
    ['Made for', listed(distinct(images.map(({ architecture }) => architecture)))],
    ['Windows image', `${main.compression === 'none' ? 'not compressed' : main.compression}${main.solid ? ', solid (ESD)' : ''}, ${counted(main.imageCount, 'image')}${main.parts > 1 ? `, part ${main.part} of ${main.parts}` : ''}`], // prettier-ignore
  ];
  return lines.filter(([, fact]) => fact !== '').map(([label, fact]) => evidence(label, fact, main));
}

/** What setup is told, and what it says of itself. */
async function setupEvidence(disc: Disc): Promise<Evidence[]> {
  const lines: Evidence[] = [];
  const config = disc.first('/sources/ei.cfg', '/x64/sources/ei.cfg', '/x86/sources/ei.cfg');
  const channel = config === null ? null : /^\[Channel\]\s*(\w[^\r\n]*)/im.exec((await disc.text(config)) ?? '')?.[1];
  if (config !== null && channel) lines.push(evidence('Channel', channel, disc.at(config)));
  const build = '/sources/idwbinfo.txt';
  const branch = keyed((await disc.text(build)) ?? '').get('buildinfo.buildbranch');
  if (branch) lines.push(evidence('Branch', branch, disc.at(build)));
  const least = '/sources/cversion.ini';
  const client = keyed((await disc.text(least)) ?? '').get('hostbuild.minclient');
  if (client) lines.push(evidence('Upgrades', `from build ${client} on`, disc.at(least)));
  for (const path of ['/sources/setup.exe', '/setup.exe', '/bootmgr.efi']) {
    const version = (await programVersion(disc, path)).get('FileVersion');
    if (version === undefined) continue;
    lines.push(evidence(path === '/bootmgr.efi' ? 'Boot manager' : 'Setup', `version ${version}`, disc.at(path)));
    break;
  }
  return lines;
}

/** The strings of a program's version resource; none where it has none. */
export async function programVersion(disc: Disc, path: string): Promise<ReadonlyMap<string, string>> {
  const source = await disc.open(path);
  return (source && (await readOrNull(() => readPeVersion(source)))) ?? new Map<string, string>();
}

/** Windows NT 4 to Server 2003, by the tags and the setup list of their discs. */
const nt: Family = async (disc) => {
  const folder = disc.first('/amd64', '/i386', '/ia64', '/alpha');
  if (folder === null || !(disc.has(`${folder}/txtsetup.sif`) || disc.has(`${folder}/setupldr.bin`))) return null;
  const names = disc.names('/');
  const [tag, name = 'Windows NT'] = NT_TAGS.find(([each]) => names.includes(each)) ?? [];
  const pack = names.map((each) => /^win51i?\w?\.sp(\d)$/.exec(each)?.[1]).find((each) => each !== undefined);
  const architecture = folder === '/amd64' ? 'x64' : folder === '/i386' ? 'x86' : folder.slice(1);
  const full = pack === undefined ? name : `${name} SP${pack}`;
  return {
    kind: 'windows',
    title: `${full}, ${architecture}`,
    sentence: withArticle(`${full} installation disc for ${architecture}`),
    architectures: [architecture],
    evidence: [
      ...(tag === undefined ? [] : [evidence('Tag', oneLine(tag.toUpperCase()), disc.at(`/${tag}`))]),
      evidence('Setup', 'files of Windows NT’s setup', disc.at(folder)),
    ],
  };
};

const onDos: Family = (disc) => {
  for (const [path, name] of DOS_FOLDERS)
    if (disc.names(path).some((file) => /\.cab$/.test(file)))
      return {
        kind: 'windows',
        title: name,
        sentence: withArticle(`${name} installation disc`),
        architectures: ['x86'],
        evidence: [evidence('Setup', `cabinets of ${name}`, disc.at(path))],
      };
  return null;
};

function distinct(words: readonly string[]): string[] {
  return [...new Set(words.map(oneLine).filter((word) => word !== ''))];
}

/** Windows' discs for setup and rescue. */
export const windows: readonly Family[] = [modern, nt, onDos];
