/**
 * Handles of opened files, where the browser gives them (Chromium): by a handle the page may ask for the same file
 * again on a later visit. They stay on this computer.
 */
const handles = new WeakMap<File, FileSystemFileHandle>();

export function keepHandle(file: File, handle: FileSystemFileHandle): void {
  handles.set(file, handle);
}

/** The file of a handle, which stays known. */
export async function fileOf(handle: FileSystemFileHandle): Promise<File> {
  const file = await handle.getFile();
  keepHandle(file, handle);
  return file;
}
