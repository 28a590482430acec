// 7z-wasm: the image is mounted, not copied; extraction goes to its file system in memory.
import SevenZip, { type SevenZipModule } from '7z-wasm';
import wasm from '7z-wasm/7zz.wasm?url';
import { expose } from 'comlink';
import type { Contender, Outcome } from './contenders.ts';

interface Input {
  readonly file: File;
  /** A path to extract; null to list. */
  readonly extract: string | null;
}

let seven: SevenZipModule;
let lines = 0;

const contender: Contender<Input> = {
  async prepare() {
    seven = await SevenZip({ locateFile: () => wasm, print: () => lines++, printErr: () => undefined });
  },
  async run({ file, extract }): Promise<Outcome> {
    seven.FS.mkdir('/in');
    seven.FS.mkdir('/out');
    seven.FS.mount(seven.WORKERFS, { files: [file] }, '/in');
    const start = performance.now();
    lines = 0;
    if (extract === null) {
      seven.callMain(['l', '-ba', `/in/${file.name}`]);
      return { ms: performance.now() - start, entries: lines };
    }
    seven.callMain(['x', '-y', '-o/out', `/in/${file.name}`, extract]);
    const bytes = seven.FS.readFile(`/out/${extract}`);
    return { ms: performance.now() - start, bytes: bytes.length };
  },
};

expose(contender);
