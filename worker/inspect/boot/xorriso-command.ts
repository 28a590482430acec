import type { BootEntryReport, BootReport, MbrRecordReport } from '../../protocol/boot.ts';
import { DISK_SECTOR } from '../../formats/partition/index.ts';
import { shellQuoted } from './writing.ts';

/** Microsoft's basic data, as isohybrid marks the EFI image in a GPT. */
const BASIC_DATA = 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7';

/** What the command is for. */
export interface XorrisoWanted {
  readonly report: BootReport;
  /** File name of the image. */
  readonly name: string;
  readonly label: string;
  /** Bytes of the ISO 9660 file system: partitions behind it were appended. */
  readonly isoSize: number;
  readonly rockRidge: boolean;
  readonly joliet: boolean;
}

/**
 * The xorriso command (xorrisofs(1)) that makes a disc with the same boot setup from a folder "files" with the disc's files; what
 * stands outside of files (the code of the master boot record, appended partitions) it takes from the image.
 */
export function xorrisoCommand(wanted: XorrisoWanted): string {
  const { label, rockRidge, joliet, name } = wanted;
  const lines = [
    'xorriso -as mkisofs -o new.iso',
    `-V ${shellQuoted(label)}`,
    ...(rockRidge ? ['-R'] : []),
    ...(joliet ? ['-J', '-joliet-long'] : []),
    ...systemAreaOptions(wanted),
    ...catalogOptions(wanted),
    'files',
  ];
  const about = `# In a folder with the image (${quotedInComment(name)}) and the files of the disc in "files":`;
  return `${about}\n${lines.join(' \\\n  ')}\n`;
}

/** No line of a name can end the comment. */
const quotedInComment = (name: string): string => name.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');

function systemAreaOptions({ report, name, isoSize }: XorrisoWanted): string[] {
  const { mbr, gpt, apm } = report.systemArea;
  if (!mbr) return [];
  const lines: string[] = [];
  const zeroed = ['zero_mbrpt', ...(gpt ? ['zero_gpt'] : []), ...(apm ? ['zero_apm'] : [])].join(',');
  const code = `--interval:local_fs:0s-15s:${zeroed}:${shellQuoted(name)}`;
  lines.push(mbr.grub2 ? `--grub2-mbr ${code}` : mbr.isohybrid ? `-isohybrid-mbr ${code}` : `-G ${code}`);
  if (mbr.protective) lines.push('--protective-msdos-label');
  lines.push(`-partition_cyl_align ${mbr.cylinderAligned ? 'on' : 'off'}`, `-partition_offset ${mbr.partitionOffset}`);
  if (mbr.heads > 0 && mbr.sectorsPerTrack > 0) lines.push(`-partition_hd_cyl ${mbr.heads}`, `-partition_sec_hd ${mbr.sectorsPerTrack}`);
  if (mbr.records.some(({ status }) => status === 0x80)) lines.push('--mbr-force-bootable');
  const disc = mbr.records.find(({ start }) => start * DISK_SECTOR < isoSize);
  if (disc && !mbr.protective) lines.push(`-iso_mbr_part_type ${hex(disc.type)}`);
  for (const { number, type, start, sectors } of appended(report, isoSize))
    lines.push(
      `-append_partition ${number} ${hex(type)} --interval:local_fs:${start}d-${start + sectors - 1}d::${shellQuoted(name)}`,
      ...(gpt && !mbr.isohybrid ? ['-appended_part_as_gpt'] : []),
    );
  return lines;
}

/** Partitions that lie behind the file system. */
function appended({ systemArea: { mbr } }: BootReport, isoSize: number): readonly MbrRecordReport[] {
  return (mbr?.records ?? []).filter(({ start, number }) => number <= 4 && isoSize > 0 && start * DISK_SECTOR >= isoSize);
}

function catalogOptions({ report, isoSize }: XorrisoWanted): string[] {
  const { boot, bootCatalog, bootFiles } = report;
  const pathOf = (offset: number): string | undefined => bootFiles.find((file) => file.offset === offset)?.path;
  const catalog = bootCatalog && pathOf(bootCatalog.at);
  const lines = catalog ? [`-c ${shellQuoted(catalog)}`] : [];
  for (const [index, entry] of boot.entries()) {
    const path = pathOf(entry.offset);
    const partition = appended(report, isoSize).find(({ start }) => start * DISK_SECTOR === entry.offset);
    const image = path !== undefined ? shellQuoted(path) : partition ? `--interval:appended_partition_${partition.number}:all::` : null;
    // An image that is no file and no partition cannot be named.
    if (image === null) continue;
    if (index > 0) lines.push('-eltorito-alt-boot');
    lines.push(...entryOptions(report, entry, image));
  }
  return lines;
}

function entryOptions({ systemArea: { gpt, apm } }: BootReport, entry: BootEntryReport, image: string): string[] {
  const { platform, emulation, loadSectors, bootInfo, grub2BootInfo, offset, bootable } = entry;
  const lines = [`${platform === 'uefi' ? '-e' : '-b'} ${image}`];
  if (platform === 'powerpc' || platform === 'mac') lines.unshift(`-eltorito-platform ${platform === 'powerpc' ? 'PPC' : 'Mac'}`);
  if (!bootable) lines.push('-no-boot');
  if (emulation === 'no-emulation') lines.push('-no-emul-boot');
  if (emulation === 'hard-disk') lines.push('-hard-disk-boot');
  lines.push(`-boot-load-size ${loadSectors}`);
  if (bootInfo) lines.push('-boot-info-table');
  if (grub2BootInfo) lines.push('--grub2-boot-info');
  if (gpt?.partitions.some(({ type, start }) => start * gpt.blockSize === offset && type.toLowerCase() === BASIC_DATA))
    lines.push('-isohybrid-gpt-basdat');
  if (apm?.partitions.some(({ type, start }) => start * apm.blockSize === offset && type === 'Apple_HFS'))
    lines.push('-isohybrid-apm-hfsplus');
  return lines;
}

const hex = (type: number): string => `0x${type.toString(16).padStart(2, '0')}`;
