import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ascii, buildImage } from '../worker/formats/iso9660/testing/build.ts';
import { TestDisc, type Layout, type Node } from '../worker/formats/udf/testing/build.ts';
import { openImage } from '../worker/inspect/open.ts';
import { ReportParts } from '../worker/inspect/parts.ts';
import { MAP_KINDS } from '../worker/protocol/disc-map.ts';
import { BytesSource } from '../worker/source/bytes.ts';
import { findSpots, type Spot } from './spots.ts';
import { findSums, type Summed } from './sums.ts';

/** A sound image that inputs are made from. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Every 64 bytes that are not all zero: in all of it, and in what the disc's structures and directories are. */
  readonly filled: Uint32Array;
  readonly structures: Uint32Array;
  /** Places of system use entries (SUSP 4.1). */
  readonly entries: Uint32Array;
  readonly sums: readonly Summed[];
  readonly spots: readonly Spot[];
}

const FIXTURES = join(import.meta.dirname, '../fixtures');
const CELL = 64;
const SECTOR = 2048;

/** Names of fixtures that are no images by themselves. */
const NO_IMAGES = /^boot-menus\/dbx/;

/** Which seeds are wanted. */
export interface SeedChoice {
  /** Bytes of the largest. */
  readonly most: number;
  /** The folder of the fixtures. */
  readonly root?: string;
  readonly only?: RegExp;
}

/** All seeds up to a size, in order of name: fixtures, discs of UDF in each layout, and volumes of FAT inside a disc. */
export async function loadSeeds({ most, root = FIXTURES, only }: SeedChoice): Promise<Seed[]> {
  const named = (name: string): boolean => only?.test(name) ?? true;
  const images = [...fixtures(root, named), ...udfDiscs().filter(({ name }) => named(name))].filter(({ bytes }) => bytes.length <= most);
  const seeds: Seed[] = [];
  for (const { name, bytes } of images) seeds.push(await seedOf(name, bytes));
  return seeds;
}

/** Whether a fixture is a volume that is opened in a disc. */
const isInside = (name: string): boolean => dirname(name) === 'fat';

interface Image {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function fixtures(root: string, named: (name: string) => boolean): Image[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.gz'));
  return files.sort().flatMap((file) => {
    const name = file.replaceAll('\\', '/').slice(0, -'.gz'.length);
    if (NO_IMAGES.test(name) || !named(name)) return [];
    const bytes = new Uint8Array(gunzipSync(readFileSync(join(root, file))));
    return [{ name, bytes: isInside(name) ? discWith(bytes) : bytes }];
  });
}

/** A disc with one file, which is an image itself. */
function discWith(image: Uint8Array): Uint8Array {
  const empty = buildImage([{ name: 'IMAGE.BIN;1', contents: ascii('x') }]);
  const lba = Math.ceil(empty.length / SECTOR);
  const head = buildImage([{ name: 'IMAGE.BIN;1', contents: ascii('x'), record: { lba, size: image.length } }]);
  const bytes = new Uint8Array(lba * SECTOR + image.length);
  bytes.set(head);
  bytes.set(image, lba * SECTOR);
  return bytes;
}

const counted = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at & 255);
const UDF_TREE: readonly Node[] = [
  { name: 'inline', contents: counted(300) },
  { name: 'short', contents: counted(5000), stored: 'short' },
  { name: 'chain', contents: counted(3 * SECTOR + 100), stored: 'chain', split: [SECTOR, 2 * SECTOR, 100] },
  { name: 'hole', contents: counted(3 * SECTOR), stored: 'long', split: [SECTOR, -SECTOR, SECTOR] },
  { name: 'dir', children: [{ name: 'sub', children: [{ name: 'deep', contents: counted(10) }] }] },
  { name: 'link', link: Uint8Array.of(5, 2, 0, 0, 8, 65) },
  { name: 'streams', contents: counted(20), streams: [{ name: 'one', contents: counted(30) }] },
  { name: 'many', children: Array.from({ length: 40 }, (_, index): Node => ({ name: `${index} of them`, contents: counted(index) })) },
];
const UDF_LAYOUTS: readonly Layout[] = ['plain', 'virtual', 'sparable', 'metadata'];

const udfDiscs = (): Image[] => UDF_LAYOUTS.map((layout) => ({ name: `udf/${layout}.udf`, bytes: new TestDisc(UDF_TREE, layout).bytes }));

async function seedOf(name: string, bytes: Uint8Array): Promise<Seed> {
  const filled: number[] = [];
  for (let at = 0; at < bytes.length; at += CELL) if (bytes.subarray(at, at + CELL).some((byte) => byte !== 0)) filled.push(at);
  const own = await structureCells(name, bytes);
  const sums = findSums(bytes);
  return {
    name,
    bytes,
    filled: Uint32Array.from(filled),
    structures: Uint32Array.from(filled.filter((at) => own.has(at))),
    entries: systemUse(bytes, filled),
    sums,
    spots: findSpots(bytes, sums),
  };
}

/** The cells that a map of the disc gives to its structures, its boot images and its directories. */
async function structureCells(name: string, bytes: Uint8Array): Promise<Set<number>> {
  const cells = new Set<number>();
  // The structures of a volume inside are a file's contents to the disc around it.
  if (isInside(name)) return cells;
  const image = await openImage(new BytesSource(bytes, basename(name)));
  await image.readAll();
  // The places of a map are those of plain sectors, which a file of another form has elsewhere.
  if (!image.detection.readable || image.medium.kind !== 'plain') return cells;
  const { starts, kinds } = await new ReportParts(image).map();
  for (const [run, kind] of kinds.entries()) {
    if (!['sys', 'boot', 'dir'].includes(MAP_KINDS[kind] ?? '')) continue;
    const end = Math.min(starts[run + 1] as number, bytes.length);
    for (let at = Math.floor((starts[run] as number) / CELL) * CELL; at < end; at += CELL) cells.add(at);
  }
  return cells;
}

const isLetter = (byte = 0): boolean => byte >= 0x41 && byte <= 0x5a;

function systemUse(bytes: Uint8Array, filled: readonly number[]): Uint32Array {
  const found: number[] = [];
  for (const cell of filled) {
    for (let at = cell; at < cell + CELL; at++) {
      if (bytes[at + 3] === 1 && (bytes[at + 2] ?? 0) >= 4 && isLetter(bytes[at]) && isLetter(bytes[at + 1])) found.push(at);
    }
  }
  return Uint32Array.from(found);
}
