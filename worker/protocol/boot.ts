/** Whether a checksum agrees with what it covers; `unknown` where that is not all there to be read. */
export type ChecksumState = 'right' | 'wrong' | 'unknown';

/** The El Torito boot catalog (El Torito 2.0). */
export interface BootCatalogReport {
  /** Absolute offset in bytes. */
  readonly at: number;
  /** Platform by the validation entry, as `BootEntryReport.platform` has it. */
  readonly platform: string;
  /** Who made the disc, by the validation entry; empty for most. */
  readonly maker: string;
  /** `missing`: it does not begin with a validation entry. */
  readonly validation: 'right' | 'wrong' | 'missing';
}

/** What a boot image was told about its disc when it was written (mkisofs -boot-info-table). */
export interface BootInfoReport {
  /** Sector of the volume descriptor, and of the image itself. */
  readonly descriptorSector: number;
  readonly imageSector: number;
  /** Bytes of the image, and the sum of its 32-bit words from byte 64 on. */
  readonly length: number;
  readonly checksum: ChecksumState;
}

/** One El Torito entry as the catalog has it (El Torito 2.0). */
export interface BootCatalogEntry {
  readonly platform: string;
  readonly emulation: string;
  readonly bootable: boolean;
  /** Absolute offset of the boot image in bytes. */
  readonly offset: number;
  /** Real size of the boot image in bytes as far as it is known (the load size where it is not). */
  readonly size: number;
  /** Sectors of 512 bytes the firmware loads. */
  readonly loadSectors: number;
  /** Absolute offset of the entry in the catalog. */
  readonly at: number;
  /** Segment it is loaded to; 0 stands for 0x7c0. */
  readonly loadSegment: number;
  /** Type of the first partition of a hard disk image; 0 elsewhere. */
  readonly systemType: number;
  /** Identifier of its section; empty for the default entry and most others. */
  readonly section: string;
  /** Kind of selection criteria (El Torito 2.4): 0 for none, which nearly all have. */
  readonly criteria: number;
}

/** One El Torito entry, and what its image says of itself. */
export interface BootEntryReport extends BootCatalogEntry {
  readonly bootInfo: BootInfoReport | null;
  /** It holds the place where GRUB 2 goes on reading, and that is right (mkisofs --grub2-boot-info). */
  readonly grub2BootInfo: boolean;
  /** The mark of isolinux that an isohybrid MBR looks for. */
  readonly isohybridSuitable: boolean;
  /** What the image is; null where nothing in it is known. */
  readonly program: BootProgram | null;
}

/** One record of a master boot record (UEFI 5.2.1). */
export interface MbrRecordReport {
  /** Counted from 1; logical ones from 5. */
  readonly number: number;
  readonly status: number;
  readonly type: number;
  /** What the type says; its number where it is not known. */
  readonly typeName: string;
  /** In sectors of 512 bytes. */
  readonly start: number;
  readonly sectors: number;
}

export interface MbrReport {
  /** What its code is; null without code, or where it is not known. */
  readonly program: BootProgram | null;
  /** Disk signature in hexadecimal. */
  readonly signature: string;
  /** Its code starts the boot image of the catalog, by a place that is right (isohybrid; GRUB 2). */
  readonly isohybrid: boolean;
  readonly grub2: boolean;
  /** One record over all that only keeps other systems away (UEFI 5.2.3). */
  readonly protective: boolean;
  /** A partition that says to PowerPC machines: this is an ISO 9660 disc (CHRP), or holds their loader (PReP). */
  readonly chrp: boolean;
  readonly prep: boolean;
  /** As the records' cylinders, heads and sectors tell them; 0 where they tell nothing. */
  readonly heads: number;
  readonly sectorsPerTrack: number;
  /** The partition of the disc ends with a cylinder. */
  readonly cylinderAligned: boolean;
  /** Sector (of 2,048 bytes) at which a second volume descriptor set makes the first partition mountable; 0 without. */
  readonly partitionOffset: number;
  readonly records: readonly MbrRecordReport[];
}

/** One entry of a GPT (UEFI 5.3.3). */
export interface GptEntryReport {
  readonly number: number;
  /** GUID of the type, and what it says. */
  readonly type: string;
  readonly typeName: string;
  readonly guid: string;
  readonly name: string;
  /** 64 bits in hexadecimal. */
  readonly flags: string;
  /** In blocks. */
  readonly start: number;
  readonly blocks: number;
}

