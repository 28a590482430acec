import type { Block } from '../../bytes/block.ts';
import { textFromWtf8 } from '../../bytes/text.ts';
import type { Structure } from '../../protocol/preview.ts';
import { textOfDstring, wtf8FromCs0 } from '../../formats/udf/cs0.ts';
import { entityName, revisionOf } from '../../formats/udf/entity.ts';
import { isCrcRight, isTag, TAG, TAGS } from '../../formats/udf/tag.ts';
import { readTimestamp } from '../../formats/udf/timestamp.ts';
import { count, dateText, FieldList, hex, SECTOR } from './field-list.ts';

type Describe = (fields: Fields) => number;

interface Form {
  readonly title: string;
  readonly spec: string;
  /** Adds the fields behind the tag; gives the length of the structure. */
  readonly describe: Describe;
}

/** Fields of UDF's own forms on top of the plain ones. */
class Fields extends FieldList {
  dstring(name: string, at: number, length: number, spec: string): this {
    return this.add(name, at, length, textOfDstring(this.part(at, length)) || 'empty', spec);
  }
  time(name: string, at: number, spec: string): this {
    return this.add(name, at, 12, dateText(readTimestamp(this.block, this.at + at)), spec);
  }
  entity(name: string, at: number, spec: string): this {
    const said = entityName(this.block, this.at + at) || 'none';
    const revision = said.startsWith('*OSTA') ? revisionOf(this.block, this.at + at) : '';
    return this.add(name, at, 32, revision ? `${said}, ${revision}` : said, spec);
  }
  /** An extent: bytes, and the sector where it begins (ECMA-167 3/7.1). */
  extent(name: string, at: number, spec: string): this {
    const [length, block] = [this.block.u32le(this.at + at), this.block.u32le(this.at + at + 4)];
    return this.add(
      name,
      at,
      8,
      length === 0 ? 'none' : `${count(length)} bytes from sector ${count(block)}`,
      spec,
      length ? block * SECTOR : null,
    );
  }
  /** An address in a partition (ECMA-167 4/14.14.2). */
  long(name: string, at: number, spec: string): this {
    const [length, block, part] = [
      this.block.u32le(this.at + at) & 0x3fffffff,
      this.block.u32le(this.at + at + 4),
      this.block.u16le(this.at + at + 8),
    ];
    return this.add(name, at, 16, length === 0 ? 'none' : `${count(length)} bytes at block ${count(block)} of partition ${part}`, spec);
  }
  charset(name: string, at: number, spec: string): this {
    return this.add(name, at, 64, new TextDecoder().decode(this.part(at + 1, 63)).replace(/\0.*$/s, '') || 'none', spec);
  }
  u64(name: string, at: number, spec: string): this {
    const value = this.block.u32le(this.at + at) + this.block.u32le(this.at + at + 4) * 2 ** 32;
    return this.add(name, at, 8, value, spec);
  }
}

const primary: Describe = (list) => {
  const s = (section: number) => `ECMA-167 3/10.1.${section}`;
  list.u32('Sequence number', 16, s(2)).u32('Descriptor number', 20, s(3)).dstring('Volume', 24, 32, s(4)).u16('Number in set', 56, s(5));
  list.u16('Greatest number', 58, s(6)).u16('Interchange level', 60, s(7)).u16('Greatest level', 62, s(8)).u32('Charsets', 64, s(9));
  list.u32('Greatest charsets', 68, s(10)).dstring('Volume set', 72, 128, s(11)).charset('Descriptor charset', 200, s(12));
  list
    .charset('Explanatory charset', 264, s(13))
    .extent('Abstract', 328, s(14))
    .extent('Copyright', 336, s(15))
    .entity('Application', 344, s(16));
  list
    .time('Recorded', 376, s(17))
    .entity('Implementation', 388, s(18))
    .unused('Implementation use', 420, 64, s(19))
    .u32('Predecessor', 484, s(20));
  list.u16('Flags', 488, s(21));
  return 512;
};

