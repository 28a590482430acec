/**
 * Handles of opened files, where the browser gives them (Chromium): by a handle the page may ask for the same file
 * again on a later visit. They stay on this computer.
 */
const handles = new WeakMap<File, FileSystemFileHandle>();

export function keepHandle(file: File, handle: FileSystemFileHandle): void {
  handles.set(file, handle);
}

export function handleOf(file: File): FileSystemFileHandle | undefined {
  return handles.get(file);
}

const ofPage = new WeakSet<File>();

/** A file that the page brings itself, the sample disc: it is always there. */
export function markOfPage(file: File): File {
  ofPage.add(file);
  return file;
}

export function isOfPage(file: File): boolean {
  return ofPage.has(file);
}

/** The file of a handle, which stays known. */
export async function fileOf(handle: FileSystemFileHandle): Promise<File> {
  const file = await handle.getFile();
  keepHandle(file, handle);
  return file;
}
