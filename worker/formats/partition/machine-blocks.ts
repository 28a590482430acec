import type { Block } from '../../bytes/block.ts';
import { zeroEndedText } from '../../bytes/text.ts';
import type { ChecksumState, MachineBlockReport, StartedFile } from '../../protocol/boot.ts';

/** Bytes of a sector as all of these blocks count them. */
const SECTOR = 512;

const SGI_MAGIC = 0x0be5a941;
const SGI_FILES = 15;
const DEC_MAGIC = 0x0002757a;
const SUN_MAGIC = 0xdabe;
const SUN_PARTITIONS = 8;
const PALO_MAGIC = 0x8000;
const ALPHA_LOADER = 480;

/** The boot blocks of other machines than PCs in the first sectors of a disc (libisofs, doc/boot_sectors.txt). */
export function readMachineBlocks(block: Block): MachineBlockReport[] {
  if (block.length < 4 * SECTOR) return [];
  return [sgiVolumeHeader, decBootBlock, sunDiskLabel, palo, alphaBootBlock].flatMap((read) => read(block) ?? []);
}

/** MIPS, big-endian: SGI volume header with the files that the PROM can start. */
function sgiVolumeHeader(block: Block): MachineBlockReport | null {
  if (block.u32be(0) !== SGI_MAGIC) return null;
  const starts: StartedFile[] = [];
  for (let at = 72; at < 72 + SGI_FILES * 16; at += 16) {
    const name = zeroEndedText(block.part(at, 8));
    if (name !== '') starts.push({ name, offset: block.u32be(at + 8) * SECTOR, size: block.u32be(at + 12) });
  }
  let sum = 0;
  for (let at = 0; at < SECTOR; at += 4) sum = (sum + block.u32be(at)) >>> 0;
  return {
    machine: 'mips-big-endian',
    title: 'SGI volume header',
    checksum: state(sum === 0),
    fields: { bootFile: zeroEndedText(block.part(8, 16)) },
    starts,
  };
}

/** MIPS, little-endian: DEC boot block of a DECstation, with one piece of a file. */
function decBootBlock(block: Block): MachineBlockReport | null {
  if (block.u32le(8) !== DEC_MAGIC) return null;
  const [loadAddress, startAddress, blocks, first] = [16, 20, 24, 28].map((at) => block.u32le(at)) as [number, number, number, number];
  const file = { name: 'loader', offset: first * SECTOR, size: blocks * SECTOR };
  return {
    machine: 'mips-little-endian',
    title: 'DEC boot block',
    checksum: 'unknown',
    fields: { loadAddress, startAddress },
    starts: [file],
  };
}

/** SPARC: Sun disk label with up to eight partitions, one for each architecture. */
function sunDiskLabel(block: Block): MachineBlockReport | null {
  if (block.u16be(508) !== SUN_MAGIC) return null;
  let sum = 0;
  for (let at = 0; at < SECTOR; at += 2) sum ^= block.u16be(at);
  const cylinder = block.u16be(436) * block.u16be(438) * SECTOR;
  const starts: StartedFile[] = [];
  for (let index = 0; index < SUN_PARTITIONS; index++) {
    const at = 444 + index * 8;
    const size = block.u32be(at + 4) * SECTOR;
    if (size > 0) starts.push({ name: `partition ${index + 1}`, offset: block.u32be(at) * cylinder, size });
  }
  return {
    machine: 'sparc',
    title: 'Sun disk label',
    checksum: state(sum === 0),
    fields: { label: zeroEndedText(block.part(0, 128)) },
    starts,
  };
}

/** HP PA-RISC: boot block of PALO, version 4 or 5. */
function palo(block: Block): MachineBlockReport | null {
  if (block.u16be(0) !== PALO_MAGIC || zeroEndedText(block.part(2, 4)) !== 'PALO') return null;
  const version = block.u8(7);
  const pairs = [
    ['32-bit kernel', 8],
    ['64-bit kernel', 16],
    ['ramdisk', 232],
    ['loader', 240],
  ] as const;
  const starts = pairs.map(([name, at]) => ({ name, offset: block.u32be(at), size: block.u32be(at + 4) })).filter(({ size }) => size > 0);
  const commandLine = version > 4 ? zeroEndedText(block.part(1024, 1023)) : zeroEndedText(block.part(24, 127));
  return { machine: 'hp-pa', title: 'PALO boot block', checksum: 'unknown', fields: { version, commandLine }, starts };
}

/** DEC Alpha: boot block whose sum is that of its first 63 words of 64 bits. */
function alphaBootBlock(block: Block): MachineBlockReport | null {
  const [sectors, first] = [block.u32le(ALPHA_LOADER), block.u32le(ALPHA_LOADER + 8)];
  if (sectors === 0 || block.u32le(ALPHA_LOADER + 4) !== 0) return null;
  let sum = 0n;
  for (let at = 0; at < 504; at += 8) sum = BigInt.asUintN(64, sum + word(block, at));
  // Nothing else marks such a block.
  if (sum !== word(block, 504)) return null;
  return {
    machine: 'alpha',
    title: 'Alpha boot block',
    checksum: 'right',
    fields: { text: zeroEndedText(block.part(0, 64)) },
    starts: [{ name: 'loader', offset: first * SECTOR, size: sectors * SECTOR }],
  };
}

const state = (right: boolean): ChecksumState => (right ? 'right' : 'wrong');

function word(block: Block, at: number): bigint {
  return BigInt(block.u32le(at)) | (BigInt(block.u32le(at + 4)) << 32n);
}