const anchor: Describe = (list) => {
  list.extent('Main sequence', 16, 'ECMA-167 3/10.2.2').extent('Reserve sequence', 24, 'ECMA-167 3/10.2.3');
  return 512;
};

const implementation: Describe = (list) => {
  list.u32('Sequence number', 16, 'ECMA-167 3/10.4.2').entity('Implementation', 20, 'ECMA-167 3/10.4.3');
  list.charset('Charset', 52, 'UDF 2.60 2.2.7.2').dstring('Logical volume', 116, 128, 'UDF 2.60 2.2.7.2');
  for (const [line, at] of [244, 280, 316].entries()) list.dstring(`Information ${line + 1}`, at, 36, 'UDF 2.60 2.2.7.2');
  list.entity('Written by', 352, 'UDF 2.60 2.2.7.2');
  return 512;
};

const partition: Describe = (list) => {
  const s = (section: number) => `ECMA-167 3/10.5.${section}`;
  list.u32('Sequence number', 16, s(2)).u16('Flags', 20, s(3)).u16('Partition number', 22, s(4)).entity('Contents', 24, s(5));
  list.u32('Access', 184, s(7));
  const start = list.block.u32le(list.at + 188);
  list
    .add('Starts at', 188, 4, `sector ${count(start)}`, s(8), start * SECTOR)
    .u32('Sectors', 192, s(9))
    .entity('Implementation', 196, s(10));
  return 512;
};

const logical: Describe = (list) => {
  const s = (section: number) => `ECMA-167 3/10.6.${section}`;
  list.u32('Sequence number', 16, s(2)).charset('Charset', 20, s(3)).dstring('Logical volume', 84, 128, s(4)).u32('Block size', 212, s(5));
  list.entity('Domain', 216, s(6)).long('File set', 248, s(7)).u32('Length of maps', 264, s(8)).u32('Partition maps', 268, s(9));
  list.entity('Implementation', 272, s(10)).extent('Integrity sequence', 432, s(12));
  const maps = Math.min(list.block.u32le(list.at + 264), SECTOR - 440);
  list.add('Maps', 440, maps, hex(list.block.part(list.at + 440, Math.max(0, Math.min(maps, list.block.length - list.at - 440)))), s(13));
  return 440 + maps;
};

const integrity: Describe = (list) => {
  const s = (section: number) => `ECMA-167 3/10.10.${section}`;
  const type = list.block.u32le(list.at + 28);
  list
    .time('Recorded', 16, s(2))
    .add('State', 28, 4, type === 1 ? '1, closed' : type === 0 ? '0, open' : type, s(3))
    .extent('Next', 32, s(4));
  list.u64('Next unique number', 40, 'UDF 2.60 2.2.6.1').u32('Partitions', 72, s(6)).u32('Length of use', 76, s(7));
  return 512;
};

const fileSet: Describe = (list) => {
  const s = (section: number) => `ECMA-167 4/14.1.${section}`;
  list.time('Recorded', 16, s(2)).u16('Interchange level', 28, s(3)).u32('Charsets', 32, s(5)).u32('File set number', 40, s(7));
  list.u32('Descriptor number', 44, s(8)).charset('Volume charset', 48, s(9)).dstring('Logical volume', 112, 128, s(10));
  list.charset('File set charset', 240, s(11)).dstring('File set', 304, 32, s(12)).dstring('Copyright file', 336, 32, s(13));
  list.dstring('Abstract file', 368, 32, s(14)).long('Root directory', 400, s(15)).entity('Domain', 416, s(16)).long('Next', 448, s(17));
  list.long('System streams', 464, 'UDF 2.60 2.3.2');
  return 512;
};

const identifier: Describe = (list) => {
  const s = (section: number) => `ECMA-167 4/14.4.${section}`;
  const { block, at } = list;
  const [length, use, flags] = [block.u8(at + 19), block.u16le(at + 36), block.u8(at + 18)];
  const said = ['hidden', 'directory', 'deleted', 'parent'].filter((_, bit) => flags & (1 << bit)).join(', ') || 'none';
  list.u16('Version', 16, s(2)).add('Flags', 18, 1, said, s(3)).u8('Length of name', 19, s(4)).long('File entry', 20, s(5));
  list.u16('Length of use', 36, s(6));
  const from = 38 + use;
  if (at + from + length <= block.length) {
    if (use > 0) list.unused('Implementation use', 38, use, s(7));
    list.add('Name', from, length, textFromWtf8(wtf8FromCs0(block.part(at + from, length))), s(8));
  }
  return (from + length + 3) & ~3;
};

