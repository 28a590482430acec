import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TextCharset } from '../protocol/preview.ts';
import { BytesSource } from '../source/bytes.ts';
import { streamByReads, type ByteSource } from '../source/source.ts';
import { guessText } from './guess-text.ts';
import { MAX_ROW, TextRows } from './text-rows.ts';

const never = new AbortController().signal;

/** A source that delivers so many bytes at a time. */
function inPieces(bytes: Uint8Array, piece: number): ByteSource {
  const source = new BytesSource(bytes, 'text');
  return {
    name: source.name,
    size: source.size,
    read: (offset, length) => source.read(offset, length),
    async *stream(offset, length) {
      for (let at = 0; at < length; at += piece) yield* streamByReads(source, offset + at, Math.min(piece, length - at));
    },
  };
}

async function rowsOf(bytes: Uint8Array, charset: TextCharset, piece = 4096) {
  const rows = new TextRows(inPieces(bytes, piece), charset);
  await rows.split(() => undefined, never);
  return { rows, all: await rows.rows(0, rows.state.rows) };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

test('a text of short lines has the rows that splitting it has, however it is delivered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 40, unit: fc.constantFrom('a', 'é', '漢', '😀', ' ', 'Z') }), { maxLength: 400 }),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 600 }),
      async (lines, ending, piece) => {
        const { all, rows } = await rowsOf(utf8(lines.map((line) => line + ending).join('')), 'utf-8', piece);
        expect(all.map(({ text }) => text)).toEqual(lines);
        expect(all.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1));
        expect(rows.state).toMatchObject({ rows: lines.length, lines: lines.length, complete: true });
      },
    ),
    { numRuns: 60 },
  );
});

test('a line longer than a row goes on in rows without a number, and no character is cut', async () => {
  const long = '漢字😀é'.repeat(700);
  const { all } = await rowsOf(utf8(`first\n${long}\nlast`), 'utf-8', 999);
  const parts = all.slice(1, -1);
  expect(parts.map(({ text }) => text).join('')).toBe(long);
  expect(parts.map(({ line }) => line)).toEqual([2, ...Array.from({ length: parts.length - 1 }, () => null)]);
  expect(all.at(-1)).toEqual({ text: 'last', line: 3 });
  expect(parts.length).toBe(Math.ceil(utf8(long).length / MAX_ROW) + (utf8(long).length % MAX_ROW > MAX_ROW - 4 ? 1 : 0));
});

test('megabytes without a line end take the time of megabytes', async () => {
  const { rows } = await rowsOf(new Uint8Array(8 * 1024 * 1024).fill(0x78), 'utf-8', 1024 * 1024);
  expect(rows.state).toMatchObject({ rows: 8192, lines: 1, complete: true });
});

test('UTF-16 is split at its own line ends only, with and without a mark', async () => {
  // U+0A0D and U+0D0A hold the bytes of a line end and are none.
  const text = 'one\r\ntwo \u0a0d\u0d0a x\nthree';
  for (const charset of ['utf-16le', 'utf-16be'] as const) {
    for (const mark of ['', '\ufeff']) {
      const units = [...(mark + text)].map((character) => character.charCodeAt(0));
      const bytes = Uint8Array.from(units.flatMap((unit) => (charset === 'utf-16le' ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])));
      const { all } = await rowsOf(bytes, charset, 7);
      expect(all.map(({ text }) => text)).toEqual(['one', 'two \u0a0d\u0d0a x', 'three']);
    }
  }
});

test('lines of old Macs end with CR', async () => {
  const { all } = await rowsOf(utf8('one\rtwo\rthree'), 'macintosh');
  expect(all.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('what would hide or turn text around is shown as a sign', async () => {
  const { all } = await rowsOf(utf8('a\u202eb\0c\u200bd\ttab'), 'utf-8');
  expect(all[0]?.text).toBe('a⟨202E⟩b\u2400c⟨200B⟩d\ttab');
});

test('the row of a byte is the one that holds it', async () => {
  const text = Array.from({ length: 5000 }, (_, line) => `line ${line}`).join('\n');
  const { rows, all } = await rowsOf(utf8(text), 'utf-8');
  for (const line of [0, 1, 63, 64, 65, 4321, 4999]) {
    const row = await rows.rowAt(text.indexOf(`line ${line}`));
    expect(all[row]?.text).toBe(`line ${line}`);
  }
});

test('charsets are told by mark, by validity, by zeros, else guessed; what is no text is none', () => {
  const guess = (bytes: Uint8Array) => guessText(bytes, true);
  expect(guess(utf8('plain'))).toBe('utf-8');
  expect(guess(utf8('grün, 漢字'))).toBe('utf-8');
  expect(guess(Uint8Array.of(0xff, 0xfe, 0x41, 0))).toBe('utf-16le');
  expect(guess(Uint8Array.from([...'[Setup]\r\nName=x'].flatMap((letter) => [letter.charCodeAt(0), 0])))).toBe('utf-16le');
  expect(guess(Uint8Array.from([...'caf\xe9 cr\xe8me br\xfbl\xe9e, s\xe9jour \xe0 la mer'].map((letter) => letter.charCodeAt(0))))).toBe(
    'windows-1252',
  );
  // "Привет, мир. Это простой текст на русском языке." in KOI8-R
  const koi8 = Buffer.from('f0d2c9d7c5d42c20cdc9d22e20fcd4cf20d0d2cfd3d4cfca20d4c5cbd3d420cec120d2d5d3d3cbcfcd20d1dad9cbc52e', 'hex');
  expect(guess(koi8)).toBe('koi8-r');
  expect(guess(Uint8Array.from({ length: 4096 }, (_, at) => (at * 7919) >> 3))).toBeNull();
});
