import { describe, expect, it } from 'vitest';
import { BytesSource } from '../source/bytes.ts';
import { CountingSource } from '../source/counting.ts';
import { recognise } from './recognise.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Noise that no format begins with, with marks set into it. */
function image(size: number, marks: Readonly<Record<number, string>> = {}, fill = 0xa5): Uint8Array {
  const bytes = new Uint8Array(size).fill(fill);
  for (const [at, mark] of Object.entries(marks)) bytes.set(latin1(mark), Number(at) < 0 ? size + Number(at) : Number(at));
  return bytes;
}

async function idOf(bytes: Uint8Array): Promise<string> {
  const detection = await recognise(new BytesSource(bytes, 'file.iso'));
  expect(detection.readable).toBe(false);
  expect(detection.explanation).not.toBe('');
  expect(detection.advice.length).toBeGreaterThan(0);
  return detection.id;
}

describe('a file that is no disc is named by its bytes', () => {
  const cases: readonly [string, Uint8Array, string][] = [
    ['an empty file', new Uint8Array(0), 'empty'],
    ['zeros, a download that was only reserved', new Uint8Array(300_000), 'zeros'],
    ['a text', latin1('Not found. Try again later.\n'), 'text'],
    ['a web page', latin1('\n<!DOCTYPE html><html><title>Error 404</title>'), 'html'],
    ['an XML text', latin1('<?xml version="1.0"?><metalink/>'), 'xml'],
    ['a CUE sheet', latin1('FILE "disc.bin" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n'), 'cue'],
    ['a GDI sheet', latin1('3\r\n1 0 4 2352 track01.bin 0\r\n2 450 0 2352 track02.raw 0\r\n3 45000 4 2352 track03.bin 0\r\n'), 'gdi'],
    ['an MDS without sense', image(60, { 0: 'MEDIA DESCRIPTOR' }), 'mds'],
    ['an MDX', image(9_000, { 0: 'MEDIA DESCRIPTOR\x02\x01' }), 'mdx'],
    ['a DiscJuggler image of version 3.5', image(9_000, { [-8]: '\x06\0\0\x80' }), 'cdi'],
    ['an Aaru image', image(9_000, { 0: 'AARUFRMT' }), 'aaru'],
    ['an RVZ', image(9_000, { 0: 'RVZ\x01' }), 'rvz'],
    ['an Android sparse image', image(9_000, { 0: '\x3a\xff\x26\xed' }), 'simg'],
    ['an LZ4 file', image(9_000, { 0: '\x04\x22\x4d\x18' }), 'lz4'],
    ['a ZIP', image(9_000, { 0: 'PK\x03\x04' }), 'zip'],
    ['a 7-Zip archive', image(9_000, { 0: '7z\xbc\xaf\x27\x1c' }), '7z'],
    ['a RAR archive', image(9_000, { 0: 'Rar!\x1a\x07\x01\x00' }), 'rar'],
    ['gzip', image(9_000, { 0: '\x1f\x8b\x08' }), 'gzip'],
    ['xz', image(9_000, { 0: '\xfd7zXZ\0' }), 'xz'],
    ['a WIM', image(9_000, { 0: 'MSWIM\0\0\0' }), 'wim'],
    ['a DMG by its trailer', image(9_000, { [-512]: 'koly' }), 'dmg'],
    ['a VHD by its trailer', image(9_000, { [-512]: 'conectix' }), 'vhd'],
    ['a Nero image by its trailer', image(9_000, { [-12]: 'NER5' }), 'nrg'],
    ['a compressed image', image(9_000, { 0: 'CISO' }), 'cso'],
    ['an Xbox disc', image(80_000, { 0x10000: 'MICROSOFT*XBOX*MEDIA' }), 'xdvdfs'],
    ['raw sectors', image(9_000, { 0: '\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0' }), 'raw'],
    ['a UDF disc without ISO 9660', image(80_000, { 0x8001: 'BEA01', 0x8801: 'NSR02', 0x9001: 'TEA01' }), 'udf'],
    ['an IsoDraw drawing', image(9_000, { 20: 'IsoDraw' }), 'isodraw'],
    ['an NTFS volume', image(9_000, { 3: 'NTFS    ', 510: '\x55\xaa' }), 'ntfs'],
    ['a FAT floppy', image(9_000, { 54: 'FAT12   ', 510: '\x55\xaa' }), 'fat'],
    ['an ext volume', image(9_000, { 1080: '\x53\xef' }), 'ext'],
    ['a disc cut before its first directory', image(34_816, { 0x8001: 'CD001' }, 0), 'truncated'],
    ['the zeros that many discs begin with, and nothing more', new Uint8Array(32_768), 'truncated'],
    ['noise', image(100_000), 'unknown'],
    ['music, known to the file-type library', image(9_000, { 0: 'fLaC' }), 'flac'],
  ];
  it.each(cases)('%s', async (_, bytes, id) => {
    expect(await idOf(bytes)).toBe(id);
  });

  it('a disk with an MBR, and one with a GPT behind it', async () => {
    const bytes = image(9_000, { 510: '\x55\xaa' }, 0);
    bytes.set([0x80, 0, 2, 0, 0x83, 0, 0, 0], 446);
    expect(await idOf(bytes)).toBe('mbr');
    bytes.set(latin1('EFI PART'), 512);
    expect(await idOf(bytes)).toBe('gpt');
  });

  it('reads little of it, however large it is', async () => {
    const source = new CountingSource(new BytesSource(new Uint8Array(50_000_000), 'zeros.iso'));
    await recognise(source);
    expect(source.bytes).toBeLessThan(500_000);
    expect(source.reads).toBeLessThan(70);
  });
});
