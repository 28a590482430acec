import type { Block } from '../../bytes/block.ts';
import { textFromWtf8, wtf8FromUcs2be } from '../../bytes/text.ts';
import type { Structure } from '../../protocol/preview.ts';
import { readLongDate, readShortDate } from '../../formats/iso9660/date.ts';
import { isPlausible, RECORD_HEADER } from '../../formats/iso9660/directory-record.ts';
import { isEntry } from '../../formats/iso9660/system-use.ts';
import { descriptorKind, type DescriptorKind } from '../../formats/iso9660/volume-descriptor.ts';
import { count, dateText, FieldList, hex, SECTOR } from './field-list.ts';

const TITLES: Readonly<Record<DescriptorKind, string>> = {
  boot: 'Boot record',
  primary: 'Primary volume descriptor',
  joliet: 'Supplementary volume descriptor, Joliet',
  iso1999: 'Enhanced volume descriptor',
  supplementary: 'Supplementary volume descriptor',
  partition: 'Volume partition descriptor',
  terminator: 'Volume descriptor set terminator',
  highsierra: 'Standard file structure volume descriptor, High Sierra',
  unknown: 'Volume descriptor of an unknown type',
};

/** The volume descriptor in a sector, field by field; null where none stands there (ECMA-119 8). */
export function describeDescriptor(block: Block, at: number): Structure | null {
  if (at + SECTOR > block.length) return null;
  const sector = block.slice(at, SECTOR);
  const kind = descriptorKind(sector);
  if (!kind) return null;
  const list = new FieldList(sector, 0);
  if (String.fromCharCode(...sector.part(1, 5)) !== 'CD001') {
    list.both('Descriptor’s own sector', 0, 32, 'High Sierra').u8('Type', 8, 'High Sierra').text('Identifier', 9, 5).u8('Version', 14);
    return list.done(TITLES[kind], SECTOR, 'High Sierra');
  }
  const type = sector.u8(0);
  list.add('Type', 0, 1, `${type}, ${kind === 'joliet' || kind === 'iso1999' ? 'supplementary' : kind}`, 'ECMA-119 8.1.1');
  list.text('Identifier', 1, 5, 'ECMA-119 8.1.2').u8('Version', 6, 'ECMA-119 8.1.3');
  if (kind === 'boot') bootFields(list);
  else if (kind === 'terminator') list.unused('Reserved', 7, SECTOR - 7, 'ECMA-119 8.3.4');
  else if (kind === 'partition') partitionFields(list);
  else if (kind !== 'unknown') volumeFields(list, kind);
  return list.done(TITLES[kind], SECTOR, SECTIONS[kind] ?? 'ECMA-119 8.1');
}

const SECTIONS: Partial<Record<DescriptorKind, string>> = {
  boot: 'ECMA-119 8.2',
  terminator: 'ECMA-119 8.3',
  primary: 'ECMA-119 8.4',
  joliet: 'Joliet, ECMA-119 8.5',
  iso1999: 'ECMA-119 8.5',
  supplementary: 'ECMA-119 8.5',
  partition: 'ECMA-119 8.6',
};

function bootFields(list: FieldList): void {
  list.text('Boot system', 7, 32, 'ECMA-119 8.2.4').text('Boot identifier', 39, 32, 'ECMA-119 8.2.5');
  const catalog = list.block.u32le(71);
  const elTorito = /^EL TORITO/.test(String.fromCharCode(...list.part(7, 9)));
  if (elTorito) list.add('Boot catalog', 71, 4, `sector ${count(catalog)}`, 'El Torito 2.0', catalog * SECTOR);
  list.unused('Boot system use', elTorito ? 75 : 71, elTorito ? SECTOR - 75 : SECTOR - 71, 'ECMA-119 8.2.6');
}

function partitionFields(list: FieldList): void {
  list.unused('Unused', 7, 1).text('System', 8, 32, 'ECMA-119 8.6.5').text('Partition', 40, 32, 'ECMA-119 8.6.6');
  list
    .both('Partition starts at', 72, 32, 'ECMA-119 8.6.7', '', (lba) => lba * SECTOR)
    .both('Partition size', 80, 32, 'ECMA-119 8.6.8', ' blocks');
}

