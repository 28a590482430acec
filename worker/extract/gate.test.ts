import { describe, expect, it } from 'vitest';
import { BytesSource } from '../source/bytes.ts';
import { Gate, gatedSink, gatedSource } from './gate.ts';
import { MemorySink } from './sink.ts';

const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  const late = Symbol('late');
  const wait = new Promise((resolve) => setTimeout(resolve, 20, late));
  return (await Promise.race([promise, wait])) !== late;
};

describe('a paused save', () => {
  it('reads nothing until it goes on, and then reads the same bytes', async () => {
    const gate = new Gate();
    const source = gatedSource(new BytesSource(Uint8Array.of(1, 2, 3, 4), 'x'), gate);
    gate.close();
    const read = source.read(1, 2);
    const chunks = source.stream(0, 4);
    const chunk = chunks.next();
    expect([await settled(read), await settled(chunk)]).toEqual([false, false]);
    gate.open();
    expect([...(await read)]).toEqual([2, 3]);
    expect((await chunk).value?.length).toBe(4);
  });

  it('writes nothing until it goes on; given up it is not waited for', async () => {
    const gate = new Gate();
    const memory = new MemorySink(100);
    const sink = gatedSink(memory, gate);
    gate.close();
    const write = sink.write(Uint8Array.of(1, 2));
    expect([await settled(write), memory.size]).toEqual([false, 0]);
    expect(await settled(sink.abort())).toBe(true);
    gate.open();
    await write;
    expect(sink.size).toBe(2);
  });

  it('ends when it is cancelled: the gate opens, and the read finds the signal aborted', async () => {
    const gate = new Gate();
    const cancel = new AbortController();
    const source = gatedSource(new BytesSource(Uint8Array.of(1), 'x'), gate);
    gate.close();
    const read = source.read(0, 1, cancel.signal);
    cancel.abort();
    gate.open();
    await expect(read).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('that is closed, opened and closed again while one waits is still waited for', async () => {
    const gate = new Gate();
    gate.close();
    const pass = gate.pass();
    gate.open();
    gate.close();
    expect([await settled(pass), gate.closed]).toEqual([false, true]);
    gate.open();
    await pass;
  });
});
