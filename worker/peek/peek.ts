import { Block } from '../bytes/block.ts';
import type { Preview } from '../protocol/preview.ts';
import type { ByteSource } from '../source/source.ts';
import { isTar, listTar, listZip } from './archive.ts';
import { guessText, SAMPLE } from './guess-text.ts';
import { readMediaForm } from './media.ts';
import { begins, readPictureHeader } from './picture.ts';
import { readElf, readPe } from './program.ts';

/** Bytes of a picture that are handed to the browser, and its picture elements: more would take its memory (ux-security.md 2.3). */
export const MAX_PICTURE = 64 * 1024 * 1024;
const MAX_PIXELS = 100_000_000;
/** A JPEG's frame stands behind its colour profile and thumbnail. */
const PICTURE_HEAD = 1024 * 1024;
/** SVG that is drawn: small, and with few repeats, for a repeat of repeats can stand for billions of shapes. */
const MAX_SVG = 1024 * 1024;
const MAX_REPEATS = 24;
/** How an SVG begins: behind a declaration, a document type, comments. */
const SVG = /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!DOCTYPE\s+svg[^>]*>\s*|<!--(?:(?!-->)[^])*-->\s*)*<svg[\s>]/;

/** What a file is by its first bytes, and what of it can be shown. The name's extension only tells apart what bytes cannot. */
export async function peek(source: ByteSource): Promise<Preview> {
  if (source.size === 0) return { kind: 'bytes', title: 'Empty file', reason: 'There is not a byte in it.' };
  const head = await source.read(0, Math.min(source.size, SAMPLE));
  const block = new Block(head, 0);
  return (
    (await pictureOf(source, head)) ??
    mediaOf(source, head) ??
    (await archiveOf(source, block)) ??
    (await programOf(source, block)) ??
    (await textOf(source, block)) ?? { kind: 'bytes', title: '', reason: '' }
  );
}

async function pictureOf(source: ByteSource, head: Uint8Array): Promise<Preview | null> {
  let header = readPictureHeader(head);
  const begun = head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
  if (!header && begun && source.size > head.length) header = readPictureHeader(await source.read(0, Math.min(source.size, PICTURE_HEAD)));
  if (!header) return null;
  const { width, height, title } = header;
  if (source.size > MAX_PICTURE)
    return { kind: 'bytes', title, reason: 'The picture is larger than 64 MiB and is not drawn here: save it to look at it.' };
  if (width * height > MAX_PIXELS)
    return { kind: 'bytes', title, reason: `At ${width} × ${height} the picture is too large to be drawn here: save it to look at it.` };
  return { kind: 'picture', ...header };
}

function mediaOf(source: ByteSource, head: Uint8Array): Preview | null {
  const extension = source.name
    .slice(source.name.lastIndexOf('.') + 1)
    .toLowerCase()
    .replace(/;\d+$/, '');
  return readMediaForm(head, extension);
}

async function archiveOf(source: ByteSource, head: Block): Promise<Preview | null> {
  if (begins(head, 0, 'PK\x03\x04') || begins(head, 0, 'PK\x05\x06')) {
    const listed = await listZip(source);
    return listed
      ? { kind: 'archive', title: 'ZIP archive', ...listed }
      : { kind: 'bytes', title: 'ZIP archive', reason: 'The directory at its end was not found: it is cut or damaged.' };
  }
  if (isTar(head.bytes)) return { kind: 'archive', title: 'TAR archive', ...(await listTar(source)) };
  return null;
}

async function programOf(source: ByteSource, head: Block): Promise<Preview | null> {
  const form = (await readPe(source, head)) ?? (await readElf(source, head));
  return form ? { kind: 'program', ...form } : null;
}

async function textOf(source: ByteSource, head: Block): Promise<Preview | null> {
  if (begins(head, 0, '%PDF-'))
    return { kind: 'bytes', title: 'PDF document', reason: 'Documents are not drawn here: save it to read it.' };
  const charset = guessText(head.bytes, source.size === head.length);
  if (charset === null) return null;
  return { kind: 'text', title: '', charset, drawn: (await isDrawable(source, head)) ? 'image/svg+xml' : null };
}

/** Whether a text is an SVG that a browser draws in no time. */
async function isDrawable(source: ByteSource, head: Block): Promise<boolean> {
  if (source.size > MAX_SVG || !SVG.test(new TextDecoder('latin1').decode(head.part(0, Math.min(head.length, 4096))))) return false;
  const text = new TextDecoder('latin1').decode(await source.read(0, source.size));
  return (
    !/<!ENTITY/i.test(text) && (text.match(/<(?:\w+:)?(?:use|pattern|marker|symbol|feImage|foreignObject)\b/g) ?? []).length <= MAX_REPEATS
  );
}