/** A GUID partition table (UEFI 5.3). */
export interface GptReport {
  readonly blockSize: number;
  /** Absolute offset of the header that was used. */
  readonly at: number;
  readonly diskGuid: string;
  /** First block of the entries, how many there are, bytes of each. */
  readonly entriesBlock: number;
  readonly entryCount: number;
  readonly entrySize: number;
  readonly firstUsable: number;
  readonly lastUsable: number;
  readonly backupBlock: number;
  readonly headerChecksum: ChecksumState;
  readonly entriesChecksum: ChecksumState;
  /** Some partitions share blocks, as isohybrid makes them. */
  readonly overlapping: boolean;
  /** The other copy: `same`, `different` from this one, `damaged` (a wrong checksum), or `missing`. */
  readonly backup: 'same' | 'different' | 'damaged' | 'missing';
  readonly partitions: readonly GptEntryReport[];
}

/** One entry of an Apple partition map. */
export interface ApmEntryReport {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  /** In blocks. */
  readonly start: number;
  readonly blocks: number;
}

export interface ApmReport {
  readonly blockSize: number;
  readonly at: number;
  readonly partitions: readonly ApmEntryReport[];
}

/** What a boot block of another machine than a PC starts. */
export interface StartedFile {
  /** As the block has it: a file's name, or what it is for. */
  readonly name: string;
  /** Absolute offset and bytes. */
  readonly offset: number;
  readonly size: number;
}

export type OtherMachine = 'mips-big-endian' | 'mips-little-endian' | 'sparc' | 'hp-pa' | 'alpha';

/** A boot block for another machine than a PC. */
export interface MachineBlockReport {
  readonly machine: OtherMachine;
  /** "SGI volume header": the field's name. */
  readonly title: string;
  readonly checksum: ChecksumState;
  /** Its further fields by name. */
  readonly fields: Readonly<Record<string, string | number>>;
  readonly starts: readonly StartedFile[];
}

/** A file that begins where a boot entry, a partition or a boot block points. */
export interface BootFileReport {
  /** Absolute offset in bytes. */
  readonly offset: number;
  /** In the view that is shown first. */
  readonly path: string;
}

/** The first 32 KiB of a disc, which ISO 9660 leaves to others (ECMA-119 6.2.1), and what stands there. */
export interface SystemAreaReport {
  /** `unknown`: not zero, and nothing that is known. */
  readonly state: 'empty' | 'known' | 'unknown';
  readonly mbr: MbrReport | null;
  readonly gpt: GptReport | null;
  readonly apm: ApmReport | null;
  readonly machines: readonly MachineBlockReport[];
}

/** A loader, known by what stands in it. */
export interface BootProgram {
  /** A stable word: `isolinux`, `grub2`, `shim`, `bootmgr`. */
  readonly id: string;
  readonly title: string;
  /** As it names itself; empty where it does not. */
  readonly version: string;
}

/** One line of a .sbat section: a component that is revoked by its generation. */
export interface SbatEntry {
  readonly component: string;
  readonly generation: number;
  readonly vendor: string;
  readonly name: string;
  readonly version: string;
  readonly url: string;
}

/** One Authenticode signature. It is read, not verified: only its digest is compared. */
export interface EfiSignature {
  /** Common names of who signed, and of who vouches for that one. */
  readonly signer: string;
  readonly issuer: string;
  /** In hexadecimal. */
  readonly serial: string;
  /** Common names of all certificates that it carries. */
  readonly chain: readonly string[];
  readonly algorithm: string;
  readonly digest: string;
  /** Whether the digest is the program's; null where its algorithm is not computed here. */
  readonly matches: boolean | null;
}

/** Who vouches for a program, as Secure Boot machines come. */
export type SecureBootAuthority = 'microsoft-uefi-2011' | 'microsoft-uefi-2023' | 'windows-2011' | 'windows-2023' | 'other';

/** A file system for UEFI: what the boot catalog or a partition table gives it to look for loaders in. */
export interface EfiVolumeReport {
  /** Absolute offset and bytes. */
  readonly offset: number;
  readonly size: number;
  readonly from: 'boot-catalog' | 'partition';
  /** "FAT16"; empty where it is none that can be read. */
  readonly title: string;
  readonly label: string;
}

