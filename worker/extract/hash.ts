import type { ByteSource } from '../source/source.ts';

/** Hashes sources one after another: SHA-256 in 64 hex digits (FIPS 180-4). */
export type Sha256 = (source: ByteSource, signal?: AbortSignal) => Promise<string>;

/** A SHA-256 that streams; its WASM is loaded here and shared by all calls, so one at a time. */
export async function createSha256(): Promise<Sha256> {
  const { createSHA256 } = await import('hash-wasm');
  const hasher = await createSHA256();
  return async (source, signal) => {
    hasher.init();
    for await (const chunk of source.stream(0, source.size, signal)) hasher.update(chunk);
    return hasher.digest('hex');
  };
}
