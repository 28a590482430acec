import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { button, listing, openByDrag, row, rows } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const divider = (page: Page, of: 'tree' | 'details'): Locator => page.getByRole('separator', { name: `Width of the ${of}` });
const tree = (page: Page): Locator => page.getByRole('tree');
const details = (page: Page): Locator => page.getByRole('complementary', { name: 'Details' });
const head = (page: Page, name: string): Locator => page.getByRole('columnheader', { name });

async function widthOf(locator: Locator): Promise<number> {
  return (await locator.boundingBox())?.width ?? 0;
}

async function openSample(page: Page, width = 1500): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await openByDrag(page, SAMPLE);
  await expect(rows(page)).toHaveCount(7);
}

async function pull(page: Page, what: Locator, by: number): Promise<void> {
  const box = await what.boundingBox();
  if (!box) throw new Error('nothing to pull');
  await page.mouse.move(box.x + box.width / 2, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + by / 2, box.y + 220);
  await page.mouse.move(box.x + box.width / 2 + by, box.y + 240);
  await page.mouse.up();
}

test('the panes are pulled wider and narrower, go back by a double click, and stay for the next visit', async ({ page }) => {
  await openSample(page);
  await pull(page, divider(page, 'tree'), 100);
  await expect(divider(page, 'tree')).toHaveAttribute('aria-valuenow', '388');
  expect(await widthOf(tree(page))).toBeCloseTo(387, 0);
  await pull(page, divider(page, 'details'), 60);
  await expect(divider(page, 'details')).toHaveAttribute('aria-valuenow', '292');
  expect(await widthOf(details(page))).toBe(292);
  await page.waitForTimeout(500); // preferences are written a moment later
  await openSample(page);
  expect(await widthOf(details(page))).toBe(292);
  await divider(page, 'tree').dblclick();
  await divider(page, 'details').dblclick();
  await expect(divider(page, 'tree')).toHaveAttribute('aria-valuenow', '288');
  expect(await widthOf(details(page))).toBe(352);
});

test('the panes are moved by keyboard alone, and leave the list its names and sizes', async ({ page }) => {
  await openSample(page);
  await tree(page).getByRole('treeitem').first().focus();
  await page.keyboard.press('Tab');
  await expect(divider(page, 'tree')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(divider(page, 'tree')).toHaveAttribute('aria-valuenow', '304');
  await page.keyboard.press('Home');
  expect(await widthOf(tree(page))).toBeCloseTo(159, 0);
  await page.keyboard.press('End');
  expect(await widthOf(page.getByRole('grid'))).toBeGreaterThan(300);
  await expect(head(page, 'Size')).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(divider(page, 'tree')).toHaveAttribute('aria-valuenow', '288');
  await divider(page, 'details').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowLeft');
  await expect(divider(page, 'details')).toHaveAttribute('aria-valuenow', '368');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

for (const width of [700, 900, 1100, 1199]) {
  test(`the details stand beside the sizes at ${width} px, and close again`, async ({ page }) => {
    await openSample(page, width);
    await row(page, 'Read me.txt').click();
    await page.keyboard.press('Control+i');
    await expect(details(page)).toBeVisible();
    const [size, pane] = [await head(page, 'Size').boundingBox(), await details(page).boundingBox()];
    expect((size?.x ?? 0) + (size?.width ?? 0)).toBeLessThanOrEqual(pane?.x ?? 0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await button(page, 'Close details').click();
    await expect(details(page)).toHaveCount(0);
    await listing(page, 'ISOSCOPE_SAMPLE');
  });
}

for (const width of [900, 1280, 1500, 1920]) {
  test(`the chief button shows its size whole or not at all at ${width} px`, async ({ page }) => {
    await openSample(page, width);
    for (const press of ['Control+a', 'Escape']) {
      const save = button(page, /^Save .* as ZIP ?, /);
      const cut = await save.evaluate((node) =>
        [...node.querySelectorAll('span:not(.unseen)')].some((part) => part.scrollWidth > part.clientWidth),
      );
      expect(cut).toBe(false);
      await expect(save).toHaveAccessibleName(/KiB$/);
      if (width >= 1900) await expect(save.getByText('KiB')).toBeInViewport({ ratio: 1 });
      await page.keyboard.press(press);
    }
  });
}
