import { resolve } from 'node:path';
import { expect, type Page, type Worker } from '@playwright/test';
import { largeImage } from '../fixtures/make-large.mjs';
import { button, chosenFolder, drag, folderBegun, openByDrag, row, rows, withPrivatePicker } from './page.ts';
import { test } from './profile.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');

test.setTimeout(300_000);
test.beforeEach(({ page }) => withPrivatePicker(page));

const saves = (page: Page) => page.getByRole('dialog', { name: 'Saves' });
const hung = (page: Page) => page.getByRole('alert').filter({ hasText: 'hung: no answer for 20 seconds' });

/** The tab of an image. */
const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Open images' }).getByRole('button', { name: new RegExp(`^(?!Close).*${name}$`) });

/** The workers of images that there are now. */
const imageWorkers = (page: Page): Worker[] => page.workers().filter((worker) => !worker.url().includes('pack'));

/** Puts a worker into a loop that never ends: in a task of its own, as Chromium does not end what a debugger evaluates. */
async function hang(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    setTimeout(() => {
      for (;;);
    });
  });
}

test('a worker that hangs is ended and named; a folder is not gone on with by itself, and other images go on', async ({ page }) => {
  await openByDrag(page, largeImage('2k'));
  await expect(rows(page).first()).toBeVisible();
  // The first: where the machine is slow, the next image's stands beside it already.
  const own = imageWorkers(page).slice(0, 1);
  await page.waitForTimeout(3200); // till then it does
  await drag(page, [SAMPLE], 'dragEnter', 'dragOver', 'drop');
  await expect(row(page, 'Documents')).toBeVisible();
  await tab(page, '2k.iso').click();

  await page.keyboard.press('Control+Shift+s');
  await page.getByRole('radio', { name: /^Folder/ }).check();
  await page.getByRole('button', { name: /into a folder…$/ }).click();
  await folderBegun(page, 2);
  expect(own.length).toBeGreaterThan(0);
  await Promise.all(own.map(hang));

  // The other image answers meanwhile.
  await tab(page, 'sample.iso').click();
  await row(page, 'Documents').dblclick();
  await expect(page.getByRole('grid', { name: 'Contents of Documents' })).toBeVisible();

  await expect(hung(page)).toContainText(/Reading “2k\.iso” hung: .* while something was saved from it \(at “\/”\)/, { timeout: 60_000 });
  await expect(hung(page)).toContainText('It was started again, and the image opened anew.');
  await page.keyboard.press('Control+e');
  await expect(button(page, /^Saved /)).toBeVisible();
  await button(page, /^Saved /).click();
  const failed = saves(page).getByRole('listitem').filter({ hasText: 'hung: no answer' });
  await expect(failed).toContainText('It was at “');
  await expect(failed).toContainText('Files that were finished before stay where they are.');

  // The image that hung is there again, and the save goes on when it is asked to.
  await failed.getByRole('button', { name: 'Try again' }).click();
  await tab(page, '2k.iso').click();
  await expect(rows(page).first()).toBeVisible();
  await expect(button(page, /^Saved chosen/)).toBeVisible({ timeout: 150_000 });
  await button(page, /^Saved chosen/).click();
  await expect(saves(page).getByRole('listitem').first()).toContainText(/\d+ from before the interruption/);
  expect((await chosenFolder(page)).size).toBeGreaterThan(2000);
});

test('a file whose worker hangs leaves nothing; a second hang within a minute ends the image', async ({ page }) => {
  await openByDrag(page, largeImage('5g'));
  await expect(rows(page)).toHaveCount(3);
  await page.waitForTimeout(3200);
  await button(page, /^Save all/).click();
  await expect(button(page, /^Stop saving/)).toBeVisible();
  await Promise.all(imageWorkers(page).map(hang));
  await expect(hung(page)).toContainText('It was started again', { timeout: 60_000 });
  await expect(rows(page)).toHaveCount(3);
  const left = () =>
    page.evaluate(async () => {
      const names: string[] = [];
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
      return names;
    });
  await expect.poll(left).toEqual([]);

  await Promise.all(imageWorkers(page).map(hang));
  await rows(page).first().click(); // its details are asked for, and never come
  await expect(page.getByRole('heading', { name: 'This image cannot be shown.' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('main')).toContainText('Reading “5g.iso” hung: no answer for 20 seconds');
});
