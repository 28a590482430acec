import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import { LOGICAL_SECTOR } from './medium.ts';
import { FIRST_DESCRIPTOR } from './sector.ts';

/** Bytes from the start in which a volume descriptor behind a prefix, or a root directory out of place, is looked for. */
const SEARCHED = 1024 * 1024;
const SEARCHED_ROOT = 8 * 1024 * 1024;
const SEARCH_STEP = 2 * 1024 * 1024;
/** A disc of 128 GiB, the largest there is, ends before this sector. */
const MAX_SECTOR = 2 ** 26;
const ROOT_RECORD = 156;
const RECORD_LENGTH = 34;

/** Sector of the root directory by the primary descriptor of a view; null without one in 2,048-byte blocks (ECMA-119 8.4). */
async function rootSector(view: ByteSource, signal?: AbortSignal): Promise<number | null> {
  const offset = FIRST_DESCRIPTOR * LOGICAL_SECTOR;
  if (offset + LOGICAL_SECTOR > view.size) return null;
  const descriptor = new Block(await view.read(offset, LOGICAL_SECTOR, signal), offset);
  return isPrimary(descriptor, 0) ? descriptor.u32le(ROOT_RECORD + 2) : null;
}

/** A primary volume descriptor of 2,048-byte blocks (ECMA-119 8.4.1-8.4.12). */
function isPrimary(block: Block, at: number): boolean {
  return (
    at + LOGICAL_SECTOR <= block.length &&
    block.u8(at) === 1 &&
    String.fromCharCode(...block.part(at + 1, 5)) === 'CD001' &&
    block.u16le(at + 128) === LOGICAL_SECTOR &&
    block.u8(at + ROOT_RECORD) === RECORD_LENGTH
  );
}

/** True where a directory begins that says of itself that it lies at this sector (ECMA-119 9.1.3, 6.8.2.2). */
function isSelf(block: Block, at: number, sector: number): boolean {
  return (
    at + RECORD_LENGTH <= block.length &&
    block.u8(at) >= RECORD_LENGTH &&
    block.u32le(at + 2) === sector &&
    (block.u8(at + 25) & 2) !== 0 &&
    block.u8(at + 32) === 1 &&
    block.u8(at + 33) === 0
  );
}

async function selfAt(view: ByteSource, sector: number, named: number, signal?: AbortSignal): Promise<boolean> {
  const offset = sector * LOGICAL_SECTOR;
  if (sector < 0 || offset + LOGICAL_SECTOR > view.size) return false;
  return isSelf(new Block(await view.read(offset, LOGICAL_SECTOR, signal), offset), 0, named);
}

/**
 * The logical sector at which the first sector of a view stands on its disc. A session that was
 * copied alone counts its extents from the disc's beginning: its root directory's own record tells
 * (ECMA-119 6.8.2.2). The candidates are tried first; null where nothing tells.
 */
export async function placeOf(view: ByteSource, candidates: readonly number[], signal?: AbortSignal): Promise<number | null> {
  const root = await rootSector(view, signal);
  if (root === null) return null;
  for (const base of new Set(candidates)) if (await selfAt(view, root - base, root, signal)) return base;
  const end = Math.min(SEARCHED_ROOT, view.size - (view.size % LOGICAL_SECTOR));
  for (let offset = 0; offset < end; offset += SEARCH_STEP) {
    const window = new Block(await view.read(offset, Math.min(SEARCH_STEP, end - offset), signal), offset);
    for (let at = 0; at < window.length; at += LOGICAL_SECTOR) {
      const sector = (offset + at) / LOGICAL_SECTOR;
      if (sector > FIRST_DESCRIPTOR && root > sector && root < MAX_SECTOR && isSelf(window, at, root)) return root - sector;
    }
  }
  return null;
}

/**
 * Bytes in front of an image that do not belong to it, of any number: where the first primary volume
 * descriptor stands that leads to a root directory. Below 0 where the image's own beginning is
 * missing; null where there is none.
 */
export async function prefixOf(source: ByteSource, signal?: AbortSignal): Promise<number | null> {
  const length = Math.min(SEARCHED + FIRST_DESCRIPTOR * LOGICAL_SECTOR, source.size);
  const head = new Block(await source.read(0, length, signal), 0);
  const mark = Uint8Array.of(1, 0x43, 0x44, 0x30, 0x30, 0x31, 1);
  for (let at = head.bytes.indexOf(1); at !== -1; at = head.bytes.indexOf(1, at + 1)) {
    if (!mark.every((byte, index) => head.bytes[at + index] === byte) || !isPrimary(head, at)) continue;
    const prefix = at - FIRST_DESCRIPTOR * LOGICAL_SECTOR;
    const root = head.u32le(at + ROOT_RECORD + 2);
    const offset = prefix + root * LOGICAL_SECTOR;
    if (offset < 0 || offset + LOGICAL_SECTOR > source.size) continue;
    if (isSelf(new Block(await source.read(offset, LOGICAL_SECTOR, signal), offset), 0, root)) return prefix;
  }
  return null;
}