const TYPES: Readonly<Record<number, string>> = {
  4: 'directory',
  5: 'file',
  12: 'symbolic link',
  248: 'allocation table',
  250: 'metadata',
};

const fileEntry =
  (larger: boolean): Describe =>
  (list) => {
    const s = (section: number) => `ECMA-167 4/14.${larger ? 17 : 9}.${section}`;
    const { block, at } = list;
    const type = block.u8(at + 27);
    list
      .u16('Strategy', 20, 'ECMA-167 4/14.6.2')
      .add('File type', 27, 1, `${type}${TYPES[type] ? `, ${TYPES[type]}` : ''}`, 'ECMA-167 4/14.6.6');
    list.u16('ICB flags', 34, 'ECMA-167 4/14.6.8').u32('User', 36, s(3)).u32('Group', 40, s(4));
    list
      .add('Permissions', 44, 4, `0x${block.u32le(at + 44).toString(16)}`, s(5))
      .u16('Links', 48, s(6))
      .u64('Length', 56, s(10));
    const shift = larger ? 8 : 0;
    if (larger) list.u64('Object size', 64, s(11));
    list
      .u64('Blocks', 64 + shift, s(11 + Number(larger)))
      .time('Accessed', 72 + shift, s(12 + Number(larger)))
      .time('Modified', 84 + shift, s(13 + Number(larger)));
    // The reserved bytes behind the checkpoint are 4/14.17.18.
    if (larger) list.time('Created', 104, s(15)).time('Changed', 116, s(16)).u32('Checkpoint', 128, s(17));
    else list.time('Changed', 96, s(14)).u32('Checkpoint', 108, s(15));
    if (larger)
      list
        .long('Attributes at', 136, s(19))
        .long('Streams at', 152, s(20))
        .entity('Implementation', 168, s(21))
        .u64('Unique number', 200, s(22));
    else list.long('Attributes at', 112, s(16)).entity('Implementation', 128, s(17)).u64('Unique number', 160, s(18));
    const lengths = larger ? 208 : 168;
    list.u32('Length of attributes', lengths, s(larger ? 23 : 19)).u32('Length of descriptors', lengths + 4, s(larger ? 24 : 20));
    const [attributes, descriptors] = [block.u32le(at + lengths), block.u32le(at + lengths + 4)];
    const from = lengths + 8;
    const room = SECTOR - from;
    if (attributes > room || descriptors > room - attributes) return from;
    list.add(
      'Extended attributes',
      from,
      attributes,
      hex(block.part(at + from, Math.min(attributes, block.length - at - from))),
      s(larger ? 25 : 21),
    );
    const kept = (block.u16le(at + 34) & 7) === 3 ? 'Contents' : 'Allocation descriptors';
    const start = from + attributes;
    list.add(kept, start, descriptors, hex(block.part(at + start, Math.min(descriptors, block.length - at - start))), s(larger ? 26 : 22));
    return start + descriptors;
  };

const plain =
  (length: number): Describe =>
  () =>
    length;

