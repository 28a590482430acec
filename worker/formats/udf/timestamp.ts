import type { Block } from '../../bytes/block.ts';
import { instant } from '../../bytes/time.ts';

/** The offset that says "no zone" (ECMA-167 1/7.3.1). */
const NO_ZONE = -2047;
/** Minutes of the farthest zone. */
const FARTHEST = 1440;

/** Milliseconds since 1970 UTC of a timestamp; NaN where none is recorded. Without a zone it is taken for UTC (ECMA-167 1/7.3). */
export function readTimestamp(block: Block, at: number): number {
  const zone = (block.u16le(at) << 20) >> 20;
  const local = block.u16le(at) >> 12 === 1 && Math.abs(zone) <= FARTHEST;
  const whole = instant(
    block.i16le(at + 2),
    block.u8(at + 4),
    block.u8(at + 5),
    block.u8(at + 6),
    block.u8(at + 7),
    block.u8(at + 8),
    local ? zone : 0,
  );
  const hundredths = block.u8(at + 9);
  return whole + (hundredths < 100 ? hundredths * 10 + Math.min(9, Math.floor(block.u8(at + 10) / 10)) : 0);
}

/** Whether a timestamp says in which zone it is: UTC, or an offset other than -2047 (ECMA-167 1/7.3.1). */
export function isZoneKnown(block: Block, at: number): boolean {
  return block.u16le(at) >> 12 !== 1 || (block.u16le(at) << 20) >> 20 !== NO_ZONE;
}
