import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { inFolder } from './judges.ts';
import { button, openByDrag, row, rows, withPrivatePicker } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');

/** States of the page that axe looks at. */
const STATES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  empty: async (page) => {
    await page.goto('./');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  },
  browsing: async (page) => {
    await openByDrag(page, SAMPLE);
    await row(page, 'Documents').click();
    await page.keyboard.press('Shift+ArrowDown');
  },
  'an empty directory': async (page) => {
    await openByDrag(page, SAMPLE);
    await row(page, 'Empty folder').click();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('grid', { name: 'Contents of Empty folder' })).toBeVisible();
  },
  'not an image': (page) =>
    inFolder(async (folder) => {
      writeFileSync(`${folder}/page.iso`, '<!doctype html><title>404</title>');
      await openByDrag(page, `${folder}/page.iso`);
      await expect(page.getByRole('heading', { level: 1 })).toContainText('not a disc image');
    }),
  'the page Inspect': async (page) => {
    await openByDrag(page, SAMPLE);
    await expect(rows(page).first()).toBeVisible();
    await page.keyboard.press('Alt+2');
    await expect(page.getByRole('heading', { name: 'Will it boot?' })).toBeVisible();
    await expect(page.locator('section[aria-busy=true]')).toHaveCount(0);
  },
  'the sheet of keys': async (page) => {
    await openByDrag(page, SAMPLE);
    await expect(rows(page).first()).toBeVisible();
    await button(page, 'Keyboard shortcuts').click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
};

test.beforeEach(({ page }) => withPrivatePicker(page));

for (const [state, reach] of Object.entries(STATES)) {
  test(`axe finds nothing: ${state}, in both themes, wide and narrow`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1280, height: 800 });
    await reach(page);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 120))]);
        expect(found, `${colorScheme}, ${width} px`).toEqual([]);
      }
    }
  });
}

test('an image is walked, sorted and filtered by keyboard alone', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await expect(rows(page).first()).toBeVisible();
  await row(page, 'Documents').click();
  const cursor = page.locator('[role=grid] [role=row]:focus [role=rowheader]');
  await page.keyboard.press('End');
  await expect(cursor).toHaveText('Start here');
  await page.keyboard.press('Home');
  await expect(cursor).toHaveText('Documents');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByRole('grid').getByRole('row', { selected: true })).toHaveCount(2);
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('grid').getByRole('row', { selected: true })).toHaveCount(await rows(page).count());
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid').getByRole('row', { selected: true })).toHaveCount(0);
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'Contents of Documents' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('planets');
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(rows(page)).toHaveCount(3);
});

test('the focus is always somewhere to be seen', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await expect(rows(page).first()).toBeVisible();
  for (let step = 0; step < 25; step++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return true; // out of the page, to the browser's own
      const box = element.closest('label')?.getBoundingClientRect() ?? element.getBoundingClientRect();
      return box.width > 0 && box.height > 0;
    });
    expect(seen).toBe(true);
  }
});
