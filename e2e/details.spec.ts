import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { inFolder, judge, lacking } from './judges.ts';
import { button, listing, openByDrag, row, rows, selected, withoutPicker } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const details = (page: Page): Locator => page.getByRole('complementary', { name: 'Details' });
const CRC32 = 'import sys, zlib; print("%08x" % zlib.crc32(open(sys.argv[1], "rb").read()))';

async function openSample(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1500, height: 1000 });
  await openByDrag(page, SAMPLE);
  await expect(rows(page)).toHaveCount(7);
}

test('the checksums of a file are those of other programs, and are compared with one that is pasted, by keyboard alone', async ({
  page,
}) => {
  const lack = lacking('7zz', 'md5sum', 'sha1sum', 'sha256sum', 'python3');
  test.skip(lack !== '', lack);
  const sums = await inFolder(async (folder) => {
    judge('7zz', 'x', '-y', '-bd', `-o${folder}`, SAMPLE, 'Read me.txt');
    const file = `${folder}/Read me.txt`;
    const first = (tool: string): string => judge(tool, file).replace(/^\\/, '').split(' ')[0] ?? '';
    return [judge('python3', '-c', CRC32, file).trim(), first('md5sum'), first('sha1sum'), first('sha256sum')];
  });
  await openSample(page);
  await row(page, 'Read me.txt').click();
  await details(page).getByRole('button', { name: 'Calculate checksums' }).focus();
  await page.keyboard.press('Enter');
  const copies = details(page).getByRole('button', { name: /^Copy (CRC32|MD5|SHA)/ });
  await expect(copies).toHaveCount(4);
  for (const sum of sums) await expect(details(page).getByText(sum, { exact: true })).toBeVisible();
  await details(page).getByLabel('Compare with').focus();
  await page.keyboard.insertText(`${(sums[3] ?? '').toUpperCase()}  Read me.txt`);
  await expect(details(page).getByText('The same: its SHA-256 is what you pasted.')).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('00000000');
  await expect(details(page).getByText('Not the same')).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test('an entry tells its names in the other trees, and one goes there', async ({ page }) => {
  await openSample(page);
  await row(page, 'Read me.txt').click();
  const others = details(page).getByRole('list', { name: 'Other names' });
  await expect(others.getByRole('listitem')).toHaveCount(2);
  await expect(others).toContainText('/READ_ME.TXT');
  await others.getByRole('listitem').filter({ hasText: 'Joliet' }).getByRole('button').click();
  await listing(page, 'ISOSCOPE_SAMPLE');
  await expect(page.getByRole('radio', { name: /^Joliet/ })).toBeChecked();
  await expect(page.locator(':focus')).toContainText('Read me.txt');
});

test('of several that are selected the sum is told, and their checksums are saved', async ({ page }) => {
  await withoutPicker(page);
  await openSample(page);
  await row(page, 'Documents').click();
  await page.keyboard.press('Control+a');
  await expect(selected(page)).toHaveCount(7);
  await expect(details(page)).toContainText('17 files, 1 link, 6 directories');
  const coming = page.waitForEvent('download');
  await button(page, 'Save their checksums…').click();
  expect((await coming).suggestedFilename()).toMatch(/^SHA256SUMS/);
});
