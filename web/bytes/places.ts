/** Bytes of a sector, as places are counted. */
export const SECTOR = 2048;

/** Sectors at a disc's start that its file systems leave alone (ECMA-119 6.2.1). */
export const SYSTEM_SECTORS = 16;

/** An offset as it is shown: hex digits in the width that the size needs, at least four. */
export function hexOffset(offset: number, size: number): string {
  return offset.toString(16).padStart(Math.max(4, (Math.max(1, size) - 1).toString(16).length), '0');
}

/**
 * What a person typed as a place: "0x8000" or "8000h" an offset, "32768" one in decimal, "#16" a sector,
 * "+100" and "-0x10" from the cursor. Null for what is none, or lies outside.
 */
export function parsePlace(text: string, size: number, cursor: number): number | null {
  const typed = text
    .trim()
    .toLowerCase()
    .replace(/[\s,_']/g, '');
  const found = /^([#+-]?)(?:0x([0-9a-f]+)|([0-9a-f]+)h|(\d+))$/.exec(typed);
  if (!found) return null;
  const [, sign = '', prefixed, suffixed, decimal] = found;
  const digits = prefixed ?? suffixed;
  const value = digits === undefined ? Number(decimal) : parseInt(digits, 16);
  const offset = sign === '#' ? value * SECTOR : sign === '+' ? cursor + value : sign === '-' ? cursor - value : value;
  return offset >= 0 && offset < size ? offset : null;
}

/** Bytes typed as hex, "43 44 30 30 31" or "0x4344"; null where it is not that. */
export function parseHex(text: string): Uint8Array | null {
  const digits = text.replace(/0x|[\s,]/gi, '');
  if (digits === '' || digits.length % 2 === 1 || !/^[0-9a-f]+$/i.test(digits)) return null;
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

/** A text as it may stand among bytes: in UTF-8, and in UTF-16 of both orders. */
export function textPatterns(text: string, anyCase: boolean): { bytes: Uint8Array; anyCase: boolean }[] {
  if (text === '') return [];
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const forms = [
    new TextEncoder().encode(text),
    Uint8Array.from(units.flatMap((unit) => [unit & 255, unit >> 8])),
    Uint8Array.from(units.flatMap((unit) => [unit >> 8, unit & 255])),
  ];
  return forms.map((bytes) => ({ bytes, anyCase }));
}
