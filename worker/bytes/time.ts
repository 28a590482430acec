/**
 * Milliseconds since 1970 UTC of a date given in parts, `zone` in minutes east of UTC; NaN where a
 * part is out of its range (ECMA-119 8.4.26.1).
 */
export function instant(year: number, month: number, day: number, hour: number, minute: number, second: number, zone: number): number {
  if (!(year >= 100 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return NaN;
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59)) return NaN;
  return ((daysBefore(year, month) + day - 1) * 1440 + hour * 60 + minute - zone) * 60_000 + second * 1000;
}

/** Days of the year before each month, counted from March. */
const MARCH_DAYS = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337];

/** Days from 1970-01-01 to the first of a month of the Gregorian calendar: Date.UTC several times faster. */
function daysBefore(year: number, month: number): number {
  const years = month > 2 ? year : year - 1; // years begin in March: a leap day is the last
  const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leaps + (MARCH_DAYS[(month + 9) % 12] as number) - 719_468;
}
