import { concat } from '../../../bytes/concat.ts';
import { crc16 } from '../../../bytes/crc16.ts';

/** Sectors of every disc made here, and where its parts stand. */
export const SECTOR = 2048;
export const PARTITION = 288;
const MAIN = 32;
const RESERVE = 48;
const ANCHOR = 256;
const METADATA_BLOCKS = 512;

export type Layout = 'plain' | 'virtual' | 'sparable' | 'metadata';

/** An entry to be written. */
export interface Node {
  readonly name: Uint8Array | string;
  readonly children?: readonly Node[];
  readonly contents?: Uint8Array;
  /** Path components, already encoded. */
  readonly link?: Uint8Array;
  /** Inline unless said otherwise; `chain` puts one extent into each allocation extent descriptor. */
  readonly stored?: 'inline' | 'short' | 'long' | 'extended' | 'chain';
  /** Bytes of each extent; a negative one is a hole. */
  readonly split?: readonly number[];
  readonly characteristics?: number;
  readonly fileType?: number;
  /** Name of an entry written before whose ICB this one shares. */
  readonly sameAs?: string;
  readonly extended?: boolean;
  readonly permissions?: number;
  readonly flags?: number;
  readonly zone?: number;
  /** Extended attributes, behind their header. */
  readonly attributes?: Uint8Array;
  /** Named streams; the file entry is an extended one then. */
  readonly streams?: readonly Node[];
}

const latin = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** OSTA compressed Unicode with 8 bits a character where that does. */
export function cs0(text: string): Uint8Array {
  if (/^[\0-\xff]*$/.test(text)) return text === '' ? new Uint8Array(0) : Uint8Array.of(8, ...latin(text));
  return Uint8Array.of(16, ...Array.from({ length: text.length }, (_, at) => [text.charCodeAt(at) >> 8, text.charCodeAt(at) & 255]).flat());
}

/** A disc of UDF in memory, whose parts can be broken and summed up again. */
export class TestDisc {
  bytes = new Uint8Array(0);
  readonly layout: Layout;
  /** Absolute offset of the file entry of each entry, by name; "" is the root. */
  readonly entries = new Map<string, number>();
  /** Absolute offset of the bytes of each directory. */
  readonly directories = new Map<string, number>();
  /** Absolute offsets of allocation extent descriptors. */
  readonly chained: number[] = [];
  readonly #sectors = new Map<number, Uint8Array>();
  readonly #addresses = new Map<string, readonly [block: number, partition: number]>();
  readonly #virtual: number[] = [];
  #next: number;
  #metadata = 1;

  /** `later` is what was added to the root of a `virtual` disc behind its first table, with a second one at the end. */
  constructor(root: readonly Node[], layout: Layout = 'plain', later: readonly Node[] | null = null) {
    this.layout = layout;
    // Blocks 0-2 of the partition are kept for the metadata files or the packets of the sparing test.
    this.#next = layout === 'metadata' ? 2 + 2 * METADATA_BLOCKS : 32;
    const fileSet = this.#allocate();
    const icb = this.#directory({ name: '', children: root }, null);
    this.#fileSet(fileSet, icb);
    if (layout === 'metadata') this.#metadataFiles();
    if (layout === 'virtual') {
      const first = this.#vat();
      if (later) {
        this.#virtual[icb[0]] = this.#next++;
        const kept = root.map((child) => ({ ...child, sameAs: String(child.name) }));
        this.#directory({ name: '', children: [...kept, ...later] }, null, icb);
        this.#vat(first);
      }
    }
    this.#descriptors(fileSet);
    this.#finish();
  }

  /** Sum a descriptor up again after a change. */
  seal(offset: number, length = this.#u16(offset + 10)): void {
    sum(this.bytes, offset, length);
  }

