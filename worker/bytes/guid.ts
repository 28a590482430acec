const ORDER = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];

/** A GUID of 16 bytes as text: its first three fields are little-endian (UEFI appendix A). */
export function guidText(bytes: Uint8Array): string {
  return ORDER.map((at) => (at < 0 ? '-' : (bytes[at] as number).toString(16).padStart(2, '0'))).join('');
}
