import { crc32Joined } from '../codec/crc32.ts';
import { REACH } from '../codec/deflate.ts';
import type { Compression } from '../protocol/save.ts';
import type { Layout } from '../source/layout.ts';
import { packed, SLICE_FROM, type Part } from '../source/packing.ts';
import type { ArchiveLayout } from './archive.ts';
import { GatheredSink } from './gathered-sink.ts';
import { GZIP_HEADER, gzipTrailer } from './gzip.ts';
import { Line } from './line.ts';
import { BLOCK, type Packed } from './pack-job.ts';
import { blocks } from './packed-members.ts';
import { changedWhileSaved, type Sink } from './sink.ts';
import type { PackOptions } from './zip-deflate.ts';

/** Bytes under way at least. */
const LEAST_AHEAD = 6 * 1024 * 1024;
const ZEROS = new Uint8Array(BLOCK);

/** Exact bytes of a layout in one gzip member, compressed without keeping them. */
export async function measureGzip(archive: ArchiveLayout, compression: Compression, options: PackOptions): Promise<number> {
  let size = GZIP_HEADER.length + gzipTrailer(0, 0).length;
  for await (const { bytes } of packedBlocks(archive, compression, options)) size += bytes.length;
  return size;
}

/** Write a layout as one gzip member (RFC 1952): blocks compressed side by side, joined to one stream. */
export async function writeGzip(
  archive: ArchiveLayout,
  compression: Compression,
  sink: Sink,
  options: PackOptions,
  measured: number | null = null,
): Promise<void> {
  const out = new GatheredSink(sink);
  await out.write(GZIP_HEADER);
  let crc = 0;
  let at = 0;
  for await (const { bytes, crcs } of packedBlocks(archive, compression, options)) {
    const length = Math.min(BLOCK, archive.layout.size - at);
    crc = crc32Joined(crc, crcs[0] as number, length);
    at += length;
    await out.write(bytes);
  }
  await out.write(gzipTrailer(crc, archive.layout.size));
  await out.flush();
  if (measured !== null && sink.size !== measured) throw changedWhileSaved(archive.layout.name);
}

/** The blocks of a layout compressed, in order; reading runs ahead. */
async function* packedBlocks(
  { layout, pathAt }: ArchiveLayout,
  compression: Compression,
  { pool, progress, signal }: PackOptions,
): AsyncGenerator<Packed, void, void> {
  const line = new Line<Packed>(Math.max(LEAST_AHEAD, pool.width * BLOCK));
  const level = compression === 'stored' ? 'fast' : compression;
  const read = async (): Promise<void> => {
    let before: Uint8Array | null = null;
    let done = 0;
    for await (const bytes of blocks(contents(layout, signal), layout.size, pool)) {
      signal?.throwIfAborted();
      const size = bytes.length;
      const last = done + size === layout.size;
      const reach: Uint8Array | null = level === 'small' && !last ? bytes.slice(-REACH) : null;
      const block = { begins: false, last, before };
      const job = { bytes, compression: level, lengths: Uint32Array.of(size), keep: new Uint8Array(1), block } as const;
      await line.put(size, pool.pack(job));
      before = reach;
      done += size;
    }
  };
  const reading = read().then(
    () => line.end(),
    (error: unknown) => line.fail(error as Error),
  );
  let at = 0;
  try {
    for await (const one of line.results(signal)) {
      const length = Math.min(BLOCK, layout.size - at);
      progress.add(length, () => pathAt(at));
      at += length;
      yield one;
    }
  } finally {
    await reading;
  }
}

/** All bytes of a layout: small pieces are read together in the order in which they lie on disc. */
async function* contents(layout: Layout, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  const parts = packed(layout, { sliceFrom: SLICE_FROM, signal });
  let next = parts.next();
  for (;;) {
    const { done, value } = await next;
    if (done) return;
    next = parts.next();
    next.catch(() => undefined); // comes up at the await above
    yield* bytesOf(value, signal);
  }
}

async function* bytesOf(part: Part, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  if ('bytes' in part) yield part.bytes;
  else if (part.kind === 'source') yield* part.source.stream(part.offset, part.length, signal);
  else for (let done = 0; done < part.length; done += ZEROS.length) yield ZEROS.subarray(0, Math.min(ZEROS.length, part.length - done));
}
