import type { Block } from '../../bytes/block.ts';
import { instant } from '../../bytes/time.ts';

/** Quarters of an hour east of UTC that are valid; the standard ends at +52, but UTC+14 exists. */
const LEAST_ZONE = -52;
const MOST_ZONE = 56;

/** True where the zone byte of a date is out of range and so ignored (ECMA-119 9.1.5). */
export function oddZone(quarters: number): boolean {
  return quarters < LEAST_ZONE || quarters > MOST_ZONE;
}

function zoneMinutes(quarters: number): number {
  return oddZone(quarters) ? 0 : quarters * 15;
}

/** Milliseconds since 1970 UTC of a 7-byte date, NaN where blank or invalid (ECMA-119 9.1.5); `zoned` false: 6 bytes, High Sierra. */
export function readShortDate(block: Block, at: number, zoned: boolean): number {
  const zone = zoned ? zoneMinutes(block.i8(at + 6)) : 0;
  return instant(1900 + block.u8(at), block.u8(at + 1), block.u8(at + 2), block.u8(at + 3), block.u8(at + 4), block.u8(at + 5), zone);
}

/** True where a short date is all zeros: not recorded (ECMA-119 9.1.5). */
export function isBlankDate(block: Block, at: number): boolean {
  for (let byte = 0; byte < 6; byte++) if (block.u8(at + byte) !== 0) return false;
  return true;
}

/** Milliseconds since 1970 UTC of a 17-byte date of digits, NaN where blank (zeros, spaces) or invalid (ECMA-119 8.4.26.1); `zoned` false: 16 bytes. */
export function readLongDate(block: Block, at: number, zoned: boolean): number {
  const digits = (from: number, count: number): number => {
    let value = 0;
    for (let place = from; place < from + count; place++) {
      const digit = block.u8(at + place) - 0x30;
      if (digit < 0 || digit > 9) return NaN;
      value = value * 10 + digit;
    }
    return value;
  };
  const zone = zoned ? zoneMinutes(block.i8(at + 16)) : 0;
  const hundredths = digits(14, 2);
  const ms = instant(digits(0, 4), digits(4, 2), digits(6, 2), digits(8, 2), digits(10, 2), digits(12, 2), zone);
  return ms + (hundredths >= 0 ? hundredths * 10 : 0);
}
