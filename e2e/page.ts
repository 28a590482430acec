import { basename } from 'node:path';
import { expect, type Download, type Locator, type Page } from '@playwright/test';

/** Drops files of this machine on the page, by the browser's own protocol: a true drag, with files as the system gives them. */
export async function drag(
  page: Page,
  files: readonly string[],
  ...types: ('dragEnter' | 'dragOver' | 'drop' | 'dragCancel')[]
): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of types) await client.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  await client.detach();
}

/** Opens the page and drops files on it. */
export async function openByDrag(page: Page, ...files: string[]): Promise<void> {
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await drag(page, files, 'dragEnter', 'dragOver', 'drop');
}

export const grid = (page: Page): Locator => page.getByRole('grid');
export const rows = (page: Page): Locator =>
  grid(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') });
/** The row whose name begins so (on a phone the name's cell holds more). */
export const row = (page: Page, name: string): Locator =>
  rows(page).filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`) }) });
export const names = (page: Page): Promise<string[]> => grid(page).getByRole('rowheader').allInnerTexts();
export const selected = (page: Page): Locator => grid(page).getByRole('row', { selected: true });
export const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name });

/** Waits until the listing of a directory shows. */
export async function listing(page: Page, directory: string): Promise<void> {
  await expect(page.getByRole('grid', { name: `Contents of ${directory}` })).toHaveAttribute('aria-busy', 'false');
}

/** Where Chromium has no dialog to save with, as in Firefox: downloads are what is left. */
export const withoutPicker = (page: Page): Promise<unknown> =>
  page.addInitScript(() => void Reflect.deleteProperty(window, 'showSaveFilePicker'));

/** Where Chromium has no dialog to open with: a file input is left, as in Firefox. */
export const withoutOpenPicker = (page: Page): Promise<unknown> =>
  page.addInitScript(() => void Reflect.deleteProperty(window, 'showOpenFilePicker'));

/**
 * The dialogs to save with are answered by a file or the folder "chosen" of the origin's private file system: the
 * same classes, without a dialog.
 */
export const withPrivatePicker = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const showSaveFilePicker = async ({ suggestedName }: { suggestedName: string }) =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    const showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('chosen', { create: true });
    Object.assign(window, { showSaveFilePicker, showDirectoryPicker });
  });

/** Path -> SHA-256 of what stands in the folder "chosen". */
export async function chosenFolder(page: Page): Promise<Map<string, string>> {
  const found = await page.evaluate(async () => {
    const hashes: [string, string][] = [];
    const walk = async (directory: FileSystemDirectoryHandle, prefix: string): Promise<void> => {
      for await (const [name, handle] of directory.entries()) {
        if (handle.kind === 'directory') await walk(handle, `${prefix}${name}/`);
        else {
          const bytes = await (await handle.getFile()).arrayBuffer();
          const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
          hashes.push([prefix + name, Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')]);
        }
      }
    };
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('chosen'), '');
    return hashes;
  });
  return new Map(found);
}

/** Waits until a save into the folder "chosen" has made so many directories whose names begin with D. */
export async function folderBegun(page: Page, most: number): Promise<void> {
  const made = (): Promise<number> =>
    page.evaluate(async () => {
      const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('chosen', { create: true });
      let directories = 0;
      for await (const name of root.keys()) if (name.startsWith('D')) directories++;
      return directories;
    });
  // Asked again and again: where a page waits for a function, a promise counts as true.
  await expect.poll(made, { intervals: [50], timeout: 60_000 }).toBeGreaterThan(most);
}

/** Presses what saves and gives the download; says yes where the page first lists names that change. */
export async function download(page: Page, press: () => Promise<void>): Promise<Download> {
  const coming = page.waitForEvent('download', { timeout: 480_000 });
  await press();
  const review = page.getByRole('dialog', { name: 'Before you save' }).getByRole('button', { name: 'Save', exact: true });
  await review
    .or(page.getByText(/^Saved /))
    .first()
    .waitFor({ timeout: 480_000 })
    .catch(() => undefined);
  if (await review.isVisible()) await review.click();
  return coming;
}

/** Saves a download beside others under its own name; gives the path. */
export async function keep(download: Download, folder: string): Promise<string> {
  const path = `${folder}/${basename(download.suggestedFilename())}`;
  await download.saveAs(path);
  return path;
}
