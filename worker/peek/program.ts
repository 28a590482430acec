import { Block } from '../bytes/block.ts';
import type { PreviewFact } from '../protocol/preview.ts';
import { readPeVersion } from '../formats/pe/index.ts';
import type { ByteSource } from '../source/source.ts';
import { ascii, begins } from './picture.ts';

/** A program or library, and what its headers say. */
export interface ProgramForm {
  readonly title: string;
  readonly facts: readonly PreviewFact[];
}

const PE_MACHINES: Readonly<Record<number, string>> = {
  0x14c: 'x86, 32 bits',
  0x8664: 'x64',
  0x1c0: 'ARM',
  0x1c4: 'ARM, Thumb-2',
  0xaa64: 'ARM64',
  0x200: 'Itanium',
  0x184: 'Alpha',
  0x166: 'MIPS',
  0x1f0: 'PowerPC',
  0xebc: 'EFI byte code',
  0x5064: 'RISC-V, 64 bits',
  0x6264: 'LoongArch, 64 bits',
};
const SUBSYSTEMS: Readonly<Record<number, string>> = {
  1: 'Driver or native program',
  2: 'Windows, with windows of its own',
  3: 'Windows, in a console',
  5: 'OS/2, in a console',
  7: 'POSIX, in a console',
  9: 'Windows CE',
  10: 'EFI program',
  11: 'EFI boot driver',
  12: 'EFI runtime driver',
  13: 'EFI ROM',
  14: 'Xbox',
  16: 'Windows boot program',
};
const DLL = 0x2000;
/** What of a version resource is told, in this order. */
const VERSION_FACTS: readonly (readonly [key: string, label: string])[] = [
  ['FileDescription', 'Describes itself'],
  ['ProductName', 'Belongs to'],
  ['ProductVersion', 'Product version'],
  ['FileVersion', 'Version'],
  ['CompanyName', 'Made by'],
  ['OriginalFilename', 'First called'],
];

/** Architecture, subsystem and version of a Windows or EFI program (PE format, "COFF file header", "Optional header"); null where none begins. */
export async function readPe(source: ByteSource, head: Block): Promise<ProgramForm | null> {
  if (!begins(head, 0, 'MZ') || head.length < 64) return null;
  const at = head.u32le(60);
  if (at < 64 || at + 96 > source.size) return { title: 'DOS program', facts: [] };
  const block = at + 1024 <= head.length ? head.slice(at, 1024) : await blockAt(source, at, 1024);
  if (!begins(block, 0, 'PE\0\0')) return { title: begins(block, 0, 'NE') ? 'Windows program, 16 bits' : 'DOS program', facts: [] };
  const machine = block.u16le(4);
  const characteristics = block.u16le(22);
  const wide = block.u16le(24) === 0x20b;
  const subsystem = block.u16le(24 + 68);
  const efi = subsystem >= 10 && subsystem <= 13;
  const time = block.u32le(8);
  const facts: PreviewFact[] = [
    ['Made for', PE_MACHINES[machine] ?? `machine 0x${machine.toString(16)}`],
    ['Runs as', SUBSYSTEMS[subsystem] ?? `subsystem ${subsystem}`],
  ];
  const directories = 24 + (wide ? 112 : 96);
  const version = await readPeVersion(source);
  for (const [key, label] of VERSION_FACTS) {
    const value = version.get(key);
    if (value !== undefined) facts.push([label, value]);
  }
  // Reproducible builds put a hash there: what is in the future or before Windows is no date.
  if (time > 0x28000000 && time * 1000 < Date.now()) facts.push(['Linked', new Date(time * 1000).toISOString().slice(0, 10)]);
  const signed = directories + 40 <= block.length && block.u32le(directories + 36) > 0;
  facts.push(['Signature', signed ? 'carries one; it was not checked' : 'none']);
  return { title: efi ? 'EFI program' : characteristics & DLL ? 'Windows library' : 'Windows program', facts };
}

const ELF_MACHINES: Readonly<Record<number, string>> = {
  2: 'SPARC',
  3: 'x86, 32 bits',
  4: 'Motorola 68000',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC, 64 bits',
  22: 'IBM S/390',
  40: 'ARM',
  43: 'SPARC, 64 bits',
  50: 'Itanium',
  62: 'x64',
  183: 'ARM64',
  243: 'RISC-V',
  258: 'LoongArch',
  0x9026: 'Alpha',
};
const ELF_TYPES: Readonly<Record<number, string>> = { 1: 'Object file', 2: 'Program', 3: 'Library', 4: 'Memory dump' };
const SYSTEMS: Readonly<Record<number, string>> = { 0: 'UNIX System V or any', 3: 'Linux', 6: 'Solaris', 9: 'FreeBSD', 12: 'OpenBSD' };
const INTERPRETER = 3;
const MAX_HEADERS = 128;
const MAX_PATH = 256;

/** Architecture and kind of an ELF file (ELF 1.2, "ELF header"); null where none begins. */
export async function readElf(source: ByteSource, head: Block): Promise<ProgramForm | null> {
  if (!begins(head, 0, '\x7fELF') || head.length < 64) return null;
  const wide = head.u8(4) === 2;
  const big = head.u8(5) === 2;
  const u16 = (block: Block, at: number) => (big ? block.u16be(at) : block.u16le(at));
  const u32 = (block: Block, at: number) => (big ? block.u32be(at) : block.u32le(at));
  /** An address or offset; above 2^53 it leads nowhere in a file. */
  const word = (block: Block, at: number) =>
    wide ? u32(block, big ? at + 4 : at) + u32(block, big ? at : at + 4) * 2 ** 32 : u32(block, at);
  const [type, machine] = [u16(head, 16), u16(head, 18)];
  const facts: PreviewFact[] = [
    ['Made for', ELF_MACHINES[machine] ?? `machine ${machine}`],
    ['Word', `${wide ? 64 : 32} bits, ${big ? 'big' : 'little'}-endian`],
    ['System', SYSTEMS[head.u8(7)] ?? `number ${head.u8(7)}`],
  ];
  const [at, size, count] = wide ? [word(head, 32), u16(head, 54), u16(head, 56)] : [word(head, 28), u16(head, 42), u16(head, 44)];
  const length = Math.min(count, MAX_HEADERS) * size;
  if (size >= (wide ? 56 : 32) && length > 0 && at + length <= source.size) {
    const headers = await blockAt(source, at, length);
    for (let header = 0; header + size <= length; header += size) {
      if (u32(headers, header) !== INTERPRETER) continue;
      const path = word(headers, header + (wide ? 8 : 4));
      const bytes = word(headers, header + (wide ? 32 : 16));
      if (bytes > 0 && bytes <= MAX_PATH && path + bytes <= source.size)
        facts.push(['Loaded by', ascii(await blockAt(source, path, bytes), 0, bytes).replace(/\0.*$/s, '')]);
    }
  }
  // A program that may lie anywhere has the type of a library; what loads it tells them apart.
  const program = facts.some(([label]) => label === 'Loaded by');
  return { title: `ELF, ${program ? 'program' : (ELF_TYPES[type] ?? 'other file').toLowerCase()}`, facts };
}

export async function blockAt(source: ByteSource, offset: number, length: number): Promise<Block> {
  return new Block(await source.read(offset, Math.min(length, source.size - offset)), offset);
}
