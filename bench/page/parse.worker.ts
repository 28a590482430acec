// Reading the tree with the bytes already in memory: what is left is parsing. Counts reads on the way.
import { expose } from 'comlink';
import type { DiscImage } from '../../worker/inspect/image.ts';
import { openImage } from '../../worker/inspect/open.ts';
import { BlobSource } from '../../worker/source/blob.ts';
import { CountingSource } from '../../worker/source/counting.ts';
import type { ByteSource } from '../../worker/source/source.ts';
import type { Contender, Outcome } from './contenders.ts';

interface Input {
  readonly file: File;
  /** Bytes at the start of the image that hold its directories; 0 to read from the file. */
  readonly head: number;
}

/** The start of an image in memory; what lies behind it is not asked for. */
class Head implements ByteSource {
  readonly name = 'head';
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, size: number) {
    this.#bytes = bytes;
    this.size = size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = this.#bytes.subarray(offset, offset + length);
    if (bytes.length === length) return bytes;
    const padded = new Uint8Array(length);
    padded.set(bytes);
    return padded;
  }

  stream(): AsyncGenerator<Uint8Array, void, void> {
    throw new Error('not needed');
  }
}

/** Open, and read the tree that is shown, no other. */
async function readShown(source: ByteSource): Promise<DiscImage> {
  const image = await openImage(source);
  await image.view(image.shown ?? 'iso9660')?.read(() => undefined);
  return image;
}

const contender: Contender<Input> = {
  async prepare() {},
  async run({ file, head }): Promise<Outcome> {
    const source = head > 0 ? new Head(new Uint8Array(await file.slice(0, head).arrayBuffer()), file.size) : new BlobSource(file, 'file');
    const counting = new CountingSource(source);
    const start = performance.now();
    const image = await readShown(counting);
    const ms = performance.now() - start;
    const entries = (image.view(image.shown ?? 'iso9660')?.catalog.count ?? 0) - 1;
    return { ms, entries, reads: counting.reads, bytes: counting.bytes };
  },
};

expose(contender);
