import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { isPlausible, readSelf, SECTOR } from './directory-record.ts';
import { identifierHash } from './identifiers.ts';
import { UNKNOWN_SIZE } from './pending.ts';
import type { TreeForm } from './tree-form.ts';

/** Bytes of a path table that are read: 65,535 directories of the longest names. */
const MAX_PATH_TABLE = 16 * 1024 * 1024;

/** A directory of a path table: the block it begins at, and the hash of its identifier (ECMA-119 9.4). */
interface PathTableRecord {
  readonly lba: number;
  readonly nameHash: number;
}

/** The directories of a path table, in its order, root first; null where it is none (ECMA-119 9.4). */
export function readPathTable(block: Block, little: boolean, highSierra: boolean): PathTableRecord[] | null {
  const records: PathTableRecord[] = [];
  for (let at = 0; at + 8 < block.length;) {
    // High Sierra puts the place first, then the lengths (ECMA-119 9.4 has them the other way round).
    const nameLength = block.u8(highSierra ? at + 5 : at);
    const place = highSierra ? at : at + 2;
    const parent = little ? block.u16le(at + 6) : block.u16be(at + 6);
    if (nameLength === 0) break; // padding
    if (at + 8 + nameLength > block.length || parent < 1 || parent > records.length + 1) return null;
    records.push({ lba: little ? block.u32le(place) : block.u32be(place), nameHash: identifierHash(block.part(at + 8, nameLength)) });
    at += 8 + nameLength + (nameLength % 2);
  }
  return records.length > 0 ? records : null;
}

/** Read a table of either byte order; null where it is absent or lies outside of the image. */
async function loadPathTable(near: ByteSource, form: TreeForm, little: boolean, signal?: AbortSignal): Promise<PathTableRecord[] | null> {
  const lba = little ? form.pathTable.little : form.pathTable.big;
  const { size } = form.pathTable;
  const offset = lba * form.blockSize;
  if (lba === 0 || size < 10 || size > MAX_PATH_TABLE || offset + size > near.size) return null;
  const block = new Block(await near.read(offset, size, signal), offset);
  return readPathTable(block, little, form.highSierra);
}

/** A larger path table is not asked beforehand: reading it would be what takes long. */
const MAX_FORETOLD = 1024 * 1024;

/** Where the directories of a tree begin by its path table, ascending; empty where it has none. To read ahead by, not to believe (ECMA-119 9.4). */
export async function foretoldPlaces(near: ByteSource, form: TreeForm, signal?: AbortSignal): Promise<Float64Array> {
  const table = form.pathTable.size > MAX_FORETOLD ? null : await loadPathTable(near, form, true, signal);
  return Float64Array.from(table ?? [], ({ lba }) => lba * form.blockSize)
    .filter((offset) => offset < near.size)
    .sort();
}

/** Compare the path table with the directories that were read; the tree is right (ECMA-119 6.9). */
export async function checkPathTable(
  near: ByteSource,
  form: TreeForm,
  visited: ReadonlyMap<number, number>,
  findings: Findings,
  signal?: AbortSignal,
): Promise<void> {
  const { little, big, size } = form.pathTable;
  if (little === 0 && big === 0) {
    findings.add(
      'warning',
      'path-table-absent',
      null,
      'ECMA-119 8.4.14',
      'The volume has no path table; directories were found by the tree.',
    );
    return;
  }
  const at = (little || big) * form.blockSize;
  const table = (await loadPathTable(near, form, true, signal)) ?? (await loadPathTable(near, form, false, signal));
  if (!table) {
    findings.add(
      'warning',
      'path-table-unreadable',
      at,
      'ECMA-119 9.4',
      `The path table (${size} bytes) cannot be read; directories were found by the tree.`,
    );
    return;
  }
  const listed = new Map(table.map(({ lba, nameHash }) => [lba * form.blockSize, nameHash]));
  const unlisted = [...visited].filter(([offset, nameHash]) => listed.get(offset) !== nameHash).length;
  const lost = [...listed].filter(([offset, nameHash]) => visited.get(offset) !== nameHash).length;
  if (unlisted + lost === 0) return;
  findings.add(
    'warning',
    'path-table-disagree',
    at,
    'ECMA-119 6.9',
    `The path table lacks ${unlisted} directories of the tree and names ${lost} that the tree does not have; the tree was used.`,
  );
}

/** The form with its root's place from the path table, where the descriptor's is wrong and the table's is right (ECMA-119 8.4.18, 9.4). */
export async function rootFromPathTable(near: ByteSource, form: TreeForm, findings: Findings, signal?: AbortSignal): Promise<TreeForm> {
  if (await isDirectory(near, form, form.rootLba, signal)) return form;
  for (const little of [true, false]) {
    const lba = (await loadPathTable(near, form, little, signal))?.[0]?.lba;
    if (lba === undefined || lba === form.rootLba || !(await isDirectory(near, form, lba, signal))) continue;
    findings.add(
      'damage',
      'root-by-path-table',
      form.rootRecord,
      'ECMA-119 8.4.18',
      'The volume descriptor names no readable root directory; the one of the path table was read.',
    );
    return { ...form, rootLba: lba, rootLength: UNKNOWN_SIZE };
  }
  return form;
}

/** Whether a directory begins at this block: with the record of itself, or at least with a sure record. */
export async function isDirectory(
  near: ByteSource,
  form: Pick<TreeForm, 'blockSize' | 'highSierra'>,
  lba: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const offset = lba * form.blockSize;
  if (offset >= near.size) return false;
  const length = Math.min(SECTOR, near.size - offset);
  const block = new Block(await near.read(offset, length, signal), offset);
  return readSelf(block, 0, length, form.highSierra) !== null || isPlausible(block, 0, length);
}
