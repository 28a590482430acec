/**
 * Milliseconds since 1970 UTC of a date given in parts, `zone` in minutes east of UTC; NaN where a
 * part is out of its range (ECMA-119 8.4.26.1).
 */
export function instant(year: number, month: number, day: number, hour: number, minute: number, second: number, zone: number): number {
  if (!(year >= 100 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return NaN;
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59)) return NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second) - zone * 60_000;
}
