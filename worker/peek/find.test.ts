import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BytesSource } from '../source/bytes.ts';
import { findAll, findBytes } from './find.ts';

const signal = new AbortController().signal;
const onProgress = () => undefined;
const pattern = (text: string, anyCase = false) => ({ bytes: new TextEncoder().encode(text), anyCase });

test('the next and the previous place are those that Buffer finds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ max: 3, maxLength: 300 }),
      fc.uint8Array({ max: 3, minLength: 1, maxLength: 4 }),
      fc.nat(320),
      async (bytes, wanted, from) => {
        const source = new BytesSource(bytes, 'x');
        const patterns = [{ bytes: wanted, anyCase: false }];
        const [next, previous] = [false, true].map((backwards) => findBytes(source, { patterns, from, backwards, signal, onProgress }));
        const buffer = Buffer.from(bytes);
        expect((await next)?.at ?? -1).toBe(from > bytes.length ? -1 : buffer.indexOf(wanted, from));
        const before = from === 0 ? -1 : buffer.lastIndexOf(wanted, from - 1);
        expect((await previous)?.at ?? -1).toBe(before);
      },
    ),
  );
});

test('a place across two pieces is found, in either case of its letters', async () => {
  const piece = 4 * 1024 * 1024;
  const bytes = new Uint8Array(2 * piece + 100);
  bytes.set(new TextEncoder().encode('NeEdLe'), piece - 3);
  const source = new BytesSource(bytes, 'x');
  const find = (text: string, anyCase: boolean, backwards = false) =>
    findBytes(source, { patterns: [pattern(text, anyCase)], from: backwards ? bytes.length : 0, backwards, signal, onProgress });
  expect(await find('needle', true)).toEqual({ at: piece - 3, length: 6 });
  expect(await find('NEEDLE', true, true)).toEqual({ at: piece - 3, length: 6 });
  expect(await find('needle', false)).toBeNull();
});

test('of several patterns the nearest counts; a search can be ended', async () => {
  const source = new BytesSource(new TextEncoder().encode('....beta..alpha'), 'x');
  const patterns = [pattern('alpha'), pattern('beta')];
  expect(await findBytes(source, { patterns, from: 0, backwards: false, signal, onProgress })).toEqual({ at: 4, length: 4 });
  const ended = AbortSignal.abort();
  await expect(findBytes(source, { patterns, from: 0, backwards: false, signal: ended, onProgress })).rejects.toThrow('aborted');
});

test('all places are those that Buffer finds one after another, also across pieces', async () => {
  const piece = 4 * 1024 * 1024;
  const bytes = new Uint8Array(2 * piece + 100);
  const wanted = new TextEncoder().encode('needle');
  const at = [0, 500, piece - 3, piece + 3, 2 * piece - 1, bytes.length - 6];
  for (const place of at) bytes.set(wanted, place);
  const found = await findAll(new BytesSource(bytes, 'x'), [pattern('NEEDLE', true)], 4, signal, onProgress);
  expect(found.places.map((match) => match.at)).toEqual(at.slice(0, 4));
  expect(found.count).toBe(at.length);
});
