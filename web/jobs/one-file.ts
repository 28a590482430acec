import { Unsupported } from '../../worker/protocol/errors.ts';
import type { EntryRow } from '../../worker/protocol/entry.ts';
import { fileKind } from '../../worker/protocol/file-kind.ts';
import { memoryLimit } from '../pickers.ts';
import type { Session } from '../session.svelte.ts';

const MIB = 1024 * 1024;
/** A text that is put on the clipboard has at most so many bytes, a picture so many. */
export const MAX_TEXT = MIB;
const MAX_PICTURE = 32 * MIB;

/** Media types by the end of a name: of pictures that browsers show, and of what systems share. */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  bmp: 'image/bmp',
  webp: 'image/webp',
  avif: 'image/avif',
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  webm: 'video/webm',
};

function typeOf(name: string): string {
  const known = TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''];
  return known ?? (fileKind(name).family === 'txt' ? 'text/plain' : 'application/octet-stream');
}

/** What of a file can be put on the clipboard; null for none. */
export function copies(row: EntryRow): 'text' | 'picture' | null {
  if (row.kind !== 'file' || row.presence !== 'whole' || row.size === null) return null;
  const type = typeOf(row.name);
  if (type.startsWith('image/')) return row.size <= MAX_PICTURE ? 'picture' : null;
  return type === 'text/plain' && row.size <= MAX_TEXT ? 'text' : null;
}

/** True where the system takes files from a page. */
export function canShare(row: EntryRow): boolean {
  if (row.kind !== 'file' || row.presence !== 'whole' || typeof navigator.canShare !== 'function') return false;
  return navigator.canShare({ files: [new File([], row.name, { type: typeOf(row.name) })] });
}

/** A file of the disc as one of the page: slices where it lies plainly, else up to the limit in memory. */
export async function fileOf(session: Session, { entry, name }: EntryRow, limit = memoryLimit()): Promise<File> {
  const { view, inspector } = session;
  if (view === null) throw new RangeError('no view is open');
  const plan = await inspector.plan({
    view,
    entries: Uint32Array.of(entry),
    format: 'file',
    compression: 'stored',
    partial: false,
    hidden: true,
  });
  if (plan.files !== 1) throw new Unsupported('not-whole', plan.changes[0]?.reason ?? 'It cannot be had whole.');
  const { blob, name: safe } = await inspector.save(plan.plan, { to: 'blob', limit }, () => undefined);
  return new File(blob ? [blob] : [], safe, { type: typeOf(name) });
}

/** Hand a file to another program of the system. Resolves too when the user thinks better of it. */
export async function share(session: Session, row: EntryRow): Promise<void> {
  const file = await fileOf(session, row);
  await navigator.share({ files: [file], title: file.name }).catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  });
}

/** The text of a file: UTF-8 or UTF-16 as its mark says, else as Windows wrote it. */
export async function textOf(session: Session, row: EntryRow): Promise<string> {
  const bytes = new Uint8Array(await (await fileOf(session, row, MAX_TEXT)).arrayBuffer());
  const charset = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Put a picture on the clipboard: as PNG, which is what clipboards take. */
export async function copyPicture(session: Session, row: EntryRow): Promise<void> {
  // Safari counts the click only where the promise itself is handed over.
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(session, row) })]);
}

async function pngOf(session: Session, row: EntryRow): Promise<Blob> {
  const file = await fileOf(session, row, MAX_PICTURE);
  if (file.type === 'image/png') return file;
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}

/** How long a row is selected before its file is made ready to be dragged (milliseconds). */
const READY_AFTER = 200;

/**
 * Attach to a list: the one file that is selected in it can be dragged out of the page onto the desktop (Chromium on
 * Windows and macOS). The address has to be there when the drag begins, so it is made when the row is selected; only
 * where it costs nothing, as slices.
 */
export function dragOut(session: Session, row: EntryRow | undefined): (list: HTMLElement) => () => void {
  return (list) => {
    let ready: { readonly name: string; readonly url: string } | null = null;
    let over = false;
    const prepare = async () => {
      if (row?.kind !== 'file' || row.presence !== 'whole') return;
      const file = await fileOf(session, row, 0);
      if (!over) ready = { name: file.name.replace(/:/g, '_'), url: URL.createObjectURL(file) };
    };
    const start = (event: DragEvent) => {
      if (!ready || !event.dataTransfer) return event.preventDefault();
      event.dataTransfer.effectAllowed = 'copy';
      event.dataTransfer.setData('DownloadURL', `application/octet-stream:${ready.name}:${ready.url}`);
    };
    // What must be computed, or is not whole, is saved by the button.
    const soon = setTimeout(() => void prepare().catch(() => undefined), READY_AFTER);
    list.addEventListener('dragstart', start);
    return () => {
      over = true;
      clearTimeout(soon);
      list.removeEventListener('dragstart', start);
      if (ready) URL.revokeObjectURL(ready.url);
    };
  };
}
