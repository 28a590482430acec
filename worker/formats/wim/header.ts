import { hexOf } from '../../bytes/hex.ts';
import { Block } from '../../bytes/block.ts';
import type { WimReport } from '../../protocol/identity.ts';
import type { ByteSource } from '../../source/source.ts';

/** Bytes of a header (MS-WIM 1.1, "WIMHEADER_V1_PACKED"). */
export const WIM_HEADER = 208;
const COMPRESSED = 0x2;
/** Of the header's flags, those that name the compression. */
const COMPRESSIONS: readonly (readonly [flag: number, name: WimReport['compression']])[] = [
  [0x2_0000, 'XPRESS'],
  [0x4_0000, 'LZX'],
  [0x8_0000, 'LZMS'],
  [0x20_0000, 'XPRESS'],
];
/** Version of images with solid resources, which Windows' downloads (ESD) are. */
const SOLID_VERSION = 0xe00;
const RESOURCE_COMPRESSED = 0x4;

/** Where a resource stands in the image (MS-WIM 1.1, "RESHDR_DISK_SHORT"). */
export interface WimResource {
  readonly offset: number;
  readonly length: number;
  /** Bytes of its contents. */
  readonly size: number;
  readonly compressed: boolean;
}

export interface WimHeader extends Pick<
  WimReport,
  'version' | 'guid' | 'compression' | 'chunkSize' | 'part' | 'parts' | 'imageCount' | 'bootIndex' | 'solid' | 'integrity'
> {
  readonly xml: WimResource;
}

/** The header of a Windows image (MS-WIM 1.1); null where none begins. */
export async function readWimHeader(source: ByteSource, signal?: AbortSignal): Promise<WimHeader | null> {
  if (source.size < WIM_HEADER) return null;
  const block = new Block(await source.read(0, WIM_HEADER, signal), 0);
  if (block.u32be(0) !== 0x4d535749 || block.u32be(4) !== 0x4d000000) return null; // "MSWIM" and zeros
  const flags = block.u32le(16);
  const version = block.u32le(12);
  return {
    version,
    guid: hexOf(block.part(24, 16)),
    compression: flags & COMPRESSED ? (COMPRESSIONS.find(([flag]) => flags & flag)?.[1] ?? 'unknown') : 'none',
    chunkSize: block.u32le(20),
    part: block.u16le(40),
    parts: block.u16le(42),
    imageCount: block.u32le(44),
    bootIndex: block.u32le(120),
    solid: version === SOLID_VERSION,
    integrity: block.u32le(132) > 0 || block.u32le(124) > 0,
    xml: readResource(block, 72),
  };
}

/** A length of 56 bits with eight of flags, an offset, the size of the contents. Above 2^53 they lie outside of any file. */
function readResource(block: Block, at: number): WimResource {
  const wide = (from: number): number => block.u32le(from) + block.u32le(from + 4) * 2 ** 32;
  return {
    length: block.u32le(at) + (block.u32le(at + 4) & 0xffffff) * 2 ** 32,
    compressed: (block.u8(at + 7) & RESOURCE_COMPRESSED) !== 0,
    offset: wide(at + 8),
    size: wide(at + 16),
  };
}
