import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { button, listing, openByDrag, row, rows, selected } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const palette = (page: Page): Locator => page.getByRole('dialog', { name: 'Find or do anything' });
const options = (page: Page): Locator => palette(page).getByRole('option');
const chosen = (page: Page): Locator => palette(page).getByRole('option', { selected: true });

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(palette(page).getByRole('combobox')).toBeFocused();
}

async function openSample(page: Page): Promise<void> {
  await openByDrag(page, SAMPLE);
  await expect(rows(page)).toHaveCount(7);
}

test('a directory is gone to by its name, by keyboard alone', async ({ page }) => {
  await openSample(page);
  await openPalette(page);
  await page.keyboard.type('stor');
  await expect(chosen(page)).toHaveText(/^\s*Story\s*\/Documents\s*$/);
  await expect(palette(page).getByRole('combobox')).toHaveAttribute(
    'aria-activedescendant',
    (await chosen(page).getAttribute('id')) ?? '-',
  );
  await page.keyboard.press('Enter');
  await expect(palette(page)).toHaveCount(0);
  await listing(page, 'Story');
});

test('a command is found by its words in any order, and done', async ({ page }) => {
  await openSample(page);
  await openPalette(page);
  await page.keyboard.type('joliet show');
  await expect(chosen(page)).toContainText('Show as Joliet');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('radio', { name: /^Joliet/ })).toBeChecked();
  await openPalette(page);
  await page.keyboard.type('>all');
  await expect(options(page).first()).toContainText('Ctrl');
  for (const option of await options(page).allInnerTexts()) expect(option.toLowerCase()).toContain('all');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(chosen(page)).toHaveText((await options(page).last().textContent()) ?? '-');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toHaveCount(0);
  await expect(page.locator('[role=grid] [role=row]:focus')).toHaveCount(1);
});

test('every command of the menus is there, with its keys', async ({ page }) => {
  await openSample(page);
  await button(page, 'More').click();
  const menu = await page.getByRole('menu', { name: 'More' }).locator('[role^=menuitem]').allInnerTexts();
  expect(menu.length).toBeGreaterThan(8);
  await page.keyboard.press('Escape');
  await openPalette(page);
  await page.keyboard.type('>');
  const all = (await options(page).allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  for (const line of menu) {
    const [label = '', keys = ''] = line.split('\n').map((text) => text.trim());
    const found = all.find((text) => text.startsWith(label));
    expect(found, label).toBeDefined();
    for (const key of keys.split(' ')) expect(found).toContain(key);
  }
});

test('a sector and an offset are gone to in Bytes', async ({ page }) => {
  await openSample(page);
  await openPalette(page);
  await page.keyboard.type('#16');
  await expect(chosen(page)).toContainText('Go to sector 16');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: /^Bytes of/ })).toBeVisible();
  await expect(page.getByRole('grid', { name: /^Bytes of/ })).toContainText('CD001');
  await openPalette(page);
  await page.keyboard.type('#0xffffff');
  await expect(options(page)).toHaveCount(0);
  await expect(palette(page)).toContainText('Nothing here is called that.');
});

test('an image that is open is gone to, and without one there is one to open', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await button(page, 'Find or do anything').click();
  await page.keyboard.type('open an');
  await expect(chosen(page)).toContainText('Open an image…');
  await page.keyboard.press('Escape');
  await openSample(page);
  await openByDrag(page, SAMPLE, resolve(import.meta.dirname, '../public/icon.svg'));
  await page
    .getByRole('navigation', { name: 'Open images' })
    .getByRole('button', { name: /(?<!Close )icon.svg$/ })
    .click();
  await openPalette(page);
  await page.keyboard.type('sample');
  await expect(chosen(page)).toContainText('sample.iso');
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(7);
});

test('what was selected comes back with Ctrl+Z, but not while one types', async ({ page }) => {
  await openSample(page);
  await row(page, 'Documents').click();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('End');
  await expect(selected(page)).toHaveCount(1);
  await page.keyboard.press('/');
  await page.keyboard.press('Control+z');
  await expect(selected(page)).toHaveCount(1);
  await page.keyboard.press('Escape');
  await row(page, 'Documents').focus();
  await page.keyboard.press('Control+z');
  await expect(selected(page)).toHaveCount(3);
});

for (const [width, colorScheme] of [
  [1280, 'light'],
  [360, 'dark'],
] as const) {
  test(`axe finds nothing in the palette, ${colorScheme}, ${width} px`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await openSample(page);
    await openPalette(page);
    await page.keyboard.type('a');
    await expect(options(page).first()).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 160))])).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}
