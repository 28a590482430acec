import { STEPS, type Pace } from './pace.ts';

const DIGITS = 65_536;
const HIGH = 2 ** 32;

/** 16 bits of a whole number below 2^53, the lowest first. */
const DIGIT: readonly ((value: number) => number)[] = [
  (value) => value & 0xffff,
  (value) => (value >>> 16) & 0xffff,
  (value) => (value / HIGH) & 0xffff,
  (value) => (value / HIGH) >>> 16,
];

/**
 * The order in which whole numbers from 0 below 2^53 ascend, equal ones as they stood: by their digits, in linear time, and with
 * breaks in between, which no sort of the language makes.
 */
export async function ascending(values: Float64Array, count: number, pace: Pace): Promise<Uint32Array> {
  let order = new Uint32Array(count);
  let sorted = true;
  let most = 0;
  for (let index = 0; index < count; index++) {
    order[index] = index;
    const value = values[index] as number;
    if (value < most) sorted = false;
    else most = value;
  }
  if (sorted) return order;
  let spare = new Uint32Array(count);
  for (let pass = 0; pass < DIGIT.length && most >= DIGITS ** pass; pass++) {
    const digit = DIGIT[pass] as (value: number) => number;
    const places = new Uint32Array(DIGITS);
    for (let index = 0; index < count; index++) {
      const slot = digit(values[index] as number);
      places[slot] = (places[slot] as number) + 1;
    }
    let sum = 0;
    for (let slot = 0; slot < DIGITS; slot++) {
      const held = places[slot] as number;
      places[slot] = sum;
      sum += held;
    }
    if (pace.due) await pace.breathe();
    for (let index = 0; index < count; index++) {
      if ((index & STEPS) === 0 && pace.due) await pace.breathe();
      const at = order[index] as number;
      const slot = digit(values[at] as number);
      const place = places[slot] as number;
      places[slot] = place + 1;
      spare[place] = at;
    }
    [order, spare] = [spare, order];
  }
  return order;
}
