import type {
  BootEntryReport,
  BootMenuReport,
  BootProgram,
  BootVerdict,
  BootVerdicts,
  BootWay,
  EfiLoaderReport,
  EfiVolumeReport,
  SystemAreaReport,
} from '../../protocol/boot.ts';

/** A FAT32 file has less than 4 GiB. */
export const FAT32_MOST = 2 ** 32 - 1;
/** Letters of a FAT volume's label. */
const FAT_LABEL = 11;

/** What the verdict is drawn from. */
export interface BootFacts {
  readonly imageSize: number;
  /** The image ends before the disc does. */
  readonly cutShort: boolean;
  readonly boot: readonly BootEntryReport[];
  readonly systemArea: SystemAreaReport;
  readonly efiVolumes: readonly EfiVolumeReport[];
  readonly loaders: readonly EfiLoaderReport[];
  readonly menus: readonly BootMenuReport[];
  /** Files of the disc that are too large for FAT32, the first of them. */
  readonly largeFiles: readonly { readonly path: string; readonly size: number }[];
}

/** Whether and how an image starts a machine, each way with its reason. */
export function bootVerdicts(facts: BootFacts): BootVerdicts {
  const found = [biosDisc(facts), biosStick(facts), uefiDisc(facts), uefiStick(facts), uefiCopied(facts)];
  const ways = facts.cutShort ? found.map(doubted) : found;
  const sentence = ways.some(({ code }) => code === CUT_SHORT)
    ? 'Perhaps not: something starts, but the image is cut short.'
    : sentenceOf(ways);
  return { sentence, ways, ...secureBoot(facts.loaders) };
}

const CUT_SHORT = 'cut-short';

/** What starts loads the rest of the disc, of which a part is missing. */
function doubted(found: BootVerdict): BootVerdict {
  if (found.answer !== 'yes') return found;
  return {
    ...found,
    answer: 'unsure',
    code: CUT_SHORT,
    reason: `${found.reason} What it loads then may be missing: the image is cut short.`,
  };
}

function biosDisc({ boot, imageSize }: BootFacts): BootVerdict {
  const entries = boot.filter(({ platform }) => platform === 'bios');
  const [entry] = entries.filter(({ bootable }) => bootable);
  if (!entry) {
    return entries.length > 0
      ? verdict('bios-disc', 'no', 'not-bootable', 'The boot catalog has an image for BIOS, and forbids to start it.')
      : verdict('bios-disc', 'no', 'no-boot-catalog', 'The disc has no boot image for BIOS.');
  }
  if (entry.offset + Math.max(entry.loadSectors * 512, 1) > imageSize)
    return verdict('bios-disc', 'no', 'boot-image-missing', 'The boot image lies past the end of the file.');
  if (entry.bootInfo?.checksum === 'wrong')
    return verdict(
      'bios-disc',
      'unsure',
      'boot-image-changed',
      'The boot image was changed after the disc was made: its checksum is wrong.',
      ['x86'],
    );
  const { program } = entry;
  if (!program)
    return verdict('bios-disc', 'unsure', 'unknown-loader', 'The boot catalog starts an image in which no known loader was found.', [
      'x86',
    ]);
  return verdict('bios-disc', 'yes', 'boot-catalog', `The boot catalog starts ${named(program)}.`, ['x86']);
}

function biosStick({ boot, systemArea: { mbr } }: BootFacts): BootVerdict {
  if (!mbr) return verdict('bios-stick', 'no', 'no-mbr', 'Not by raw copy: the image does not begin with a master boot record.');
  if (mbr.isohybrid || mbr.grub2) {
    const program = boot.find(({ platform, program: found }) => platform === 'bios' && found)?.program;
    const by = mbr.isohybrid ? 'isohybrid' : 'GRUB 2';
    if (!program)
      return verdict(
        'bios-stick',
        'unsure',
        'unknown-loader',
        `Its master boot record (${by}) starts an image in which no known loader was found.`,
        ['x86'],
      );
    return verdict('bios-stick', 'yes', 'hybrid', `Its master boot record (${by}) starts ${named(program)}.`, ['x86']);
  }
  if (!mbr.program)
    return verdict('bios-stick', 'no', 'no-mbr-code', 'Not by raw copy: its master boot record holds no code that starts anything.');
  return verdict(
    'bios-stick',
    'unsure',
    'other-mbr-code',
    `Its master boot record is that of ${named(mbr.program)}; where it leads was not followed.`,
    ['x86'],
  );
}

function uefiDisc({ boot, efiVolumes, loaders }: BootFacts): BootVerdict {
  if (!boot.some(({ platform, bootable }) => platform === 'uefi' && bootable))
    return verdict('uefi-disc', 'no', 'no-boot-catalog', 'The boot catalog has no image for UEFI.');
  return inVolumes(
    'uefi-disc',
    efiVolumes.filter(({ from }) => from === 'boot-catalog'),
    loaders,
    'The boot catalog’s UEFI image',
  );
}

function uefiStick({ efiVolumes, loaders, systemArea: { gpt, mbr } }: BootFacts): BootVerdict {
  const places = new Set([
    ...(mbr?.records.flatMap(({ type, start }) => (type === 0xef ? [start * 512] : [])) ?? []),
    ...(gpt?.partitions.flatMap(({ typeName, start }) => (typeName === 'EFI system' ? [start * gpt.blockSize] : [])) ?? []),
  ]);
  const volumes = efiVolumes.filter(({ offset }) => places.has(offset));
  if (volumes.length === 0) return verdict('uefi-stick', 'no', 'no-partition', 'Not by raw copy: there is no EFI partition.');
  return inVolumes('uefi-stick', volumes, loaders, 'Its EFI partition');
}

