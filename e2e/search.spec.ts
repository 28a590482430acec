import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { largeImage } from '../fixtures/make-large.mjs';
import { button, names, openByDrag, row, rows, withoutPicker } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');

const found = (page: Page) => page.getByRole('grid', { name: 'Found' });
const field = (page: Page) => page.getByRole('textbox', { name: 'Search by name' });
const said = (page: Page) => page.getByRole('search', { name: 'Search the disc' });

test.beforeEach(({ page }) => withoutPicker(page));

async function searched(page: Page, text: string): Promise<void> {
  await openByDrag(page, SAMPLE);
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press('Control+f');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(text);
}

test('by keyboard alone: names are found as one types, walked, and shown in their directory', async ({ page }) => {
  await searched(page, 'PART');
  await expect(said(page)).toContainText('5 found');
  await expect.poll(() => names(page)).toEqual(['Part 1.txt', 'Part 2.txt', 'Part 3.txt', 'Part 10.txt', 'Part 11.txt']);
  await expect(row(page, 'Part 10.txt')).toContainText('/Documents/Story');
  await page.keyboard.type(' -1');
  await expect(said(page)).toContainText('2 found');
  await page.keyboard.press('Enter');
  await expect(page.locator(':focus')).toContainText('Part 2.txt');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid', { name: 'Contents of Story' })).toBeVisible();
  await expect(page.locator(':focus')).toContainText('Part 3.txt');
  await expect(field(page)).toHaveCount(0);
  // What was looked for is there again, and Esc leads back to where one was.
  await page.keyboard.press('F3');
  await expect(said(page)).toContainText('2 found');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid', { name: 'Contents of Story' })).toBeVisible();
  await expect(page.locator(':focus')).toContainText('Part 3.txt');
});

test('globs, patterns, sizes and kinds are understood, and what is not is said', async ({ page }) => {
  await searched(page, '*.TXT');
  await expect.poll(() => names(page)).toContain('Read me.txt');
  const all = await rows(page).count();
  await field(page).fill('/^part 1.*\\.txt$/');
  await expect.poll(() => names(page)).toEqual(['Part 1.txt', 'Part 10.txt', 'Part 11.txt']);
  await field(page).fill('ext:txt');
  await expect(rows(page)).toHaveCount(all);
  await field(page).fill('kind:picture size:>0');
  await expect(rows(page).first()).toContainText('Picture');
  await field(page).fill('size:>lots');
  await expect(said(page)).toContainText('“lots” is no size');
  await field(page).fill('nothing is called so');
  await expect(found(page)).toContainText('Nothing is found.');
  await field(page).fill('');
  await expect(page.getByRole('grid', { name: /^Contents of/ })).toBeVisible();
  await expect(field(page)).toBeFocused();
});

test('a regular expression that never ends is ended', async ({ page }) => {
  await openByDrag(page, largeImage('100k'));
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press('Control+f');
  await field(page).fill('/^((([a-z0-9.])+)+)+[!]$/');
  await expect(said(page)).toContainText('takes too long', { timeout: 10_000 });
  await field(page).fill('*99.txt');
  await expect(said(page)).toContainText('1,000 found');
});

test('one searches below a directory, or in what is selected', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await row(page, 'Documents').dblclick();
  await row(page, 'Story').click();
  await page.keyboard.press('Control+f');
  const where = page.getByRole('combobox', { name: 'Where to search' });
  await where.selectOption({ label: 'Below Documents' });
  await field(page).fill('kind:file');
  await expect(row(page, 'Part 1.txt')).toBeVisible();
  await expect(row(page, 'Read me.txt')).toHaveCount(0);
  const below = await rows(page).count();
  await where.selectOption({ label: '1 selected item' });
  await expect(rows(page)).toHaveCount(5);
  expect(below).toBeGreaterThan(5);
});

test('what was found is selected, sorted, named and saved like any list', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await searched(page, 'part 1');
  await expect(said(page)).toContainText('3 found');
  await page.getByRole('columnheader', { name: 'Size' }).getByRole('button').click();
  await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending');
  await expect(rows(page)).toHaveCount(3);
  await rows(page).first().click();
  await page.keyboard.press('Control+a');
  await expect(button(page, /^Save 3 files/)).toBeVisible();
  await page.keyboard.press('Control+Shift+c');
  await expect(page.getByText('3 paths copied.')).toBeVisible();
  const paths = await page.evaluate(() => navigator.clipboard.readText());
  expect(paths.split('\n').sort()).toEqual(['1', '10', '11'].map((n) => `/Documents/Story/Part ${n}.txt`));
  await rows(page).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show in its directory' }).click();
  await expect(page.getByRole('grid', { name: 'Contents of Story' })).toBeVisible();
});

test('files are found by what they hold, by keyboard alone, and the place is shown in Bytes', async ({ page }) => {
  await searched(page, 'ext:txt');
  await expect(rows(page).first()).toBeVisible();
  await button(page, 'In contents').press('Enter');
  const holding = page.getByRole('textbox', { name: 'Text that the files hold' });
  await expect(holding).toBeFocused();
  await page.keyboard.type('DISC');
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText(/[1-9]\d* files? found/);
  await page.keyboard.press('ArrowDown');
  const first = page.locator(':focus');
  const at = Number((await first.getByRole('gridcell').nth(1).innerText()).replace(/,\s.*$/, '').replaceAll(',', ''));
  const name = await first.getByRole('rowheader').innerText();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: /^Bytes of/ })).toBeVisible();
  await expect(page.getByRole('contentinfo')).toContainText(`4 bytes at ${at.toLocaleString('en-US')}`);
  await page.keyboard.press('Alt+1');
  await expect(found(page)).toContainText(name);

  // The bytes of the sample's pictures: a PNG begins so.
  await field(page).fill('');
  await expect(holding).toHaveValue('DISC');
  await page.getByRole('combobox', { name: 'How it is written' }).selectOption('Bytes in hex');
  await page.getByRole('textbox', { name: /in hex/ }).fill('89 50 4e 47');
  await button(page, /^Find$/).click();
  await expect(row(page, 'Aurora.png')).toContainText('0');
  await expect(button(page, /^Find$/)).toBeVisible();
  for (const name of await names(page)) expect(name).toMatch(/\.png$/);
});

test('Back closes the search, and what can be searched for is told', async ({ page }) => {
  await searched(page, 'part');
  await expect(found(page)).toBeVisible();
  await button(page, 'What can be searched for').click();
  await page.getByRole('dialog').getByRole('button', { name: 'kind:picture' }).click();
  await expect(field(page)).toHaveValue('kind:picture');
  await page.goBack();
  await expect(field(page)).toHaveCount(0);
  await expect(page.getByRole('grid', { name: /^Contents of/ })).toBeVisible();
});

for (const [width, colorScheme] of [
  [1280, 'light'],
  [1280, 'dark'],
  [360, 'light'],
] as const) {
  test(`axe finds nothing: what a search found, ${colorScheme}, ${width} px`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await searched(page, 'part');
    await page.setViewportSize({ width, height: 600 });
    await expect(said(page)).toContainText('5 found');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 160))])).toEqual([]);
  });
}
