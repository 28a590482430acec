import { Block } from '../../bytes/block.ts';
import type { Structure } from '../../protocol/preview.ts';
import type { ByteSource } from '../../source/source.ts';
import { describeBootCatalog, describeMbr } from './boot.ts';
import { SECTOR } from './field-list.ts';
import { describeDescriptor, describeRecords } from './iso.ts';
import { describeRecognition, describeTagged } from './udf.ts';

/** Bytes that are looked at in one go. */
export const MAX_RANGE = 64 * 1024;
/** UDF's identifiers stand at every fourth byte, its descriptors at blocks of 512 or more. */
const STEP = 4;

/**
 * The structures of an image that begin in these sectors, in order. They are known by what stands there:
 * an identifier, a tag that adds up, a record whose two byte orders agree.
 */
export async function findStructures(source: ByteSource, offset: number, length: number): Promise<Structure[]> {
  const first = Math.max(0, Math.floor(offset / SECTOR) * SECTOR);
  const last = Math.min(source.size, offset + Math.min(length, MAX_RANGE));
  if (last <= first) return [];
  // One sector more, so that what begins in the last one is whole.
  const block = new Block(await source.read(first, Math.min(source.size, Math.ceil(last / SECTOR) * SECTOR + SECTOR) - first), first);
  const found: Structure[] = [];
  for (let at = 0; first + at < last; at += SECTOR) found.push(...inSector(block, at));
  return found.filter((structure) => structure.at < last && structure.at + structure.length > offset);
}

function inSector(block: Block, at: number): Structure[] {
  const whole = describeDescriptor(block, at) ?? describeRecognition(block, at) ?? describeMbr(block, at);
  if (whole) return [whole];
  const catalog = describeBootCatalog(block, at);
  if (catalog.length > 0) return catalog;
  const records = describeRecords(block, at);
  return records.length > 0 ? records : tagged(block, at);
}

/** UDF descriptors of a sector: one at its start, or identifiers of a directory in a row. */
function tagged(block: Block, at: number): Structure[] {
  const found: Structure[] = [];
  const end = Math.min(at + SECTOR, block.length);
  for (let from = at; from + 16 <= end;) {
    const structure = describeTagged(block, from);
    if (structure) found.push(structure);
    // A file entry may hold identifiers in itself: they are structures of their own behind its fields.
    from += structure ? Math.max(STEP, (inner(structure) + STEP - 1) & ~(STEP - 1)) : STEP;
  }
  return found;
}

function inner({ length, fields, at }: Structure): number {
  const contents = fields.find(({ name }) => name === 'Contents');
  return contents ? contents.at - at : length;
}
