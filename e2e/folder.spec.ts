import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { largeImage, largeTruth } from '../fixtures/make-large.mjs';
import { extracted, lacking } from './judges.ts';
import { button, chosenFolder, folderBegun, openByDrag, rows, withPrivatePicker } from './page.ts';
import { test } from './profile.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const LIST = 'isoscope-manifest.json';

test.skip(lacking('7zz') !== '', lacking('7zz'));
test.setTimeout(180_000);

/** Opens a disc and begins to save all of it into the folder "chosen". */
async function saveAll(page: Page, image: string): Promise<void> {
  await withPrivatePicker(page);
  await openByDrag(page, image);
  await expect(rows(page).first()).toBeVisible();
  await button(page, 'More').click();
  await page.getByRole('menuitem', { name: 'Save into a folder…' }).click();
  const review = page.getByRole('dialog', { name: 'Before you save' });
  await expect(review).toContainText('A folder cannot keep');
  await review.getByRole('button', { name: 'Choose a folder…' }).click();
}

const saved = (page: Page): Promise<void> => expect(button(page, /^Saved /)).toBeVisible({ timeout: 150_000 });

test('a disc saved into a folder is what 7zz extracts, and what could not be kept is listed', async ({ page }) => {
  await saveAll(page, SAMPLE);
  await saved(page);
  const found = await chosenFolder(page);
  expect(found.delete(LIST)).toBe(true);
  expect(found.delete('Start here.link.txt')).toBe(true); // the sample's symbolic link, as a text
  expect([...found].sort()).toEqual([...(await extracted(SAMPLE))].sort());
});

test('2,000 files: the tab is closed midway, and the same save goes on and ends with every byte', async ({ page }) => {
  const image = largeImage('2k');
  const truth = [...largeTruth('2k')].map(([path, { sha256 }]) => [path, sha256]).sort();
  await saveAll(page, image);
  await folderBegun(page, 4);
  const context = page.context();
  await page.close();

  const again = await context.newPage();
  await again.goto('./');
  const before = await chosenFolder(again);
  expect([...before.keys()].filter((path) => /^isoscope-resume-.*\.json$/.test(path))).toHaveLength(1);
  expect(before.size).toBeLessThan(2000);
  const hashes = new Map(truth as [string, string][]);
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  for (const [path, hash] of before) if (hashes.has(path) && hash !== empty) expect(hash).toBe(hashes.get(path));

  await saveAll(again, image);
  await saved(again);
  const found = await chosenFolder(again);
  found.delete(LIST);
  expect([...found].sort()).toEqual(truth);
});
