import type { IHasher } from 'hash-wasm';
import type { Checksums } from '../protocol/study.ts';

/** The four checksums that people compare files by, over contents that come in pieces. */
export class FourSums {
  readonly #hashers: Readonly<Record<keyof Checksums, IHasher>>;

  private constructor(hashers: Readonly<Record<keyof Checksums, IHasher>>) {
    this.#hashers = hashers;
  }

  static async begin(): Promise<FourSums> {
    const { createCRC32, createMD5, createSHA1, createSHA256 } = await import('hash-wasm');
    const [crc32, md5, sha1, sha256] = await Promise.all([createCRC32(), createMD5(), createSHA1(), createSHA256()]);
    const hashers = { crc32, md5, sha1, sha256 };
    for (const hasher of Object.values(hashers)) hasher.init();
    return new FourSums(hashers);
  }

  update(bytes: Uint8Array): void {
    for (const hasher of Object.values(this.#hashers)) hasher.update(bytes);
  }

  /** The sums in hex; the last call. */
  finish(): Checksums {
    const { crc32, md5, sha1, sha256 } = this.#hashers;
    return { crc32: crc32.digest('hex'), md5: md5.digest('hex'), sha1: sha1.digest('hex'), sha256: sha256.digest('hex') };
  }
}
