/**
 * A small writer of ISO 9660 images for tests: every field can be given, also wrong ones. Blocks are
 * counted from sector 16 on; directories come before files. Nothing here is for people's discs.
 */

/** A file or directory to be written; `children` makes it a directory. */
export interface Node {
  readonly name: string | Uint8Array;
  readonly contents?: Uint8Array;
  readonly children?: readonly Node[];
  readonly flags?: number;
  /** System use area, made once blocks are known. */
  readonly systemUse?: Uint8Array | ((image: Layout) => Uint8Array);
  /** Fields of the record that are to be other than right. */
  readonly record?: Partial<RecordFields>;
  /** Bytes of each section of a multi-extent file; a block is left free behind each. */
  readonly sections?: readonly number[];
  /** Place this directory's record on that of another name: a loop. */
  readonly pointTo?: string;
}

export interface RecordFields {
  lba: number;
  lbaBig: number;
  size: number;
  sizeBig: number;
  attributeBlocks: number;
  unitBlocks: number;
  gapBlocks: number;
  date: Uint8Array;
  volume: number;
  length: number;
  nameLength: number;
  pad: boolean;
}

/** Blocks by name of what was laid out; "" is the root. */
export interface Layout {
  readonly at: ReadonlyMap<string, number>;
  /** First of two free blocks for continuation areas. */
  readonly area: number;
}

export interface Options {
  readonly blockSize?: number;
  readonly highSierra?: boolean;
  readonly joliet?: readonly Node[];
  readonly version2?: readonly Node[];
  readonly rootSystemUse?: Uint8Array | ((image: Layout) => Uint8Array);
  readonly pathTable?: boolean;
  readonly terminator?: boolean;
  readonly label?: string;
}

const SECTOR = 2048;
export const DATE = Uint8Array.of(124, 2, 29, 12, 34, 56, 0);
/** The same in milliseconds. */
export const DATE_MS = Date.UTC(2024, 1, 29, 12, 34, 56);

export const le32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
export const be32 = (value: number): number[] => le32(value).reverse();
export const both32 = (value: number, big = value): number[] => [...le32(value), ...be32(big)];
export const both16 = (value: number): number[] => [value & 255, value >> 8, value >> 8, value & 255];
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
export const ucs2 = (text: string): Uint8Array =>
  Uint8Array.from([...Array(text.length).keys()].flatMap((at) => [text.charCodeAt(at) >> 8, text.charCodeAt(at) & 255]));

/** One directory record (ECMA-119 9.1); High Sierra: a date of 6 bytes, flags at 24. */
export function record(
  name: Uint8Array,
  fields: Partial<RecordFields> & { lba: number; size: number },
  flags: number,
  systemUse: Uint8Array,
  highSierra = false,
): Uint8Array {
  const { lba, size, date = DATE } = fields;
  const pad = name.length % 2 === 0 && fields.pad !== false ? [0] : [];
  const dated = highSierra ? [...date.subarray(0, 6), flags, 0] : [...date, flags];
  const body = [
    fields.attributeBlocks ?? 0,
    ...both32(lba, fields.lbaBig ?? lba),
    ...both32(size, fields.sizeBig ?? size),
    ...dated,
    fields.unitBlocks ?? 0,
    fields.gapBlocks ?? 0,
    ...both16(fields.volume ?? 1),
    fields.nameLength ?? name.length,
    ...name,
    ...pad,
    ...systemUse,
  ];
  if (body.length % 2 === 0) body.push(0);
  return Uint8Array.of(fields.length ?? body.length + 1, ...body);
}

/** A system use entry: two letters, length, version, fields (SUSP 4.1). */
export const entry = (signature: string, fields: readonly number[], version = 1): Uint8Array =>
  Uint8Array.of(...ascii(signature), fields.length + 4, version, ...fields);
export const SP = (skip = 0): Uint8Array => entry('SP', [0xbe, 0xef, skip]);
export const ER = (): Uint8Array => entry('ER', [10, 0, 0, 1, ...ascii('RRIP_1991A')]);
export const PX = (mode: number, links = 1, serial?: number): Uint8Array =>
  entry('PX', [...both32(mode), ...both32(links), ...both32(1000), ...both32(100), ...(serial === undefined ? [] : both32(serial))]);
