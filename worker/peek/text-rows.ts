import { decoderOf } from '../bytes/charset.ts';
import type { TextCharset, TextRow, TextState } from '../protocol/preview.ts';
import type { ByteSource } from '../source/source.ts';
import { markLength } from './guess-text.ts';

/** Bytes of a row: a longer line is continued in further rows. */
export const MAX_ROW = 1024;
/** Rows between two places that are remembered. */
const STEP = 64;
/** Places remembered at most: texts of 268 million rows (64 MiB of memory). */
const MAX_PLACES = 4 * 1024 * 1024;
/** Bytes before a cut in which a better place for it is looked for. */
const BACK = 64;
const TELL_EVERY = 100;

type Progress = Omit<TextState, 'id'>;

/**
 * A text of any size in rows. It is read once from start to end, and the place of every 64th row is
 * kept; rows are then decoded from their bytes when they are asked for.
 */
export class TextRows {
  readonly charset: TextCharset;
  readonly #source: ByteSource;
  readonly #unit: 1 | 2;
  readonly #little: boolean;
  readonly #decode: (bytes: Uint8Array) => string;
  #places = new Float64Array(1024);
  #placeLines = new Float64Array(1024);
  #rows = 0;
  #lines = 0;
  /** Where the next row begins. */
  #end = 0;
  #newline = 0x0a;
  #complete = false;
  /** A row is about to begin that begins a line. */
  #fresh = true;

  constructor(source: ByteSource, charset: TextCharset) {
    this.#source = source;
    this.charset = charset;
    this.#unit = charset.startsWith('utf-16') ? 2 : 1;
    this.#little = charset !== 'utf-16be';
    this.#decode = decoder(charset);
  }

