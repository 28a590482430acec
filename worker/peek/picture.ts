import { Block } from '../bytes/block.ts';

/** A picture that browsers draw, as its header says. */
export interface PictureHeader {
  readonly type: string;
  readonly title: string;
  readonly width: number;
  readonly height: number;
}

/** Pictures inside one icon that are looked at. */
const MAX_ICONS = 64;
/** Segments of a JPEG before its frame that are passed over. */
const MAX_SEGMENTS = 4096;

type Read = (block: Block) => Omit<PictureHeader, 'title'> | null;

const sized = (type: string, width: number, height: number) => (width > 0 && height > 0 ? { type, width, height } : null);

const png: Read = (block) => (begins(block, 0, '\x89PNG\r\n\x1a\n') ? sized('image/png', block.u32be(16), block.u32be(20)) : null);

const gif: Read = (block) => (begins(block, 0, 'GIF8') ? sized('image/gif', block.u16le(6), block.u16le(8)) : null);

const bmp: Read = (block) => {
  if (!begins(block, 0, 'BM') || block.u32le(14) < 12 || block.u32le(14) > 256) return null;
  if (block.u32le(14) === 12) return sized('image/bmp', block.u16le(18), block.u16le(20));
  return sized('image/bmp', Math.abs(block.u32le(18) | 0), Math.abs(block.u32le(22) | 0));
};

const webp: Read = (block) => {
  if (!begins(block, 0, 'RIFF') || !begins(block, 8, 'WEBP')) return null;
  const u24 = (at: number) => block.u16le(at) | (block.u8(at + 2) << 16);
  if (begins(block, 12, 'VP8X')) return sized('image/webp', u24(24) + 1, u24(27) + 1);
  if (begins(block, 12, 'VP8L')) return sized('image/webp', (block.u16le(21) & 0x3fff) + 1, ((block.u32le(21) >>> 14) & 0x3fff) + 1);
  if (begins(block, 12, 'VP8 ')) return sized('image/webp', block.u16le(26) & 0x3fff, block.u16le(28) & 0x3fff);
  return null;
};

/** Frames of a JPEG: C0 to CF without tables (C4, CC) and the reserved C8. */
const jpeg: Read = (block) => {
  if (block.u16be(0) !== 0xffd8 || block.u8(2) !== 0xff) return null;
  let at = 2;
  for (let segment = 0; segment < MAX_SEGMENTS && at + 9 <= block.length; segment++) {
    const marker = block.u8(at + 1);
    if (block.u8(at) !== 0xff) return null;
    if (marker === 0xff) at++;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return sized('image/jpeg', block.u16be(at + 7), block.u16be(at + 5));
    else at += 2 + block.u16be(at + 2);
  }
  return null;
};

/** The largest picture of an icon or cursor; one that stands as a PNG is measured by its own header. */
const icon: Read = (block) => {
  const kind = block.u16le(2);
  const count = block.u16le(4);
  if (block.u16le(0) !== 0 || (kind !== 1 && kind !== 2) || count === 0 || count > MAX_ICONS || 6 + 16 * count > block.length) return null;
  let [width, height] = [0, 0];
  for (let at = 6; at < 6 + 16 * count; at += 16) {
    const from = block.u32le(at + 12);
    if (from < 6 + 16 * count || block.u32le(at + 8) === 0) return null;
    // What stands beyond the beginning that was read cannot be measured: nothing of it is drawn.
    if (from + 24 > block.length) return null;
    const inside = png(block.slice(from, 24));
    width = Math.max(width, inside?.width ?? (block.u8(at) || 256));
    height = Math.max(height, inside?.height ?? (block.u8(at + 1) || 256));
  }
  return sized('image/x-icon', width, height);
};

/** The largest of the sizes (`ispe`) that an AVIF names. */
const avif: Read = (block) => {
  if (!begins(block, 4, 'ftyp') || !/avi[fs]/.test(ascii(block, 8, Math.min(block.u32be(0), block.length, 64) - 8))) return null;
  let [width, height] = [0, 0];
  for (let at = 8; at + 16 <= block.length; at++) {
    if (block.u32be(at) !== 0x69737065) continue;
    width = Math.max(width, block.u32be(at + 8));
    height = Math.max(height, block.u32be(at + 12));
  }
  return sized('image/avif', width, height);
};

const FORMS: readonly (readonly [title: string, read: Read])[] = [
  ['PNG picture', png],
  ['JPEG picture', jpeg],
  ['GIF picture', gif],
  ['WebP picture', webp],
  ['BMP picture', bmp],
  ['AVIF picture', avif],
  ['Icon', icon],
];

/** The picture that begins these bytes (as much of a file as holds its headers); null where none does or it is cut there. */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | null {
  const block = new Block(bytes, 0);
  for (const [title, read] of FORMS) {
    try {
      const found = read(block);
      if (found) return { ...found, title };
    } catch (error) {
      // Shorter than a header of this form: it is not one.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return null;
}

export function ascii(block: Block, at: number, length: number): string {
  return length > 0 && at + length <= block.length ? String.fromCharCode(...block.part(at, length)) : '';
}

export function begins(block: Block, at: number, text: string): boolean {
  return ascii(block, at, text.length) === text;
}
