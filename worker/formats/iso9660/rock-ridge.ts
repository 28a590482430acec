import type { Block } from '../../bytes/block.ts';
import { READERS, RidgeState, type RockRidge } from './rock-ridge-entries.ts';
import { ENTRY_HEADER, MAX_CONTINUATION_LENGTH, MAX_CONTINUATIONS, signature, type Continuation } from './system-use.ts';

/** Gives the bytes of a continuation area, null where they are not at hand. */
export type FindContinuation = (area: Continuation) => Block | null;

/** Read the entries in [from, to) of a record and in its continuation areas (SUSP 4, RRIP 4.1). */
export function readRockRidge(block: Block, from: number, to: number, blockSize: number, find: FindContinuation): RockRidge {
  const state = new RidgeState();
  let areas = 0;
  let visited: Set<number> | undefined;
  let [area, at, end] = [block, from, to];
  for (;;) {
    const next = readArea(area, at, end, blockSize, state);
    if (!next) break;
    if (++areas > MAX_CONTINUATIONS) {
      state.fail(
        'continuation-chain',
        next.at,
        'SUSP 5.1',
        `More than ${MAX_CONTINUATIONS} continuation areas for one record; the rest is left out.`,
      );
      break;
    }
    visited ??= new Set();
    if (visited.has(next.offset)) {
      state.fail('continuation-cycle', next.at, 'SUSP 5.1', 'Continuation areas lead in a circle; each was read once.');
      break;
    }
    visited.add(next.offset);
    if (next.length > MAX_CONTINUATION_LENGTH) {
      state.fail('continuation-length', next.at, 'SUSP 5.1', `A continuation area claims ${next.length} bytes; it is left out.`);
      break;
    }
    const found = find(next);
    if (!found) {
      state.result.needs = next;
      break;
    }
    [area, at, end] = [found, 0, found.length];
  }
  return state.finish();
}

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
