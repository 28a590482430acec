import type { Random } from './random.ts';
import type { Seed } from './seeds.ts';
import { sealAll } from './sums.ts';

/** One change of an image, as data: a list of them makes an input again. */
export type Mutation =
  | { readonly set: readonly number[]; readonly at: number }
  | { readonly copy: number; readonly length: number; readonly at: number }
  | { readonly cut: number };

/** An input: what was changed in which seed, and whether its sums were put right again. */
export interface Input {
  readonly seed: string;
  readonly mutations: readonly Mutation[];
  readonly sealed: boolean;
}

const SECTOR = 2048;
const MOST_MUTATIONS = 6;
/** Values at which arithmetic goes wrong, by width in bytes. */
const EDGES = [0n, 1n, 2n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0xffffffffffffffffn];
/** Entries of the SUSP and of Rock Ridge that one is made into another of. */
const SIGNATURES = ['CE', 'PD', 'SP', 'ST', 'ER', 'ES', 'PX', 'PN', 'SL', 'NM', 'CL', 'PL', 'RE', 'TF', 'SF', 'ZF', 'AL'];

/** The input that this random sequence decides. */
export function makeInput(seed: Seed, random: Random): Input {
  const mutations: Mutation[] = [];
  const count = 1 + random.below(random.once(3) ? MOST_MUTATIONS : 2);
  for (let each = 0; each < count; each++) mutations.push(mutation(seed, random));
  if (random.once(24)) mutations.push({ cut: cutAt(seed, random) });
  return { seed: seed.name, mutations, sealed: !random.once(12) };
}

function cutAt({ bytes }: Seed, random: Random): number {
  return random.once(2) ? random.below(bytes.length) : random.below(Math.ceil(bytes.length / SECTOR)) * SECTOR;
}

/** A place in a structure of the disc, one in four times in one that decides much, now and then anywhere that is not empty. */
function place(seed: Seed, random: Random): number {
  if (seed.spots.length > 0 && random.once(4)) {
    const { at, length } = random.pick(seed.spots);
    return at + random.below(length);
  }
  const cells = seed.structures.length > 0 && !random.once(8) ? seed.structures : seed.filled;
  return Math.min(random.pick(cells) + random.below(64), seed.bytes.length - 1);
}

function mutation(seed: Seed, random: Random): Mutation {
  const { bytes, entries } = seed;
  if (entries.length > 0 && random.once(5)) return ofEntry(random.pick(entries), random);
  const at = place(seed, random);
  switch (random.below(8)) {
    case 0:
      return { at, set: [(bytes[at] as number) ^ (1 << random.below(8))] };
    case 1:
      return { at, set: [random.below(256)] };
    case 2: {
      const step = random.once(2) ? 1 : 255;
      return { at, set: [((bytes[at] as number) + step) & 255] };
    }
    case 3: // one structure over another, or a part of it moved
      return { copy: place(seed, random), at, length: random.once(3) ? SECTOR : 1 + random.below(64) };
    case 4: // a place that leads to another structure
      return { at: at & ~1, set: both(Math.floor(place(seed, random) / SECTOR), random) };
    default:
      return edge(at, random);
  }
}

function edge(at: number, random: Random): Mutation {
  const width = random.pick([1, 2, 4, 4, 8]);
  const mask = (1n << BigInt(8 * width)) - 1n;
  const value = random.once(4) ? BigInt(random.below(2 ** 32)) : random.pick(EDGES);
  const bytes = Array.from({ length: width }, (_, index) => Number(((value & mask) >> BigInt(8 * index)) & 255n));
  if (random.once(3)) return { at, set: [...bytes, ...[...bytes].reverse()] };
  return { at: random.once(2) ? at : at - (at % width), set: random.once(4) ? bytes.reverse() : bytes };
}

function both(value: number, random: Random): number[] {
  const little = [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
  return random.once(2) ? little : [...little, ...[...little].reverse()];
}

/** A system use entry: another signature, length, version or flags (SUSP 4.1). */
function ofEntry(at: number, random: Random): Mutation {
  const part = random.below(4);
  if (part === 0) return { at, set: Array.from(random.pick(SIGNATURES), (letter) => letter.charCodeAt(0)) };
  return { at: at + 1 + part, set: [random.once(2) ? random.below(256) : random.below(8)] };
}

/** An input made in the seed's own bytes; `undo` gives them back. */
export interface Applied {
  readonly bytes: Uint8Array;
  readonly undo: () => void;
}

/** Apply an input to its seed without a copy of it: what was there is kept, with what the sums over it may change. */
export function apply(seed: Seed, { mutations, sealed }: Input): Applied {
  const whole = seed.bytes;
  const kept: (readonly [at: number, bytes: Uint8Array])[] = [];
  const keep = (at: number, length: number): void => void kept.push([at, whole.slice(at, at + length)]);
  const changed: (readonly [number, number])[] = [];
  let size = whole.length;
  for (const each of mutations) {
    if ('cut' in each) {
      size = Math.min(size, each.cut);
      continue;
    }
    const at = Math.max(0, each.at);
    const wanted = 'set' in each ? Uint8Array.from(each.set) : whole.slice(each.copy, each.copy + each.length);
    const put = wanted.subarray(0, Math.max(0, whole.length - at));
    keep(at, put.length);
    whole.set(put, at);
    changed.push([at, put.length]);
  }
  const bytes = whole.subarray(0, size);
  if (sealed) {
    for (const { at } of seed.sums) keep(at, 128);
    sealAll(bytes, seed.sums, changed);
  }
  return {
    bytes,
    undo: () => {
      for (const [at, before] of kept.reverse()) whole.set(before, at);
    },
  };
}
