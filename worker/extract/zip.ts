import { Layout } from '../source/layout.ts';
import { breathe, BREATH, pathsByOffset, type ArchiveLayout } from './archive.ts';
import { crc32 } from '../codec/crc32.ts';
import { assertSafePath, utf8Length } from './names.ts';
import type { Member } from './member.ts';
import type { ExtractionPlan } from './plan.ts';
import {
  centralHeader,
  centralHeaderLength,
  endRecords,
  localHeader,
  localHeaderLength,
  STORED,
  zipName,
  type Stored,
} from './zip-records.ts';

/** Central headers are made so many at a time: one piece of the layout each. */
const CENTRAL_GROUP = 256;
const encoder = new TextEncoder();

/** A stored ZIP of a plan's members, given the CRC of each (by index); those in `except` are left out. */
export async function zipLayout(
  plan: ExtractionPlan,
  crcs: Uint32Array,
  except: ReadonlySet<number>,
  signal?: AbortSignal,
): Promise<ArchiveLayout> {
  const indices = new Uint32Array(plan.count);
  const starts = new Float64Array(plan.count);
  let count = 0;
  const member = (index: number): Member => {
    const found = plan.member(index);
    if (!found) throw new RangeError(`member ${index} is left out`);
    return found;
  };
  const centralGroup = (group: number): Uint8Array[] => {
    const headers: Uint8Array[] = [];
    for (let at = group * CENTRAL_GROUP; at < Math.min((group + 1) * CENTRAL_GROUP, count); at++) {
      const one = member(indices[at] as number);
      headers.push(centralHeader(one, storedOf(one, crcs), starts[at] as number));
    }
    return headers;
  };
  // Tags: a member's index for its local header, below zero for a group of central headers.
  const layout = new Layout(plan.name, (tag) => {
    if (tag < 0) return joined(centralGroup(-1 - tag));
    const one = member(tag);
    return localHeader(one, storedOf(one, crcs));
  });
  let directorySize = 0;
  const groupLengths: number[] = [];
  for (const one of plan.members(except)) {
    if (one.index % BREATH === 0) await breathe(signal);
    assertSafePath(one.path);
    const stored = storedOf(one, crcs);
    const nameLength = utf8Length(zipName(one));
    const group = Math.floor(count / CENTRAL_GROUP);
    const central = centralHeaderLength(nameLength, stored, layout.size);
    groupLengths[group] = (groupLengths[group] ?? 0) + central;
    directorySize += central;
    indices[count] = one.index;
    starts[count++] = layout.size;
    layout.addMade(one.index, localHeaderLength(nameLength, stored));
    if (one.kind === 'symlink') layout.addBytes(encoder.encode(one.target ?? ''));
    else if (one.size > 0) plan.addContents(layout, one.index);
  }
  const directoryOffset = layout.size;
  for (const [group, length] of groupLengths.entries()) layout.addMade(-1 - group, length);
  layout.addBytes(endRecords(count, directoryOffset, directorySize));
  return { layout, pathAt: pathsByOffset(plan, indices.subarray(0, count), starts.subarray(0, count)) };
}

/** Exact size of the stored ZIP of a plan, without its CRCs. */
export function zipSize(plan: ExtractionPlan): number {
  let offset = 0;
  let directory = 0;
  let count = 0;
  for (const member of plan.members()) {
    const size = contentSize(member);
    const nameLength = utf8Length(zipName(member));
    directory += centralHeaderLength(nameLength, { crc: 0, method: STORED, compressed: size, size }, offset);
    offset += localHeaderLength(nameLength, { size, method: STORED }) + size;
    count++;
  }
  return offset + directory + endRecords(count, offset, directory).length;
}

/** Bytes that stand after the local header: contents, or a link's target (as Info-ZIP does). */
function contentSize(member: Member): number {
  return member.kind === 'symlink' ? utf8Length(member.target ?? '') : member.size;
}

function storedOf(member: Member, crcs: Uint32Array): Stored {
  const size = contentSize(member);
  const crc = member.kind === 'symlink' ? crc32(encoder.encode(member.target ?? '')) : (crcs[member.index] as number);
  return { crc, method: STORED, compressed: size, size };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
