import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { button, openByDrag, row, rows } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const sheet = (page: Page, name: string): Locator => page.getByRole('dialog', { name });

async function openSample(page: Page): Promise<void> {
  await openByDrag(page, SAMPLE);
  await expect(rows(page)).toHaveCount(7);
}

async function axeFindsNothing(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 160))])).toEqual([]);
}

test('sizes and dates change at once, by keyboard alone, and stay for the next visit', async ({ page }) => {
  await openSample(page);
  await expect(row(page, 'Documents')).toContainText('19.1');
  await expect(row(page, 'Documents')).toContainText('02/29/2024, 12:34 PM');
  await page.keyboard.press('Control+,');
  await expect(sheet(page, 'Preferences')).toBeVisible();
  await axeFindsNothing(page);
  await sheet(page, 'Preferences').getByRole('radio', { name: 'KiB, MiB, GiB (1,024)' }).focus();
  await page.keyboard.press('ArrowDown');
  await sheet(page, 'Preferences').getByRole('radio', { name: 'As in your language' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(sheet(page, 'Preferences')).toContainText('4.71 GB, 2024-02-29 12:34');
  await page.keyboard.press('Escape');
  await expect(row(page, 'Documents')).toContainText(/19\.6\s*kB/);
  await expect(row(page, 'Documents')).toContainText('2024-02-29 12:34');
  await page.waitForTimeout(500); // preferences are written a moment later
  await openSample(page);
  await expect(row(page, 'Documents')).toContainText(/19\.6\s*kB/);
  await expect(row(page, 'Documents')).toContainText('2024-02-29 12:34');
});

test('hidden files are shown or not, and nothing is remembered where that is not wished for', async ({ page }) => {
  await openSample(page);
  await page.waitForTimeout(1500); // where one is is kept a moment later
  await button(page, 'Preferences').click();
  await sheet(page, 'Preferences')
    .getByRole('checkbox', { name: /^Remember images/ })
    .uncheck();
  await button(page, 'Done').click();
  await row(page, 'Documents').dblclick();
  await page.waitForTimeout(1500);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForTimeout(1000);
  await expect(page.getByRole('region', { name: 'Open before' })).toHaveCount(0);
});

test('the sheet About names every library that is in the page, and what was asked of other addresses', async ({ page }) => {
  await page.goto('./');
  await button(page, /^About Isoscope/).click();
  const about = sheet(page, 'About Isoscope');
  await expect(about).toContainText('None asked since the page was loaded');
  await expect(about).toContainText("default-src 'none'");
  const { dependencies } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const [name, version] of Object.entries({ ...dependencies, svelte: '' }))
    await expect(about.getByRole('listitem').filter({ hasText: `${name} ${version}` })).not.toHaveCount(0);
  await about.getByText('comlink', { exact: true }).click();
  await expect(about).toContainText('Apache License');
  await axeFindsNothing(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await axeFindsNothing(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test.describe('in German', () => {
  test.use({ locale: 'de-DE' });
  test('figures are written as the language has them', async ({ page }) => {
    await openSample(page);
    await expect(row(page, 'Documents')).toContainText('29.02.2024, 12:34');
    await expect(row(page, 'Documents')).toContainText('19,1');
    await expect(page.getByRole('main')).toContainText('29. Februar 2024');
  });
});
