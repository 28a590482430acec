import { units } from './units.svelte.ts';

/** Figures as the page writes them: digits and dates as the user's language has them, times in UTC. */

const BINARY = { step: 1024, names: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] } as const;
const DECIMAL = { step: 1000, names: ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] } as const;

const formsOf = (locale?: string) => {
  const number = (digits: number) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const time = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const date = { year: 'numeric', month: 'long', day: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit' } as const;
  return {
    numbers: [number(0), number(1), number(2)] as const,
    part: new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    short: time({ year: 'numeric', month: '2-digit', day: '2-digit', ...clock }),
    day: time(date),
    long: time({ ...date, month: 'short', ...clock, second: '2-digit', timeZoneName: 'short' }),
  };
};
let forms = formsOf();

/** Write figures as this language has them; without one, as the browser is set. */
export function useLocale(locale?: string): void {
  forms = formsOf(locale);
}

/** 2698104 as "2,698,104". */
export function count(n: number): string {
  return forms.numbers[0].format(n);
}

/** "1 file", "1,204 files". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** "26 files, 3 links": what a choice holds; kinds of which there are none go unsaid. */
export function holding(files: number, links = 0, devices = 0): string {
  const kinds = [links && counted(links, 'link'), devices && counted(devices, 'special file')];
  if (files > 0 || links + devices === 0) kinds.unshift(counted(files, 'file'));
  return kinds.filter(Boolean).join(', ');
}

/** A size rounded for a list, number and unit apart: they stand in two columns. */
export function sizeParts(bytes: number): { readonly value: string; readonly unit: string } {
  const { step, names } = units.decimal ? DECIMAL : BINARY;
  let value = bytes;
  let power = 0;
  // What would be written as a thousand of one unit is one of the next.
  while (value >= step - 0.05 && power < names.length - 1) {
    value /= step;
    power++;
  }
  const form = forms.numbers[power === 0 ? 0 : power < 3 ? 1 : 2];
  return { value: form.format(value), unit: names[power] ?? 'B' };
}

/** "4.24 GiB". */
export function size(bytes: number): string {
  const { value, unit } = sizeParts(bytes);
  return `${value} ${unit}`;
}

/** 0.073 as "7.3%": a part of a whole. */
export function part(of: number): string {
  return forms.part.format(of);
}

/** "4.24 GiB, 4,553,104,718 bytes". */
export function exactSize(bytes: number): string {
  return bytes < (units.decimal ? 1000 : 1024) ? counted(bytes, 'byte') : `${size(bytes)}, ${counted(bytes, 'byte')}`;
}

const two = (n: number) => String(n).padStart(2, '0');
const four = (n: number) => String(n).padStart(4, '0');
const isTime = (time: number) => !Number.isNaN(new Date(time).getTime());

/** "09/06/2024, 05:10 AM", or "2024-09-06 05:10" where that was chosen; in UTC. */
export function shortTime(time: number): string {
  if (!isTime(time)) return '';
  if (!units.iso) return forms.short.format(time);
  const d = new Date(time);
  return `${isoDay(d)} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

/** "September 6, 2024". */
export function day(time: number): string {
  if (!isTime(time)) return '';
  return units.iso ? isoDay(new Date(time)) : forms.day.format(time);
}

/** "September 6, 2024 at 05:10:42 AM UTC". */
export function longTime(time: number): string {
  if (!isTime(time)) return '';
  if (!units.iso) return forms.long.format(time);
  return `${shortTime(time)}:${two(new Date(time).getUTCSeconds())} UTC`;
}

function isoDay(d: Date): string {
  return `${four(d.getUTCFullYear())}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
}

/** "12 s left", "4 min left". */
export function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${forms.numbers[1].format(seconds / 3600)} h left`;
}

/** POSIX mode as `ls` writes it: "drwxr-xr-x". */
export function modeText(mode: number): string {
  const types: Readonly<Record<number, string>> = { 1: 'p', 2: 'c', 4: 'd', 6: 'b', 8: '-', 10: 'l', 12: 's' };
  let text = types[(mode >> 12) & 15] ?? '?';
  for (let shift = 6; shift >= 0; shift -= 3) {
    const bits = (mode >> shift) & 7;
    text += (bits & 4 ? 'r' : '-') + (bits & 2 ? 'w' : '-');
    const special = mode & (shift === 6 ? 0o4000 : shift === 3 ? 0o2000 : 0o1000);
    const letter = shift === 0 ? 't' : 's';
    text += special ? (bits & 1 ? letter : letter.toUpperCase()) : bits & 1 ? 'x' : '-';
  }
  return text;
}

/** Bytes of a sector of a CD or DVD image: the unit of the column Sector. */
export const SECTOR = 2048;