const FORMS: Readonly<Record<number, Form>> = {
  [TAGS.primaryVolume]: { title: 'Primary volume descriptor, UDF', spec: 'ECMA-167 3/10.1', describe: primary },
  [TAGS.anchor]: { title: 'Anchor volume descriptor pointer', spec: 'ECMA-167 3/10.2', describe: anchor },
  [TAGS.volumePointer]: { title: 'Volume descriptor pointer', spec: 'ECMA-167 3/10.3', describe: plain(512) },
  [TAGS.implementationUse]: { title: 'Implementation use volume descriptor', spec: 'ECMA-167 3/10.4', describe: implementation },
  [TAGS.partition]: { title: 'Partition descriptor', spec: 'ECMA-167 3/10.5', describe: partition },
  [TAGS.logicalVolume]: { title: 'Logical volume descriptor', spec: 'ECMA-167 3/10.6', describe: logical },
  [TAGS.unallocatedSpace]: { title: 'Unallocated space descriptor', spec: 'ECMA-167 3/10.8', describe: plain(512) },
  [TAGS.terminating]: { title: 'Terminating descriptor', spec: 'ECMA-167 3/10.9', describe: plain(512) },
  [TAGS.integrity]: { title: 'Logical volume integrity descriptor', spec: 'ECMA-167 3/10.10', describe: integrity },
  [TAGS.fileSet]: { title: 'File set descriptor', spec: 'ECMA-167 4/14.1', describe: fileSet },
  [TAGS.fileIdentifier]: { title: 'File identifier descriptor', spec: 'ECMA-167 4/14.4', describe: identifier },
  [TAGS.allocationExtent]: { title: 'Allocation extent descriptor', spec: 'ECMA-167 4/14.5', describe: plain(24) },
  [TAGS.indirectEntry]: { title: 'Indirect entry', spec: 'ECMA-167 4/14.7', describe: plain(52) },
  [TAGS.terminalEntry]: { title: 'Terminal entry', spec: 'ECMA-167 4/14.8', describe: plain(36) },
  [TAGS.fileEntry]: { title: 'File entry', spec: 'ECMA-167 4/14.9', describe: fileEntry(false) },
  [TAGS.extendedFileEntry]: { title: 'Extended file entry', spec: 'ECMA-167 4/14.17', describe: fileEntry(true) },
};

/** The UDF descriptor whose tag stands here and adds up; null for all else (ECMA-167 3/7.2, 4/7.2). */
export function describeTagged(block: Block, at: number): Structure | null {
  if (at + TAG > block.length) return null;
  const id = block.u16le(at);
  const form = Object.hasOwn(FORMS, id) ? FORMS[id] : undefined;
  if (!form || !isTag(block, at, id)) return null;
  // A sum of one byte is soon met by chance: the version and the reserved byte must be right, too.
  if (![2, 3].includes(block.u16le(at + 2)) || block.u8(at + 5) !== 0) return null;
  const list = new Fields(block, at);
  const right = isCrcRight(block, at, block.length - at);
  list
    .u16('Tag identifier', 0, 'ECMA-167 3/7.2.1')
    .u16('Version', 2, 'ECMA-167 3/7.2.2')
    .add('Checksum', 4, 1, 'right', 'ECMA-167 3/7.2.3');
  list
    .unused('Reserved', 5, 1)
    .u16('Serial number', 6, 'ECMA-167 3/7.2.5')
    .add('CRC', 8, 2, right ? 'right' : 'wrong, or covers what is not here', 'ECMA-167 3/7.2.6');
  list.u16('CRC length', 10, 'ECMA-167 3/7.2.7').u32('Block of its own', 12, 'ECMA-167 3/7.2.8');
  let length = TAG;
  try {
    length = form.describe(list);
  } catch (error) {
    // It is cut at the end of what was read: the fields before are told.
    if (!(error instanceof RangeError)) throw error;
  }
  return list.done(form.title, length, form.spec);
}

/** "BEA01", "NSR02", ...: a volume recognition sequence's descriptor (ECMA-167 2/9.1). */
export function describeRecognition(block: Block, at: number): Structure | null {
  if (at + 8 > block.length || block.u8(at) !== 0) return null;
  const id = String.fromCharCode(...block.part(at + 1, 5));
  if (!['BEA01', 'NSR02', 'NSR03', 'TEA01', 'BOOT2'].includes(id)) return null;
  const list = new FieldList(block, at)
    .u8('Type', 0, 'ECMA-167 2/9.1.1')
    .text('Identifier', 1, 5, 'ECMA-167 2/9.1.2')
    .u8('Version', 6, 'ECMA-167 2/9.1.3');
  return list.done(`Volume recognition, ${id}`, 7, 'ECMA-167 2/9.1');
}