/** Fields of text: name, place, length, section of the primary descriptor (ECMA-119 8.4.19 to 8.4.25). */
const TEXTS = [
  ['Volume set', 190, 128, 19],
  ['Publisher', 318, 128, 20],
  ['Preparer', 446, 128, 21],
  ['Application', 574, 128, 22],
  ['Copyright file', 702, 37, 23],
  ['Abstract file', 739, 37, 24],
  ['Bibliographic file', 776, 37, 25],
] as const;
const DATES = [
  ['Created', 813, 26],
  ['Modified', 830, 27],
  ['Expires', 847, 28],
  ['Effective from', 864, 29],
] as const;

/**
 * Where the fields of a supplementary descriptor are told of, by the section of the primary one's (ECMA-119 8.5): those of
 * no section of their own are as the primary one's.
 */
function supplementarySection(primary: number): string {
  if (primary === 5 || primary === 6) return `ECMA-119 8.5.${primary - 1}`;
  return primary >= 13 && primary <= 25 ? `ECMA-119 8.5.${primary - 6}` : 'ECMA-119 8.5';
}

function volumeFields(list: FieldList, kind: DescriptorKind): void {
  const { block } = list;
  const section = (primary: number): string => (kind === 'primary' ? `ECMA-119 8.4.${primary}` : supplementarySection(primary));
  const words = (name: string, at: number, length: number, primary: number) => {
    if (kind !== 'joliet') return list.text(name, at, length, section(primary));
    const text = textFromWtf8(wtf8FromUcs2be(block.part(at, length & ~1))).replace(/[\0 ]+$/, '');
    return list.add(name, at, length, text || 'blank', section(primary));
  };
  const blockSize = block.u16le(128) || SECTOR;
  const place = (lba: number) => (lba > 0 ? lba * blockSize : null);
  const sector = (lba: number) => (lba > 0 ? `sector ${count(lba)}` : 'none');
  if (kind === 'primary') list.unused('Unused', 7, 1, section(4));
  else list.u8('Flags', 7, 'ECMA-119 8.5.3');
  words('System', 8, 32, 5);
  words('Volume', 40, 32, 6);
  list.unused('Unused', 72, 8, section(7)).both('Volume size', 80, 32, section(8), ' blocks');
  if (kind === 'primary') list.unused('Unused', 88, 32, section(9));
  else list.add('Escape sequences', 88, 32, escapes(block.part(88, 32)), 'ECMA-119 8.5.6');
  list.both('Set size', 120, 16, section(10)).both('Number in set', 124, 16, section(11));
  list.both('Block size', 128, 16, section(12), ' bytes').both('Path table size', 132, 32, section(13), ' bytes');
  list.add('Path table, LE', 140, 4, sector(block.u32le(140)), section(14), place(block.u32le(140)));
  list.add('Optional, LE', 144, 4, sector(block.u32le(144)), section(15), place(block.u32le(144)));
  list.add('Path table, BE', 148, 4, sector(block.u32be(148)), section(16), place(block.u32be(148)));
  list.add('Optional, BE', 152, 4, sector(block.u32be(152)), section(17), place(block.u32be(152)));
  const [root, size] = [block.u32le(158), block.u32le(166)];
  list.add('Root directory', 156, 34, `sector ${count(root)}, ${count(size)} bytes`, section(18), root * blockSize);
  for (const [name, at, length, primary] of TEXTS) words(name, at, length, primary);
  for (const [name, at, primary] of DATES) list.add(name, at, 17, dateText(readLongDate(block, at, true)), section(primary));
  list.u8('Structure version', 881, section(31)).unused('Reserved', 882, 1).unused('Application use', 883, 512, section(32));
  list.unused('Reserved', 1395, 653, section(33));
}

function escapes(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes).replace(/\0+$/, '');
  const joliet = { '%/@': 'UCS-2 level 1', '%/C': 'UCS-2 level 2', '%/E': 'UCS-2 level 3' }[text];
  return text === '' ? 'none' : joliet ? `${text}, ${joliet}` : text;
}

const FLAGS = ['hidden', 'directory', 'associated', 'record', 'protected', '', '', 'continued'];

/** The directory records of a sector from its start on, as long as they are surely that (ECMA-119 9.1). */
export function describeRecords(block: Block, at: number): Structure[] {
  const found: Structure[] = [];
  const end = Math.min(at + SECTOR, block.length);
  for (let from = at; from < end && isPlausible(block, from, end - from); from += block.u8(from)) found.push(describeRecord(block, from));
  return found;
}

