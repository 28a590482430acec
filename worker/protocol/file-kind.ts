/** What a kind belongs to; each family has one colour and one picture in the page. */
export type KindFamily = 'boot' | 'img' | 'exe' | 'arc' | 'txt' | 'med' | 'oth';

/** What a file seems to be, by its name alone. */
export interface FileKind {
  /** "Windows image": what the column Kind says and what sorting by kind goes by. */
  readonly label: string;
  readonly family: KindFamily;
}

type Line = readonly [family: KindFamily, label: string, extensions: string];

/** Extensions by what they name; where two programs share one, the one that is met on discs wins. */
const LINES: readonly Line[] = [
  ['boot', 'EFI program', 'efi'],
  ['boot', 'Boot image', 'bif img144 ima'],
  ['boot', 'Boot loader', 'c32 com32 0 bss bs'],
  ['img', 'Disc image', 'iso udf toast nrg mdf'],
  ['img', 'Disk image', 'img dmg vhd vhdx vmdk qcow2 vdi raw hdd'],
  ['img', 'Windows image', 'wim esd swm'],
  ['img', 'SquashFS image', 'squashfs sfs snap'],
  ['img', 'EROFS image', 'erofs'],
  ['img', 'Ext image', 'ext2 ext3 ext4'],
  ['img', 'AppImage', 'appimage'],
  ['exe', 'Program', 'exe com scr run elf app out'],
  ['exe', 'Library', 'dll so ocx cpl mui dylib a lib o ax'],
  ['exe', 'Module', 'mod'],
  ['exe', 'Driver', 'sys drv vxd ko'],
  ['exe', 'Script', 'sh bash bat cmd ps1 vbs py pl rb js mjs lua tcl php awk'],
  ['exe', 'Java archive', 'jar war class'],
  ['arc', 'Installer package', 'msi msp msu msix appx pkg mpkg'],
  ['arc', 'Debian package', 'deb udeb ipk'],
  ['arc', 'RPM package', 'rpm drpm'],
  ['arc', 'Alpine package', 'apk'],
  ['arc', 'ZIP archive', 'zip zipx'],
  ['arc', '7-Zip archive', '7z'],
  ['arc', 'RAR archive', 'rar'],
  ['arc', 'TAR archive', 'tar tgz tbz tbz2 txz tzst'],
  ['arc', 'gzip file', 'gz z taz'],
  ['arc', 'xz file', 'xz lzma lz'],
  ['arc', 'bzip2 file', 'bz2'],
  ['arc', 'Zstandard file', 'zst'],
  ['arc', 'LZ4 file', 'lz4'],
  ['arc', 'Cabinet', 'cab'],
  ['arc', 'Archive', 'arj lha lzh ace cpio sit sitx hqx ar zoo'],
  ['txt', 'Text', 'txt text asc me 1st nfo diz lst list log readme'],
  ['txt', 'Markdown', 'md markdown rst'],
  ['txt', 'Settings', 'ini inf cfg conf cnf toml properties reg desktop plist rc'],
  ['txt', 'Checksums', 'md5 sha1 sha256 sha512 sfv md5sums sha256sums sha256sum md5sum'],
  ['txt', 'Signature', 'sig sign gpg p7b p7s'],
  ['txt', 'Security catalogue', 'cat'],
  ['txt', 'Web page', 'htm html xhtml mht'],
  ['txt', 'Style sheet', 'css'],
  ['txt', 'XML', 'xml xsd xsl xslt dtd'],
  ['txt', 'JSON', 'json jsonl'],
  ['txt', 'YAML', 'yaml yml'],
  ['txt', 'Table', 'csv tsv'],
  ['txt', 'Package list', 'manifest packages'],
  ['txt', 'Source text', 'c h cc cpp hpp cs java rs go ts pas asm s f for bas m4 mk y l sql diff patch'],
  ['txt', 'PDF', 'pdf'],
  ['txt', 'PostScript', 'ps eps'],
  ['txt', 'Rich text', 'rtf'],
  ['txt', 'Word document', 'doc docx dot odt wri'],
  ['txt', 'Spreadsheet', 'xls xlsx ods wk1'],
  ['txt', 'Presentation', 'ppt pptx pps odp'],
  ['txt', 'Help', 'hlp chm cnt'],
  ['txt', 'Translation', 'po pot mo'],
  ['med', 'Picture', 'png jpg jpeg jpe gif bmp tif tiff webp avif heic pcx tga iff lbm ppm pgm pbm xpm xbm psd'],
  ['med', 'Vector picture', 'svg svgz wmf emf cdr ai'],
  ['med', 'Icon', 'ico icns cur ani'],
  ['med', 'Sound', 'wav mp3 ogg oga flac aac m4a wma aif aiff au snd opus'],
  ['med', 'Music', 'mid midi s3m xm it'],
  ['med', 'Film', 'mp4 m4v mkv webm avi mov mpg mpeg wmv flv vob m2ts mts ogv'],
  ['med', 'DVD information', 'ifo bup'],
  ['med', 'Font', 'ttf otf ttc woff woff2 fon fnt pf2 pfb pfm bdf pcf'],
  ['oth', 'Database', 'db sqlite sqlite3 mdb dbf sdb'],
  ['oth', 'Binary file', 'bin dat rom'],
  ['oth', 'Link', 'lnk url'],
  ['oth', 'Translation table', 'tbl'],
];

