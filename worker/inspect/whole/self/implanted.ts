import { Block } from '../../../bytes/block.ts';
import type { ByteSource } from '../../../source/source.ts';
import type { RangeAnswer, RangeSum } from './range-sums.ts';

const SECTOR = 2048;
const FIRST_DESCRIPTOR = 16;
const MAX_DESCRIPTORS = 64;
/** Application use area of a primary descriptor (ECMA-119 8.4.32), and the big-endian volume size (ECMA-119 8.4.8). */
const AREA_AT = 883;
const AREA = 512;
const SPACE_AT = 84;
/** isomd5sum sums in pieces of so much, and looks whether a fragment has ended only behind a whole one. */
const PIECE = 32 * 1024;
const MAX_FRAGMENTS = 60;

/** What `implantisomd5` left in the application use area of the primary descriptor (isomd5sum 1.2). */
export interface Implanted {
  readonly md5: string;
  /** Bytes that are summed, from the first on. */
  readonly length: number;
  /** The area itself counts as spaces. */
  readonly at: number;
  /** Sums up to the end of fragments: the first digit of each of so many bytes. */
  readonly fragments: readonly string[];
  readonly fragmentCount: number;
  /** The maker says that this image is a supported release (RHLISOSTATUS). */
  readonly supported: boolean;
}

/** The implanted sum of an image; null without one. */
export async function readImplanted(source: ByteSource, signal?: AbortSignal): Promise<Implanted | null> {
  const first = FIRST_DESCRIPTOR * SECTOR;
  const room = Math.min(MAX_DESCRIPTORS * SECTOR, source.size - first);
  if (room < SECTOR) return null;
  const area = new Block(await source.read(first, room, signal), first);
  for (let at = 0; at + SECTOR <= area.length && area.u8(at) !== 255; at += SECTOR) {
    if (area.u8(at) !== 1) continue;
    const text = String.fromCharCode(...area.part(at + AREA_AT, AREA));
    const number = (name: string): number | null => numberIn(text, name);
    const md5 = /ISO MD5SUM = ([0-9a-f]{32})/.exec(text)?.[1];
    const skipped = number('SKIPSECTORS = ');
    if (md5 === undefined || skipped === null) return null;
    const length = (area.u32be(at + SPACE_AT) - skipped) * SECTOR;
    const count = number('FRAGMENT COUNT = ') ?? 0;
    const digits = /FRAGMENT SUMS = ([0-9a-f]*)/.exec(text)?.[1] ?? '';
    const each = count > 0 && count <= MAX_FRAGMENTS ? Math.floor(MAX_FRAGMENTS / count) : 0;
    const fragments = each > 0 ? (digits.match(new RegExp(`.{${each}}`, 'g')) ?? []) : [];
    if (length <= 0) return null;
    const supported = number('RHLISOSTATUS=') === 1;
    return { md5, length, at: first + at + AREA_AT, fragments, fragmentCount: fragments.length > 0 ? count : 0, supported };
  }
  return null;
}

function numberIn(text: string, name: string): number | null {
  const from = text.indexOf(name);
  const digits = from < 0 ? null : /^\d{1,9}/.exec(text.slice(from + name.length))?.[0];
  return digits ? Number(digits) : null;
}

/** The stretch that is summed, with a mark where each fragment's sum was taken. */
export function implantedRange(implanted: Implanted): RangeSum {
  const { length, at } = implanted;
  return { algorithm: 'md5', offset: 0, length, marks: [...marksOf(implanted).keys()], blank: [at, at + AREA] };
}

/** Where the sums of fragments are taken, and the number of each: behind the piece in which the next one begins. */
function marksOf({ length, fragmentCount }: Implanted): Map<number, number> {
  const size = Math.floor(length / (fragmentCount + 1));
  const marks = new Map<number, number>();
  for (let fragment = 1; size > 0 && fragment <= fragmentCount; fragment++)
    marks.set(Math.min(length, (Math.ceil((fragment * size) / PIECE) + 1) * PIECE), fragment);
  return marks;
}

/** What came of it: whether the whole sum is right, and if not, between which places the first difference lies. */
export function judgeImplanted(
  implanted: Implanted,
  { marks, sum }: RangeAnswer,
): { readonly right: boolean; readonly damage: readonly [from: number, to: number] | null } {
  if (sum === implanted.md5) return { right: true, damage: null };
  let from = 0;
  for (const [index, [mark, fragment]] of [...marksOf(implanted)].entries()) {
    const digits = implanted.fragments[fragment - 1] ?? '';
    const digest = marks[index];
    if (digest !== undefined && digits !== firstDigits(digest, digits.length)) return { right: false, damage: [from, mark] };
    from = mark;
  }
  return { right: false, damage: from > 0 ? [from, implanted.length] : null };
}

/** The first digit of each byte as isomd5sum prints it: of one below 16, its only one. */
function firstDigits(digest: string, count: number): string {
  let digits = '';
  for (let byte = 0; byte < count; byte++) {
    const value = parseInt(digest.slice(byte * 2, byte * 2 + 2), 16);
    digits += value.toString(16).charAt(0);
  }
  return digits;
}
