import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { button, chosenFolder, openByDrag, rows, withPrivatePicker } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const LIST = 'isoscope-manifest.json';

test.beforeEach(({ page }) => withPrivatePicker(page));

const review = (page: Page) => page.getByRole('dialog', { name: 'Before you save' });
const question = (page: Page) => page.getByRole('dialog', { name: 'Files are there already' });
const saves = (page: Page) => page.getByRole('dialog', { name: 'Saves' });

/** Saves all of the disc into the folder by the quick way, as far as the place is chosen. */
async function quick(page: Page): Promise<void> {
  await button(page, 'More').click();
  await page.getByRole('menuitem', { name: 'Save into a folder…' }).click();
  await review(page).getByRole('button', { name: 'Choose a folder…' }).click();
}

/** Waits for the end of the newest save; gives what is said of it. */
async function outcome(page: Page): Promise<string> {
  await button(page, /^Saved /).click();
  const text = await saves(page).getByRole('listitem').first().innerText();
  await page.keyboard.press('Escape');
  return text;
}

/** Path -> SHA-256 of the folder without our list. */
async function files(page: Page): Promise<[string, string][]> {
  return [...(await chosenFolder(page))].filter(([path]) => !path.startsWith('isoscope-manifest')).sort();
}

const write = (page: Page, name: string, text: string): Promise<void> =>
  page.evaluate(
    async ([file, contents]) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('chosen', { create: true });
      const writable = await (await folder.getFileHandle(file, { create: true })).createWritable();
      await writable.write(contents);
      await writable.close();
    },
    [name, text] as const,
  );

test('the quick way says what a folder cannot keep, and compares where that was chosen the last time', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await expect(rows(page).first()).toBeVisible();
  await button(page, 'More').click();
  await page.getByRole('menuitem', { name: 'Save into a folder…' }).click();
  await expect(review(page)).toContainText(/A folder cannot keep \d+ dates/);
  const compare = review(page).getByRole('checkbox', { name: /compare it after writing/ });
  await expect(compare).not.toBeChecked();
  await compare.check();
  await review(page).getByRole('button', { name: 'Choose a folder…' }).click();
  expect(await outcome(page)).toMatch(/files written, \d+ read back and found the same\. isoscope-manifest.json lists .*: \d+ dates/);
  await button(page, 'More').click();
  await page.getByRole('menuitem', { name: 'Save into a folder…' }).click();
  await expect(compare).toBeChecked();
});

test('files that are there are counted and asked about once; each choice does what it says, and is remembered', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await expect(rows(page).first()).toBeVisible();
  await write(page, 'other.txt', 'somebody’s own');
  await quick(page);
  await outcome(page); // nothing of it was there: no question
  const whole = await files(page);
  const chosen = (name: string) => question(page).getByRole('radio', { name: new RegExp(`^${name}`) });

  await write(page, 'Read me.txt', 'changed by hand');
  const changed = await files(page);
  await quick(page);
  const count = whole.length - 1;
  await expect(question(page)).toContainText(`All ${count} files stand in “chosen” already`);
  await expect(chosen('Keep both')).toBeChecked();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await question(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(question(page)).toHaveCount(0);
  expect(await files(page)).toEqual(changed);

  await quick(page);
  await chosen('Skip').check();
  await question(page).getByRole('button', { name: 'Save' }).click();
  expect(await outcome(page)).toContain(`0 files written, ${count} there already and left as they were.`);
  expect(await files(page)).toEqual(changed);
  expect([...(await chosenFolder(page)).keys()].filter((path) => path.startsWith('isoscope'))).toEqual([LIST]);

  await quick(page);
  await expect(chosen('Skip')).toBeChecked();
  await chosen('If different').check();
  await question(page).getByRole('button', { name: 'Save' }).click();
  expect(await outcome(page)).toContain(`1 file written, ${count - 1} there already`);
  expect(await files(page)).toEqual(whole);

  await write(page, 'Read me.txt', 'changed by hand');
  await quick(page);
  await chosen('Replace').check();
  await question(page).getByRole('button', { name: 'Save' }).click();
  expect(await outcome(page)).toContain(`${count} files written`);
  expect(await files(page)).toEqual(whole);

  await quick(page);
  await chosen('Keep both').check();
  await question(page).getByRole('button', { name: 'Save' }).click();
  expect(await outcome(page)).toContain(`${count} files written, ${count} numbered because the name was taken`);
  expect(await files(page)).toHaveLength(2 * whole.length - 1);
  expect([...(await chosenFolder(page)).keys()].filter((path) => path.startsWith('isoscope'))).toEqual([LIST]);

  // The sheet with every form asks in the same way.
  await page.keyboard.press('Control+Shift+s');
  await page.getByRole('radio', { name: /^Folder/ }).check();
  await page.getByRole('button', { name: /into a folder…$/ }).click();
  await expect(chosen('Keep both')).toBeChecked();
});
