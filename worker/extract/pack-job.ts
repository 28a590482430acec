import { crc32 } from '../codec/crc32.ts';
import { storedBlocks } from '../codec/deflate-open.ts';
import { deflated, deflatedBlock } from '../codec/deflate.ts';
import type { Compression } from '../protocol/save.ts';
import { DEFLATED, STORED } from './zip-records.ts';

/** Bytes to sum and to compress: whole contents one after another, or one block of what is larger. */
export interface PackJob {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly compression: Compression;
  /** Lengths of the contents in `bytes`; one for a block. */
  readonly lengths: Uint32Array;
  /** By contents: 1 for what need not be tried. */
  readonly keep: Uint8Array;
  /** null: whole contents. A block is the `last` of its stream; `begins` one, which is stored where that block does not shrink. */
  readonly block: { readonly begins: boolean; readonly last: boolean; readonly before: Uint8Array | null } | null;
}

/** What came of a job, by contents or for the block. */
export interface Packed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: Uint32Array;
  /** CRC-32 before compression. */
  readonly crcs: Uint32Array;
  /** STORED or DEFLATED. */
  readonly methods: Uint8Array;
}

/** Bytes of one block, and of the contents of one job. */
export const BLOCK = 1024 * 1024;

/** A stream that begins with a block which stays this large is not worth the time. */
const SHRUNK = 0.99;
/** Bytes looked at to tell what is compressed already, and those then tried. */
const SAMPLE = 4096;
const TRIAL = 16 * 1024;
/** Bits a byte in a sample: text has 4 to 6, programs 5 to 7, deflate and JPEG more than this. */
const DENSE = 7.8;
const TRY_FROM = 64 * 1024;

/** Carry out a job: the same bytes for the same job, wherever it runs. */
export async function runPackJob(job: PackJob): Promise<Packed> {
  const count = job.lengths.length;
  const crcs = new Uint32Array(count);
  const lengths = new Uint32Array(count);
  const methods = new Uint8Array(count);
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let index = 0, at = 0; index < count; index++) {
    const bytes = job.bytes.subarray(at, at + (job.lengths[index] as number));
    at += bytes.length;
    crcs[index] = crc32(bytes);
    const packed = job.keep[index] === 1 || bytes.length === 0 ? null : await compressed(job, bytes);
    const part = packed ?? bytes;
    methods[index] = packed ? DEFLATED : STORED;
    lengths[index] = part.length;
    parts.push(part);
    size += part.length;
  }
  return { bytes: joined(parts, size), lengths, crcs, methods };
}

/** Contents or a block compressed; null where they are to be stored. */
async function compressed({ compression, block }: PackJob, bytes: Uint8Array): Promise<Uint8Array | null> {
  if (compression === 'stored') return null;
  const dense = await looksCompressed(bytes);
  if (!block) {
    const packed = dense ? bytes : await deflated(bytes, compression);
    return packed.length < bytes.length ? packed : null;
  }
  if (block.begins && dense) return null;
  const packed = dense ? storedBlocks(bytes, block.last) : await deflatedBlock(bytes, compression, block.before, block.last);
  if (!block.begins) return packed;
  // Asked of `fast` for both: else a stream that `small` alone begins could end larger than one that is stored.
  const first = compression === 'fast' ? packed : await deflatedBlock(bytes, 'fast', null, block.last);
  return first.length > bytes.length * SHRUNK ? null : packed;
}

/** Whether a part of the bytes says that the whole would not shrink: by how evenly bytes are spread, then by trial. */
async function looksCompressed(bytes: Uint8Array): Promise<boolean> {
  if (bytes.length < TRY_FROM) return false;
  const counts = new Uint16Array(256);
  const step = Math.floor(bytes.length / SAMPLE);
  for (let at = 0; at < SAMPLE; at++) {
    const byte = bytes[at * step] as number;
    counts[byte] = (counts[byte] as number) + 1;
  }
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / SAMPLE) * Math.log2(count / SAMPLE);
  if (bits < DENSE) return false;
  const middle = (bytes.length - TRIAL) >> 1;
  return (await deflated(bytes.subarray(middle, middle + TRIAL), 'fast')).length > TRIAL * SHRUNK;
}

/** Parts one after another; the only one as it is, where it has its buffer to itself. */
export function joined(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const only = parts[0];
  if (parts.length === 1 && only?.buffer.byteLength === size) return only as Uint8Array<ArrayBuffer>;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
