import type { HighlightAnswer, HighlightRequest, Token } from './tokens.ts';

/** A text that takes longer is left plain, and the worker is begun anew (milliseconds). */
const PATIENCE = 2000;

let worker: Worker | null = null;
let last = 0;
const waiting = new Map<number, (rows: HighlightAnswer['rows']) => void>();

function start(): Worker {
  const fresh = new Worker(new URL('./highlight.worker.ts', import.meta.url), { type: 'module', name: 'isoscope highlighting' });
  fresh.addEventListener('message', ({ data }: MessageEvent<HighlightAnswer>) => {
    waiting.get(data.id)?.(data.rows);
    waiting.delete(data.id);
  });
  fresh.addEventListener('error', stop);
  return fresh;
}

/** End the worker: all that waits stays plain. */
function stop(): void {
  worker?.terminate();
  worker = null;
  for (const resolve of waiting.values()) resolve(null);
  waiting.clear();
}

/** The tokens of rows of a text; null where they stay plain. */
export function highlight(language: string, rows: HighlightRequest['rows']): Promise<readonly (readonly Token[])[] | null> {
  worker ??= start();
  const id = ++last;
  worker.postMessage({ id, language, rows } satisfies HighlightRequest);
  return new Promise((resolve) => {
    const timer = setTimeout(stop, PATIENCE);
    waiting.set(id, (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}
