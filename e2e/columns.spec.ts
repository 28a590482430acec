import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { button, openByDrag, row, rows } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const heads = (page: Page): Promise<string[]> => page.getByRole('columnheader').allInnerTexts();
const head = (page: Page, name: string): Locator => page.getByRole('columnheader', { name });
const menu = (page: Page): Locator => page.getByRole('menu', { name: 'Columns' });
const line = (page: Page, name: string | RegExp): Locator => menu(page).getByRole('menuitemcheckbox', { name });
const focused = (page: Page): Locator => page.locator(':focus');

async function openSample(page: Page, width = 1300): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await openByDrag(page, SAMPLE);
  await expect(rows(page)).toHaveCount(7);
}

async function widthOf(locator: Locator): Promise<number> {
  return Math.round((await locator.boundingBox())?.width ?? 0);
}

async function axeFindsNothing(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 160))])).toEqual([]);
}

test('columns are chosen, say what the records have, sort, and stay for the next visit', async ({ page }) => {
  test.slow(); // two visits
  await openSample(page);
  expect(await heads(page)).toEqual(['Name', 'Size', 'Modified', 'Kind', 'Sector']);
  await head(page, 'Size').click({ button: 'right' });
  await axeFindsNothing(page);
  await line(page, 'Mode').click();
  await expect(row(page, 'Read me.txt')).toContainText('-r--r--r--');
  await expect(row(page, 'Documents')).toContainText('dr-xr-xr-x');
  await button(page, 'Columns').click();
  await line(page, 'Kind').click();
  await button(page, 'Columns').click();
  await line(page, 'Owner').click();
  await expect(row(page, 'Read me.txt')).toContainText('0:0');
  expect(await heads(page)).toEqual(['Name', 'Size', 'Modified', 'Mode', 'Owner', 'Sector']);
  await head(page, 'Mode').getByRole('button').click();
  await expect(head(page, 'Mode')).toHaveAttribute('aria-sort', 'ascending');
  await axeFindsNothing(page);
  await page.waitForTimeout(500); // preferences are written a moment later
  await openSample(page);
  expect(await heads(page)).toEqual(['Name', 'Size', 'Modified', 'Mode', 'Owner', 'Sector']);
  await expect(row(page, 'Read me.txt')).toContainText('0:0');
  await expect(head(page, 'Mode')).toHaveAttribute('aria-sort', 'ascending');
  await button(page, 'Columns').click();
  await menu(page).getByRole('menuitem', { name: 'The usual columns' }).click();
  expect(await heads(page)).toEqual(['Name', 'Size', 'Modified', 'Kind', 'Sector']);
});

test('a column is dragged to another place, pulled wider and made to fit', async ({ page }) => {
  await openSample(page);
  await head(page, 'Kind').getByRole('button').dragTo(head(page, 'Size').getByRole('button'));
  expect(await heads(page)).toEqual(['Name', 'Kind', 'Size', 'Modified', 'Sector']);
  // The end of a drag is no press.
  await expect(head(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
  const size = await head(page, 'Size').boundingBox();
  const [x, y] = [(size?.x ?? 0) - 8, (size?.y ?? 0) + 12];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 30, y);
  await page.mouse.move(x - 40, y);
  await page.mouse.up();
  expect(await widthOf(head(page, 'Size'))).toBe(128);
  await page.mouse.dblclick(x - 40, y);
  const fits = await widthOf(head(page, 'Size'));
  expect(fits).toBeGreaterThan(40);
  expect(fits).toBeLessThan(88);
  const cell = row(page, 'Documents').getByRole('gridcell', { name: '19.1 KiB' });
  expect(await cell.evaluate((node) => node.scrollWidth <= node.clientWidth)).toBe(true);
});

test('columns are reached, moved, made wider and chosen by keyboard alone', async ({ page }) => {
  await openSample(page);
  await rows(page).first().focus();
  await page.keyboard.press('Shift+Tab');
  await expect(focused(page)).toHaveText('Name');
  await page.keyboard.press('ArrowRight');
  await expect(focused(page)).toHaveText('Size');
  await page.keyboard.press('Shift+ArrowRight');
  expect(await widthOf(head(page, 'Size'))).toBe(96);
  await page.keyboard.press('Control+Shift+ArrowRight');
  await expect.poll(() => heads(page)).toEqual(['Name', 'Modified', 'Size', 'Kind', 'Sector']);
  await expect(focused(page)).toHaveText('Size');
  await expect(page.getByRole('status').filter({ hasText: 'Size, column 3 of 5.' })).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(head(page, 'Size')).toHaveAttribute('aria-sort', 'descending');
  await head(page, 'Size').getByRole('button').focus();
  await page.keyboard.press('Shift+F10');
  await expect(menu(page)).toBeVisible();
  await expect(focused(page)).toHaveText('Move left');
  await page.keyboard.press('Enter');
  await expect.poll(() => heads(page)).toEqual(['Name', 'Size', 'Modified', 'Kind', 'Sector']);
  await head(page, 'Size').getByRole('button').focus();
  await page.keyboard.press('ArrowDown');
  await expect(focused(page)).toHaveAttribute('role', 'row');
  await page.keyboard.press('Tab');
  await expect(button(page, 'Columns')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('c');
  await page.keyboard.press('Enter');
  await expect(head(page, 'Created')).toBeVisible();
});

test('a column for which there is no room says so in the menu', async ({ page }) => {
  await openSample(page, 900);
  await button(page, 'Columns').click();
  await expect(line(page, 'Sector, no room')).toHaveAttribute('aria-checked', 'true');
});
