import { mkdirSync, truncateSync, copyFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { inFolder } from './judges.ts';
import { button, names, openByDrag, row, rows, withoutPicker } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');

test.beforeEach(({ page }) => withoutPicker(page));

for (const [what, name, bytes] of [
  [
    'a web page',
    'download.iso',
    Buffer.from('<!doctype html><html><head><title>404 Not Found</title></head><body>Not found</body></html>'),
  ],
  ['an empty file', 'empty.iso', Buffer.alloc(0)],
  ['zeros', 'zeros.iso', Buffer.alloc(1 << 20)],
  ['text', 'notes.iso', Buffer.from('Just a few notes.\n'.repeat(100))],
] as const) {
  test(`${what} is named for what it is, with what to do`, async ({ page }) => {
    await inFolder(async (folder) => {
      writeFileSync(`${folder}/${name}`, bytes);
      await openByDrag(page, `${folder}/${name}`);
      await expect(page.getByRole('heading', { level: 1 })).toContainText('This is not a disc image');
      await expect(page.getByText(name).first()).toBeVisible();
      await expect(button(page, 'Choose another file…')).toBeVisible();
    });
  });
}

test('a folder is refused with a sentence', async ({ page }) => {
  await inFolder(async (folder) => {
    mkdirSync(`${folder}/sub`);
    await openByDrag(page, `${folder}/sub`);
    await expect(page.getByText('That is a folder.').first()).toBeVisible();
  });
});

test('a truncated disc is shown, and what it lacks is not saved as whole', async ({ page }) => {
  await inFolder(async (folder) => {
    const cut = `${folder}/cut.iso`;
    copyFileSync(SAMPLE, cut);
    truncateSync(cut, 110_000);
    await openByDrag(page, cut);
    await expect(rows(page).first()).toBeVisible();
    await row(page, 'Pictures').dblclick();
    await expect(page.getByRole('grid', { name: 'Contents of Pictures' })).toBeVisible();
    expect((await names(page)).length).toBe(4);
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: /^Save 0 of 4 files/ }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Left out');
  });
});

test('several dropped files open side by side', async ({ page }) => {
  await inFolder(async (folder) => {
    const second = `${folder}/second.iso`;
    copyFileSync(SAMPLE, second);
    await openByDrag(page, SAMPLE, second);
    await expect(button(page, /^Close /)).toHaveCount(2);
    await expect(rows(page).first()).toBeVisible();
  });
});
