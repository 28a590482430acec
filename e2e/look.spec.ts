import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { largeImage } from '../fixtures/make-large.mjs';
import { inFolder } from './judges.ts';
import { button, names, openByDrag, row, rows } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');

test('the theme follows the system, can be chosen, and is kept', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await openByDrag(page, SAMPLE);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(paper).not.toBe(light);
  await page.emulateMedia({ colorScheme: 'light' });
  const theme = button(page, /^Theme:/);
  while (!(await theme.getAttribute('aria-label'))?.includes('dark')) await theme.click();
  await expect.poll(paper).not.toBe(light);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect.poll(paper).not.toBe(light);
});

test('the order of the list is kept', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await row(page, 'Documents').dblclick();
  await row(page, 'Story').dblclick();
  await expect(rows(page)).toHaveCount(5);
  const head = page.getByRole('columnheader', { name: 'Size' });
  await head.getByRole('button').click();
  while ((await head.getAttribute('aria-sort')) !== 'descending') await head.getByRole('button').click();
  await expect.poll(() => names(page)).toEqual(['Part 11.txt', 'Part 10.txt', 'Part 3.txt', 'Part 2.txt', 'Part 1.txt']);
  await page.waitForTimeout(500); // preferences are written a moment later
  await openByDrag(page, SAMPLE);
  await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending');
});

for (const width of [360, 768, 2560]) {
  test(`nothing stands out of the window at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await openByDrag(page, SAMPLE);
    await expect(rows(page).first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await rows(page).filter({ hasText: 'Read me.txt' }).click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test('a long label takes no more than the width of a phone', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await inFolder(async (folder) => {
    const image = readFileSync(SAMPLE);
    image.write('A_LABEL_OF_THIRTY_TWO_CHARACTERS', 16 * 2048 + 40, 'latin1');
    writeFileSync(`${folder}/long.iso`, image);
    await openByDrag(page, `${folder}/long.iso`);
    await expect(rows(page).first()).toBeVisible();
    for (const leave of ['Bytes', 'Files']) {
      expect(await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth])).toEqual([360, 360]);
      await button(page, leave).first().click();
    }
    await button(page, 'Bytes').first().click();
    // What is saved there are bytes.
    await expect(button(page, 'Save this sector')).toBeInViewport({ ratio: 1 });
    await expect(button(page, /^Save all/)).toHaveCount(0);
  });
  await context.close();
});

test('the chief button keeps its place and cuts no figure in two', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await expect(rows(page).first()).toBeVisible();
  const place = () => page.getByRole('searchbox', { name: /Filter/ }).boundingBox();
  const before = await place();
  await page.keyboard.press('Control+a');
  await expect(button(page, /^Save \d+ files/)).toBeVisible();
  expect(await place()).toEqual(before);
});

test('a directory of 100,000 files scrolls to its end, and sorts', async ({ page }) => {
  await openByDrag(page, largeImage('100k'));
  await row(page, 'BIG').dblclick();
  const grid = page.getByRole('grid', { name: 'Contents of BIG' });
  await expect(grid).toHaveAttribute('aria-rowcount', '100001');
  await row(page, 'F0000000.TXT').click();
  await page.keyboard.press('End');
  await expect(row(page, 'F0099999.TXT')).toBeFocused();
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await expect(grid.getByRole('row')).not.toHaveCount(0);
  expect(await grid.getByRole('row').count()).toBeLessThan(200);
});
