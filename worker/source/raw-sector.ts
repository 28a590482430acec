import { checkRange, type ByteSource } from './source.ts';

/** How the sectors of a track are stored: where in each its contents stand. */
export interface SectorForm {
  /** Bytes of a stored sector: 2352, 2448 (with subchannel), 2336, 2056, 2048, ... */
  readonly size: number;
  /** Where the contents begin in it. */
  readonly at: number;
  /** Bytes of contents taken from it: 2048 of data, 2352 of audio. */
  readonly length: number;
  /** True where sectors begin with the sync pattern and a header (ECMA-130 14.1, 14.2). */
  readonly sync: boolean;
  /** Sector mode (ECMA-130 14.2); 0 for audio and for what is not known. */
  readonly mode: 0 | 1 | 2;
}

/** What is wrong with a sector whose contents are given all the same. */
export type SectorFault = 'sync' | 'mode' | 'form-2';

/** Stored bytes of one piece while streaming. */
const PIECE = 2 * 1024 * 1024;
/** Faulty sectors that are told once each; more of them are passed over. */
const MAX_TOLD = 1_000;
const MODE_BYTE = 15;
/** Bytes of contents of a form 2 sector, and of one of form 1 (CD-ROM XA). */
export const FORM_2_LENGTH = 2324;
const FORM_1_LENGTH = 2048;
/** Bit of the submode byte that says form 2: 2,324 bytes without error correction (CD-ROM XA). */
const FORM_2 = 0x20;

export interface RawSectorOptions {
  readonly name?: string;
  /** Offset of the first sector in the source, in bytes. */
  readonly offset?: number;
  /** Sectors of the view; as many as the source holds whole where it is not given. */
  readonly sectors?: number;
  /** Told once for each faulty sector, counted from the first of the view. */
  readonly onFault?: (sector: number, fault: SectorFault, at: number) => void;
}

/** Offset of the subheader (CD-ROM XA) in a sector; -1 where this form has none. */
export function subheaderAt(form: SectorForm): number {
  if (form.mode !== 2) return -1;
  if (form.sync) return 16;
  return form.size === 2336 ? 0 : -1;
}

/** True where the sync pattern stands: 00, ten times FF, 00 (ECMA-130 14.1). */
export function isSync(bytes: Uint8Array, at: number): boolean {
  if (at + 12 > bytes.length || bytes[at] !== 0 || bytes[at + 11] !== 0) return false;
  for (let index = at + 1; index < at + 11; index++) if (bytes[index] !== 0xff) return false;
  return true;
}

/** True where a subheader and its copy agree and say form 2 (CD-ROM XA). */
export function isForm2(bytes: Uint8Array, at: number): boolean {
  if (((bytes[at + 2] as number) & FORM_2) === 0) return false;
  for (let index = at; index < at + 4; index++) if (bytes[index] !== bytes[index + 4]) return false;
  return true;
}

/**
 * The contents of stored sectors as one run of bytes: 2,048 of each data sector, whatever stands
 * around them. A sector with a broken sync pattern or mode byte gives what is in the place of its
 * contents; one of form 2 gives its first 2,048 bytes.
 */
export class RawSectorSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly form: SectorForm;
  readonly sectors: number;
  readonly #source: ByteSource;
  readonly #offset: number;
  readonly #onFault: RawSectorOptions['onFault'];
  readonly #told = new Set<number>();
  #form2: ByteSource | undefined;

  constructor(source: ByteSource, form: SectorForm, { name = source.name, offset = 0, sectors, onFault }: RawSectorOptions = {}) {
    if (form.size < form.at + form.length)
      throw new RangeError(`sectors of ${form.size} bytes cannot hold ${form.length} from ${form.at} on`);
    const held = Math.max(0, Math.floor((source.size - offset) / form.size));
    this.#source = source;
    this.#offset = offset;
    this.#onFault = onFault;
    this.form = form;
    this.name = name;
    this.sectors = Math.min(held, sectors ?? held);
    this.size = this.sectors * form.length;
  }

  get modified(): number | undefined {
    return this.#source.modified;
  }

  /** These sectors with all that form 2 holds; undefined where they are of another mode, or stored without it. */
  get form2(): ByteSource | undefined {
    const { form, name, sectors } = this;
    if (subheaderAt(form) < 0 || form.length !== FORM_1_LENGTH) return undefined;
    this.#form2 ??= new RawSectorSource(this.#source, { ...form, length: FORM_2_LENGTH }, { name, sectors, offset: this.#offset });
    return this.#form2;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, offset, length);
    if (length === 0) return new Uint8Array(0);
    const first = Math.floor(offset / this.form.length);
    const last = Math.floor((offset + length - 1) / this.form.length);
    const stored = await this.#stored(first, last + 1 - first, signal);
    const bytes = this.#strip(stored, first, new Uint8Array((last + 1 - first) * this.form.length));
    const from = offset - first * this.form.length;
    return bytes.subarray(from, from + length);
  }

  async *stream(offset: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    checkRange(this, offset, length);
    if (length === 0) return;
    const { form } = this;
    const end = Math.floor((offset + length - 1) / form.length) + 1;
    const step = Math.max(1, Math.floor(PIECE / form.size));
    const buffer = new Uint8Array(Math.min(step, end - Math.floor(offset / form.length)) * form.length);
    let sector = Math.floor(offset / form.length);
    let from = offset - sector * form.length;
    let left = length;
    let next = this.#stored(sector, Math.min(step, end - sector), signal);
    while (left > 0) {
      const stored = await next;
      const count = stored.length / form.size;
      const follows = sector + count;
      if (follows < end) {
        // Read while this piece is used; a failure comes up at the await above.
        next = this.#stored(follows, Math.min(step, end - follows), signal);
        next.catch(() => undefined);
      }
      const bytes = this.#strip(stored, sector, buffer).subarray(from, Math.min(from + left, count * form.length));
      sector = follows;
      from = 0;
      left -= bytes.length;
      yield bytes;
    }
  }

  #stored(sector: number, count: number, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#source.read(this.#offset + sector * this.form.size, count * this.form.size, signal);
  }

  /** Copy the contents of whole stored sectors into `into`. */
  #strip(stored: Uint8Array, first: number, into: Uint8Array): Uint8Array {
    const { size, at, length } = this.form;
    const told = this.#onFault !== undefined && this.form.mode !== 0;
    for (let from = 0, to = 0, sector = first; from < stored.length; from += size, to += length, sector++) {
      into.set(stored.subarray(from + at, from + at + length), to);
      if (told) this.#examine(stored, from, sector);
    }
    return into;
  }

  #examine(stored: Uint8Array, at: number, sector: number): void {
    const { form } = this;
    const subheader = subheaderAt(form);
    let fault: SectorFault | null = null;
    if (form.sync && !isSync(stored, at)) fault = 'sync';
    else if (form.sync && stored[at + MODE_BYTE] !== form.mode) fault = 'mode';
    else if (subheader >= 0 && isForm2(stored, at + subheader)) fault = 'form-2';
    if (fault === null || this.#told.has(sector) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(sector);
    this.#onFault?.(sector, fault, this.#offset + sector * form.size);
  }
}