export const NM = (name: string, flags = 0): Uint8Array => entry('NM', [flags, ...new TextEncoder().encode(name)]);
export const CE = (block: number, offset: number, length: number): Uint8Array =>
  entry('CE', [...both32(block), ...both32(offset), ...both32(length)]);
export const SL = (...parts: readonly (readonly [flags: number, text: string])[]): Uint8Array =>
  entry('SL', [0, ...parts.flatMap(([flags, text]) => [flags, text.length, ...ascii(text)])]);
export const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

interface Placed {
  readonly node: Node;
  readonly path: string;
  readonly parent: string;
}

/** Write an image with these entries in its root. */
export function buildImage(children: readonly Node[], options: Options = {}): Uint8Array {
  const { blockSize = SECTOR, highSierra = false } = options;
  const perSector = SECTOR / blockSize;
  const trees = [
    { prefix: '', children, kind: 1, wide: false },
    ...(options.joliet ? [{ prefix: 'joliet:', children: options.joliet, kind: 2, wide: true }] : []),
    ...(options.version2 ? [{ prefix: '1999:', children: options.version2, kind: 2, wide: false }] : []),
  ];
  const at = new Map<string, number>();
  const sizes = new Map<string, number>();
  let next = (16 + trees.length + 1) * perSector;
  const take = (bytes: number): number => {
    const first = next;
    next += Math.max(1, Math.ceil(bytes / blockSize));
    return first;
  };
  const area = take(2 * SECTOR);
  const encode = (name: string | Uint8Array, wide: boolean): Uint8Array =>
    typeof name !== 'string' ? name : wide ? ucs2(name) : ascii(name);
  const key = (name: string | Uint8Array): string => (typeof name === 'string' ? name : String.fromCharCode(...name));

  const directories: (Placed & { tree: number })[] = [];
  const files: Placed[] = [];
  const visit = (list: readonly Node[], path: string, tree: number): void => {
    for (const node of list) {
      const own = `${path}/${key(node.name)}`;
      if (node.children) {
        directories.push({ node, path: own, parent: path, tree });
        visit(node.children, own, tree);
      } else files.push({ node, path: own, parent: path });
    }
  };
  for (const [tree, { prefix, children: list }] of trees.entries()) {
    directories.push({ node: { name: '\0', children: list }, path: prefix, parent: prefix, tree });
    visit(list, prefix, tree);
  }
  const tables = trees.map(() => [take(directories.length * 48), take(directories.length * 48)] as const);
  const image = { at, area } satisfies Layout;
  // Twice: sizes first (all places zero), then the right places.
  let layouts = new Map<string, Uint8Array>();
  for (let pass = 0; pass < 2; pass++) {
    layouts = new Map(directories.map((directory) => [directory.path, writeDirectory(directory)]));
    if (pass > 0) break;
    for (const { path } of directories) {
      const { length } = layouts.get(path) as Uint8Array;
      sizes.set(path, length);
      if (!at.has(path)) at.set(path, take(length));
    }
    for (const { node, path } of files)
      at.set(
        path,
        take(
          (node.sections ?? [node.contents?.length ?? 0]).reduce((sum, size) => sum + size + 2 * blockSize, 0) +
            (node.record?.attributeBlocks ?? 0) * blockSize +
            (node.record?.gapBlocks ? (node.contents?.length ?? 0) * 8 : 0),
        ),
      );
  }

  function systemUse(value: Node['systemUse']): Uint8Array {
    return typeof value === 'function' ? value(image) : (value ?? new Uint8Array(0));
  }

  function writeDirectory({ node, path, parent, tree }: Placed & { tree: number }): Uint8Array {
    const wide = trees[tree]?.wide ?? false;
    const place = (name: string): { lba: number; size: number } => ({ lba: at.get(name) ?? 0, size: sizes.get(name) ?? SECTOR });
    const records = [
      record(Uint8Array.of(0), place(path), 2, path === '' ? systemUse(options.rootSystemUse) : new Uint8Array(0), highSierra),
      record(Uint8Array.of(1), place(parent), 2, new Uint8Array(0), highSierra),
    ];
    for (const child of node.children ?? []) {
      const own = `${path}/${key(child.name)}`;
      const name = encode(child.name, wide);
      const use = systemUse(child.systemUse);
      if (child.children) {
        records.push(record(name, { ...place(child.pointTo ?? own), ...child.record }, 2 | (child.flags ?? 0), use, highSierra));
        continue;
      }
      let lba = at.get(own) ?? 0;
      const sections = child.sections ?? [child.contents?.length ?? 0];
      for (const [index, size] of sections.entries()) {
        records.push(
          record(name, { lba, size, ...child.record }, (child.flags ?? 0) | (index < sections.length - 1 ? 128 : 0), use, highSierra),
        );
        lba += Math.ceil(size / blockSize) + 1;
      }
    }
    const out: number[] = [];
    for (const bytes of records) {
      if ((out.length % SECTOR) + bytes.length > SECTOR) while (out.length % SECTOR) out.push(0);
      for (const byte of bytes) out.push(byte);
    }
    while (out.length % SECTOR) out.push(0);
    return Uint8Array.from(out);
  }

  const bytes = new Uint8Array(Math.ceil((next * blockSize) / SECTOR) * SECTOR);
  for (const { path } of directories) bytes.set(layouts.get(path) as Uint8Array, (at.get(path) as number) * blockSize);
  for (const { node, path } of files) writeContents(node, at.get(path) as number);

  function writeContents({ contents = new Uint8Array(0), sections = [contents.length], record: fields = {} }: Node, first: number): void {
    const unit = fields.unitBlocks ?? 0;
    const gap = fields.gapBlocks ?? 0;
    const attributes = fields.attributeBlocks ?? 0;
    let block = first + (attributes > 0 && gap > 0 ? unit + gap : attributes);
    let done = 0;
    for (const size of sections) {
      if (gap > 0) {
        for (let left = size; left > 0; block += unit + gap) {
          const piece = Math.min(left, unit * blockSize);
          bytes.set(contents.subarray(done, done + piece), block * blockSize);
          done += piece;
          left -= piece;
        }
        continue;
      }
      bytes.set(contents.subarray(done, done + size), block * blockSize);
      done += size;
      block += Math.ceil(size / blockSize) + 1;
    }
  }

  for (const [index, { prefix, kind, wide }] of trees.entries()) {
    const [little, big] = tables[index] as readonly [number, number];
    let tableSize = 0;
    const listed = directories.filter((directory) => directory.tree === index && !directory.node.pointTo);
    for (const [table, order] of [
      [little, le32],
      [big, be32],
    ] as const) {
      // prettier-ignore
      const rows = listed.flatMap(({ node, path, parent }) => {
        const name = path === prefix ? Uint8Array.of(0) : encode(node.name, wide);
        const above = listed.findIndex((each) => each.path === parent) + 1;
        const number = order === le32 ? [above & 255, above >> 8] : [above >> 8, above & 255];
        const place = order(at.get(path) as number);
        return [...(highSierra ? [...place, 0, name.length] : [name.length, 0, ...place]), ...number, ...name, ...(name.length % 2 ? [0] : [])];
      });
      bytes.set(rows, table * blockSize);
      tableSize = rows.length;
    }
    const sector = (16 + index) * SECTOR;
    const set = (offset: number, values: ArrayLike<number>): void => bytes.set(values, sector + offset);
    // High Sierra: the block number of the descriptor stands before it, so that most fields are 8 later.
    const shift = highSierra ? 8 : 0;
    if (highSierra) set(0, both32(16));
    set(shift, [kind, ...ascii(highSierra ? 'CDROM' : 'CD001'), prefix === '1999:' ? 2 : 1]);
    set(shift + 8, new Uint8Array(64).fill(0x20));
    const label = options.label ?? 'TEST';
    set(shift + 40, wide ? ucs2(label) : ascii(label));
    set(shift + 80, both32(bytes.length / blockSize));
    if (wide) set(88, ascii('%/E'));
    set(shift + 120, [...both16(1), ...both16(1), ...both16(blockSize)]);
    if (options.pathTable !== false) {
      set(shift + 132, both32(tableSize));
      set(shift + 140, le32(little));
      set(highSierra ? 164 : 148, be32(big));
    }
    set(
      highSierra ? 180 : 156,
      record(Uint8Array.of(0), { lba: at.get(prefix) as number, size: sizes.get(prefix) as number }, 2, new Uint8Array(0), highSierra),
    );
    set(highSierra ? 790 : 813, ascii('2024022912345600'));
  }
  if (options.terminator !== false)
    bytes.set(highSierra ? [...both32(0), 255, ...ascii('CDROM'), 1] : [255, ...ascii('CD001'), 1], (16 + trees.length) * SECTOR);
  return bytes;
}
