import { firstOf, lastOf, needleOf, type Needle } from '../bytes/needle.ts';
import type { Match, Pattern } from '../protocol/preview.ts';
import type { ByteSource } from '../source/source.ts';

/** Longest pattern that is looked for. */
export const MAX_PATTERN = 1024;
/** Bytes looked at between two reports. */
const PIECE = 4 * 1024 * 1024;

export interface FindOptions {
  readonly patterns: readonly Pattern[];
  readonly from: number;
  readonly backwards: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

/**
 * The nearest place of any of the patterns: forwards one that begins at `from` or later, backwards one
 * that begins before it. Pieces of 4 MiB are read with the length of a pattern beyond their end.
 */
export async function findBytes(source: ByteSource, options: FindOptions): Promise<Match | null> {
  const needles = options.patterns
    .filter(({ bytes }) => bytes.length > 0 && bytes.length <= MAX_PATTERN)
    .map(({ bytes, anyCase }) => needleOf(bytes, anyCase));
  const { size } = source;
  const over = Math.max(0, ...needles.map(({ bytes }) => bytes.length)) - 1;
  if (over < 0) return null;
  let done = 0;
  const { backwards, signal } = options;
  for (let at = Math.min(options.from, size); backwards ? at > 0 : at < size;) {
    const start = backwards ? Math.max(0, at - PIECE) : at;
    const end = backwards ? at : Math.min(size, at + PIECE);
    const bytes = await source.read(start, Math.min(size, end + over) - start, signal);
    const found = nearest(bytes, needles, end - start, backwards);
    if (found) return { at: start + found.at, length: found.length };
    done += end - start;
    options.onProgress(done);
    at = backwards ? start : end;
  }
  return null;
}

function nearest(bytes: Uint8Array, needles: readonly Needle[], limit: number, backwards: boolean): Match | null {
  let best: Match | null = null;
  for (const needle of needles) {
    const at = backwards ? lastOf(bytes, needle, limit) : firstOf(bytes, needle, limit);
    if (at >= 0 && (!best || (backwards ? at > best.at : at < best.at))) best = { at, length: needle.bytes.length };
  }
  return best;
}
