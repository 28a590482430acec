import { mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { largeImage, largeTruth } from '../fixtures/make-large.mjs';
import { inFolder, judge, lacking } from './judges.ts';
import { button, chosenFolder, download, keep, openByDrag, rows, withPrivatePicker, withoutPicker, folderBegun } from './page.ts';
import { test } from './profile.ts';

test.setTimeout(180_000);

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const saves = (page: Page) => page.getByRole('dialog', { name: 'Saves' });

/** A file in the place that answers for the dialogs: it stands for what was saved before. */
const EARLIER = 'earlier.zip';
const keepEarlier = (page: Page): Promise<void> =>
  page.evaluate(async (name) => {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });
    const file = await handle.createWritable();
    await file.write('what was saved before');
    await file.close();
  }, EARLIER);

/** Names and sizes of all that stands in that place. */
const stands = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(async () => {
    const files: Record<string, number> = {};
    for await (const [name, handle] of (await navigator.storage.getDirectory()).entries())
      if (handle.kind === 'file') files[name] = (await handle.getFile()).size;
    return files;
  });

/** Opens an image and begins to save all of it as a ZIP. */
async function begin(page: Page, image: string): Promise<void> {
  await withPrivatePicker(page);
  await openByDrag(page, image);
  await expect(rows(page).first()).toBeVisible();
  await keepEarlier(page);
  await page.keyboard.press('Control+e');
  await expect(button(page, /^Stop saving/)).toBeVisible();
}

