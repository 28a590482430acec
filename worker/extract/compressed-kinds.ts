/** Extensions of what is compressed already and would not shrink. */
const COMPRESSED = new Set(
  (
    '7z aac aif apk appx arj arw avi avif br bz2 cab cb7 cbr cbz cr2 crx deb dmg docx dotx ear epub esd f4v flac flv gif gz heic heif ' +
    'ipa jar jp2 jpeg jpg jxl lha lz lz4 lzh lzma m2ts m4a m4v mkv mov mp3 mp4 mpeg mpg msix nef nupkg odp ods odt ogg ogv opus png ' +
    'pptx rar rpm sfs snap squashfs swm tbz tbz2 tgz txz udeb vob war webm webp whl wim wma wmv woff woff2 xapk xlsx xpi xz z zip zst'
  ).split(' '),
);

/** Whether a name says that its contents are compressed already. */
export function isCompressedKind(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot !== -1 && COMPRESSED.has(name.slice(dot + 1).toLowerCase());
}
