// The plainest way to write files into a folder: one after the other, each a slice of the image.
import { expose } from 'comlink';
import type { Contender, Outcome, Part } from './contenders.ts';

interface Input {
  readonly file: File;
  readonly parts: readonly Part[];
  readonly target: FileSystemDirectoryHandle;
}

const contender: Contender<Input> = {
  async prepare() {},
  async run({ file, parts, target }): Promise<Outcome> {
    const start = performance.now();
    let bytes = 0;
    for (const { path, offset, size } of parts) {
      const steps = path.split('/');
      const name = steps.pop() ?? '';
      let folder = target;
      for (const step of steps) folder = await folder.getDirectoryHandle(step, { create: true });
      const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writable.write(file.slice(offset, offset + size));
      await writable.close();
      bytes += size;
    }
    return { ms: performance.now() - start, bytes, files: parts.length };
  },
};

expose(contender);
