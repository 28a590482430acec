import type { IHasher } from 'hash-wasm';
import type { SumName } from '../protocol/sums.ts';

/** What can be summed: CRC-32 is of files only, no one compares an image by it. */
export type HashName = SumName | 'crc32';

const CREATORS = {
  crc32: 'createCRC32',
  md5: 'createMD5',
  sha1: 'createSHA1',
  sha256: 'createSHA256',
  sha512: 'createSHA512',
  blake2b: 'createBLAKE2b',
  blake3: 'createBLAKE3',
} as const satisfies Readonly<Record<HashName, string>>;

/** A sum that has not been begun; `init` does. Loads the library with the first. */
export async function hasherOf(name: HashName): Promise<IHasher> {
  const library = await import('hash-wasm');
  return library[CREATORS[name]]();
}

/** Checksums over contents that come in pieces. */
export class RunningSums<Name extends HashName> {
  readonly #hashers: readonly (readonly [Name, IHasher])[];

  private constructor(hashers: readonly (readonly [Name, IHasher])[]) {
    this.#hashers = hashers;
  }

  static async begin<Name extends HashName>(names: readonly Name[]): Promise<RunningSums<Name>> {
    const hashers = await Promise.all(names.map(async (name) => [name, await hasherOf(name)] as const));
    for (const [, hasher] of hashers) hasher.init();
    return new RunningSums(hashers);
  }

  update(bytes: Uint8Array): void {
    for (const [, hasher] of this.#hashers) hasher.update(bytes);
  }

  /** The sums in hex; the last call. */
  finish(): Record<Name, string> {
    return Object.fromEntries(this.#hashers.map(([name, hasher]) => [name, hasher.digest('hex')])) as Record<Name, string>;
  }
}
