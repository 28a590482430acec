import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hungError, PATIENCE, watch, type Asked } from './watchdog.ts';

describe('a watchdog over a worker', () => {
  let asked: Asked[];
  let answers: boolean;
  let hung: Asked[];
  let stop: AbortController;
  let pending: (() => void)[];

  beforeEach(() => {
    vi.useFakeTimers();
    [asked, answers, hung, stop, pending] = [[], true, [], new AbortController(), []];
    const ping = (): Promise<void> => new Promise((resolve) => (answers ? resolve() : void pending.push(resolve)));
    watch({ asked: () => asked, ping, onHang: (at) => hung.push(at), signal: stop.signal });
  });
  afterEach(() => {
    stop.abort();
    vi.useRealTimers();
  });

  const ask = (call: Asked['call']): void => void asked.push({ call, at: performance.now() });

  it('says nothing of one that is at work for minutes and answers', async () => {
    ask('save');
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(hung).toEqual([]);
  });

  it('asks nothing of one that owes no answer', async () => {
    answers = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pending).toEqual([]);
  });

  it('tells once of one that does not answer, no sooner than it may, and at what', async () => {
    ask('save');
    await vi.advanceTimersByTimeAsync(60_000);
    answers = false;
    ask('list');
    await vi.advanceTimersByTimeAsync(3000);
    ask('rows'); // behind the one that hangs
    await vi.advanceTimersByTimeAsync(PATIENCE - 4000);
    expect(hung).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hung.map(({ call }) => call)).toEqual(['list']);
  });

  it('names the oldest where nothing was asked since it last answered', async () => {
    ask('save');
    await vi.advanceTimersByTimeAsync(30_000);
    answers = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hung.map(({ call }) => call)).toEqual(['save']);
  });

  it('forgives one that answers late', async () => {
    ask('save');
    answers = false;
    await vi.advanceTimersByTimeAsync(PATIENCE - 2000);
    answers = true;
    for (const answer of pending) answer();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hung).toEqual([]);
  });

  it('does not count a sleep, nor a page whose timers are held back', async () => {
    const now = performance.now.bind(performance);
    let ahead = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
    ask('save');
    answers = false;
    await vi.advanceTimersByTimeAsync(PATIENCE - 4000);
    ahead = 3_600_000; // the clock has gone on, and no timer was called
    await vi.advanceTimersByTimeAsync(PATIENCE - 2000);
    expect(hung).toEqual([]);
    await vi.advanceTimersByTimeAsync(6000);
    expect(hung).toHaveLength(1);
    clock.mockRestore();
  });

  it('says which image, where, and at what', () => {
    expect(hungError({ call: 'list', at: 0 }, 'disc.iso', '/boot')).toMatchObject({
      name: 'WorkerHung',
      message: 'Reading “disc.iso” hung: no answer for 20 seconds while a directory was listed (at “/boot”). It was stopped.',
    });
  });
});