  get state(): Progress {
    const { charset } = this;
    return { charset, rows: this.#rows, lines: this.#lines, indexed: this.#end, size: this.#source.size, complete: this.#complete };
  }

  /** Split the text from start to end; told of at most ten times a second, and at the end. */
  async split(onProgress: (state: Progress) => void, signal: AbortSignal): Promise<void> {
    const { size } = this.#source;
    const sample = await this.#source.read(0, Math.min(size, 64 * 1024), signal);
    this.#end = markLength(sample, this.charset);
    // Texts of old Macs end their lines with CR alone.
    if (this.#find(sample, 0, 0x0a) < 0 && this.#find(sample, 0, 0x0d) >= 0) this.#newline = 0x0d;
    let rest: Uint8Array = new Uint8Array(0);
    let told = performance.now();
    for await (const chunk of this.#source.stream(this.#end, size - this.#end, signal)) {
      signal.throwIfAborted();
      const bytes = new Uint8Array(rest.length + chunk.length);
      bytes.set(rest);
      bytes.set(chunk, rest.length);
      const used = this.#splitBytes(bytes, this.#end + bytes.length >= size);
      rest = bytes.slice(used);
      if (this.#rows / STEP >= MAX_PLACES - 1) break;
      if (performance.now() - told < TELL_EVERY) continue;
      told = performance.now();
      onProgress(this.state);
    }
    this.#complete = true;
    onProgress(this.state);
  }

  /** Rows from an index on, as far as the text is split. */
  async rows(from: number, count: number, signal?: AbortSignal): Promise<TextRow[]> {
    const to = Math.min(this.#rows, from + count);
    const first = Math.floor(from / STEP);
    const found: TextRow[] = [];
    for (let place = first; place * STEP < to; place++) {
      const start = this.#places[place] as number;
      const next = (place + 1) * STEP < this.#rows ? (this.#places[place + 1] as number) : this.#end;
      const bytes = await this.#source.read(start, next - start, signal);
      let line = this.#placeLines[place] as number;
      let fresh = line > 0;
      line = Math.abs(line);
      let row = place * STEP;
      for (const [at, end, ends] of this.#ends(bytes, true)) {
        if (row >= from && row < to) found.push({ text: this.#text(bytes.subarray(at, end)), line: fresh ? line : null });
        if (ends) line++;
        fresh = ends;
        row++;
      }
    }
    return found;
  }

  /** Index of the row in which a byte stands; -1 where it is not split yet. */
  async rowAt(offset: number): Promise<number> {
    if (offset >= this.#end || this.#rows === 0) return -1;
    let low = 0;
    let high = Math.ceil(this.#rows / STEP) - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#places[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = this.#places[low] as number;
    const next = (low + 1) * STEP < this.#rows ? (this.#places[low + 1] as number) : this.#end;
    const bytes = await this.#source.read(start, next - start);
    let row = low * STEP;
    for (const [, end] of this.#ends(bytes, true)) {
      if (start + end > offset) return row;
      row++;
    }
    return row - 1;
  }

  #splitBytes(bytes: Uint8Array, last: boolean): number {
    const base = this.#end;
    let used = 0;
    for (const [at, end, ends] of this.#ends(bytes, last)) {
      if (this.#fresh) this.#lines++;
      if (this.#rows % STEP === 0) this.#remember(base + at);
      this.#rows++;
      this.#fresh = ends;
      used = end;
    }
    this.#end = base + used;
    return used;
  }

  /** The line at a place is kept with a minus sign where a row begins in its middle. */
  #remember(offset: number): void {
    const place = this.#rows / STEP;
    if (place === this.#places.length) {
      this.#places = wider(this.#places);
      this.#placeLines = wider(this.#placeLines);
    }
    this.#places[place] = offset;
    this.#placeLines[place] = this.#fresh ? this.#lines : -this.#lines;
  }

  /** [start, end, whether a line ends] of the rows in these bytes, as far as their ends are sure. */
  *#ends(bytes: Uint8Array, last: boolean): Generator<readonly [number, number, boolean]> {
    let newline = -2;
    for (let at = 0; at < bytes.length;) {
      if (newline !== -1 && newline < at) newline = this.#find(bytes, at, this.#newline);
      if (newline >= 0 && newline + this.#unit - at <= MAX_ROW) {
        const end = newline + this.#unit;
        yield [at, end, true];
        at = end;
      } else if (bytes.length - at > MAX_ROW) {
        const end = this.#cut(bytes, at);
        yield [at, end, false];
        at = end;
      } else if (last) {
        yield [at, bytes.length, false];
        return;
      } else return;
    }
  }

  /** The place of the next unit of this value; -1 where there is none. */
  #find(bytes: Uint8Array, from: number, value: number): number {
    if (this.#unit === 1) return bytes.indexOf(value, from);
    const low = this.#little ? 0 : 1;
    for (let at = bytes.indexOf(value, from); at >= 0; at = bytes.indexOf(value, at + 1)) {
      const start = at - low;
      if (start >= from && (start - from) % 2 === 0 && start + 1 < bytes.length && bytes[start + 1 - low] === 0) return start;
    }
    return -1;
  }

  /** Where a line that is too long is cut: not within a character, as far as that can be told. */
  #cut(bytes: Uint8Array, at: number): number {
    let end = at + MAX_ROW;
    if (this.#unit === 2) {
      const high = bytes[this.#little ? end - 1 : end - 2] as number;
      return high >= 0xd8 && high <= 0xdb ? end - 2 : end;
    }
    if (this.charset === 'utf-8') {
      for (let back = 0; back < 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80; back++) end--;
      return end;
    }
    for (let back = 0; back < BACK; back++) if ((bytes[end - 1 - back] as number) < 0x40) return end - back;
    return end;
  }

  #text(bytes: Uint8Array): string {
    return visible(this.#decode(bytes).replace(/[\r\n]+$/, ''));
  }
}

function decoder(charset: TextCharset): (bytes: Uint8Array) => string {
  if (charset !== 'utf-16le' && charset !== 'utf-16be') return decoderOf(charset);
  const wide = new TextDecoder(charset, { ignoreBOM: true });
  return (bytes) => wide.decode(bytes);
}

/** Characters that would hide or turn other text around are shown as signs: controls by their pictures, the rest by number. */
function visible(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\0-\x08\x0b-\x1f\x7f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

function wider(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(column.length * 2);
  copy.set(column);
  return copy;
}