/** Whole names that say more than any extension; compared in lower case. */
const NAMES: Readonly<Record<string, FileKind>> = {
  'boot.cat': { label: 'Boot catalogue', family: 'boot' },
  'boot.catalog': { label: 'Boot catalogue', family: 'boot' },
  'isolinux.bin': { label: 'Boot loader', family: 'boot' },
  'eltorito.img': { label: 'Boot image', family: 'boot' },
  'efi.img': { label: 'Boot image', family: 'boot' },
  'efiboot.img': { label: 'Boot image', family: 'boot' },
  'boot.img': { label: 'Boot image', family: 'boot' },
  'etfsboot.com': { label: 'Boot image', family: 'boot' },
  'efisys.bin': { label: 'Boot image', family: 'boot' },
  bootmgr: { label: 'Boot loader', family: 'boot' },
  'trans.tbl': { label: 'Translation table', family: 'oth' },
  makefile: { label: 'Source text', family: 'txt' },
  readme: { label: 'Text', family: 'txt' },
  license: { label: 'Text', family: 'txt' },
  copying: { label: 'Text', family: 'txt' },
  changelog: { label: 'Text', family: 'txt' },
  release: { label: 'Text', family: 'txt' },
  packages: { label: 'Package list', family: 'txt' },
  md5sums: { label: 'Checksums', family: 'txt' },
  sha256sums: { label: 'Checksums', family: 'txt' },
};

/** Beginnings of names that carry versions instead of extensions ("vmlinuz-6.8.0-41-generic"). */
const BEGINNINGS: readonly (readonly [string, FileKind])[] = [
  ['vmlinu', { label: 'Linux kernel', family: 'exe' }],
  ['bzimage', { label: 'Linux kernel', family: 'exe' }],
  ['initrd', { label: 'Initial RAM disk', family: 'arc' }],
  ['initramfs', { label: 'Initial RAM disk', family: 'arc' }],
];

const BY_EXTENSION = new Map<string, FileKind>();
for (const [family, label, extensions] of LINES) {
  for (const extension of extensions.split(' ')) if (!BY_EXTENSION.has(extension)) BY_EXTENSION.set(extension, { label, family });
}

const PLAIN: FileKind = { label: 'File', family: 'oth' };

/** The longest extension that is named in "… file": longer ones are parts of a title. */
const MAX_EXTENSION = 8;

/** What a file is by its name: "setup.exe" is a program. A version (";1") is not looked at. */
export function fileKind(name: string): FileKind {
  const lower = name.replace(/;\d+$/, '').toLowerCase();
  const named = Object.hasOwn(NAMES, lower) ? NAMES[lower] : undefined;
  if (named) return named;
  for (const [beginning, kind] of BEGINNINGS) if (lower.startsWith(beginning)) return kind;
  const dot = lower.lastIndexOf('.');
  const extension = dot < 0 ? '' : lower.slice(dot + 1);
  const known = BY_EXTENSION.get(extension);
  if (known) return known;
  if (/^so\.|\.so\./.test(lower)) return { label: 'Library', family: 'exe' };
  if (
    dot > 0 &&
    extension.length > 0 &&
    extension.length <= MAX_EXTENSION &&
    /^[a-z0-9_+-]+$/.test(extension) &&
    !/^\d+$/.test(extension)
  ) {
    return { label: `${extension.toUpperCase()} file`, family: 'oth' };
  }
  return PLAIN;
}