/** An EFI program of the disc, or of an EFI volume of it. */
export interface EfiLoaderReport {
  readonly path: string;
  /** Offset of the EFI volume it is in; null for a file of the view that is shown. */
  readonly volume: number | null;
  readonly size: number;
  /** As UEFI names it: "x64", "ia32", "aa64". */
  readonly architecture: string;
  /** Firmware starts it by itself: EFI/BOOT/BOOTX64.EFI and its like (UEFI 3.5.1.1). */
  readonly starts: boolean;
  readonly program: BootProgram | null;
  readonly sbat: readonly SbatEntry[];
  readonly signatures: readonly EfiSignature[];
  /** Who vouches for it by a signature whose digest is not wrong; empty for one that is not signed. */
  readonly authorities: readonly SecureBootAuthority[];
  /** SHA-256 as Secure Boot's lists have it (Authenticode); null where the file is not whole. */
  readonly hash: string | null;
}

/** A file that a menu names. */
export interface MenuFile {
  readonly path: string;
  /** Null where that cannot be told: the path holds a variable. */
  readonly there: boolean | null;
}

/** One entry of a boot menu; a submenu has entries of its own. */
export interface MenuEntry {
  readonly title: string;
  readonly kernel: MenuFile | null;
  readonly initrds: readonly MenuFile[];
  readonly parameters: string;
  readonly entries: readonly MenuEntry[];
}

/** A volume label by which a menu, or the system it starts, finds its disc: another label, and it does not. */
export interface WantedLabel {
  readonly label: string;
  /** What wants it: "search --label", "archisolabel". */
  readonly by: string;
  readonly matches: boolean;
}

/** A boot menu by its text. */
export interface BootMenuReport {
  readonly kind: 'syslinux' | 'grub' | 'systemd-boot' | 'bcd';
  readonly path: string;
  /** Offset of the EFI volume it is in; null for a file of the view that is shown. */
  readonly volume: number | null;
  readonly entries: readonly MenuEntry[];
  readonly labels: readonly WantedLabel[];
}

/** A way to start a machine with an image: as a disc, copied bit by bit to a stick, its files copied to a FAT32 stick. */
export type BootWay = 'bios-disc' | 'bios-stick' | 'uefi-disc' | 'uefi-stick' | 'uefi-copied';

/** Whether one way works. */
export interface BootVerdict {
  readonly way: BootWay;
  readonly answer: 'yes' | 'no' | 'unsure';
  /** A stable word for programs: `boot-catalog`, `no-partition`, `file-over-4-gib`. */
  readonly code: string;
  /** One plain sentence. */
  readonly reason: string;
  /** As UEFI names them; for BIOS "x86". */
  readonly architectures: readonly string[];
}

/** All that tells whether and how an image starts a machine. */
export interface BootReport {
  readonly boot: readonly BootEntryReport[];
  /** Null where the disc has none. */
  readonly bootCatalog: BootCatalogReport | null;
  readonly systemArea: SystemAreaReport;
  /** Files that begin where the boot catalog, a partition or a boot block points. */
  readonly bootFiles: readonly BootFileReport[];
  readonly efiVolumes: readonly EfiVolumeReport[];
  readonly loaders: readonly EfiLoaderReport[];
  readonly bootMenus: readonly BootMenuReport[];
  /** The answer to "Will it boot?". */
  readonly boots: BootVerdicts;
  /** How to write it so that it does; empty where nothing starts. */
  readonly writing: readonly WritingAdvice[];
}

/** A loader whose hash stands in a revocation list. */
export interface RevokedLoader {
  readonly path: string;
  /** Offset of the EFI volume it is in; null for a file of the view that is shown. */
  readonly volume: number | null;
}

/** What came of comparing an image's loaders with a revocation list of Secure Boot (dbx). */
export interface RevocationCheck {
  /** How many hashes and certificates the list revokes. Certificates are counted, not compared. */
  readonly hashes: number;
  readonly certificates: number;
  readonly revoked: readonly RevokedLoader[];
  /** Loaders that were compared, and those whose hash is not known. */
  readonly checked: number;
  readonly unknown: number;
}

/** One step of writing an image. */
export interface WritingStep {
  readonly text: string;
  /** A line for the system's terminal; empty for what is done by hand. */
  readonly command: string;
}

/** How to write an image on one system. */
export interface WritingAdvice {
  readonly system: 'windows' | 'macos' | 'linux';
  readonly medium: 'stick' | 'disc';
  readonly title: string;
  readonly steps: readonly WritingStep[];
}

/** The answer to "Will it boot?". */
export interface BootVerdicts {
  /** One plain sentence over all ways. */
  readonly sentence: string;
  readonly ways: readonly BootVerdict[];
  /** Whether machines with Secure Boot start it: by Microsoft's keys, only by others, not at all; `none`: there is nothing for UEFI. */
  readonly secureBoot: 'microsoft' | 'other' | 'unsigned' | 'none';
  readonly secureBootReason: string;
}