/** The save failed so, it is said with what is left, and nothing of it stands under its name. */
async function failed(page: Page, sentence: RegExp): Promise<void> {
  await button(page, /^Not saved:/).click({ timeout: 100_000 });
  await expect(saves(page)).toContainText(sentence);
  await expect(saves(page)).toContainText('Nothing of it is left.');
  await expect(saves(page).getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect.poll(() => stands(page)).toEqual({ [EARLIER]: 21 });
}

/** A copy of the disc of 5 GiB, sparse as it is. */
function copyOfLarge(folder: string): string {
  judge('cp', '--sparse=always', largeImage('5g'), `${folder}/copy.iso`);
  return `${folder}/copy.iso`;
}

for (const [what, act] of [
  ['is cut short', (path: string) => truncateSync(path, 1 << 20)],
  ['is written to', (path: string) => utimesSync(path, new Date(), new Date(Date.now() + 5000))],
] as const) {
  test(`an image that ${what} while it is saved fails the save, and nothing incomplete is left`, async ({ page }) => {
    await inFolder(async (folder) => {
      const copy = copyOfLarge(folder);
      await begin(page, copy);
      act(copy);
      await failed(page, /was changed on the disk after it was opened/);
    });
  });
}

test('a disk that is full fails the save, and nothing incomplete is left', async ({ page, baseURL }) => {
  await withPrivatePicker(page);
  await openByDrag(page, largeImage('5g'));
  await expect(rows(page)).toHaveCount(3);
  await keepEarlier(page);
  const client = await page.context().newCDPSession(page);
  // Room for the page itself, which is kept for times without a network, and for the beginning of the ZIP.
  await client.send('Storage.overrideQuotaForOrigin', { origin: new URL(baseURL ?? '').origin, quotaSize: 16 << 20 });
  await page.keyboard.press('Control+e');
  await failed(page, /The disk is full/);
});

/** Writing fails in the worker from the given file on, as it does when the browser takes the permission back or the folder goes. */
const failWriting = (page: Page, name: string, after: number): Promise<unknown> =>
  Promise.all(
    page.workers().map((worker) =>
      worker.evaluate(
        ([error, files]) => {
          const { prototype } = FileSystemFileHandle;
          // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own handle below
          const { createWritable } = prototype;
          let opened = 0;
          prototype.createWritable = function (...options) {
            if (++opened > files) return Promise.reject(new DOMException('', error));
            return createWritable.apply(this, options);
          };
        },
        [name, after] as const,
      ),
    ),
  );

/** Begins to save the disc of 2,000 files into the folder "chosen". */
async function beginFolder(page: Page): Promise<void> {
  await page.keyboard.press('Control+Shift+s');
  await page.getByRole('radio', { name: /^Folder/ }).check();
  await page.getByRole('button', { name: /into a folder…$/ }).click();
}

/** Every file that stands in the folder is whole. */
async function onlyWhole(page: Page): Promise<number> {
  const truth = new Map([...largeTruth('2k')].map(([path, { sha256 }]) => [path, sha256]));
  const found = [...(await chosenFolder(page))].filter(([path]) => truth.has(path));
  expect(found.filter(([path, hash]) => hash !== truth.get(path))).toEqual([]);
  return found.filter(([, hash]) => hash !== EMPTY).length;
}

for (const [what, error, sentence] of [
  ['permission taken back', 'NotAllowedError', /not allowed to write there/],
  ['folder deleted', 'NotFoundError', /was (changed or )?removed/],
] as const) {
  test(`a folder with its ${what} midway keeps what was finished, and nothing incomplete`, async ({ page }) => {
    await withPrivatePicker(page);
    await openByDrag(page, largeImage('2k'));
    await expect(rows(page).first()).toBeVisible();
    await failWriting(page, error, 300);
    await beginFolder(page);
    await button(page, /^Not saved:/).click({ timeout: 100_000 });
    await expect(saves(page)).toContainText(sentence);
    await expect(saves(page)).toContainText('Files that were finished before stay where they are.');
    expect(await onlyWhole(page)).toBeGreaterThan(0);
  });
}

test('a folder whose worker is killed goes on by itself where it stopped, and ends with every byte', async ({ page }) => {
  await withPrivatePicker(page);
  await openByDrag(page, largeImage('2k'));
  await expect(rows(page).first()).toBeVisible();
  await page.waitForTimeout(3200); // a worker that ends at once would not be started again
  await beginFolder(page);
  await folderBegun(page, 4);
  await Promise.all(
    page.workers().map((worker) => worker.evaluate(() => (self as unknown as { close(): void }).close()).catch(() => undefined)),
  );
  await expect(page.getByRole('alert')).toContainText('It was started again');
  await expect(button(page, /^Saved /)).toBeVisible({ timeout: 150_000 });
  expect(await onlyWhole(page)).toBe([...largeTruth('2k').values()].filter(({ sha256 }) => sha256 !== EMPTY).length);
});

test('a folder stopped midway holds whole files only', async ({ page }) => {
  await withPrivatePicker(page);
  await openByDrag(page, largeImage('2k'));
  await expect(rows(page).first()).toBeVisible();
  await beginFolder(page);
  await expect(page.getByText(/^[1-9]\d? %/)).toBeVisible();
  await button(page, /^Stop saving/).click();
  await button(page, /^Stopped:/).click();
  await expect(saves(page)).toContainText('You stopped it. Files that were finished before stay where they are.');
  expect(await onlyWhole(page)).toBeGreaterThan(0);
});

test('of a thousand files the damaged one is named, and the others are saved', async ({ page }) => {
  test.skip(lacking('xorriso', 'python3') !== '', lacking('xorriso', 'python3'));
  await inFolder(async (folder) => {
    mkdirSync(`${folder}/tree`);
    for (let index = 0; index < 1000; index++) writeFileSync(`${folder}/tree/file${index}.txt`, `line ${index}\n`.repeat(6000));
    const image = `${folder}/thousand.iso`;
    judge(
      'xorriso', '-outdev', image, '-zisofs', 'by_magic=off', '-map', `${folder}/tree`, '/',
      '-find', '/', '-type', 'f', '-exec', 'set_filter', '--zisofs', '--', '-commit',
    ); // prettier-ignore
    // A block of zisofs begins with what zlib writes at its default level: the last file's loses it.
    const bytes = readFileSync(image);
    const at = bytes.lastIndexOf(Buffer.from([0x78, 0x9c]));
    bytes.fill(0xff, at, at + 8);
    writeFileSync(image, bytes);
    await withoutPicker(page);
    await openByDrag(page, image);
    await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '1001');
    const path = await keep(await download(page, () => page.keyboard.press('Control+e')), folder);
    await button(page, /^Saved /).click();
    await expect(saves(page)).toContainText('1 entry could not be read and is not in it.');
    const lost = await saves(page)
      .getByRole('cell', { name: /^\/file\d+\.txt$/ })
      .innerText();
    expect(judge('python3', '-m', 'zipfile', '-t', path)).toContain('Done testing');
    const names = judge('python3', '-m', 'zipfile', '-l', path);
    expect(names.match(/file\d+\.txt/g)).toHaveLength(999);
    expect(names).not.toContain(`${lost.slice(1)} `);
  });
});

test('a tab that is frozen and thawed ends its save', async ({ page }) => {
  await begin(page, largeImage('5g'));
  const client = await page.context().newCDPSession(page);
  await client.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await client.send('Page.setWebLifecycleState', { state: 'active' });
  await expect(button(page, /^Saved /)).toBeVisible({ timeout: 150_000 });
  expect(Object.keys(await stands(page))).toHaveLength(2);
});

test('closing the tab asks while something is saved', async ({ page }) => {
  await begin(page, largeImage('5g'));
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await button(page, /^Stop saving/).click();
  await expect(button(page, /^Stopped:/)).toBeVisible();
});
