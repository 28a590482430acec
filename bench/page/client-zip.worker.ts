// client-zip: a stored ZIP of slices of the image, streamed into a file.
import { expose } from 'comlink';
import { makeZip } from 'client-zip';
import { writeStream, type Contender, type Outcome, type Part } from './contenders.ts';

interface Input {
  readonly file: File;
  readonly parts: readonly Part[];
  readonly target: FileSystemFileHandle;
}

const contender: Contender<Input> = {
  async prepare() {},
  async run({ file, parts, target }): Promise<Outcome> {
    const start = performance.now();
    const files = parts.map(({ path, offset, size }) => ({
      name: path,
      size,
      input: file.slice(offset, offset + size),
      lastModified: new Date(0),
    }));
    const stream = makeZip(files) as ReadableStream<Uint8Array<ArrayBuffer>>;
    const bytes = await writeStream(stream, target);
    return { ms: performance.now() - start, bytes };
  },
};

expose(contender);
