import { Deflate, Z_FINISH, Z_SYNC_FLUSH } from 'pako';
import { opened } from './deflate-open.ts';

/**
 * Raw deflate (RFC 1951), `fast` by the browser's own CompressionStream (no levels), `small` the smaller of that and of zlib's
 * level 9: what looks for longer matches does not always find the shorter text.
 */
export type Level = 'fast' | 'small';

/** Bytes before a block that its matches may reach back to. */
export const REACH = 32 * 1024;

const SMALL_LEVEL = 9;
/** Where there is no CompressionStream. */
const FAST_LEVEL = 6;
const MAX_WINDOW = 15;
const MIN_WINDOW = 9;
/** Each deflate block has then 8,192 symbols: with 32,768, the most, programs come out 1 to 2% larger, and no text 0.1% smaller. */
const MAX_MEMORY = 7;
const OUTPUT_CHUNK = 64 * 1024;

let native: boolean | null = null;

function hasNative(): boolean {
  if (native === null) {
    try {
      new CompressionStream('deflate-raw');
      native = true;
    } catch {
      native = false; // no CompressionStream, or one that knows only gzip (Safari before 16.4)
    }
  }
  return native;
}

/** Compress bytes to a whole stream. */
export async function deflated(bytes: Uint8Array, level: Level, useNative = hasNative()): Promise<Uint8Array<ArrayBuffer>> {
  return deflatedBlock(bytes, level, null, true, useNative);
}

/**
 * Compress one block of a stream, which ends with its `last` block; the blocks one after another are the stream. Only
 * `small` looks at the bytes `before` the block (REACH of them are enough).
 */
export async function deflatedBlock(
  bytes: Uint8Array,
  level: Level,
  before: Uint8Array | null,
  last: boolean,
  useNative = hasNative(),
): Promise<Uint8Array<ArrayBuffer>> {
  const fast = useNative ? await fastBlock(bytes, last) : byZlib(bytes, FAST_LEVEL, null, last);
  if (level === 'fast') return fast;
  const small = byZlib(bytes, SMALL_LEVEL, before, last);
  return small.length < fast.length ? small : fast;
}

async function fastBlock(bytes: Uint8Array, last: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const stream = await byStream(bytes);
  return last ? stream : opened(stream);
}

async function byStream(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new CompressionStream('deflate-raw');
  const writer = stream.writable.getWriter();
  // In one piece: where a compressor looks again depends on how its input comes.
  const written = writer.write(bytes as Uint8Array<ArrayBuffer>).then(() => writer.close());
  const [result] = await Promise.all([new Response(stream.readable).arrayBuffer(), written]);
  return new Uint8Array(result);
}

function byZlib(bytes: Uint8Array, level: number, before: Uint8Array | null, last: boolean): Uint8Array<ArrayBuffer> {
  const dictionary = before?.length ? before.subarray(-REACH) : null;
  // Tables as large as the bytes need: for small files, to make them costs more than to compress.
  const bits = dictionary ? MAX_WINDOW : Math.ceil(Math.log2(bytes.length + 1)) + 1;
  const deflate = new Deflate({
    raw: true,
    level,
    windowBits: Math.min(MAX_WINDOW, Math.max(MIN_WINDOW, bits)),
    memLevel: Math.min(MAX_MEMORY, Math.max(1, bits - 6)),
    chunkSize: Math.min(OUTPUT_CHUNK, bytes.length + 64),
    ...(dictionary ? { dictionary } : {}),
  });
  const parts: Uint8Array[] = [];
  let size = 0;
  deflate.onData = (part) => {
    parts.push(part);
    size += part.length;
  };
  deflate.push(bytes, last ? Z_FINISH : Z_SYNC_FLUSH);
  const result = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
