import type { BootCatalogEntry } from '../../worker/protocol/boot.ts';

const PLATFORMS: Readonly<Record<string, string>> = { bios: 'BIOS', uefi: 'UEFI', powerpc: 'PowerPC', mac: 'Macintosh' };

const MANNERS: Readonly<Record<string, string>> = {
  'no-emulation': 'started as it is',
  'floppy-1.2': 'started as a floppy disk of 1.2 MB',
  'floppy-1.44': 'started as a floppy disk of 1.44 MB',
  'floppy-2.88': 'started as a floppy disk of 2.88 MB',
  'hard-disk': 'started as a hard disk',
};

/** "UEFI": the machines that an image of the boot catalog is for. */
export function bootPlatform(id: string): string {
  return PLATFORMS[id] ?? id.replace('-', ' ');
}

/** "started as it is": how a machine takes a boot image, and that the catalog forbids it where it does. */
export function bootManner({ emulation, bootable }: BootCatalogEntry): string {
  return `${MANNERS[emulation] ?? `started in the way numbered ${emulation.replace('media-', '')}`}${bootable ? '' : ', marked as not to be started'}`;
}
