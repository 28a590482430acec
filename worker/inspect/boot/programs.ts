import type { BootProgram } from '../../protocol/boot.ts';
import type { ByteSource } from '../../source/source.ts';

/** Bytes of a loader that are looked through for marks; isolinux has 40 KiB, GRUB and shim up to 5 MiB. */
const MAX_LOOKED = 8 * 1024 * 1024;

interface Mark {
  readonly id: string;
  readonly title: string;
  /** What stands in it; its first group is the version. */
  readonly mark: RegExp;
}

/** Loaders by what they say themselves, the telling ones first: a loader also names those it starts. */
const BIOS: readonly Mark[] = [
  { id: 'isolinux', title: 'ISOLINUX', mark: /ISOLINUX (\d+\.\d+[\w.-]*)/ },
  { id: 'syslinux', title: 'SYSLINUX', mark: /(?:SYSLINUX|EXTLINUX) (\d+\.\d+[\w.-]*)/ },
  { id: 'memtest86+', title: 'Memtest86+', mark: /Memtest86\+ ?v?(\d+\.\d+\w*)/i },
  { id: 'memtest86', title: 'MemTest86', mark: /Memtest-?86 ?v?(\d+\.\d+\w*)/i },
  { id: 'ipxe', title: 'iPXE', mark: /iPXE (\d+\.\d+[\w.+-]*)|http:\/\/ipxe\.org\/%08x/ },
  { id: 'etfsboot', title: 'Windows boot sector for CDs (etfsboot)', mark: /CDBOOT: (?:Couldn't find|Cannot boot)/ },
  { id: 'freebsd', title: 'FreeBSD CD loader', mark: /CD Loader (\d+\.\d+)/ },
  { id: 'freebsd', title: 'FreeBSD boot', mark: /BTX loader (\d+\.\d+)?/ },
  { id: 'openbsd', title: 'OpenBSD CDBOOT', mark: /OpenBSD\/\w+ CDBOOT (\d+\.\d+)?/ },
  { id: 'netbsd', title: 'NetBSD boot', mark: /NetBSD\/\w+ (?:BIOS|CD-?ROM) Boot.*?(\d+\.\d+)?/ },
  {
    id: 'grub-legacy',
    title: 'GRUB Legacy',
    mark: /GRUB  version %s|stage2_eltorito|(0\.9[4-7])\0\/boot\/grub\/(?:menu|grub)\.(?:lst|conf)/,
  },
  { id: 'grub4dos', title: 'GRUB4DOS', mark: /GRUB4DOS (\d[\w.]*)?/ },
  { id: 'limine', title: 'Limine', mark: /[Ll]imine (\d+\.\d+[\w.-]*)/ },
  { id: 'grub2', title: 'GRUB 2', mark: /no boot info\0cdrom read fails|GRUB \0Geom\0|loading[^]{0,400}Geom\0/ },
  { id: 'bootmgr', title: 'Windows BOOTMGR', mark: /BOOTMGR is (?:missing|compressed)/ },
  { id: 'ntldr', title: 'Windows NTLDR', mark: /NTLDR is (?:missing|compressed)/ },
  { id: 'freedos', title: 'FreeDOS', mark: /FreeDOS|KERNEL {2}SYS/ },
  { id: 'msdos', title: 'MS-DOS', mark: /IO {6}SYSMSDOS {3}SYS/ },
];

const EFI: readonly Mark[] = [
  { id: 'shim', title: 'shim', mark: /UEFI SHIM\s*\$Version: ([\w.~+-]+)/ },
  { id: 'systemd-boot', title: 'systemd-boot', mark: /#### LoaderInfo: systemd-boot ([\w.~+-]+)/ },
  { id: 'systemd-stub', title: 'Linux in one file (systemd-stub)', mark: /#### LoaderInfo: systemd-stub ([\w.~+-]+)/ },
  { id: 'memtest86+', title: 'Memtest86+', mark: /Memtest86\+ ?v?(\d+\.\d+\w*)/i },
  { id: 'ipxe', title: 'iPXE', mark: /iPXE (\d+\.\d+[\w.+-]*)|http:\/\/ipxe\.org\/%08x/ },
  { id: 'refind', title: 'rEFInd', mark: /r\0E\0F\0I\0n\0d\0 |rEFInd (\d+\.\d+[\w.]*)/ },
  { id: 'limine', title: 'Limine', mark: /[Ll]imine (\d+\.\d+[\w.-]*)/ },
  { id: 'grub2', title: 'GRUB 2', mark: /GNU GRUB  version|\bgrub_efi_\w+/ },
  { id: 'bootmgr', title: 'Windows boot manager', mark: /b\0o\0o\0t\0m\0g\0r\0|BOOTMGR|b\0o\0o\0t\0m\0g\0f\0w/ },
  { id: 'mokmanager', title: 'MokManager', mark: /P\0e\0r\0f\0o\0r\0m\0 \0M\0O\0K\0/ },
  { id: 'fallback', title: 'shim’s fallback', mark: /\\?\0?f\0a\0l\0l\0b\0a\0c\0k\0|B\0O\0O\0T\0X\0?6?4?\0?\.\0C\0S\0V\0/ },
  { id: 'freebsd', title: 'FreeBSD loader', mark: /FreeBSD EFI boot block|FreeBSD\/\w+ EFI loader/ },
  { id: 'linux', title: 'Linux kernel', mark: /^.{514}HdrS/s },
];

const MBR_CODE: readonly Mark[] = [
  { id: 'isohybrid', title: 'isohybrid (ISOLINUX)', mark: /isolinux\.bin missing or corrupt/ },
  { id: 'grub2', title: 'GRUB 2', mark: /GRUB \0Geom\0Hard Disk\0Read\0/ },
  { id: 'syslinux', title: 'SYSLINUX', mark: /Missing operating system\.\r\n/ },
  { id: 'windows', title: 'Windows', mark: /Invalid partition table\0Error loading operating system/ },
  { id: 'limine', title: 'Limine', mark: /Limine/i },
  { id: 'ventoy', title: 'Ventoy', mark: /VTOY/ },
];

const MARKS = { bios: BIOS, efi: EFI, mbr: MBR_CODE } as const;

/** What the bytes of a loader say that it is; null where none of the known marks stands in them. */
export async function identifyProgram(source: ByteSource, where: keyof typeof MARKS, signal?: AbortSignal): Promise<BootProgram | null> {
  const bytes = await source.read(0, Math.min(source.size, where === 'mbr' ? 440 : MAX_LOOKED), signal);
  const text = new TextDecoder('latin1').decode(bytes);
  for (const { id, title, mark } of MARKS[where]) {
    const found = mark.exec(text);
    if (found) return { id, title, version: found[1] ?? '' };
  }
  return null;
}
