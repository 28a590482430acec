// The least that listing a Rock Ridge tree can be: names, sizes and times of all records into arrays, no
// checks, no findings, no extents. A floor to see our own parsing against; it judges nothing.
import { expose } from 'comlink';
import type { Contender, Outcome } from './contenders.ts';

interface Input {
  readonly file: File;
  readonly head: number;
}

const SECTOR = 2048;
const NM = 0x4d4e;
const TF = 0x4654;

function list(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer);
  const names = new Uint8Array(bytes.length);
  const sizes = new Float64Array(1 << 20);
  const times = new Float64Array(1 << 20);
  let used = 0;
  let count = 0;
  const pending: [number, number][] = [[view.getUint32(16 * SECTOR + 158, true), view.getUint32(16 * SECTOR + 166, true)]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const start = next[0] * SECTOR;
    for (let at = start; at < start + next[1];) {
      const length = bytes[at] ?? 0;
      if (length === 0) {
        at = (Math.floor(at / SECTOR) + 1) * SECTOR;
        continue;
      }
      const identifier = bytes[at + 32] ?? 0;
      if (!(identifier === 1 && (bytes[at + 33] ?? 0) < 2)) {
        let time = at + 18;
        for (let use = at + 33 + identifier + (identifier % 2 === 0 ? 1 : 0); use + 4 <= at + length && bytes[use + 2];) {
          const signature = view.getUint16(use, true);
          if (signature === NM) {
            names.set(bytes.subarray(use + 5, use + (bytes[use + 2] ?? 0)), used);
            used += (bytes[use + 2] ?? 5) - 5;
          } else if (signature === TF) time = use + 5;
          use += bytes[use + 2] ?? 4;
        }
        times[count] = Date.UTC(1900 + (bytes[time] ?? 0), (bytes[time + 1] ?? 1) - 1, bytes[time + 2], bytes[time + 3], bytes[time + 4]);
        sizes[count++] = view.getUint32(at + 10, true);
        if ((bytes[at + 25] ?? 0) & 2) pending.push([view.getUint32(at + 2, true), view.getUint32(at + 10, true)]);
      }
      at += length;
    }
  }
  return count;
}

const contender: Contender<Input> = {
  async prepare() {},
  async run({ file, head }): Promise<Outcome> {
    const bytes = new Uint8Array(await file.slice(0, head).arrayBuffer());
    const start = performance.now();
    const entries = list(bytes);
    return { ms: performance.now() - start, entries };
  },
};

expose(contender);
