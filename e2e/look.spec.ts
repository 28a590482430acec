import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { largeImage } from '../fixtures/make-large.mjs';
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
