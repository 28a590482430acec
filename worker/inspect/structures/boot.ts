import type { Block } from '../../bytes/block.ts';
import type { Structure } from '../../protocol/preview.ts';
import { CATALOG_ENTRY } from '../../formats/el-torito/boot-catalog.ts';
import { count, FieldList, SECTOR } from './field-list.ts';

const PLATFORMS: Readonly<Record<number, string>> = { 0: 'x86', 1: 'PowerPC', 2: 'Mac', 0xef: 'EFI' };
const MEDIA = ['no emulation', '1.2 MB floppy', '1.44 MB floppy', '2.88 MB floppy', 'hard disk'];
const VALIDATION = 1;
const HEADERS = [0x90, 0x91];
const LAST_HEADER = 0x91;
const EXTENSION = 0x44;

/** The boot catalog that begins in a sector: the validation entry adds up to zero and ends in 55 AA (El Torito 2.1). */
export function describeBootCatalog(block: Block, at: number): Structure[] {
  if (at + SECTOR > block.length || block.u8(at) !== VALIDATION || block.u16be(at + 30) !== 0x55aa) return [];
  let sum = 0;
  for (let word = 0; word < CATALOG_ENTRY; word += 2) sum += block.u16le(at + word);
  if ((sum & 0xffff) !== 0) return [];
  const list = new FieldList(block, at).u8('Header', 0, 'El Torito 2.1');
  list
    .add('Platform', 1, 1, platform(block.u8(at + 1)), 'El Torito 2.1')
    .unused('Reserved', 2, 2)
    .text('Made by', 4, 24, 'El Torito 2.1');
  list.add('Checksum', 28, 2, 'right', 'El Torito 2.1').add('Key', 30, 2, '55 AA', 'El Torito 2.1');
  const found = [list.done('Boot catalog, validation entry', CATALOG_ENTRY, 'El Torito 2.1')];
  for (let from = at + CATALOG_ENTRY; from + CATALOG_ENTRY <= at + SECTOR; from += CATALOG_ENTRY) {
    const id = block.u8(from);
    if (HEADERS.includes(id)) {
      const header = new FieldList(block, from).add('Header', 0, 1, id === LAST_HEADER ? 'the last' : 'more follow', 'El Torito 2.3');
      header
        .add('Platform', 1, 1, platform(block.u8(from + 1)), 'El Torito 2.3')
        .u16('Entries', 2, 'El Torito 2.3')
        .text('Identifier', 4, 28);
      found.push(header.done('Boot catalog, section header', CATALOG_ENTRY, 'El Torito 2.3'));
    } else if (id === EXTENSION)
      found.push(new FieldList(block, from).u8('Extension', 0).done('Boot catalog, extension', CATALOG_ENTRY, 'El Torito 2.5'));
    else if (block.u32le(from + 8) > 0 && (id === 0x88 || id === 0)) found.push(entry(block, from));
    else break;
  }
  return found;
}

function entry(block: Block, at: number): Structure {
  const media = block.u8(at + 1) & 15;
  const lba = block.u32le(at + 8);
  const list = new FieldList(block, at).add('Boots', 0, 1, block.u8(at) === 0x88 ? 'yes' : 'no', 'El Torito 2.2');
  list
    .add('Medium', 1, 1, MEDIA[media] ?? media, 'El Torito 2.2')
    .add('Load segment', 2, 2, `0x${block.u16le(at + 2).toString(16)}`, 'El Torito 2.2');
  list.u8('System type', 4, 'El Torito 2.2').unused('Unused', 5, 1).u16('Sectors of 512 loaded', 6, 'El Torito 2.2');
  list.add('Image at', 8, 4, `sector ${count(lba)}`, 'El Torito 2.2', lba * SECTOR).unused('Unused', 12, 20);
  return list.done('Boot catalog, boot image', CATALOG_ENTRY, 'El Torito 2.2');
}

const platform = (id: number) => `${id}${PLATFORMS[id] ? `, ${PLATFORMS[id]}` : ''}`;

const PARTITIONS: Readonly<Record<number, string>> = {
  0x00: 'empty', 0x07: 'NTFS or exFAT', 0x0b: 'FAT32', 0x0c: 'FAT32', 0x0e: 'FAT16', 0x17: 'hidden ISO 9660', 0x82: 'Linux swap', 0x83: 'Linux', 0xcd: 'ISO 9660', 0xee: 'GPT', 0xef: 'EFI system',
}; // prettier-ignore
const MBR_ENTRIES = 446;

/** A master boot record in the first 512 bytes, where its partitions make sense. */
export function describeMbr(block: Block, at: number): Structure | null {
  if (block.base + at !== 0 || at + 512 > block.length || block.u16be(at + 510) !== 0x55aa) return null;
  const list = new FieldList(block, at)
    .unused('Boot code', 0, 440)
    .add('Disk signature', 440, 4, `0x${block.u32le(at + 440).toString(16)}`);
  for (let index = 0; index < 4; index++) {
    const from = MBR_ENTRIES + index * 16;
    const [status, type, start, sectors] = [
      block.u8(at + from),
      block.u8(at + from + 4),
      block.u32le(at + from + 8),
      block.u32le(at + from + 12),
    ];
    if (status !== 0 && status !== 0x80) return null;
    const said =
      type === 0 && sectors === 0
        ? 'empty'
        : `${PARTITIONS[type] ?? `type 0x${type.toString(16)}`}, ${count(sectors)} sectors of 512 from ${count(start)}`;
    list.add(`Partition ${index + 1}`, from, 16, said, '', sectors > 0 ? start * 512 : null);
  }
  list.add('Key', 510, 2, '55 AA');
  return list.done('Master boot record', 512, '');
}