  /** Absolute offset of a block of the partition that entries stand in. */
  offsetOf([block, partition]: readonly [number, number]): number {
    if (partition === 0) return (PARTITION + block) * SECTOR;
    if (this.layout === 'metadata') return (PARTITION + 2 + block) * SECTOR;
    return (PARTITION + (this.#virtual[block] as number)) * SECTOR;
  }

  #u16(at: number): number {
    return (this.bytes[at] as number) | ((this.bytes[at + 1] as number) << 8);
  }

  /** A block for a descriptor, in the partition that entries stand in. */
  #allocate(): readonly [number, number] {
    if (this.layout === 'metadata') return [this.#metadata++, 1];
    if (this.layout === 'virtual') return [this.#virtual.push(this.#next++) - 1, 1];
    return [this.#next++, 0];
  }

  #put(offset: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += SECTOR) this.#sectors.set(offset / SECTOR + at / SECTOR, bytes.slice(at, at + SECTOR));
  }

  #directory(node: Node, parent: readonly [number, number] | null, icb = this.#allocate()): readonly [number, number] {
    const name = String(node.name);
    this.#addresses.set(name, icb);
    const parts = [identifier(new Uint8Array(0), 0x0a, parent ?? icb, icb[0])];
    for (const child of node.children ?? []) {
      const shared = child.sameAs === undefined ? null : this.#addresses.get(child.sameAs);
      const at = shared ?? (child.children ? this.#directory(child, icb) : this.#file(child));
      const flags = (child.characteristics ?? 0) | (child.children || child.fileType === 4 ? 2 : 0);
      parts.push(identifier(typeof child.name === 'string' ? cs0(child.name) : child.name, flags, at, icb[0]));
    }
    const contents = concat(parts);
    const inline = contents.length <= SECTOR - 216;
    this.#write(icb, { ...node, contents, fileType: 4, stored: inline ? 'inline' : this.layout === 'virtual' ? 'long' : 'short' });
    return icb;
  }

  #file(node: Node): readonly [number, number] {
    const icb = this.#allocate();
    this.#addresses.set(String(node.name), icb);
    const streams = node.streams ? this.#streamDirectory(node.streams, icb) : null;
    if (streams) this.#write(icb, { ...node, extended: true }, streams);
    else if (node.link) this.#write(icb, { ...node, contents: node.link, fileType: 12 });
    else this.#write(icb, node);
    return icb;
  }

  /** The stream directory of an entry: identifiers, the first of which names the entry itself (ECMA-167 4/14.17, UDF 2.60 3.3.5). */
  #streamDirectory(streams: readonly Node[], owner: readonly [number, number]): readonly [number, number] {
    const icb = this.#allocate();
    const parts = [identifier(new Uint8Array(0), 0x0a, owner, icb[0])];
    for (const stream of streams) parts.push(identifier(cs0(String(stream.name)), 0, this.#file(stream), icb[0]));
    this.#write(icb, { name: '\0streams', contents: concat(parts), fileType: 13 });
    return icb;
  }

  /** A file entry, with its contents in the form asked for. */
  #write(icb: readonly [number, number], node: Node, streams: readonly [number, number] | null = null): void {
    const { contents = new Uint8Array(0), stored = 'inline', extended = false, attributes } = node;
    const area = attributes ? concat([tagged(262, 0, u32(0xffffffff, 0xffffffff)), attributes]) : new Uint8Array(0);
    const offset = this.offsetOf(icb);
    const fixed = extended ? 216 : 176;
    let descriptors = contents;
    let form = 3;
    if (stored !== 'inline') {
      const extents = this.#extents(contents, node.split ?? [contents.length], node.fileType === 4 && this.layout === 'metadata');
      [descriptors, form] = this.#allocation(extents, stored, this.layout === 'metadata' && node.fileType === 4 ? 1 : 0);
    }
    if (node.fileType === 4) this.directories.set(String(node.name), stored === 'inline' ? offset + fixed + area.length : this.#lastData);
    const body = new Uint8Array(fixed + area.length + descriptors.length);
    const view = new DataView(body.buffer);
    const time = timestamp(node.zone ?? 0);
    view.setUint16(20, 4, true);
    view.setUint16(24, 1, true);
    body[27] = node.fileType ?? 5;
    view.setUint16(34, form | (node.flags ?? 0), true);
    view.setUint32(36, 1000, true);
    view.setUint32(40, 0xffffffff, true);
    view.setUint32(44, node.permissions ?? (5 << 10) | (4 << 5) | 4, true);
    view.setUint16(48, 1, true);
    view.setBigUint64(56, BigInt(contents.length), true);
    for (const at of extended ? [80, 92, 104, 116] : [72, 84, 96]) body.set(time, at);
    if (streams) {
      view.setUint32(152, SECTOR, true);
      view.setUint32(156, streams[0], true);
      view.setUint16(160, streams[1], true);
    }
    view.setUint32(fixed - 8, area.length, true);
    view.setUint32(fixed - 4, descriptors.length, true);
    body.set(area, fixed);
    body.set(descriptors, fixed + area.length);
    this.entries.set(String(node.name), offset);
    this.#put(offset, tagged(extended ? 266 : 261, icb[0], body.subarray(16)));
  }

  #lastData = 0;

  /** Put contents into blocks, with a gap behind each extent. */
  #extents(contents: Uint8Array, split: readonly number[], inMetadata: boolean): [length: number, block: number | null][] {
    let from = 0;
    return split.map((size) => {
      const length = Math.abs(size);
      const part = contents.subarray(from, (from += length));
      if (size < 0) return [length, null];
      const blocks = Math.max(1, Math.ceil(length / SECTOR));
      const block = inMetadata ? this.#metadata : this.#next;
      if (inMetadata) this.#metadata += blocks;
      else this.#next += blocks + 1;
      this.#lastData = this.offsetOf([block, inMetadata ? 1 : 0]);
      this.#put(this.#lastData, part);
      return [length, block];
    });
  }

  #allocation(extents: readonly [number, number | null][], stored: string, partition: number): [Uint8Array, number] {
    const form = stored === 'short' ? 0 : stored === 'extended' ? 2 : 1;
    const one = (length: number, block: number, kind: number): Uint8Array => {
      const word = (length | (kind << 30)) >>> 0;
      if (form === 0) return u32(word, block);
      if (form === 2) return concat([u32(word, length, length, block), Uint8Array.of(partition, 0, 0, 0)]);
      return concat([u32(word, block), Uint8Array.of(partition, 0), new Uint8Array(6)]);
    };
    const all = extents.map(([length, block]) => (block === null ? one(length, 0, 2) : one(length, block, 0)));
    if (stored !== 'chain') return [concat(all), form];
    let next: Uint8Array = new Uint8Array(0);
    for (const descriptor of all.slice(1).reverse()) {
      const block = this.#next++;
      const body = concat([descriptor, next]);
      const offset = this.offsetOf([block, 0]);
      this.chained.unshift(offset);
      this.#put(offset, tagged(258, block, concat([u32(0, body.length), body])));
      next = one(SECTOR, block, 3);
    }
    return [concat([all[0] ?? new Uint8Array(0), next]), form];
  }