/** What EFI volumes start by themselves. */
function inVolumes(way: BootWay, volumes: readonly EfiVolumeReport[], loaders: readonly EfiLoaderReport[], what: string): BootVerdict {
  const readable = volumes.filter(({ title }) => title !== '');
  if (readable.length === 0) return verdict(way, 'no', 'no-fat', `${what} is no FAT file system.`);
  const started = loaders.filter(({ volume, starts }) => starts && readable.some(({ offset }) => offset === volume));
  const [first] = started;
  if (!first)
    return verdict(way, 'no', 'no-loader', `${what} holds no EFI program that firmware starts (EFI/BOOT/BOOTX64.EFI and its like).`);
  return verdict(way, 'yes', 'efi-loader', `${what} has ${loaderNames(started)}.`, architecturesOf(started));
}

function uefiCopied({ loaders, largeFiles, menus }: BootFacts): BootVerdict {
  const started = loaders.filter(({ volume, starts }) => starts && volume === null);
  if (started.length === 0)
    return verdict(
      'uefi-copied',
      'no',
      'no-loader',
      'The files of the disc hold no EFI program that firmware starts (EFI/BOOT/BOOTX64.EFI and its like).',
    );
  const architectures = architecturesOf(started);
  const [large] = largeFiles;
  if (large) {
    const more = largeFiles.length > 1 ? ` and ${largeFiles.length - 1} more` : '';
    return verdict(
      'uefi-copied',
      'no',
      'file-over-4-gib',
      `“${large.path}”${more} is over 4 GiB and will not fit a FAT32 stick.`,
      architectures,
    );
  }
  const label = menus
    .flatMap(({ labels }) => labels)
    .find((each) => each.label.length > FAT_LABEL || each.label !== each.label.toUpperCase());
  if (label)
    return verdict('uefi-copied', 'unsure', 'label', `The loader starts, but the system looks for a volume labelled “${label.label}”, which a FAT32 stick cannot be called.`, architectures); // prettier-ignore
  const wanted = menus.flatMap(({ labels }) => labels)[0];
  const advice = wanted ? ` The stick must be labelled “${wanted.label}”.` : '';
  return verdict(
    'uefi-copied',
    'yes',
    'efi-files',
    `The files of the disc hold ${loaderNames(started)}, and all fit a FAT32 stick.${advice}`,
    architectures,
  );
}

function secureBoot(loaders: readonly EfiLoaderReport[]): Pick<BootVerdicts, 'secureBoot' | 'secureBootReason'> {
  const started = loaders.filter(({ starts }) => starts);
  if (started.length === 0) return { secureBoot: 'none', secureBootReason: 'There is no loader for UEFI.' };
  const authorities = new Set(started.flatMap((loader) => loader.authorities));
  const years = (['2011', '2023'] as const).filter(
    (year) => authorities.has(`microsoft-uefi-${year}`) || authorities.has(`windows-${year}`),
  );
  if (years.length > 0)
    return {
      secureBoot: 'microsoft',
      secureBootReason: `Its loader is signed by Microsoft’s keys of ${years.join(' and ')}; the signature was read, not verified.`,
    };
  if (authorities.has('other')) {
    const issuer = started.flatMap(({ signatures }) => signatures)[0]?.issuer ?? '';
    return {
      secureBoot: 'other',
      secureBootReason: `Its loader is signed, but not by Microsoft: by “${issuer}”. Machines start it only where that key was added.`,
    };
  }
  return { secureBoot: 'unsigned', secureBootReason: 'Its loader is not signed: Secure Boot must be off.' };
}

function sentenceOf(ways: readonly BootVerdict[]): string {
  const sure = (way: BootWay): boolean => ways.some((each) => each.way === way && each.answer === 'yes');
  const unsure = ways.some(({ answer }) => answer === 'unsure');
  const uefi = sure('uefi-disc') || sure('uefi-stick') || sure('uefi-copied');
  const bios = sure('bios-disc') || sure('bios-stick');
  if (!uefi && !bios)
    return unsure ? 'Perhaps: it has something to start, but what that is could not be told.' : 'No: nothing in it starts a machine.';
  const machines =
    uefi && bios ? 'on UEFI and on older BIOS machines' : uefi ? 'on UEFI machines' : 'on older BIOS machines, or UEFI in legacy mode';
  const disc = sure('bios-disc') || sure('uefi-disc');
  const stick = sure('bios-stick') || sure('uefi-stick');
  const media =
    disc && stick ? 'from a disc or a stick' : disc ? 'from a disc' : stick ? 'from a stick' : 'from a stick that its files are copied to';
  return `Yes, ${machines}, ${media}.`;
}

function verdict(
  way: BootWay,
  answer: BootVerdict['answer'],
  code: string,
  reason: string,
  architectures: readonly string[] = [],
): BootVerdict {
  return { way, answer, code, reason, architectures };
}

const named = ({ title, version }: BootProgram): string => (version === '' ? title : `${title} ${version}`);

/** "shim 16.1 (x64) and GRUB 2 (ia32)". */
function loaderNames(loaders: readonly EfiLoaderReport[]): string {
  const names = loaders.map(({ program, architecture }) => `${program ? named(program) : 'a loader'} (${architecture})`);
  return [...new Set(names)].slice(0, 4).join(' and ');
}

function architecturesOf(loaders: readonly EfiLoaderReport[]): string[] {
  return [...new Set(loaders.map(({ architecture }) => architecture))].sort();
}
