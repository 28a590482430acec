import type { AppendedBytes } from '../../protocol/whole.ts';
import { sliceSource } from '../../source/slice.ts';
import type { ByteSource } from '../../source/source.ts';
import { recognise } from '../recognise.ts';

/**
 * Zeros that writers add: 150 sectors so that a drive may read ahead (mkisofs -pad), up to 32 more to fill 64 KiB (xorriso),
 * and what fills a MiB for disks (isohybrid).
 */
const PADDING = (150 + 32) * 2048;
const ROUNDED = 1024 * 1024;
/** So much of it is read at most: from its beginning, and in places spread over the rest. */
const HEAD = 64 * 1024;
const PROBES = 64;
const PROBE = 2048;
/** Where the end record of a ZIP is looked for: behind it stand 22 bytes and a comment (APPNOTE 4.3.16). */
const ZIP_TAIL = 22 + 65_535;

/** What signatures begin with. */
const SIGNATURES: readonly (readonly [mark: string, title: string])[] = [
  ['-----BEGIN PGP SIGNATURE-----', 'a PGP signature'],
  ['-----BEGIN SSH SIGNATURE-----', 'an SSH signature'],
  ['-----BEGIN ', 'a signature or certificate'],
  ['untrusted comment:', 'a minisign or signify signature'],
];

/** What stands in a source from an offset to its end, from its beginning, its end, and probes between. */
export async function appendedBytes(source: ByteSource, offset: number, signal?: AbortSignal): Promise<AppendedBytes> {
  const length = source.size - offset;
  const found = { offset, length };
  if (await isZeros(source, offset, signal)) {
    const usual = length <= PADDING || (length <= ROUNDED && source.size % ROUNDED === 0);
    const sectors = length / 2048;
    const title = usual ? `padding: ${Number.isInteger(sectors) ? `${sectors} sectors of zeros` : 'zeros'}` : 'zeros';
    return { ...found, kind: usual ? 'padding' : 'zeros', title };
  }
  // Something else may begin behind padding.
  const from = await behindZeros(source, offset, signal);
  const head = await source.read(from, Math.min(HEAD, source.size - from), signal);
  const text = String.fromCharCode(...head.subarray(0, 64));
  const signature = SIGNATURES.find(([mark]) => text.startsWith(mark));
  if (signature) return { ...found, kind: 'signature', title: signature[1] };
  if (holds(head, PKCS7, 0, 32)) return { ...found, kind: 'signature', title: 'a PKCS #7 signature' };
  if (await isZip(source, from, signal)) return { ...found, kind: 'zip', title: 'a ZIP file' };
  if (holds(head, DISC, 0, 6) || holds(head, DISC, FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + 6))
    return { ...found, kind: 'image', title: 'another disc image' };
  const { id, title } = await recognise(sliceSource(source, from, source.size - from, source.name), signal);
  if (IMAGES.includes(id)) return { ...found, kind: 'image', title };
  return id === 'unknown' || id === 'zeros'
    ? { ...found, kind: 'unknown', title: 'something unknown' }
    : { ...found, kind: 'other', title };
}

/** What `recognise` calls a disk or a file system. */
const IMAGES = ['gpt', 'mbr', 'fat', 'ntfs', 'exfat', 'hfs', 'hfsplus', 'apfs', 'ext', 'btrfs', 'xfs', 'apm', 'squashfs', 'erofs', 'cramfs', 'udf', 'truncated']; // prettier-ignore
/** The mark of a volume descriptor, and its sector: the first of a disc that is not zeros, for most (ECMA-119 6.7.1, 8.1). */
const DISC = [0x43, 0x44, 0x30, 0x30, 0x31];
const FIRST_DESCRIPTOR = 16 * 2048;
/** The object identifier of signed data (RFC 5652 5.1) as it is encoded. */
const PKCS7 = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/** The first sector that is not all zeros among those at the beginning; its own beginning where there is none. */
async function behindZeros(source: ByteSource, offset: number, signal?: AbortSignal): Promise<number> {
  const head = await source.read(offset, Math.min(PADDING + PROBE, source.size - offset), signal);
  const first = head.findIndex((byte) => byte !== 0);
  return first < 0 ? offset : offset + Math.floor(first / PROBE) * PROBE;
}

async function isZeros(source: ByteSource, offset: number, signal?: AbortSignal): Promise<boolean> {
  const head = await source.read(offset, Math.min(ROUNDED, source.size - offset), signal);
  if (head.some((byte) => byte !== 0)) return false;
  const rest = source.size - offset - head.length;
  if (rest === 0) return true;
  const step = Math.max(PROBE, Math.floor(rest / PROBES / PROBE) * PROBE);
  for (let at = offset + head.length; at < source.size; at += step) {
    if ((await source.read(at, Math.min(PROBE, source.size - at), signal)).some((byte) => byte !== 0)) return false;
  }
  const tail = Math.min(HEAD, rest);
  return (await source.read(source.size - tail, tail, signal)).every((byte) => byte === 0);
}

/** By its first bytes, or by the record at its end. */
async function isZip(source: ByteSource, offset: number, signal?: AbortSignal): Promise<boolean> {
  const length = Math.min(ZIP_TAIL, source.size - offset);
  const tail = await source.read(source.size - length, length, signal);
  const head = await source.read(offset, Math.min(4, source.size - offset), signal);
  return holds(head, [0x50, 0x4b, 3, 4], 0, 4) || holds(tail, [0x50, 0x4b, 5, 6], 0, tail.length);
}

/** Whether a mark stands somewhere between two offsets. */
function holds(bytes: Uint8Array, mark: readonly number[], from: number, to: number): boolean {
  for (let at = from; at + mark.length <= Math.min(to, bytes.length); at++)
    if (mark.every((byte, index) => bytes[at + index] === byte)) return true;
  return false;
}