  #fileSet(at: readonly [number, number], root: readonly [number, number]): void {
    const body = new Uint8Array(512);
    const view = new DataView(body.buffer);
    body.set(timestamp(0), 16);
    body.set(dstring('FILES', 32), 304);
    view.setUint32(400, SECTOR, true);
    view.setUint32(404, root[0], true);
    view.setUint16(408, root[1], true);
    this.#put(this.offsetOf(at), tagged(256, at[0], body.subarray(16)));
  }

  #metadataFiles(): void {
    for (const [block, type, first] of [
      [0, 250, 2],
      [1, 251, 2 + METADATA_BLOCKS],
    ] as const) {
      // Two extents each: the second half stands first.
      const half = METADATA_BLOCKS / 2;
      const contents = concat([u32(half * SECTOR, first), u32(half * SECTOR, first + half)]);
      const body = new Uint8Array(216 + contents.length);
      const view = new DataView(body.buffer);
      view.setUint16(20, 4, true);
      body[27] = type;
      view.setBigUint64(56, BigInt(METADATA_BLOCKS * SECTOR), true);
      view.setUint32(212, contents.length, true);
      body.set(contents, 216);
      this.#put(this.offsetOf([block, 0]), tagged(266, block, body.subarray(16)));
    }
    for (let block = 0; block < METADATA_BLOCKS; block++) {
      const sector = this.#sectors.get(PARTITION + 2 + block);
      if (sector) this.#sectors.set(PARTITION + 2 + METADATA_BLOCKS + block, sector.slice());
    }
  }

  /** The table of all virtual blocks so far, which names the one before; gives its block. */
  #vat(previous = 0xffffffff): number {
    const table = concat([u32(...this.#virtual), Uint8Array.of(0), latin('*UDF Virtual Alloc Tbl'.padEnd(31, '\0')), u32(previous)]);
    this.#write([this.#next, 0], { name: '\0vat', contents: table, fileType: 0 });
    this.entries.delete('\0vat');
    return this.#next++;
  }

  #descriptors(fileSet: readonly [number, number]): void {
    const second = concat([
      Uint8Array.of(2, 64, 0, 0, 0),
      latin(SECOND_MAP[this.layout].padEnd(23, '\0')),
      new Uint8Array(8),
      Uint8Array.of(1, 0, 0, 0),
    ]);
    let maps = concat([Uint8Array.of(1, 6, 1, 0, 0, 0)]);
    if (this.layout === 'virtual') maps = concat([maps, second, new Uint8Array(24)]);
    if (this.layout === 'metadata') maps = concat([maps, second, u32(0, 1, 0xffffffff, 32), new Uint8Array(8)]);
    if (this.layout === 'sparable') maps = concat([second, Uint8Array.of(32, 0, 1, 0), u32(64, 128), new Uint8Array(12)]);
    const volume = new Uint8Array(440 + maps.length);
    const view = new DataView(volume.buffer);
    volume.set(dstring('TEST DISC', 128), 84);
    view.setUint32(212, SECTOR, true);
    volume.set(latin('*OSTA UDF Compliant'), 217);
    view.setUint16(240, this.layout === 'metadata' ? 0x250 : this.layout === 'plain' ? 0x102 : 0x150, true);
    view.setUint32(248, SECTOR, true);
    view.setUint32(252, fileSet[0], true);
    view.setUint16(256, fileSet[1], true);
    view.setUint32(264, maps.length, true);
    view.setUint32(268, this.layout === 'plain' || this.layout === 'sparable' ? 1 : 2, true);
    volume.set(maps, 440);
    const partition = new Uint8Array(512);
    new DataView(partition.buffer).setUint32(188, PARTITION, true);
    new DataView(partition.buffer).setUint32(192, this.#next, true);
    const primary = new Uint8Array(512);
    primary.set(dstring('VOLUME', 32), 24);
    primary.set(timestamp(0), 376);
    for (const first of [MAIN, RESERVE]) {
      const all = [
        tagged(1, first, primary.subarray(16)),
        tagged(5, first + 1, partition.subarray(16)),
        tagged(6, first + 2, volume.subarray(16)),
        tagged(8, first + 3, new Uint8Array(496)),
      ];
      for (const [index, each] of all.entries()) this.#put((first + index) * SECTOR, each);
    }
    if (this.layout === 'sparable') {
      // The second packet of the partition (blocks 32-63) stands elsewhere.
      const moved = PARTITION + this.#next + 32;
      const table = concat([new Uint8Array(1), latin('*UDF Sparing Table'.padEnd(31, '\0')), Uint8Array.of(1, 0, 0, 0), u32(7, 32, moved)]);
      this.#put(128 * SECTOR, tagged(0, 128, table));
      for (let block = 0; block < 32; block++) {
        const sector = this.#sectors.get(PARTITION + 32 + block);
        if (!sector) continue;
        this.#sectors.set(moved + block, sector);
        this.#sectors.set(PARTITION + 32 + block, new Uint8Array(SECTOR).fill(0xbb));
      }
      this.#next += 64;
    }
    for (const [index, mark] of ['BEA01', 'NSR02', 'TEA01'].entries())
      this.#put((16 + index) * SECTOR, Uint8Array.of(0, ...latin(mark), 1));
  }

  #finish(): void {
    const last = PARTITION + this.#next - (this.layout === 'virtual' ? 1 : 0);
    const anchor = u32(16 * SECTOR, MAIN, 16 * SECTOR, RESERVE);
    for (const place of this.layout === 'virtual' ? [ANCHOR] : [ANCHOR, last])
      this.#put(place * SECTOR, tagged(2, place, concat([anchor, new Uint8Array(480)])));
    this.bytes = new Uint8Array((last + 1) * SECTOR);
    for (const [sector, bytes] of this.#sectors) if (sector <= last) this.bytes.set(bytes, sector * SECTOR);
  }
}

const SECOND_MAP: Record<Layout, string> = {
  plain: '',
  virtual: '*UDF Virtual Partition',
  sparable: '*UDF Sparable Partition',
  metadata: '*UDF Metadata Partition',
};

/** The time of every entry: 29 February 2024, 12:34:56.78, with a zone in minutes. */
function timestamp(zone: number): Uint8Array {
  const type = 0x1000 | (zone & 0xfff);
  return Uint8Array.of(type & 255, type >> 8, 2024 & 255, 2024 >> 8, 2, 29, 12, 34, 56, 78, 0, 0);
}

function identifier(
  name: Uint8Array,
  characteristics: number,
  [block, partition]: readonly [number, number],
  location: number,
): Uint8Array {
  const body = new Uint8Array(22 + name.length + ((4 - ((38 + name.length) & 3)) & 3));
  body.set(Uint8Array.of(1, 0, characteristics, name.length));
  body.set(u32(SECTOR, block), 4);
  body.set(Uint8Array.of(partition, 0), 12);
  body.set(name, 22);
  return tagged(257, location, body);
}

function dstring(text: string, length: number): Uint8Array {
  const field = new Uint8Array(length);
  const bytes = cs0(text);
  field.set(bytes);
  field[length - 1] = bytes.length;
  return field;
}

function tagged(id: number, location: number, body: Uint8Array): Uint8Array {
  const bytes = concat([Uint8Array.of(id & 255, id >> 8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0), u32(location), body]);
  sum(bytes, 0, body.length);
  return bytes;
}

/** Write the CRC and checksum of the tag at an offset. */
function sum(bytes: Uint8Array, offset: number, length: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const covered = Math.max(0, Math.min(length, bytes.length - offset - 16));
  view.setUint16(offset + 8, crc16(bytes, offset + 16, offset + 16 + covered), true);
  view.setUint16(offset + 10, covered, true);
  let checksum = 0;
  for (let at = 0; at < 16; at++) if (at !== 4) checksum += bytes[offset + at] as number;
  bytes[offset + 4] = checksum & 255;
}

export function u32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  for (const [index, value] of values.entries()) new DataView(bytes.buffer).setUint32(index * 4, value, true);
  return bytes;
}
