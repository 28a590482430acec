/** Figures as the page writes them: binary sizes, grouped digits, dates in UTC. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const grouped = new Intl.NumberFormat('en-US');
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** 2698104 as "2,698,104". */
export function count(n: number): string {
  return grouped.format(n);
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
  let value = bytes;
  let step = 0;
  while (value >= 1023.95 && step < UNITS.length - 1) {
    value /= 1024;
    step++;
  }
  const digits = step === 0 ? 0 : step < 3 ? 1 : 2;
  return { value: value.toFixed(digits), unit: UNITS[step] ?? 'B' };
}

/** "4.24 GiB". */
export function size(bytes: number): string {
  const { value, unit } = sizeParts(bytes);
  return `${value} ${unit}`;
}

/** "4.24 GiB, 4,553,104,718 bytes". */
export function exactSize(bytes: number): string {
  return bytes < 1024 ? counted(bytes, 'byte') : `${size(bytes)}, ${counted(bytes, 'byte')}`;
}

const two = (n: number) => String(n).padStart(2, '0');
const four = (n: number) => String(n).padStart(4, '0');

/** "2024-09-06 05:10", in UTC. */
export function shortTime(time: number): string {
  const d = new Date(time);
  return `${four(d.getUTCFullYear())}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

/** "6 September 2024". */
export function day(time: number): string {
  const d = new Date(time);
  return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
}

/** "6 September 2024, 05:10:42 UTC". */
export function longTime(time: number): string {
  const d = new Date(time);
  return `${day(time)}, ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} UTC`;
}

/** "12 s left", "4 min left". */
export function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
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
