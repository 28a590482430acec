import { Block } from '../bytes/block.ts';
import type { ByteSource } from './source.ts';

/** Wanted ranges of a source, some of them in the order of their offsets. */
export interface Places {
  readonly order: readonly number[];
  readonly offsetOf: (index: number) => number;
  readonly endOf: (index: number) => number;
}

/**
 * Hand out the places from `next` up to `until`, of which the last ends at `end`, from one stream:
 * nothing is kept but what a chunk cuts off. A window is valid only during the call.
 */
export async function sweep(
  source: ByteSource,
  { order, offsetOf, endOf }: Places,
  [next, until, end]: readonly [number, number, number],
  hand: (index: number, window: Block) => void,
  onChunk: () => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  const start = offsetOf(order[next] as number);
  const handUpTo = (window: Block): void => {
    const behind = window.base + window.length;
    for (; next < until && endOf(order[next] as number) <= behind; next++) hand(order[next] as number, window);
  };
  /** Bytes before the chunk that begin a place not handed out yet. */
  let rest: Uint8Array = new Uint8Array(0);
  let position = start;
  for await (const chunk of source.stream(start, end - start, signal)) {
    const behind = position + chunk.length;
    if (rest.length > 0) {
      let needed = position;
      for (let at = next; at < until && offsetOf(order[at] as number) < position; at++)
        needed = Math.max(needed, endOf(order[at] as number));
      const window = new Block(joined(rest, chunk.subarray(0, needed - position)), position - rest.length);
      handUpTo(window);
      if (needed > behind) rest = window.bytes;
      else rest = new Uint8Array(0);
    }
    if (rest.length === 0) {
      handUpTo(new Block(chunk, position));
      const open = next < until ? offsetOf(order[next] as number) : behind;
      if (open < behind) rest = chunk.slice(open - position);
    }
    position = behind;
    await onChunk();
    signal?.throwIfAborted();
  }
}

function joined(before: Uint8Array, behind: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(before.length + behind.length);
  bytes.set(before);
  bytes.set(behind, before.length);
  return bytes;
}
