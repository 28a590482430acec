import type { ByteSource } from '../../source/source.ts';

/** A gap up to this is read whole, as the 150 sectors of padding are that most writers add; of a larger one its ends and samples. */
const WHOLE = 512 * 1024;
const END = 64 * 1024;
const SAMPLE = 2048;
const SAMPLES = 64;
/** Gaps that are looked at, and bytes of them, on one disc. */
const MAX_GAPS = 4096;
const MAX_BYTES = 64 * 1024 * 1024;

/** What a gap holds: zeros, zeros as far as samples tell, something else; `unread` where nobody looked. */
export type GapState = 'zeros' | 'sampled' | 'contents' | 'unread';

/** What writers put between files without saying so anywhere, by how it begins. */
const MARKS: readonly (readonly [mark: string, name: string])[] = [
  ['MKI ', 'mkisofs’s note of its command line'],
  ['libisofs_checksum_tag', 'xorriso’s checksum tag'],
  ['libisofs_rlsb', 'xorriso’s checksum tag'],
  ['libisofs_sb', 'xorriso’s checksum tag'],
  ['libisofs_tree', 'xorriso’s checksum tag'],
  ['POWERISO', 'PowerISO’s mark'],
  ['CD001', 'A volume descriptor of another session'],
];

/** Looks at what belongs to nobody, within a budget for one disc. */
export class GapReader {
  readonly #source: ByteSource;
  #gaps = MAX_GAPS;
  #bytes = MAX_BYTES;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** What stands from `start` to `end`, both inside of the source; `name` is what is known by its beginning. */
  async look(start: number, end: number): Promise<{ readonly state: GapState; readonly name: string | null }> {
    if (this.#gaps-- <= 0 || this.#bytes <= 0) return { state: 'unread', name: null };
    const whole = end - start <= WHOLE;
    let first = true;
    for (const [from, length] of whole ? [[start, end - start] as const] : samples(start, end)) {
      this.#bytes -= length;
      const bytes = await this.#source.read(from, length);
      if (!isZero(bytes)) return { state: 'contents', name: first ? nameOf(bytes) : null };
      first = false;
    }
    return { state: whole ? 'zeros' : 'sampled', name: null };
  }
}

/** The ends of a stretch, and places evenly spread over what is between them. */
function* samples(start: number, end: number): Generator<readonly [from: number, length: number]> {
  yield [start, END];
  const step = (end - start - 2 * END) / SAMPLES;
  for (let index = 0; index < SAMPLES; index++) {
    const from = Math.floor((start + END + index * step) / SAMPLE) * SAMPLE;
    yield [from, SAMPLE];
  }
  yield [end - END, END];
}

function isZero(bytes: Uint8Array): boolean {
  // Four bytes at a time, from the first whose address allows it.
  const lead = Math.min(bytes.length, (4 - (bytes.byteOffset & 3)) & 3);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + lead, (bytes.length - lead) >> 2);
  for (let at = 0; at < lead; at++) if (bytes[at] !== 0) return false;
  for (const word of words) if (word !== 0) return false;
  for (let at = lead + words.length * 4; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}

function nameOf(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 32));
  return MARKS.find(([mark]) => head.startsWith(mark) || (mark === 'CD001' && head.startsWith(mark, 1)))?.[1] ?? null;
}
