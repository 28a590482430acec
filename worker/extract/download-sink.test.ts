import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DownloadOrder, DownloadPart } from '../protocol/download.ts';
import { Downloads, encodedName } from '../sw/download.ts';
import { DownloadSink } from './download-sink.ts';

const MIB = 1024 * 1024;
const WINDOW = 8 * MIB;

/** Locks as of one browser: granted in order, and let go of by `kill` as when their holder dies. */
class TestLocks {
  readonly #queues = new Map<string, (() => Promise<unknown>)[]>();
  readonly #kills = new Map<string, () => void>();

  request(name: string, work: () => unknown): Promise<void> {
    return new Promise((done) => {
      const turn = async (): Promise<void> => {
        await Promise.race([work(), new Promise<void>((kill) => this.#kills.set(name, kill))]);
        done();
        const queue = this.#queues.get(name) ?? [];
        queue.shift();
        void queue[0]?.();
      };
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      queue.push(turn);
      if (queue.length === 1) void Promise.resolve().then(turn);
    });
  }

  kill(name: string): void {
    this.#kills.get(name)?.();
  }
}

let locks: TestLocks;
beforeEach(() => {
  locks = new TestLocks();
  vi.stubGlobal('navigator', { locks });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Both ends of a download, joined as the page joins them. */
function joined(name = 'a.bin'): {
  downloads: Downloads;
  open: (size: number | null, signal?: AbortSignal) => Promise<DownloadSink>;
  answer: Promise<Response>;
} {
  const { port1, port2 } = new MessageChannel();
  const downloads = new Downloads();
  const answer = new Promise<Response>((give) => {
    port1.onmessage = ({ data }: MessageEvent<DownloadPart>) => {
      if (data.kind !== 'begin') return;
      const order: DownloadOrder = { kind: 'download', id: 'one', name, size: data.size, lock: 'lock' };
      downloads.take(order, port1, () => give(downloads.answer('one')));
    };
  });
  const open = (size: number | null, signal?: AbortSignal): Promise<DownloadSink> =>
    DownloadSink.open({ port: port2, lock: 'lock', ...(signal ? { signal } : {}) }, size);
  return { downloads, open, answer };
}

const pattern = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, at) => (at * 7) & 255);
const soon = (): Promise<void> => new Promise((done) => setTimeout(done, 20));

describe('a streamed download', () => {
  it('gives exactly the bytes that were written, with their number said before', async () => {
    const { open, answer } = joined('naïve “漢字” (1)\n.bin');
    const bytes = pattern(3 * MIB + 5);
    const sink = await open(bytes.length + 3);
    const response = await answer;
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': String(bytes.length + 3),
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''na%C3%AFve%20%E2%80%9C%E6%BC%A2%E5%AD%97%E2%80%9D%20%281%29%0A.bin`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
    const got = response.arrayBuffer();
    await sink.write(Uint8Array.of(1, 2, 3));
    await sink.write(bytes);
    await sink.close();
    expect(sink.size).toBe(bytes.length + 3);
    expect(Buffer.compare(Buffer.from(await got), Buffer.from([1, 2, 3, ...bytes]))).toBe(0);
  });

  it('of no bytes ends whole', async () => {
    const { open, answer } = joined();
    const sink = await open(0);
    const got = (await answer).arrayBuffer();
    await sink.close();
    expect((await got).byteLength).toBe(0);
  });

  it('sends only what is asked for: a browser that takes nothing holds the writer back', async () => {
    const { open, answer } = joined();
    const sink = await open(20 * MIB);
    const reader = (await answer).body!.getReader();
    let written = 0;
    const writing = (async () => {
      for (; written < 20; written++) await sink.write(new Uint8Array(MIB));
      await sink.close();
    })();
    await soon();
    expect(sink.size).toBe(WINDOW);
    await reader.read();
    await soon();
    expect(sink.size).toBe(WINDOW + MIB);
    while (!(await reader.read()).done);
    await writing;
    expect(written).toBe(20);
  });

  for (const [what, size] of [
    ['fewer', 3 * MIB],
    ['more', MIB],
  ] as const) {
    it(`of ${what} bytes than were announced fails on both sides`, async () => {
      const { open, answer } = joined();
      const sink = await open(size);
      const got = (await answer).arrayBuffer();
      const refused = expect(got).rejects.toThrow('broke off');
      await sink.write(new Uint8Array(2 * MIB)).catch(() => undefined);
      await expect(sink.close()).rejects.toMatchObject({ name: 'SourceError', code: 'target-broken' });
      await refused;
    });
  }

  it('that is given up fails, it does not end short', async () => {
    const { open, answer } = joined();
    const sink = await open(4 * MIB);
    const got = (await answer).arrayBuffer();
    const refused = expect(got).rejects.toThrow('broke off');
    await sink.write(new Uint8Array(MIB));
    await sink.abort();
    await refused;
  });

  it('whose worker dies fails at once', async () => {
    const { open, answer } = joined();
    const sink = await open(4 * MIB);
    const got = (await answer).arrayBuffer();
    const refused = expect(got).rejects.toThrow('broke off');
    await sink.write(new Uint8Array(MIB));
    locks.kill('lock');
    await refused;
  });

  it('whose service worker dies fails the writer, also one that waits', async () => {
    const { open, answer } = joined();
    const sink = await open(40 * MIB);
    await answer;
    const writing = sink.write(new Uint8Array(40 * MIB));
    await soon();
    locks.kill('lock/stream');
    await expect(writing).rejects.toMatchObject({ name: 'SourceError', code: 'target-broken' });
  });

  it('that the browser cancels ends the writer as cancelled', async () => {
    const { open, answer } = joined();
    const sink = await open(40 * MIB);
    const { body } = await answer;
    const writing = sink.write(new Uint8Array(40 * MIB));
    await body!.cancel();
    await expect(writing).rejects.toMatchObject({ name: 'AbortError', message: expect.stringContaining('in the browser') });
  });

  it('ends a waiting writer that is told to stop', async () => {
    const { open, answer } = joined();
    const controller = new AbortController();
    const sink = await open(40 * MIB, controller.signal);
    await answer;
    const writing = sink.write(new Uint8Array(40 * MIB));
    await soon();
    controller.abort();
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('that the browser never begins fails after a while', async () => {
    vi.useFakeTimers();
    const { port2 } = new MessageChannel();
    const opening = DownloadSink.open({ port: port2, lock: 'lock' }, 1);
    const refused = expect(opening).rejects.toMatchObject({ code: 'target-broken' });
    await vi.advanceTimersByTimeAsync(30_000);
    await refused;
  });

  it('is refused where its size is not known', async () => {
    await expect(joined().open(null)).rejects.toMatchObject({ name: 'Unsupported', feature: 'save-unmeasured' });
  });

  it('is served once: again, or under an unknown address, it is 410 and shows nothing', async () => {
    const { downloads, open, answer } = joined();
    const sink = await open(1);
    await answer;
    for (const id of ['one', 'two', '']) {
      const again = downloads.answer(id);
      expect([again.status, again.headers.get('content-security-policy')]).toEqual([410, "sandbox; default-src 'none'"]);
    }
    await sink.abort();
  });
});

describe('a file name in a header', () => {
  it('is one token of RFC 8187 whatever it holds, and reads back as it was', () => {
    for (const name of ['plain.txt', `"a" 'b' (c)*.txt`, 'x\r\nSet-Cookie: a=b', '日本語 ﷺ.iso', '%41;=,\\/', '🎞.bin', '\u202egnp.exe']) {
      const value = encodedName(name);
      expect(value).toMatch(/^UTF-8''(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+$/);
      expect(decodeURIComponent(value.slice(7))).toBe(name);
    }
  });

  it('has the replacement character for half a surrogate pair', () => {
    expect(encodedName('a\ud83c.txt')).toBe(`UTF-8''a%EF%BF%BD.txt`);
  });
});
