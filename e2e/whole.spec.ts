import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { button, openByDrag } from './page.ts';

const fixture = (name: string): Buffer => gunzipSync(readFileSync(join(import.meta.dirname, '../fixtures', `${name}.img.gz`)));
const digest = (name: string, bytes: Buffer): string => createHash(name).update(bytes).digest('hex');
const folder = mkdtempSync(join(tmpdir(), 'isoscope-whole-'));
const file = (name: string, bytes: Buffer | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const question = (page: Page): Locator => page.getByRole('region', { name: 'Is it whole?' });

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function inspect(page: Page, path: string): Promise<Locator> {
  await openByDrag(page, path);
  await expect(page.getByRole('grid')).toBeVisible();
  await page.keyboard.press('Alt+2');
  return question(page);
}

/** Drops a file on an element, by the browser's own protocol. */
async function dropOn(page: Page, target: Locator, path: string): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  const box = (await target.boundingBox())!;
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await client.send('Input.dispatchDragEvent', { type, x: box.x + box.width / 2, y: box.y + box.height / 2, data });
  await client.detach();
}

test('a disc that is cut says how much is missing and which files are lost', async ({ page }) => {
  const bytes = fixture('sums/implanted');
  const whole = await inspect(page, file('cut.iso', bytes.subarray(0, 300_000)));
  await expect(whole).toContainText(`Cut short: the last ${(bytes.length - 300_000).toLocaleString('en')} bytes`);
  await whole.getByText('Which files: 2').click();
  await expect(whole.getByRole('list', { name: 'Files that are lost or cut' }).getByRole('listitem')).toHaveText([
    '/live/b.txt is cut',
    '/live/c.txt is lost',
  ]);
  await button(page, 'Check the disc’s own checksums').click();
  await expect(whole).toContainText('The image ends before all that its maker summed.');
});

test('a disc is compared with a pasted checksum, a list that is dropped, and its own', async ({ page }) => {
  const bytes = fixture('sums/tagged');
  const whole = await inspect(page, file('tagged.iso', bytes));
  await expect(whole).toContainText('Whole, as far as the disc itself can tell.');
  const text = whole.getByRole('textbox', { name: 'Check against the maker' });
  await text.fill(digest('sha1', bytes).toUpperCase());
  await button(page, 'Compare').click();
  await expect(whole).toContainText('The same, to the last byte: its SHA-1 is the one given.');
  await expect(whole).toContainText('Whole: it is what its maker published, to the last byte.');
  await text.fill('0'.repeat(64));
  await button(page, 'Compare').click();
  await expect(whole).toContainText('Not the same: its SHA-256 is another than the one given.');
  await expect(whole).toContainText('Not what its maker published: its checksum is another.');

  const list = `${'0'.repeat(128)}  other.iso\n${digest('sha512', bytes)}  tagged.iso\n`;
  await dropOn(page, text, file('SHA512SUMS', list));
  await expect(whole).toContainText('The same, to the last byte: its SHA-512 is the one that line 2 gives for this name.');
  await expect(whole.getByRole('term').filter({ hasText: 'SHA-512' })).toBeVisible();
  // It was taken here, and not opened as an image.
  await expect(page.getByText('SHA512SUMS')).toHaveCount(0);

  await button(page, 'Check the disc’s own checksums').click();
  await expect(whole).toContainText('The disc does not agree with its own checksums.');
  await expect(whole.getByRole('list', { name: 'Files that are not as summed' }).getByRole('listitem')).toHaveText([
    '/gone.txt is not on the disc',
    '/live/c.txt is not what was summed',
  ]);
});
