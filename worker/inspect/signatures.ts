/** Bytes that name a format at a fixed place. The order is the order of trying. */
export interface Signature {
  readonly id: string;
  /** What follows "This is …". */
  readonly title: string;
  /** Offset in bytes; negative counts from the end of the file. */
  readonly at: number;
  /** Latin-1 text, or bytes. */
  readonly bytes: string | readonly number[];
  /** What it is used for or why it is met under the name of an ISO. */
  readonly explanation: string;
  readonly advice: readonly string[];
}

const UNPACK = 'Unpack it first (7-Zip, The Unarchiver, or your system’s own tool), then open the image that is inside.';
const CONVERT = 'Convert it to a plain image first, then open that.';
const DISK = '7-Zip opens it; qemu-img convert -O raw makes a plain disk of it.';

function archive(id: string, name: string, at: number, bytes: string | readonly number[]): Signature {
  return {
    id,
    title: `${/^[lx]/i.test(name) ? 'an' : 'a'} ${name} file`,
    at,
    bytes,
    explanation: `The file begins with the mark of ${name}. Many downloads wrap a disc image in such a file.`,
    advice: [UNPACK],
  };
}

function container(id: string, title: string, at: number, bytes: string | readonly number[], tool: string): Signature {
  return {
    id,
    title,
    at,
    bytes,
    explanation: 'A disc or disk image is wrapped inside, compressed or with tables of its own.',
    advice: [`${CONVERT} ${tool}`],
  };
}

