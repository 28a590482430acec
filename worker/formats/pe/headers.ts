import { Block } from '../../bytes/block.ts';
import { zeroEndedText } from '../../bytes/text.ts';
import type { ByteSource } from '../../source/source.ts';

/** Headers are read up to here; the signature of PE stands in the first KiB of all known files. */
const MAX_HEAD = 64 * 1024;
const MAX_SECTIONS = 96;
const SECTION_HEADER = 40;
const WIDE = 0x20b;
const NARROW = 0x10b;
const CERTIFICATES = 4;

const MACHINES: Readonly<Record<number, string>> = {
  0x14c: 'ia32', 0x8664: 'x64', 0x1c0: 'arm', 0x1c2: 'arm', 0x1c4: 'arm', 0xaa64: 'aa64', 0x200: 'ia64', 0xebc: 'ebc', 0x5032: 'riscv32', 0x5064: 'riscv64', 0x5128: 'riscv128', 0x6232: 'loongarch32', 0x6264: 'loongarch64',
}; // prettier-ignore

/** A stretch of a file. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** What the headers of a PE file say (PE format, "Optional Header"). */
export interface PeHeaders {
  /** By the names that UEFI gives them: "x64", "aa64". */
  readonly architecture: string;
  /** EFI program, boot or runtime driver. */
  readonly efi: boolean;
  /** Offset of the checksum, and of the directory entry of the certificates: they are not hashed. */
  readonly checksumAt: number;
  readonly directoryAt: number;
  readonly certificates: Stretch | null;
  readonly sections: readonly (Stretch & { readonly name: string })[];
}

/** The headers of a PE file; null where it is none. Places outside of the file are left out. */
export async function readPeHeaders(source: ByteSource, signal?: AbortSignal): Promise<PeHeaders | null> {
  const block = new Block(await source.read(0, Math.min(MAX_HEAD, source.size), signal), 0);
  if (block.length < 256 || block.u16be(0) !== 0x4d5a) return null;
  const at = block.u32le(60);
  if (at + 24 + 112 > block.length || block.u32be(at) !== 0x50450000) return null;
  const optional = at + 24;
  const magic = block.u16le(optional);
  if (magic !== WIDE && magic !== NARROW) return null;
  const subsystem = block.u16le(optional + 68);
  const directories = optional + (magic === WIDE ? 112 : 96);
  const directoryAt = directories + CERTIFICATES * 8;
  const counted = block.u32le(directories - 4) > CERTIFICATES && directoryAt + 8 <= block.length;
  const certificates = counted ? stretch(block.u32le(directoryAt), block.u32le(directoryAt + 4), source.size) : null;
  const sections: (Stretch & { name: string })[] = [];
  const first = optional + block.u16le(at + 20);
  const count = Math.min(block.u16le(at + 6), MAX_SECTIONS);
  for (let index = 0, from = first; index < count && from + SECTION_HEADER <= block.length; index++, from += SECTION_HEADER) {
    const inside = stretch(block.u32le(from + 20), Math.min(block.u32le(from + 16), block.u32le(from + 8) || Infinity), source.size);
    if (inside) sections.push({ name: zeroEndedText(block.part(from, 8)), ...inside });
  }
  const machine = block.u16le(at + 4);
  return {
    architecture: MACHINES[machine] ?? `machine-0x${machine.toString(16)}`,
    efi: subsystem >= 10 && subsystem <= 13,
    checksumAt: optional + 64,
    directoryAt,
    certificates,
    sections,
  };
}

function stretch(offset: number, length: number, size: number): Stretch | null {
  return length > 0 && offset > 0 && offset + length <= size ? { offset, length } : null;
}
