import { ImageError, Unsupported } from '../protocol/errors.ts';
import { heldFrom, type ByteSource } from '../source/source.ts';
import { BytesSource } from '../source/bytes.ts';
import { RunsSource, runLength, type Run } from '../source/runs.ts';
import { sliceSource } from '../source/slice.ts';
import type { Layout } from '../source/layout.ts';
import type { EntryRecord, Volume } from '../formats/volume.ts';

const HOLE = -1;
const INITIAL_RUNS = 1024;

/**
 * Where the contents of a plan's members come from, in columns: runs of the image where the bytes
 * are stored plainly (they leave as slices), the described record where they must be decoded.
 */
export class Contents {
  readonly #image: ByteSource;
  readonly #volume: Volume;
  readonly #first: Uint32Array;
  readonly #count: Uint16Array | Uint32Array;
  #offsets = new Float64Array(INITIAL_RUNS);
  #lengths = new Float64Array(INITIAL_RUNS);
  #runs = 0;
  readonly #decoded = new Map<number, EntryRecord>();
  readonly #texts = new Map<number, Uint8Array>();
  readonly #cut = new Set<number>();
  /** Bytes of zeros that stand where the image lacks some. */
  readonly #filled = new Map<number, number>();

  constructor(image: ByteSource, volume: Volume, members: number) {
    this.#image = image;
    this.#volume = volume;
    this.#first = new Uint32Array(members);
    this.#count = new Uint32Array(members);
  }

