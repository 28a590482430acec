import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { button, grid, listing, openByDrag, row, rows, selected, withoutOpenPicker } from './page.ts';
import { test as withProfile } from './profile.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const before = (page: Page) => page.getByRole('region', { name: 'Open before' });

/** The dialog to open with gives files of the origin's private file system: handles that outlive the visit, without a question. */
const withPrivateFiles = (page: Page, ...names: string[]): Promise<unknown> =>
  page.addInitScript(
    ({ wanted, bytes }) => {
      const showOpenFilePicker = async (): Promise<FileSystemFileHandle[]> => {
        const root = await navigator.storage.getDirectory();
        return Promise.all(
          wanted.map(async (name) => {
            const handle = await root.getFileHandle(name, { create: true });
            if ((await handle.getFile()).size > 0) return handle;
            const file = await handle.createWritable();
            await file.write(new Uint8Array(bytes));
            await file.close();
            return handle;
          }),
        );
      };
      Object.assign(window, { showOpenFilePicker });
    },
    { wanted: names, bytes: [...readFileSync(SAMPLE)] },
  );

async function walkToStory(page: Page): Promise<void> {
  await expect(rows(page)).toHaveCount(7);
  await row(page, 'Documents').dblclick();
  await listing(page, 'Documents');
  await row(page, 'Story').dblclick();
  await listing(page, 'Story');
  await row(page, 'Part 2.txt').click();
  await row(page, 'Part 10.txt').click({ modifiers: ['Control'] });
  await page.waitForTimeout(1500); // where one is is kept a moment later
}

async function isInStory(page: Page): Promise<void> {
  await listing(page, 'Story');
  await expect(selected(page)).toHaveCount(2);
  await expect(selected(page)).toContainText(['Part 2.txt', 'Part 10.txt']);
}

test('after a reload one key opens the image again, where one was, with what was selected', async ({ page }) => {
  await withPrivateFiles(page, 'kept.iso');
  await page.goto('./');
  await button(page, 'Open an image…').click();
  await walkToStory(page);
  await page.reload();
  const again = button(page, 'Go on where you were');
  await expect(again).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await again.focus();
  await page.keyboard.press('Enter');
  await isInStory(page);
  await expect(page.locator('[role=grid] [role=row]:focus')).toContainText('Part 10.txt');
  // Back leads to the root, as if one had walked there.
  await page.goBack();
  await listing(page, 'ISOSCOPE_SAMPLE');
});

test('several images that were open come back together, each where it was', async ({ page }) => {
  await withPrivateFiles(page, 'one.iso', 'two.iso');
  await page.goto('./');
  await button(page, 'Open an image…').click();
  await walkToStory(page);
  await page.getByRole('button', { name: 'two.iso', exact: true }).click();
  await expect(rows(page)).toHaveCount(7);
  await page.waitForTimeout(1500);
  await page.reload();
  await button(page, 'Go on with the 2 images that were open').click();
  await page.getByRole('button', { name: 'one.iso', exact: true }).click();
  await isInStory(page);
});

test('an image is forgotten, or all are, and nothing of them is left', async ({ page }) => {
  await withPrivateFiles(page, 'one.iso', 'two.iso');
  await page.goto('./');
  await button(page, 'Open an image…').click();
  await expect(rows(page)).toHaveCount(7);
  await page.waitForTimeout(1500);
  await page.getByRole('button', { name: 'two.iso', exact: true }).click();
  await page.waitForTimeout(1500);
  await page.goto('./');
  await expect(before(page).getByRole('listitem')).toHaveCount(2);
  await button(page, 'Forget two.iso').click();
  await expect(before(page).getByRole('listitem')).toHaveCount(1);
  await expect(before(page)).toContainText('one.iso');
  await page.reload();
  await expect(before(page).getByRole('listitem')).toHaveCount(1);
  await button(page, 'Forget one.iso').click();
  await expect(before(page)).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForTimeout(1000);
  await expect(before(page)).toHaveCount(0);
});

test('without handles the page asks for the same file, and returns to the place', async ({ page }) => {
  await withoutOpenPicker(page);
  await page.addInitScript(() => void Reflect.deleteProperty(DataTransferItem.prototype, 'getAsFileSystemHandle'));
  await openByDrag(page, SAMPLE);
  await walkToStory(page);
  await page.reload();
  await expect(before(page)).toContainText('choose the file again');
  await expect(before(page)).toContainText('/Documents/Story');
  const chooser = page.waitForEvent('filechooser');
  await before(page)
    .getByRole('button', { name: /^sample.iso/ })
    .click();
  await (await chooser).setFiles(SAMPLE);
  await isInStory(page);
});

test('the sample disc, which is always there, is not kept', async ({ page }) => {
  await page.goto('./');
  await button(page, 'Try the sample disc').click();
  await expect(grid(page)).toBeVisible();
  await page.waitForTimeout(1500);
  await page.goto('./');
  await page.waitForTimeout(1000);
  await expect(before(page)).toHaveCount(0);
});

withProfile('a dropped file is kept by a handle, and one that the browser may no longer read is told of', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await walkToStory(page);
  await page.reload();
  await expect(before(page)).not.toContainText('choose the file again');
  await page.evaluate(() => {
    Object.assign(FileSystemFileHandle.prototype, { requestPermission: async () => 'denied' });
  });
  await button(page, 'Go on where you were').click();
  await expect(page.getByRole('alert')).toContainText('permission');
  await expect(before(page).getByRole('listitem')).toHaveCount(1);
});
