import type { Block } from '../../bytes/block.ts';
import type { Findings } from '../findings.ts';
import { Allocation } from './allocation.ts';
import { readExtendedAttributes } from './extended-attributes.ts';
import { addressOf, partitionOf, type Space } from './space.ts';
import { checkTag, TAGS } from './tag.ts';
import { isZoneKnown, readTimestamp } from './timestamp.ts';

/** File types of an ICB (ECMA-167 4/14.6.6, UDF 2.60 2.3.5.2). */
export const FILE_TYPES = {
  unspecified: 0,
  directory: 4,
  bytes: 5,
  blockDevice: 6,
  characterDevice: 7,
  fifo: 9,
  socket: 10,
  symlink: 12,
  streamDirectory: 13,
  vat: 248,
  realTime: 249,
} as const;

/** Strategy of ICBs that are written anew behind the old ones (UDF 2.60 6.6). */
export const STRATEGY_4096 = 4096;

/** What listing needs of a file entry or extended file entry (ECMA-167 4/14.9, 4/14.17) and its ICB tag (4/14.6). */
export interface FileEntry {
  /** Absolute offset of its tag. */
  readonly offset: number;
  /** Address of its block. */
  readonly address: number;
  readonly strategy: number;
  readonly fileType: number;
  /** Milliseconds since 1970 UTC, NaN where not recorded. */
  readonly modified: number;
  /** Address of the ICB of its stream directory; -1 without named streams (ECMA-167 4/14.17). */
  readonly streams: number;
  readonly allocation: Allocation;
}

/** All that a file entry says. */
export interface FileEntryFields extends FileEntry {
  /** ICB flags (ECMA-167 4/14.6.8). */
  readonly flags: number;
  readonly uid: number;
  readonly gid: number;
  readonly permissions: number;
  readonly links: number;
  readonly accessed: number;
  readonly changed: number;
  readonly created: number;
  readonly zoneKnown: boolean;
  /** Major and minor number (ECMA-167 4/14.10.7). */
  readonly device: readonly [number, number] | null;
}

/** Which fields of the two forms stand where. */
const PLAIN = { accessed: 72, modified: 84, created: -1, changed: 96, streams: -1, lengths: 168, end: 176 } as const;
const LARGER = { accessed: 80, modified: 92, created: 104, changed: 116, streams: 152, lengths: 208, end: 216 } as const;

/** Whether a file entry of either form stands here, by its tag's identifier. */
export function isFileEntry(block: Block, at: number, limit: number): boolean {
  const id = limit >= PLAIN.end ? block.u16le(at) : 0;
  return id === TAGS.fileEntry || (id === TAGS.extendedFileEntry && limit >= LARGER.end);
}

/** Read the file entry at `at`, of whose block `limit` bytes are there; what is wrong with it is told. */
export function readFileEntry(block: Block, at: number, limit: number, address: number, space: Space, findings: Findings): FileEntry {
  checkTag(block, at, limit, Math.floor(address / 65536), 'a file entry', findings);
  const form = formOf(block, at);
  const offset = block.base + at;
  const flags = block.u16le(at + 34);
  const claimed = u64(block, at + 56);
  const allocation = new Allocation(claimed, flags & 7, partitionOf(address), space);
  const room = limit - form.end;
  const attributeLength = block.u32le(at + form.lengths);
  const descriptorLength = block.u32le(at + form.lengths + 4);
  const attributeRoom = Math.min(attributeLength, room);
  if (attributeLength + descriptorLength > room) {
    findings.add(
      'damage',
      'file-entry-overrun',
      offset + form.lengths,
      'ECMA-167 4/14.9',
      `A file entry claims ${attributeLength} bytes of attributes and ${descriptorLength} of allocation descriptors; its block has room for ${room}.`,
    );
  }
  allocation.add(block, at + form.end + attributeRoom, Math.min(descriptorLength, room - attributeRoom));
  return {
    offset,
    address,
    strategy: block.u16le(at + 20),
    fileType: block.u8(at + 27),
    modified: readTimestamp(block, at + form.modified),
    streams: form.streams >= 0 ? icbAt(block, at + form.streams) : -1,
    allocation,
  };
}

/** The same with all other fields. */
export function readFileEntryFields(
  block: Block,
  at: number,
  limit: number,
  address: number,
  space: Space,
  findings: Findings,
): FileEntryFields {
  const form = formOf(block, at);
  const attributes = readExtendedAttributes(block.slice(at + form.end, Math.min(block.u32le(at + form.lengths), limit - form.end)));
  const entry = readFileEntry(block, at, limit, address, space, findings);
  // Field by field: spreading an object is slow, and there may be a million of them.
  return {
    offset: entry.offset,
    address: entry.address,
    strategy: entry.strategy,
    fileType: entry.fileType,
    modified: entry.modified,
    streams: entry.streams,
    allocation: entry.allocation,
    flags: block.u16le(at + 34),
    uid: block.u32le(at + 36),
    gid: block.u32le(at + 40),
    permissions: block.u32le(at + 44),
    links: block.u16le(at + 48),
    accessed: readTimestamp(block, at + form.accessed),
    changed: readTimestamp(block, at + form.changed),
    created: form.created < 0 ? attributes.created : readTimestamp(block, at + form.created),
    zoneKnown: isZoneKnown(block, at + form.modified),
    device: attributes.device,
  };
}

/** Where the fields of the form that stands here are. */
export function formOf(block: Block, at: number): typeof PLAIN | typeof LARGER {
  return block.u16le(at) === TAGS.extendedFileEntry ? LARGER : PLAIN;
}

/** Address of the ICB that a long allocation descriptor names; -1 where it is empty (ECMA-167 4/14.14.2). */
export function icbAt(block: Block, at: number): number {
  return (block.u32le(at) & 0x3fffffff) > 0 ? addressOf(block.u32le(at + 4), block.u16le(at + 8)) : -1;
}

/** Uint64 as a number that is only compared: above 2^53 it is not exact. */
function u64(block: Block, at: number): number {
  return block.u32le(at) + block.u32le(at + 4) * 2 ** 32;
}
