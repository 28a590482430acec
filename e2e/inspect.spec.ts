import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { inFolder, judge } from './judges.ts';
import { button, listing, names, openByDrag, row, rows, withoutPicker } from './page.ts';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');
const MENUS = `${FIXTURES}/boot-menus`;
const unpacked = (path: string): Buffer => gunzipSync(readFileSync(path));
const { digest } = JSON.parse(readFileSync(`${MENUS}/loader.json`, 'utf8')) as { digest: string };

const section = (page: Page, name: string) => page.getByRole('region', { name });

/** Chooses from the menu of the report, and reads what is saved then. */
async function kept(page: Page, line: string): Promise<{ readonly name: string; readonly text: string }> {
  const coming = page.waitForEvent('download');
  await button(page, 'Report').click();
  await page.getByRole('menuitem', { name: line }).click();
  const download = await coming;
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

const fold = (page: Page, title: string) => page.locator('summary', { hasText: title });

test('whether it boots is told with its evidence, and a revocation list is compared', async ({ page }) => {
  await withoutPicker(page);
  await inFolder(async (folder) => {
    const image = `${folder}/menus.iso`;
    writeFileSync(image, unpacked(`${MENUS}/disc.bin.gz`));
    writeFileSync(`${folder}/dbxupdate.bin`, unpacked(`${MENUS}/dbx.auth.gz`));
    await openByDrag(page, image);
    await expect(rows(page).first()).toBeVisible();
    await page.keyboard.press('Alt+2');
    const boots = section(page, 'Will it boot?');
    await expect(boots).toContainText('Yes, on UEFI machines, from a stick that its files are copied to.');
    await fold(page, 'EFI loaders').click();
    await expect(boots).toContainText(digest);
    await expect(boots).toContainText('Signer of fixtures');
    await page.getByLabel('Revocation list').setInputFiles(`${folder}/dbxupdate.bin`);
    await expect(boots).toContainText('Revoked by dbxupdate.bin: /EFI/BOOT/BOOTX64.EFI.');
    await page.getByLabel('Revocation list').setInputFiles({ name: 'other.bin', mimeType: '', buffer: Buffer.from('ab'.repeat(32)) });
    await expect(boots).toContainText('None of 1 loader is revoked by other.bin');
    await fold(page, 'Boot menus').click();
    await expect(boots).toContainText('starts /live/vmlinuz');
    await expect(boots).toContainText('/live/absent, not on the disc');

    // Evidence leads to the file, and Back to the list's place before.
    await boots.getByRole('button', { name: '/boot/grub/grub.cfg' }).click();
    await listing(page, 'grub');
    await expect(row(page, 'grub.cfg')).toHaveAttribute('aria-selected', 'true');

    // On paper stands the page alone, in light, with all that is folded.
    await page.keyboard.press('Alt+2');
    await expect(fold(page, 'How to write it')).toBeVisible();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await expect(page.getByRole('contentinfo')).toBeHidden();
    await expect(button(page, 'Report')).toBeHidden();
    await expect(boots).toContainText('mkfs.vfat -F 32');
    const { tall, light } = await page.evaluate(() => ({
      tall: document.documentElement.scrollHeight > innerHeight,
      light: getComputedStyle(document.documentElement).colorScheme,
    }));
    expect([tall, light]).toEqual([true, 'light']);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    await expect(boots).not.toContainText('mkfs.vfat -F 32');

    // The report is kept as a text, and as JSON that says the same.
    const markdown = await kept(page, 'Save as Markdown');
    expect(markdown.name).toBe('menus-report.md');
    expect(markdown.text).toContain('## Will it boot?\n\nYes, on UEFI machines');
    const json = await kept(page, 'Save as JSON');
    expect(JSON.parse(json.text)).toMatchObject({ loaders: [{ hash: digest }], writing: expect.arrayContaining([]) });
  });
});

test('an image inside is opened in place, walked and left by Up', async ({ page }) => {
  await inFolder(async (folder) => {
    writeFileSync(`${folder}/efi.img`, unpacked(`${FIXTURES}/fat/fat16.img.gz`));
    judge('xorriso', '-outdev', `${folder}/holder.iso`, '-volid', 'HOLDER', '-map', `${folder}/efi.img`, '/boot/efi.img', '-commit');
    const truth = (JSON.parse(readFileSync(`${FIXTURES}/fat/fat16.json`, 'utf8')) as { path: string }[]).map(({ path }) => path.slice(1));
    await openByDrag(page, `${folder}/holder.iso`);
    await row(page, 'boot').dblclick();
    await listing(page, 'boot');
    await row(page, 'efi.img').click();
    await page.keyboard.press('Control+i');
    await button(page, /^a FAT16 file system/).click();
    await expect(page.getByRole('navigation', { name: 'Path' }).getByRole('button', { name: 'boot/efi.img' })).toBeVisible();
    await listing(page, 'boot/efi.img');
    expect((await names(page)).length).toBe(truth.filter((path) => !path.includes('/')).length);
    await row(page, 'EFI').dblclick();
    await listing(page, 'EFI');
    await page.keyboard.press('Backspace');
    await listing(page, 'boot/efi.img');
    await page.keyboard.press('Backspace');
    await listing(page, 'boot');
    await expect(row(page, 'efi.img')).toBeFocused();
  });
});
