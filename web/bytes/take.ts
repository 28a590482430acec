import { MAX_READ, type Contents, type Looking, type Structure, type Subject } from '../../worker/protocol/preview.ts';
import { counted } from '../figures.ts';
import type { ByteCursor } from './cursor.svelte.ts';
import { SECTOR } from './places.ts';

/** Bytes that are copied as text at most, and those that are put together in memory to be saved. */
export const MAX_COPY = 64 * 1024;
export const MAX_SAVE = 64 * 1024 * 1024;

/** What is saved and copied: what is selected; of a lone byte the structure around it, its sector, or the file. */
export function partAt({ from, length, size }: ByteCursor, around: Structure | undefined, ofImage: boolean) {
  if (length > 1) return { from, length, what: `these ${counted(length, 'byte')}` };
  if (around) return { from: around.at, length: Math.min(around.length, size - around.at), what: 'this structure' };
  if (!ofImage) return { from: 0, length: size, what: `all ${counted(size, 'byte')}` };
  const sector = from - (from % SECTOR);
  return { from: sector, length: Math.min(SECTOR, size - sector), what: 'this sector' };
}

/** A part of a subject as a Blob: a slice of the user's file, or read into memory. */
export async function partAsBlob(looking: Looking, subject: Subject, { blob }: Contents, from: number, length: number): Promise<Blob> {
  if (blob) return blob.slice(from, from + length, 'application/octet-stream');
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = from; at < from + length; at += MAX_READ)
    parts.push((await looking.read(subject, at, Math.min(MAX_READ, from + length - at))) as Uint8Array<ArrayBuffer>);
  return new Blob(parts, { type: 'application/octet-stream' });
}

/** A download of its own, as the browser does it. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Bytes as hex in rows of 16, or as text in Latin letters. */
export function bytesAsText(bytes: Uint8Array, asText: boolean): string {
  if (asText) return new TextDecoder('utf-8').decode(bytes);
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const rows: string[] = [];
  for (let at = 0; at < pairs.length; at += 16) rows.push(pairs.slice(at, at + 16).join(' '));
  return rows.join('\n');
}
