/** The dialogs of the browser for opening and saving, with what stands in where one is missing. */

import { fileOf } from './handles.ts';

interface Pickers {
  showOpenFilePicker(options: { multiple: true; id?: string }): Promise<FileSystemFileHandle[]>;
  showSaveFilePicker(options: { suggestedName: string; id?: string }): Promise<FileSystemFileHandle>;
  showDirectoryPicker(options: { mode: 'readwrite'; id?: string; startIn?: string }): Promise<FileSystemDirectoryHandle>;
}

/** A download begins some time after the click; its address must live as long (ux-security.md 1.2, rung B). */
const REVOKE_AFTER = 120_000;

/** Let the user choose images. Empty when nothing was chosen. */
export async function chooseImages(): Promise<File[]> {
  if ('showOpenFilePicker' in window) {
    const handles = await unlessDismissed((picker) => picker.showOpenFilePicker({ multiple: true, id: 'isoscope-open' }));
    return Promise.all((handles ?? []).map(fileOf));
  }
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** True where the page may write into a file that the user names. */
export function canChooseTarget(): boolean {
  return 'showSaveFilePicker' in window;
}

/** True while the browser still counts the last click or key as the user's wish. */
export function wishIsFresh(): boolean {
  return navigator.userActivation?.isActive ?? true;
}

/** Ask where to save. Null when the user chose nothing. */
export function chooseTarget(name: string): Promise<FileSystemFileHandle | null> {
  return unlessDismissed((picker) => picker.showSaveFilePicker({ suggestedName: name, id: 'isoscope-save' }));
}

/** True where the page may write into a folder that the user chooses. */
export function canChooseFolder(): boolean {
  return 'showDirectoryPicker' in window;
}

/** Ask for a folder to save into. Null when the user chose none. */
export function chooseFolder(): Promise<FileSystemDirectoryHandle | null> {
  return unlessDismissed((picker) => picker.showDirectoryPicker({ mode: 'readwrite', id: 'isoscope-folder' }));
}

async function unlessDismissed<T>(ask: (picker: Pickers) => Promise<T>): Promise<T | null> {
  try {
    return await ask(window as unknown as Pickers);
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return null;
    throw error;
  }
}

interface Permitted {
  requestPermission?(options: { mode: 'readwrite' }): Promise<PermissionState>;
}

/** Whether the page may (still) write there; asks, where the browser has taken the permission back. */
export async function mayWrite(handle: FileSystemHandle): Promise<boolean> {
  return (await (handle as FileSystemHandle & Permitted).requestPermission?.({ mode: 'readwrite' })) !== 'denied';
}

/** Times (milliseconds) to try again: a worker that is ended in a loop lets go of its files some seconds later. */
const RELEASED_AFTER = [2500, 5000];

/** Remove the empty file that a save dialog leaves, where the worker that would have done it is gone. Never throws. */
export async function removeIfEmpty(handle: FileSystemFileHandle & { remove?: () => Promise<void> }): Promise<void> {
  for (const again of [...RELEASED_AFTER, null]) {
    try {
      if ((await handle.getFile()).size === 0) await handle.remove?.();
      return;
    } catch (error) {
      const held = error instanceof Error && error.name === 'NoModificationAllowedError';
      if (!held || again === null) return; // gone already, or not to be removed: there is nothing to tidy then
      await new Promise((resolve) => setTimeout(resolve, again));
    }
  }
}

/** Hand a finished Blob to the browser's downloads. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob.type === OCTETS ? blob : blob.slice(0, blob.size, OCTETS));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_AFTER);
}

const OCTETS = 'application/octet-stream';
const MIB = 1024 * 1024;

/** GiB of memory of the smallest computers: some phones and Chromebooks. */
const SMALL_DEVICE = 2;

/** Bytes that may be computed into memory where there is no file to write to: the tab dies of more. */
export function memoryLimit(): number {
  const { deviceMemory = Infinity } = navigator as { deviceMemory?: number };
  if (deviceMemory <= SMALL_DEVICE) return 64 * MIB;
  const apple = /iPad|iPhone|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  return (apple ? 100 : 256) * MIB;
}
