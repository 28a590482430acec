import type { Block } from '../../bytes/block.ts';
import { READERS, RidgeState, type RockRidge } from './rock-ridge-entries.ts';
import { ENTRY_HEADER, MAX_CONTINUATION_LENGTH, MAX_CONTINUATIONS, MAX_CONTINUED, signature, type Continuation } from './system-use.ts';

/** Gives the bytes of a continuation area, null where they are not at hand. */
export type FindContinuation = (area: Continuation) => Block | null;

/** Read the entries in [from, to) of a record and in its continuation areas (SUSP 4, RRIP 4.1). */
export function readRockRidge(block: Block, from: number, to: number, blockSize: number, find: FindContinuation): RockRidge {
  return new RidgeReading(block, from, to, blockSize).go(find);
}

/** One record's entries being read: it stops where a continuation area is not at hand, and goes on from there (SUSP 5.1). */
export class RidgeReading {
  readonly #state = new RidgeState();
  readonly #blockSize: number;
  #visited: Set<number> | null = null;
  /** Bytes of continuation areas so far. */
  #continued = 0;
  #next: Place | null;

  constructor(block: Block, from: number, to: number, blockSize: number) {
    this.#blockSize = blockSize;
    this.#next = readArea(block, from, to, blockSize, this.#state);
  }

  /** Read on as far as areas are found; the result's `needs` is the one that was not. */
  go(find: FindContinuation): RockRidge {
    const { result } = this.#state;
    result.needs = null;
    while (this.#next && this.#mayRead(this.#next)) {
      const found = find(this.#next);
      if (!found) {
        result.needs = this.#next;
        break;
      }
      this.#visited = (this.#visited ?? new Set()).add(this.#next.offset);
      this.#continued += found.length;
      this.#next = readArea(found, 0, found.length, this.#blockSize, this.#state);
    }
    return this.#state.finish();
  }

  #mayRead({ at, offset, length }: Place): boolean {
    const visited = this.#visited;
    const fail = (code: string, detail: string): boolean => {
      this.#state.fail(code, at, 'SUSP 5.1', detail);
      return false;
    };
    if ((visited?.size ?? 0) >= MAX_CONTINUATIONS)
      return fail('continuation-chain', `More than ${MAX_CONTINUATIONS} continuation areas for one record; the rest is left out.`);
    if (visited?.has(offset)) return fail('continuation-cycle', 'Continuation areas lead in a circle; each was read once.');
    if (length > MAX_CONTINUATION_LENGTH) return fail('continuation-length', `A continuation area claims ${length} bytes; it is left out.`);
    if (this.#continued + length > MAX_CONTINUED)
      return fail('continuation-length', `Continuation areas of more than ${MAX_CONTINUED} bytes for one record; the rest is left out.`);
    return true;
  }
}

/** A continuation area, and where the entry stands that names it. */
type Place = Continuation & { readonly at: number };

function readArea(block: Block, from: number, to: number, blockSize: number, state: RidgeState): (Continuation & { at: number }) | null {
  let next: (Continuation & { at: number }) | null = null;
  let at = from;
  while (at + ENTRY_HEADER <= to) {
    const code = block.u16be(at);
    const length = block.u8(at + 2);
    if (code === 0) break; // padding
    if (length < ENTRY_HEADER || at + length > to) {
      // A pad byte or foreign bytes behind the last entry are common; a known signature cut short is not.
      if (READERS.has(code))
        state.fail(
          'entry-length',
          block.base + at,
          'SUSP 4.1',
          `A system use entry of ${length} bytes does not fit where it stands; it and what follows in its area are left out.`,
        );
      break;
    }
    if (code === CE) {
      if (length >= 28)
        next = { offset: block.u32le(at + 4) * blockSize + block.u32le(at + 12), length: block.u32le(at + 20), at: block.base + at };
    } else if (code === ST) break;
    else {
      const reader = READERS.get(code);
      if (reader && !reader(block, at, length, state)) {
        state.fail(
          'entry-short',
          block.base + at,
          'SUSP 4.1',
          `A system use entry of ${length} bytes is too short for its kind and left out.`,
        );
      }
    }
    at += length;
  }
  return next;
}

const CE = signature('CE');
const ST = signature('ST');
