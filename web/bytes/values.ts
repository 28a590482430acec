/** A reading of the bytes at the cursor. */
export interface Reading {
  readonly label: string;
  /** Little-endian, and the only one where the order of bytes does not matter. */
  readonly little: string;
  readonly big?: string;
}

const EPOCH_1601 = 11_644_473_600_000;
const EPOCH_1904 = 2_082_844_800_000;
const YEARS = { first: Date.UTC(1900, 0), last: Date.UTC(2200, 0) };

function date(time: number): string {
  if (!(time >= YEARS.first && time < YEARS.last)) return '';
  return new Date(time)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '');
}

const grouped = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 17 });
const wholes = new Intl.NumberFormat();
const whole = (value: bigint | number): string => wholes.format(value);

function float(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-6 && size < 1e15) ? grouped.format(value) : value.toExponential();
}

/** Whole numbers of 8 to 64 bits, in both orders, signed where that differs. */
function integers(view: DataView): Reading[] {
  const found: Reading[] = [];
  const both = (unsigned: bigint | number, signed: bigint | number): string =>
    unsigned === signed ? whole(unsigned) : `${whole(unsigned)}, or ${whole(signed)}`;
  if (view.byteLength >= 1) found.push({ label: '8 bits', little: both(view.getUint8(0), view.getInt8(0)) });
  const pair = (label: string, bytes: number, read: (little: boolean) => string): void => {
    if (view.byteLength >= bytes) found.push({ label, little: read(true), big: read(false) });
  };
  pair('16 bits', 2, (little) => both(view.getUint16(0, little), view.getInt16(0, little)));
  pair('32 bits', 4, (little) => both(view.getUint32(0, little), view.getInt32(0, little)));
  pair('64 bits', 8, (little) => both(view.getBigUint64(0, little), view.getBigInt64(0, little)));
  pair('Float, 32', 4, (little) => float(view.getFloat32(0, little)));
  pair('Float, 64', 8, (little) => float(view.getFloat64(0, little)));
  return found;
}

/** Dates in the forms that discs hold; what is no date of 1900 to 2199 is left out. */
function dates(view: DataView, bytes: Uint8Array): Reading[] {
  const found: Reading[] = [];
  const add = (label: string, little: string, big?: string): void => {
    if (little || big) found.push({ label, little, ...(big ? { big } : {}) });
  };
  if (bytes.length >= 4) {
    add('DOS', dos(view.getUint16(2, true), view.getUint16(0, true)));
    add('Unix', date(view.getUint32(0, true) * 1000), date(view.getUint32(0, false) * 1000));
    const mac = (little: boolean): string => date(view.getUint32(0, little) * 1000 - EPOCH_1904);
    add('Mac', mac(true), mac(false));
  }
  if (bytes.length >= 7) add('ISO, 7 bytes', isoShort(view));
  if (bytes.length >= 8) {
    const filetime = (little: boolean): string => date(Number(view.getBigUint64(0, little) / 10_000n) - EPOCH_1601);
    add('FILETIME', filetime(true), filetime(false));
  }
  if (bytes.length >= 12) add('UDF', udf(view));
  if (bytes.length >= 17) add('ISO, 17 bytes', isoLong(bytes));
  return found;
}

function dos(day: number, time: number): string {
  const [month, date_] = [(day >> 5) & 15, day & 31];
  const [hour, minute, second] = [time >> 11, (time >> 5) & 63, (time & 31) * 2];
  if (month < 1 || month > 12 || date_ < 1 || hour > 23 || minute > 59 || second > 59) return '';
  return date(Date.UTC(1980 + (day >> 9), month - 1, date_, hour, minute, second));
}

function zoned(time: number, quarters: number): string {
  const text = date(time);
  if (!text || quarters < -52 || quarters > 56) return '';
  const minutes = Math.abs(quarters) * 15;
  const two = (n: number): string => String(n).padStart(2, '0');
  return quarters === 0 ? `${text} UTC` : `${text} UTC${quarters < 0 ? '−' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A day that exists, at a time that does. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(time);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60 ? time : NaN;
}

function isoShort(view: DataView): string {
  const [year, month, day, hour, minute, second] = [0, 1, 2, 3, 4, 5].map((at) => view.getUint8(at)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return zoned(utc(1900 + year, month, day, hour, minute, second), view.getInt8(6));
}

function isoLong(bytes: Uint8Array): string {
  const digits = String.fromCharCode(...bytes.subarray(0, 16));
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d\d$/.exec(digits);
  if (!found) return '';
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [number, number, number, number, number, number];
  return zoned(utc(year, month, day, hour, minute, second), ((bytes[16] as number) << 24) >> 24);
}

/** ECMA-167 1/7.3: type and zone, year, then single bytes. */
function udf(view: DataView): string {
  const kind = view.getUint16(0, true);
  if (kind >> 12 > 2) return '';
  const minutes = (kind << 20) >> 20;
  const time = utc(view.getInt16(2, true), view.getUint8(4), view.getUint8(5), view.getUint8(6), view.getUint8(7), view.getUint8(8));
  if (time < Date.UTC(1980, 0)) return '';
  return minutes === -2047 || kind >> 12 !== 1 ? date(time) : zoned(time, minutes / 15);
}

/** Characters of a reading as text. */
const MAX_TEXT = 64;

function texts(bytes: Uint8Array): Reading[] {
  const found: Reading[] = [];
  const clean = (text: string): string => {
    const end = text.indexOf('\0');
    const shown = (end < 0 ? text : text.slice(0, end)).slice(0, MAX_TEXT);
    // eslint-disable-next-line no-control-regex
    return /[\x01-\x08\x0e-\x1f\ufffd]/.test(shown) ? '' : shown.trim();
  };
  for (const [label, charset] of [
    ['UTF-8', 'utf-8'],
    ['UTF-16', 'utf-16le'],
    ['UTF-16, BE', 'utf-16be'],
  ] as const) {
    const wide = charset !== 'utf-8';
    if (wide && bytes.length < 4) continue;
    const text = clean(new TextDecoder(charset).decode(wide ? bytes.subarray(0, bytes.length & ~1) : bytes, { stream: true }));
    // Two bytes are some character of UTF-16 nearly always: only Latin text is worth telling.
    if (text && (!wide || /^[\t -~\u00a0-\u024f]+$/.test(text))) found.push({ label, little: text });
  }
  return found;
}

/** Bytes that `readings` looks at. */
export const READ_AHEAD = 64;

/** What the bytes from the cursor on may mean: numbers, dates, text. A selection of more than one byte ends them. */
export function readings(bytes: Uint8Array): Reading[] {
  if (bytes.length === 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [...integers(view), ...dates(view, bytes), ...texts(bytes)];
}
