import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Line } from './line.ts';
import { executePlan } from './save.ts';
import { testDisc } from './testing.ts';

const MIB = 1024 * 1024;

describe('results under way', () => {
  it('are taken in the order in which they were put in, and no more of them are under way than may be', async () => {
    const line = new Line<number>(4);
    let under = 0;
    let most = 0;
    const filling = (async () => {
      for (let at = 0; at < 20; at++) {
        most = Math.max(most, ++under);
        await line.put(
          1,
          sleep((at * 7) % 5).then(() => at),
        );
      }
      line.end();
    })();
    const taken: number[] = [];
    for await (const one of line.results()) {
      taken.push(one);
      under--;
    }
    await filling;
    expect(taken).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(most).toBeLessThanOrEqual(5);
  });

  it('end with the failure of any, for who takes and for who puts in', async () => {
    const line = new Line<number>(1);
    const putting = line.put(1, Promise.reject(new Error('broken')));
    await expect(putting).rejects.toThrow('broken');
    await expect(line.results().next()).rejects.toThrow('broken');
  });

  it('end at once when they are cancelled, though none is there', async () => {
    const line = new Line<number>(1);
    const controller = new AbortController();
    const waiting = line.results(controller.signal).next();
    void line.put(1, new Promise(() => undefined)).catch(() => undefined);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it.each(['zip', 'tgz'] as const)('a compressed %s of 600 MB holds only a few MB of them at once', async (format) => {
  const noise = new Uint8Array(4 * MIB);
  for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
  const image = {
    name: 'noise',
    size: 600 * MIB,
    read: async (_offset: number, length: number) => noise.slice(0, length),
    async *stream(_offset: number, length: number) {
      for (let done = 0; done < length; done += noise.length) yield noise.subarray(0, Math.min(noise.length, length - done));
    },
  };
  const plan = await testDisc([{ name: 'large.bin', runs: [{ offset: 0, length: image.size }] }], image).plan({
    format,
    compression: 'fast',
  });
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const sink = {
    size: 0,
    async write(bytes: Uint8Array) {
      this.size += bytes.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    },
    patch: async () => undefined,
    truncate: async () => undefined,
    close: async () => undefined,
    abort: async () => undefined,
  };
  await executePlan(plan, { openTarget: async () => sink, limit: 0 });
  expect(sink.size).toBeGreaterThan(image.size);
  expect(most).toBeLessThan(200 * MIB);
});
