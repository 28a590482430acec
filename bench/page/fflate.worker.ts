// fflate: Zip with ZipDeflate at level 6, file after file, into a file.
import { expose } from 'comlink';
import { Zip, ZipDeflate } from 'fflate';
import { writeStream, type Contender, type Outcome, type Part } from './contenders.ts';

interface Input {
  readonly file: File;
  readonly parts: readonly Part[];
  readonly target: FileSystemFileHandle;
}

/** The ZIP as a stream: a file is read and compressed whenever more is asked for. */
function zipStream(file: File, parts: readonly Part[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next = 0;
  let zip: Zip;
  return new ReadableStream({
    start(controller) {
      zip = new Zip((error, bytes, final) => {
        if (error) controller.error(error);
        else controller.enqueue(bytes);
        if (final) controller.close();
      });
    },
    async pull() {
      const part = parts[next++];
      if (!part) {
        zip.end();
        return;
      }
      const entry = new ZipDeflate(part.path, { level: 6 });
      zip.add(entry);
      entry.push(new Uint8Array(await file.slice(part.offset, part.offset + part.size).arrayBuffer()), true);
    },
  });
}

const contender: Contender<Input> = {
  async prepare() {},
  async run({ file, parts, target }): Promise<Outcome> {
    const start = performance.now();
    const bytes = await writeStream(zipStream(file, parts), target);
    return { ms: performance.now() - start, bytes };
  },
};

expose(contender);
