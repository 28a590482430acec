import { Layout } from '../source/layout.ts';
import { breathe, BREATH, pathsByOffset, type ArchiveLayout } from './archive.ts';
import { crc32 } from '../codec/crc32.ts';
import { PathGuard, utf8Length } from './names.ts';
import type { Member } from './member.ts';
import type { ExtractionPlan } from './plan.ts';
import {
  centralHeaderLength,
  endRecords,
  localHeaderLength,
  putCentralHeader,
  putLocalHeader,
  STORED,
  type Stored,
} from './zip-records.ts';

/** Central headers are made so many at a time: one piece of the layout each. */
const CENTRAL_GROUP = 256;
const encoder = new TextEncoder();

/** A stored ZIP of a plan's members; `crcs` are those of its contents by member, once they are to be read. Those in `except` are left out. */
export async function zipLayout(
  plan: ExtractionPlan,
  crcs: Uint32Array,
  except: ReadonlySet<number>,
  signal?: AbortSignal,
): Promise<ArchiveLayout> {
  const indices = new Uint32Array(plan.count);
  const starts = new Float64Array(plan.count);
  let count = 0;
  const guard = new PathGuard();
  const member = (index: number): Member => {
    const found = plan.member(index);
    if (!found) throw new RangeError(`member ${index} is left out`);
    return found;
  };
  const storedOf = (index: number): Stored => {
    const size = contentSize(plan, index);
    const target = plan.target(index);
    const crc = target === null ? (crcs[index] as number) : crc32(encoder.encode(target));
    return { crc, method: STORED, compressed: size, size };
  };
  const putCentralGroup = (group: number, into: Uint8Array, start: number): number => {
    let end = start;
    for (let at = group * CENTRAL_GROUP; at < Math.min((group + 1) * CENTRAL_GROUP, count); at++) {
      const index = indices[at] as number;
      end += putCentralHeader(into, end, member(index), storedOf(index), starts[at] as number);
    }
    return end - start;
  };
  // Tags: a member's index for its local header, below zero for a group of central headers.
  const layout = new Layout(plan.name, (tag, into, at) => {
    if (tag < 0) return putCentralGroup(-1 - tag, into, at);
    const one = member(tag);
    guard.assert(one.path);
    return putLocalHeader(into, at, one, storedOf(tag));
  });
  let directorySize = 0;
  const groupLengths: number[] = [];
  for (let index = 0; index < plan.count; index++) {
    if (index % BREATH === 0) await breathe(signal);
    const kind = plan.kind(index);
    if (kind === null || except.has(index)) continue;
    const lengths = lengthsOf(plan, index, layout.size);
    const group = Math.floor(count / CENTRAL_GROUP);
    groupLengths[group] = (groupLengths[group] ?? 0) + lengths.central;
    directorySize += lengths.central;
    indices[count] = index;
    starts[count++] = layout.size;
    layout.addMade(index, lengths.local);
    if (kind === 'symlink') layout.addBytes(encoder.encode(plan.target(index) ?? ''));
    else if (lengths.contents > 0) plan.addContents(layout, index);
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
  for (let index = 0; index < plan.count; index++) {
    if (plan.kind(index) === null) continue;
    const { local, contents, central } = lengthsOf(plan, index, offset);
    directory += central;
    offset += local + contents;
    count++;
  }
  return offset + directory + endRecords(count, offset, directory).length;
}

/** Bytes of a member's headers and contents, where its local header stands at `offset`. */
function lengthsOf(plan: ExtractionPlan, index: number, offset: number): { local: number; contents: number; central: number } {
  const size = contentSize(plan, index);
  const name = plan.pathLength(index) + (plan.kind(index) === 'directory' ? 1 : 0);
  return {
    local: localHeaderLength(name, { size, method: STORED }),
    contents: size,
    central: centralHeaderLength(name, { crc: 0, method: STORED, compressed: size, size }, offset),
  };
}

/** Bytes that stand after the local header: contents, or a link's target (as Info-ZIP does). */
function contentSize(plan: ExtractionPlan, index: number): number {
  const target = plan.target(index);
  return target === null ? plan.size(index) : utf8Length(target);
}
