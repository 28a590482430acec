import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { button, drag, grid, listing, openByDrag, row, rows, selected, withoutPicker } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const HOSTILE = resolve(import.meta.dirname, '../../shared/corpus/hostile');
const focused = (page: Page) => page.locator(':focus');
const menuitem = (page: Page, name: string) => page.getByRole('menuitem', { name });

test.beforeEach(({ page }) => withoutPicker(page));

async function openSample(page: Page): Promise<void> {
  await openByDrag(page, SAMPLE);
  await expect(rows(page)).toHaveCount(7);
}

test('a right click on a row selects it and offers what can be done, and Esc gives the focus back', async ({ page }) => {
  await openSample(page);
  await row(page, 'Read me.txt').click({ button: 'right' });
  await expect(selected(page)).toContainText('Read me.txt');
  const menu = page.getByRole('menu', { name: 'Selection' });
  await expect(menu).toBeVisible();
  await expect(menuitem(page, 'Save this file')).toBeFocused();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(focused(page)).toContainText('Read me.txt');
});

test('the menu of rows comes by keyboard, and opens and saves what is selected', async ({ page }) => {
  await openSample(page);
  await row(page, 'Documents').click();
  await page.keyboard.press('Shift+F10');
  await expect(menuitem(page, 'Open')).toBeFocused();
  await page.keyboard.press('Enter');
  await listing(page, 'Documents');
  await page.keyboard.press('End');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('ContextMenu');
  await expect(menuitem(page, 'Save 7 files')).toBeVisible();
  const coming = page.waitForEvent('download');
  await menuitem(page, 'Save as a TAR').click();
  expect((await coming).suggestedFilename()).toBe('Documents.tar');
});

test('a space goes on with the name that is typed where one does, and shows the file where none does', async ({ page }) => {
  await openSample(page);
  const sheet = page.getByRole('dialog');
  await row(page, 'Documents').click();
  await page.keyboard.type('read me');
  await expect(focused(page)).toContainText('Read me.txt');
  await page.keyboard.press('Home');
  // The arrow keys end what was typed: the space behind them is no part of a name.
  await page.keyboard.type('read');
  await expect(focused(page)).toContainText('Read me.txt');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  await expect(sheet.getByRole('heading', { name: 'Read me.txt' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);

  await page.keyboard.type('start here ');
  await expect(sheet.getByRole('heading', { name: 'Start here' })).toBeVisible();
});

test('the list, the tree, the path and the tabs have menus of their own', async ({ page }) => {
  await openSample(page);
  const { x, y, width, height } = (await grid(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.click(x + width / 2, y + height - 20, { button: 'right' });
  await expect(page.getByRole('menu', { name: 'List' })).toBeVisible();
  await menuitem(page, 'Select all').click();
  await expect(selected(page)).toHaveCount(7);

  await page.getByRole('treeitem', { name: 'Documents' }).click({ button: 'right' });
  await menuitem(page, 'Unfold').click();
  await expect(page.getByRole('treeitem', { name: 'Story' })).toBeVisible();

  await page.getByRole('navigation', { name: 'Path' }).getByRole('button').click({ button: 'right' });
  await expect(menuitem(page, 'Save all as a ZIP')).toBeVisible();
  await page.keyboard.press('Escape');

  await page
    .getByRole('navigation', { name: 'Open images' })
    .getByRole('button', { name: 'sample.iso', exact: true })
    .click({ button: 'right' });
  await menuitem(page, 'Close').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Drop a disc image');
});

test('a symbolic link is followed to its file, from the list and from the details', async ({ page }) => {
  await openSample(page);
  await row(page, 'Start here').click();
  await page.keyboard.press('Enter');
  await listing(page, 'Documents');
  await expect(selected(page)).toContainText('How a disc holds its files.md');
  await page.keyboard.press('Alt+ArrowLeft');
  await listing(page, 'ISOSCOPE_SAMPLE');
  await page.setViewportSize({ width: 1500, height: 900 });
  await row(page, 'Start here').click();
  await page.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: '/Documents/How a disc' }).click();
  await listing(page, 'Documents');
});

test('a link that leads in a circle or out of the disc says so', async ({ page }) => {
  test.skip(!existsSync(HOSTILE), 'no corpus');
  await openByDrag(page, `${HOSTILE}/hostile-symlink-escape.iso`);
  await row(page, 'ping').dblclick();
  await expect(page.getByText('It leads in a circle').first()).toBeVisible();
  await row(page, 'abs').dblclick();
  await expect(page.getByText('It leads nowhere: there is no “etc” in the root of this disc.').first()).toBeVisible();
});

test('directories sort by what is in them', async ({ page }) => {
  await openSample(page);
  await page.getByRole('columnheader', { name: 'Size' }).getByRole('button').click();
  await expect.poll(() => rows(page).first().innerText()).toContain('Pictures');
  const sizes = rows(page).filter({ hasText: /Documents|Pictures|Empty folder/ });
  await expect(sizes.first()).toContainText(/KiB/);
  await expect(row(page, 'Empty folder')).toContainText('0 B');
});

test('Save all does not count what the image does not hold', async ({ page }) => {
  test.skip(!existsSync(HOSTILE), 'no corpus');
  await openByDrag(page, `${HOSTILE}/hostile-file-half-past-end.iso`);
  await expect(button(page, /^Save all but 1 file/)).toBeVisible();
  await button(page, 'Show what was found').or(button(page, 'Show the damage')).first().click();
  await expect(page.getByRole('dialog')).toContainText('runs past the end of the image');
  await expect(
    page
      .getByRole('dialog')
      .getByText(/^\/[A-Z]/)
      .first(),
  ).toBeVisible();
});

test('Back and Forward of the browser walk the directories, of two images too', async ({ page }) => {
  await openSample(page);
  await row(page, 'Documents').dblclick();
  await listing(page, 'Documents');
  await row(page, 'Story').dblclick();
  await listing(page, 'Story');
  await page.goBack();
  await listing(page, 'Documents');
  await page.goBack();
  await listing(page, 'ISOSCOPE_SAMPLE');
  await page.goForward();
  await listing(page, 'Documents');
  await button(page, 'Forward').click();
  await listing(page, 'Story');
  await drag(page, [SAMPLE], 'dragEnter', 'dragOver', 'drop');
  await listing(page, 'ISOSCOPE_SAMPLE');
  await page.goBack();
  await listing(page, 'Story');
  await page.goBack();
  await page.goBack();
  await listing(page, 'ISOSCOPE_SAMPLE');
  await page.goBack();
  expect(page.url()).toBe('about:blank');
});

test('the focus is in the list after a drop, after a tab is closed and after a dialog', async ({ page }) => {
  await openSample(page);
  await expect(focused(page)).toHaveAttribute('role', 'row');
  await drag(page, [SAMPLE], 'dragEnter', 'dragOver', 'drop');
  await expect(button(page, 'Close sample.iso')).toHaveCount(2);
  await expect(focused(page)).toHaveAttribute('role', 'row');
  await button(page, 'Close sample.iso').last().click();
  await expect(button(page, 'Close sample.iso')).toHaveCount(1);
  await expect(focused(page)).toHaveAttribute('role', 'row');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(focused(page)).toHaveAttribute('role', 'row');
});