  /**
   * Take the contents of a described file that was listed so; returns how many
   * bytes will be saved. Throws ImageError where they are not there whole and neither `partial` nor zeros are wanted
   * or gives nothing, or where record and catalog disagree; Unsupported where they cannot be decoded.
   */
  take(
    index: number,
    record: EntryRecord,
    listed: { readonly size: number; readonly name: () => string },
    { partial, holes }: { readonly partial: boolean; readonly holes?: 'zeros' },
  ): number {
    checkSize(record, listed.size);
    const { runs } = record;
    const { size: saved, cut, plain } = clip(this.#image, record, runs, partial || holes === 'zeros');
    if (cut && holes === 'zeros') {
      this.#filled.set(index, record.size - heldOf(this.#image, runs, record.size));
      this.#append(index, withZeros(this.#image, runs), record.size);
      return record.size;
    }
    if (cut) this.#cut.add(index);
    if (!plain) {
      // Whether a form is decoded at all shows when the file is opened: before anything is written.
      this.#volume.open(record, listed.name());
      this.#decoded.set(index, record);
      return record.size;
    }
    this.#append(index, runs, saved);
    return saved;
  }

  /** A text of our own as contents; returns its bytes. */
  takeText(index: number, text: string): number {
    const bytes = new TextEncoder().encode(text);
    this.#texts.set(index, bytes);
    return bytes.length;
  }

  #append(index: number, runs: readonly Run[], size: number): void {
    this.#first[index] = this.#runs;
    let left = size;
    for (const run of runs) {
      const length = Math.min(left, runLength(run));
      if (length === 0) continue;
      left -= length;
      const offset = 'zeros' in run ? HOLE : run.offset;
      const last = this.#runs - 1;
      const begun = (this.#count[index] as number) > 0;
      const isHole = this.#offsets[last] === HOLE;
      // The extents of a file past 4 GiB follow each other on disc: one slice instead of several.
      if (begun && offset === HOLE && isHole) this.#lengths[last] = (this.#lengths[last] as number) + length;
      else if (begun && offset !== HOLE && !isHole && (this.#offsets[last] as number) + (this.#lengths[last] as number) === offset)
        this.#lengths[last] = (this.#lengths[last] as number) + length;
      else {
        if (this.#runs === this.#offsets.length) this.#grow();
        this.#offsets[this.#runs] = offset;
        this.#lengths[this.#runs++] = length;
        this.#count[index] = (this.#count[index] as number) + 1;
      }
    }
  }

  #grow(): void {
    const offsets = new Float64Array(this.#runs * 2);
    const lengths = new Float64Array(this.#runs * 2);
    offsets.set(this.#offsets);
    lengths.set(this.#lengths);
    this.#offsets = offsets;
    this.#lengths = lengths;
  }

  isDecoded(index: number): boolean {
    return this.#decoded.has(index);
  }

  /** Whether only a part of the file is in the image. */
  isCut(index: number): boolean {
    return this.#cut.has(index);
  }

  /** Bytes of a file that the image lacks and that are saved as zeros; 0 for most. */
  zerosIn(index: number): number {
    return this.#filled.get(index) ?? 0;
  }

  /** Offset of the first stored run; null where there is none (hole, text, decoded). */
  firstOffset(index: number): number | null {
    const offset = this.#count[index] ? (this.#offsets[this.#first[index] as number] as number) : HOLE;
    return offset === HOLE ? null : offset;
  }

  onlyRun(index: number): { readonly offset: number; readonly length: number } | null {
    const at = this.#first[index] as number;
    if (this.#count[index] !== 1 || this.#offsets[at] === HOLE) return null;
    return { offset: this.#offsets[at] as number, length: this.#lengths[at] as number };
  }

  /** Whether two members take the same bytes from the same places. */
  same(a: number, b: number): boolean {
    const runs = this.#count[a] as number;
    if (runs === 0 || runs !== this.#count[b]) return false;
    for (let run = 0; run < runs; run++) {
      const left = (this.#first[a] as number) + run;
      const right = (this.#first[b] as number) + run;
      if (this.#offsets[left] !== this.#offsets[right] || this.#lengths[left] !== this.#lengths[right]) return false;
    }
    return true;
  }

  addTo(layout: Layout, index: number, size: number, name: () => string): void {
    const text = this.#texts.get(index);
    const record = this.#decoded.get(index);
    if (text) layout.addBytes(text);
    else if (record) layout.addSource(this.#volume.open(record, name()), 0, size);
    else
      for (const run of this.#runsOf(index))
        if ('zeros' in run) layout.addZeros(run.zeros);
        else layout.addSource(this.#image, run.offset, run.length);
  }

  source(index: number, size: number, name: string): ByteSource {
    const record = this.#decoded.get(index);
    if (record) return this.#volume.open(record, name);
    const text = this.#texts.get(index);
    if (text) return new BytesSource(text, name);
    const source = new RunsSource(this.#image, [...this.#runsOf(index)], name);
    if (source.size !== size) throw new RangeError(`member ${index} has ${source.size} bytes where ${size} were planned`);
    return source;
  }

  *#runsOf(index: number): Generator<Run, void, void> {
    const first = this.#first[index] as number;
    for (let run = first; run < first + (this.#count[index] as number); run++) {
      const offset = this.#offsets[run] as number;
      const length = this.#lengths[run] as number;
      yield offset === HOLE ? { zeros: length } : { offset, length };
    }
  }
}

/**
 * How much of a described file can be had: bytes, whether the image ends inside it, and whether they
 * are stored plainly. Throws ImageError where it is cut and `partial` is not wanted or gives nothing.
 */
function clip(
  image: ByteSource,
  record: EntryRecord,
  runs: readonly Run[],
  partial: boolean,
): { size: number; cut: boolean; plain: boolean } {
  const present = presentOf(image, runs);
  const stored = runs.reduce((sum, run) => sum + runLength(run), 0);
  const cut = record.presence !== 'whole' || present < Math.min(record.size, stored);
  if (cut && !partial) throw new ImageError('not-whole', 'The image ends inside this file.');
  const plain = record.compression === null && stored >= record.size;
  if (cut && (!plain || present === 0)) throw new ImageError('not-whole', 'Of this file the image holds nothing that can be saved.');
  return { size: Math.min(record.size, plain ? present : record.size), cut, plain };
}

/** A described file's contents as a save has them: decoded, or as far as the image goes (see `clip`). */
export function contentsOf(image: ByteSource, volume: Volume, record: EntryRecord, name: string, partial: boolean): ByteSource {
  const { runs } = record;
  const { size, cut } = clip(image, record, runs, partial);
  return cut ? sliceSource(new RunsSource(image, runs, name), 0, size, name) : volume.open(record, name);
}

/** Runs with zeros in place of what the image does not hold: all bytes stand where they belong. */
function withZeros(image: ByteSource, runs: readonly Run[]): Run[] {
  return runs.flatMap((run): Run[] => {
    if ('zeros' in run) return [run];
    const held = heldFrom(image, run.offset, run.length);
    const rest = held < run.length ? [{ zeros: run.length - held }] : [];
    return held > 0 ? [{ offset: run.offset, length: held }, ...rest] : rest;
  });
}

/** Bytes of a file that the image holds, wherever they lie in it. */
function heldOf(image: ByteSource, runs: readonly Run[], size: number): number {
  let [left, held] = [size, 0];
  for (const run of runs) {
    const length = Math.min(left, runLength(run));
    held += 'zeros' in run ? length : heldFrom(image, run.offset, length);
    left -= length;
  }
  return held;
}

/** Bytes from the start that lie inside the image. */
function presentOf(image: ByteSource, runs: readonly Run[]): number {
  let present = 0;
  for (const run of runs) {
    if ('zeros' in run) present += run.zeros;
    else {
      const length = heldFrom(image, run.offset, run.length);
      present += length;
      if (length < run.length) break;
    }
  }
  return present;
}

/** Throw ImageError where a file's record, read again, has another size than when it was listed. */
export function checkSize(record: EntryRecord, size: number): void {
  if (record.size !== size)
    throw new ImageError('size-differs', `Its record says ${record.size} bytes where ${size} were listed: which is right is not known.`);
}

/** Why contents cannot be decoded, where it is that: others go on without them. Else null: the error is another. */
export function undecodable(error: unknown): string | null {
  if (error instanceof ImageError) return `It cannot be decompressed: ${error.message}`;
  // A sink in memory that is full is no fault of the contents.
  if (error instanceof Unsupported && error.feature !== 'save-in-memory') return error.message;
  return null;
}
