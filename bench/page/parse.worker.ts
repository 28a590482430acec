// Reading the tree with the bytes already in memory: what is left is parsing. Counts reads on the way.
import { expose } from 'comlink';
import { rehearsalDisc } from '../../worker/formats/iso9660/rehearsal-disc.ts';
import { udfRehearsalDisc } from '../../worker/formats/udf/rehearsal-disc.ts';
import { loadAhead } from '../../worker/inspect/lazy.ts';
import { openImage } from '../../worker/inspect/open.ts';
import type { View } from '../../worker/inspect/view.ts';
import { BlobSource } from '../../worker/source/blob.ts';
import { CountingSource } from '../../worker/source/counting.ts';
import type { ByteSource } from '../../worker/source/source.ts';
import type { Contender, Outcome } from './contenders.ts';

const REHEARSALS = 3;

interface Input {
  readonly file: File;
  /** Bytes at the start of the image that hold its directories; 0 to read from the file. */
  readonly head: number;
  /** The tree to read; null for the one that is shown. */
  readonly view: string | null;
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

  async *stream(offset: number, length: number): AsyncGenerator<Uint8Array, void, void> {
    yield await this.read(offset, length);
  }
}

/** Open, and read one tree, no other. */
async function readOne(source: ByteSource, wanted: string | null): Promise<View> {
  const image = await openImage(source);
  const view = image.views.find(({ volume }) => volume.id === (wanted ?? image.shown));
  if (!view) throw new Error(`there is no tree ${wanted}`);
  await view.read(() => undefined);
  return view;
}

const contender: Contender<Input> = {
  async prepare() {
    // As the worker that ships: it has loaded all, and rehearsed.
    await loadAhead();
    for (const disc of [rehearsalDisc(), udfRehearsalDisc()])
      for (let reading = 0; reading < REHEARSALS; reading++) await readOne(new BlobSource(new Blob([disc]), ''), null);
  },
  async run({ file, head, view: wanted }): Promise<Outcome> {
    const source = head > 0 ? new Head(new Uint8Array(await file.slice(0, head).arrayBuffer()), file.size) : new BlobSource(file, 'file');
    const counting = new CountingSource(source);
    const start = performance.now();
    const { catalog } = await readOne(counting, wanted);
    const ms = performance.now() - start;
    return { ms, entries: catalog.count - 1, reads: counting.reads, bytes: counting.bytes };
  },
};

expose(contender);