function describeRecord(block: Block, at: number): Structure {
  const list = new FieldList(block, at);
  const [length, nameLength] = [block.u8(at), block.u8(at + 32)];
  const flags = block.u8(at + 25);
  const spec = (section: number) => `ECMA-119 9.1.${section}`;
  list.u8('Length of record', 0, spec(1)).u8('Attribute record', 1, spec(2));
  list.both('Contents at', 2, 32, spec(3), '', (lba) => lba * SECTOR).both('Contents length', 10, 32, spec(4), ' bytes');
  list.add('Recorded', 18, 7, dateText(readShortDate(block, at + 18, true)), spec(5));
  list.add('Flags', 25, 1, FLAGS.filter((name, bit) => name && flags & (1 << bit)).join(', ') || 'none', spec(6));
  list.u8('File unit', 26, spec(7)).u8('Gap', 27, spec(8)).both('Number in set', 28, 16, spec(9));
  list.u8('Length of name', 32, spec(10));
  const name = block.part(at + RECORD_HEADER, nameLength);
  const said = nameLength === 1 && (name[0] as number) <= 1 ? (name[0] === 0 ? 'the directory itself' : 'its parent') : nameText(name);
  list.add('Name', RECORD_HEADER, nameLength, said, spec(11));
  let from = RECORD_HEADER + nameLength;
  if (nameLength % 2 === 0) list.unused('Padding', from++, 1, spec(12));
  while (at + from < at + length && isEntry(block, at + from, at + length)) {
    const size = block.u8(at + from + 2);
    const tag = String.fromCharCode(block.u8(at + from), block.u8(at + from + 1));
    list.add(
      `${tag}, ${SYSTEM_USE[tag]?.[0] ?? 'system use'}`,
      from,
      size,
      systemUse(tag, list.part(from, size)),
      SYSTEM_USE[tag]?.[1] ?? 'SUSP 4.1',
    );
    from += size;
  }
  if (from < length) list.unused('System use', from, length - from, spec(13));
  return list.done(`Directory record, ${said}`, length, 'ECMA-119 9.1');
}

/** 8-bit names as Latin letters; UCS-2 ones (Joliet) where every other byte is zero. */
function nameText(name: Uint8Array): string {
  if (name.length >= 2 && name.length % 2 === 0 && name[0] === 0) return textFromWtf8(wtf8FromUcs2be(name));
  return fieldLatin(name);
}

const fieldLatin = (bytes: Uint8Array): string => new TextDecoder('utf-8').decode(bytes);

const SYSTEM_USE: Readonly<Record<string, readonly [name: string, spec: string]>> = {
  SP: ['sharing begins', 'SUSP 5.3'],
  CE: ['goes on elsewhere', 'SUSP 5.1'],
  PD: ['padding', 'SUSP 5.2'],
  ST: ['ends here', 'SUSP 5.4'],
  ER: ['extensions used', 'SUSP 5.5'],
  ES: ['extension chosen', 'SUSP 5.6'],
  RR: ['Rock Ridge in use', 'RRIP 4.1'],
  PX: ['POSIX attributes', 'RRIP 4.1.1'],
  PN: ['device number', 'RRIP 4.1.2'],
  SL: ['symbolic link', 'RRIP 4.1.3'],
  NM: ['alternate name', 'RRIP 4.1.4'],
  CL: ['child link', 'RRIP 4.1.5.1'],
  PL: ['parent link', 'RRIP 4.1.5.2'],
  RE: ['moved directory', 'RRIP 4.1.5.3'],
  TF: ['time stamps', 'RRIP 4.1.6'],
  SF: ['sparse file', 'RRIP 4.1.7'],
  ZF: ['compressed', 'zisofs'],
};

function systemUse(tag: string, bytes: Uint8Array): string {
  if (tag === 'NM' && bytes.length > 5) return fieldLatin(bytes.subarray(5));
  if (tag === 'PX' && bytes.length >= 36) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return `mode ${view.getUint32(4, true).toString(8)}, user ${view.getUint32(20, true)}, group ${view.getUint32(28, true)}`;
  }
  if (tag === 'CE' && bytes.length >= 28) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return `sector ${count(view.getUint32(4, true))}, byte ${view.getUint32(12, true)}, ${view.getUint32(20, true)} bytes`;
  }
  return hex(bytes.subarray(4), 12) || 'nothing';
}