/** Formats met under the name of a disc image that this version does not open. */
export const SIGNATURES: readonly Signature[] = [
  archive('zip', 'ZIP', 0, 'PK\x03\x04'),
  archive('zip', 'ZIP', 0, 'PK\x05\x06'),
  archive('7z', '7-Zip', 0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
  archive('rar', 'RAR', 0, 'Rar!\x1a\x07'),
  archive('gzip', 'gzip', 0, [0x1f, 0x8b, 0x08]),
  archive('xz', 'xz', 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  archive('bzip2', 'bzip2', 0, 'BZh'),
  archive('zstd', 'Zstandard', 0, [0x28, 0xb5, 0x2f, 0xfd]),
  archive('lzip', 'lzip', 0, 'LZIP'),
  archive('lz4', 'LZ4', 0, [0x04, 0x22, 0x4d, 0x18]),
  archive('xar', 'XAR', 0, 'xar!'),
  archive('cab', 'Windows cabinet', 0, 'MSCF'),
  archive('tar', 'TAR', 257, 'ustar'),
  container('wim', 'a Windows image (WIM)', 0, 'MSWIM\0\0\0', 'The wimlib tools (wimlib-imagex) or 7-Zip read it.'),
  container('wim', 'a split or pipable Windows image (WIM)', 0, 'WLPWM\0\0\0', 'The wimlib tools (wimlib-imagex) read it.'),
  container('dmg', 'an Apple disk image (DMG)', -512, 'koly', 'On a Mac: hdiutil convert in.dmg -format UDTO -o out. Elsewhere: dmg2img.'),
  container('dmg', 'an encrypted Apple disk image', 0, 'encrcdsa', 'It opens on a Mac with its password only.'),
  // Of these come here only those whose header says what cannot be.
  container('cso', 'a damaged compressed image (CSO)', 0, 'CISO', 'maxcso --decompress may tell what is wrong with it.'),
  container('cso', 'a damaged compressed image (ZSO)', 0, 'ZISO', 'maxcso --decompress may tell what is wrong with it.'),
  container('dax', 'a compressed image (DAX)', 0, 'DAX\0', 'maxcso --decompress makes a plain image of it.'),
  container('isz', 'a zipped image (ISZ)', 0, 'IsZ!', 'UltraISO, or isz-tool, makes a plain image of it.'),
  container('chd', 'a compressed image (CHD)', 0, 'MComprHD', 'chdman extractcd (or extractdvd) makes a plain image of it.'),
  container('ecm', 'an ECM-reduced image', 0, 'ECM\0', 'unecm makes a plain image of it.'),
  container('daa', 'a PowerISO image (DAA)', 0, 'DAA\0\0', 'PowerISO, or daa2iso, makes a plain image of it.'),
  container('uif', 'a MagicISO image (UIF)', -64, 'bbis', 'uif2iso makes a plain image of it.'),
  container(
    'mdx',
    'an image of Daemon Tools (MDX, MDS of version 2)',
    0,
    'MEDIA DESCRIPTOR\x02',
    'Daemon Tools makes a plain image of it.',
  ),
  {
    id: 'mds',
    title: 'the index of an Alcohol 120% image (MDS)',
    at: 0,
    bytes: 'MEDIA DESCRIPTOR',
    explanation: 'It only lists the tracks; the disc itself is in the MDF file beside it.',
    advice: ['Choose the MDS and the MDF file together, or the MDF alone.'],
  },
  container('nrg', 'a Nero image (NRG)', -12, 'NER5', 'nrg2iso makes a plain image of it.'),
  container('nrg', 'a Nero image (NRG)', -8, 'NERO', 'nrg2iso makes a plain image of it.'),
  ...[4, 5, 6].map((version) =>
    container('cdi', 'a Padus DiscJuggler image (CDI)', -8, [version, 0x00, 0x00, 0x80], 'cdirip makes plain tracks of it.'),
  ),
  container('b6t', 'the index of a BlindWrite image (B5T, B6T)', 0, 'BWT5 STREAM SIGN', 'The disc is in the B5I or B6I file beside it.'),
  container('aaru', 'an Aaru image', 0, 'AARUFRMT', 'aaru convert makes a plain image of it.'),
  container('aaru', 'an Aaru image (DICF)', 0, 'DICMFRMT', 'aaru convert makes a plain image of it.'),
  container('rvz', 'a compressed Wii or GameCube image (RVZ)', 0, 'RVZ\x01', 'Dolphin converts it to an ISO.'),
  container('wia', 'a compressed Wii or GameCube image (WIA)', 0, 'WIA\x01', 'Dolphin or wit converts it to an ISO.'),
  container('wbfs', 'a Wii image (WBFS)', 0, 'WBFS', 'wit or Dolphin converts it to an ISO.'),
  container('pbp', 'a PlayStation Portable package (PBP)', 0, [0x00, 0x50, 0x42, 0x50], 'psx2psp or popstation unpacks the disc in it.'),
  container('simg', 'an Android sparse image', 0, [0x3a, 0xff, 0x26, 0xed], 'simg2img makes a plain disk of it.'),
  container('vhdx', 'a virtual disk (VHDX)', 0, 'vhdxfile', DISK),
  container('vhd', 'a virtual disk (VHD)', 0, 'conectix', DISK),
  container('vhd', 'a virtual disk (VHD)', -512, 'conectix', DISK),
  container('vmdk', 'a virtual disk (VMDK)', 0, 'KDMV', DISK),
  container('vmdk', 'the description of a virtual disk (VMDK)', 0, '# Disk DescriptorFile', DISK),
  container('qcow2', 'a virtual disk (QCOW)', 0, 'QFI\xfb', DISK),
  container('vdi', 'a virtual disk (VDI)', 0x40, [0x7f, 0x10, 0xda, 0xbe], DISK),
  container('squashfs', 'a SquashFS file system', 0, 'hsqs', 'It is usually found inside a Linux disc: unsquashfs unpacks it.'),
  container('erofs', 'an EROFS file system', 1024, [0xe2, 0xe1, 0xf5, 0xe0], 'erofs-utils unpacks it.'),
  container('cramfs', 'a CramFS file system', 0, [0x45, 0x3d, 0xcd, 0x28], '7-Zip unpacks it.'),
  {
    id: 'xdvdfs',
    title: 'an Xbox game disc (XDVDFS)',
    at: 0x10000,
    bytes: 'MICROSOFT*XBOX*MEDIA',
    explanation: 'Xbox discs hold a file system of their own.',
    advice: ['extract-xiso lists and unpacks it.'],
  },
  {
    id: 'gamecube',
    title: 'a GameCube disc',
    at: 0x1c,
    bytes: [0xc2, 0x33, 0x9f, 0x3d],
    explanation: 'GameCube discs hold a file system of their own.',
    advice: ['Dolphin lists and unpacks it.'],
  },
  {
    id: 'wii',
    title: 'a Wii disc',
    at: 0x18,
    bytes: [0x5d, 0x1c, 0x9e, 0xa3],
    explanation: 'Wii discs hold an encrypted file system of their own.',
    advice: ['Dolphin lists and unpacks it.'],
  },
  {
    id: 'pdf',
    title: 'a PDF document',
    at: 0,
    bytes: '%PDF-',
    explanation: 'The file begins with the mark of PDF.',
    advice: ['Give it the ending .pdf and open it with a reader.'],
  },
  {
    id: 'exe',
    title: 'a Windows program',
    at: 0,
    bytes: 'MZ',
    explanation: 'The file begins with the mark of a program for DOS or Windows, not with a disc.',
    advice: ['Do not start it unless you know where it comes from: a program that calls itself an image is a common trick.'],
  },
  {
    id: 'elf',
    title: 'a Linux or Unix program',
    at: 0,
    bytes: '\x7fELF',
    explanation: 'The file begins with the mark of a program, not with a disc.',
    advice: ['Do not start it unless you know where it comes from.'],
  },
];

/** File systems of a bare disk, told by marks that need a closer look; after partition tables. */
export const DISK_SIGNATURES: readonly Signature[] = [
  disk('ntfs', 'an NTFS volume', 3, 'NTFS    '),
  disk('exfat', 'an exFAT volume', 3, 'EXFAT   '),
  disk('fat', 'a FAT volume (a floppy or stick image)', 54, 'FAT1'),
  disk('fat', 'a FAT volume (a stick image)', 82, 'FAT32'),
  disk('hfsplus', 'a Mac volume (HFS Plus)', 1024, 'H+'),
  disk('hfsplus', 'a Mac volume (HFSX)', 1024, 'HX'),
  disk('hfs', 'a Mac volume (HFS)', 1024, 'BD'),
  disk('apfs', 'a Mac volume (APFS)', 32, 'NXSB'),
  disk('ext', 'a Linux volume (ext2, ext3 or ext4)', 1080, [0x53, 0xef]),
  disk('btrfs', 'a Linux volume (Btrfs)', 0x10040, '_BHRfS_M'),
  disk('xfs', 'a Linux volume (XFS)', 0, 'XFSB'),
  disk('apm', 'a disk with an Apple partition map', 512, 'PM\0\0'),
];

function disk(id: string, title: string, at: number, bytes: string | readonly number[]): Signature {
  return {
    id,
    title,
    at,
    bytes,
    explanation: 'It is the image of a disk, stick or floppy, not of a disc.',
    advice: ['7-Zip opens it, and so does your system when the image is attached as a disk.'],
  };
}
