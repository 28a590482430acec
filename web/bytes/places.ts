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
