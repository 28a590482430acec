import { SourceError } from '../protocol/errors.ts';

/**
 * Something that has bytes: the dropped file, a part of it, a file inside the image, a decoded
 * stream, an archive being laid out. Wrappers take one and give one.
 */
export interface ByteSource {
  readonly name: string;
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`, in a buffer that the caller may keep but not write to.
   * Throws a SourceError where they cannot be had, an AbortError when cancelled. For metadata and
   * windows of up to a few MiB: contents in bulk leave by `stream`.
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * The bytes of a range in order, in chunks of any size. A chunk is valid only until the next
   * one is asked for (the buffer may be reused): copy what is to be kept.
   */
  stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void>;
  /** The range as a Blob that costs no memory, where it lies on the user's file; else null. */
  blob?(offset: number, length: number): Blob | null;
  /** When the file was last changed, in milliseconds of 1970, where that is known. */
  readonly modified?: number | undefined;
  /** Stretches that no file holds, in order: they read as zeros, and are none of the disc's bytes. */
  readonly gaps?: readonly Gap[];
  /**
   * Where this is the 2,048 bytes of each of raw sectors in mode 2: the same sectors with all 2,324 that
   * one of form 2 holds (CD-ROM XA). Sector by sector they stand at the same place.
   */
  readonly form2?: ByteSource | undefined;
}

/** A stretch of a source. */
export interface Gap {
  readonly offset: number;
  readonly length: number;
}

/** What a source holds: bytes up to its size, but for its gaps. */
export interface Held {
  readonly size: number;
  readonly gaps?: readonly Gap[];
  readonly form2?: ByteSource | undefined;
}

/** Bytes of a range, from its start on, that the source holds without a break. */
export function heldFrom(held: Held, offset: number, length: number): number {
  let end = Math.min(offset + length, held.size);
  for (const gap of held.gaps ?? []) if (gap.offset < end && gap.offset + gap.length > offset) end = gap.offset;
  return Math.max(0, end - offset);
}

/** Whether a source holds a byte of a range. */
export function holdsSome(held: Held, offset: number, length: number): boolean {
  let from = offset;
  for (const gap of held.gaps ?? []) if (gap.offset <= from) from = Math.max(from, gap.offset + gap.length);
  return from < Math.min(offset + length, held.size);
}

/** Bytes of one chunk where a source has no faster way to stream. */
export const STREAM_CHUNK = 4 * 1024 * 1024;

/** Throw unless the range lies inside the source. */
export function checkRange(source: { name: string; size: number }, offset: number, length: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= source.size)) {
    throw new SourceError('past-end', `“${source.name}” has ${source.size} bytes; ${length} bytes from ${offset} were asked for.`, offset);
  }
}

/** Stream a range by plain reads: for sources that have no faster way. */
export async function* streamByReads(
  source: Pick<ByteSource, 'read'>,
  offset: number,
  length: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  for (let done = 0; done < length;) {
    const chunk = await source.read(offset + done, Math.min(STREAM_CHUNK, length - done), signal);
    yield chunk;
    done += chunk.length;
  }
}
