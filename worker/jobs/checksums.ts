import type { HashName } from '../codec/running-sums.ts';
import type { ByteSource } from '../source/source.ts';
import { openSumming } from './sum-line.ts';

export const startSums = (): Worker => new Worker(new URL('./summer.ts', import.meta.url), { type: 'module', name: 'sums' });

/** What one sum costs beside the others, measured in hash-wasm: those of one worker should cost alike. */
const COSTS: Readonly<Record<HashName, number>> = { crc32: 1, blake3: 2, blake2b: 2, sha1: 2, md5: 3, sha256: 4, sha512: 6 };

/**
 * The checksums of contents in one pass; `onProgress` is told of bytes. Lists are answered meanwhile: workers of their own
 * sum, as many as `workers` says, and this thread only reads.
 */
export async function checksumsOf<Name extends HashName>(
  source: ByteSource,
  names: readonly Name[],
  { start, workers }: { readonly start: () => Worker; readonly workers: number },
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<Record<Name, string>> {
  const lines = await Promise.all(shared(names, workers).map((some) => openSumming(start, some)));
  const end = (): void => {
    for (const line of lines) line.close?.();
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    let done = 0;
    for await (const chunk of source.stream(0, source.size, signal)) {
      await Promise.all(lines.map(async (line) => line.update(chunk)));
      onProgress((done += chunk.length));
      signal.throwIfAborted();
    }
    const sums = await Promise.all(lines.map(async (line) => line.finish()));
    return Object.assign({}, ...sums) as Record<Name, string>;
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

/** Sums in so many shares at most that cost alike: the dearest first, each to the share that has least to do. */
export function shared<Name extends HashName>(names: readonly Name[], most: number): Name[][] {
  const shares = Array.from({ length: Math.max(1, Math.min(names.length, most)) }, () => ({ names: [] as Name[], cost: 0 }));
  for (const name of [...new Set(names)].sort((a, b) => COSTS[b] - COSTS[a])) {
    const least = shares.reduce((best, share) => (share.cost < best.cost ? share : best));
    least.names.push(name);
    least.cost += COSTS[name];
  }
  return shares.map((share) => share.names).filter((some) => some.length > 0);
}
