import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { inFolder, judge, lacking } from './judges.ts';
import { button, chosenFolder, openByDrag, row, rows, withPrivatePicker } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const HYBRID = resolve(import.meta.dirname, '../fixtures/partitions/gpt.bin.gz');
const LINKED = resolve(import.meta.dirname, '../fixtures/rockridge.img.gz');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test.beforeEach(({ page }) => withPrivatePicker(page));

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Save as' });
const choose = (page: Page, name: RegExp) => sheet(page).getByRole('radio', { name }).check();

/** Presses the sheet's button, and waits for the end of the save. */
async function save(page: Page, name: RegExp): Promise<void> {
  await sheet(page).getByRole('button', { name }).click();
  await expect(button(page, /^Saved /)).toBeVisible();
}

/** Bytes of a file that was saved: the place of the dialogs is the origin's private file system. */
async function savedFile(page: Page, name: string): Promise<Buffer> {
  const base64 = await page.evaluate(async (wanted) => {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(wanted);
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, name);
  return Buffer.from(base64, 'base64');
}

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const) {
  test(`axe finds nothing in the sheets of saving, ${colorScheme}, ${width} px`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await openByDrag(page, SAMPLE);
    await expect(rows(page).first()).toBeVisible();
    const violations = async () => {
      const { violations: found } = await new AxeBuilder({ page }).analyze();
      return found.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 120))]);
    };
    await page.keyboard.press('Control+Shift+s');
    await choose(page, /^Folder/);
    await expect(sheet(page).getByRole('button', { name: /into a folder/ })).toBeEnabled();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await button(page, 'More').click();
    await page.getByRole('menuitem', { name: 'Save the image or a part…' }).click();
    await page.getByRole('radio', { name: /range of sectors/ }).check();
    expect(await violations()).toEqual([]);
  });
}

test('a form is chosen by keyboard alone, said before, saved, and remembered', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await row(page, 'Documents').click();
  await page.keyboard.press('Control+Shift+s');
  await expect(sheet(page)).toContainText('Documents');
  await sheet(page).getByRole('radio', { name: /^ZIP/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(sheet(page).getByRole('radio', { name: /^TAR Keeps/ })).toBeChecked();
  await expect(sheet(page).getByRole('button', { name: /as TAR…$/ })).toBeEnabled();
  await expect(sheet(page)).toContainText('Documents.tar:');
  await save(page, /as TAR…$/);
  expect((await savedFile(page, 'Documents.tar')).subarray(257, 262).toString()).toBe('ustar');
  await expect(button(page, /^Save \d+ files as TAR/)).toBeVisible();
  await page.waitForTimeout(500); // preferences are written a moment later
  await openByDrag(page, SAMPLE);
  await expect(button(page, /^Save all as TAR/)).toBeVisible();
});

test('links are counted alike by the button, the sheet and the save', async ({ page }) => {
  await inFolder(async (folder) => {
    writeFileSync(`${folder}/linked.iso`, gunzipSync(readFileSync(LINKED)));
    await openByDrag(page, `${folder}/linked.iso`);
    await row(page, 'links').click();
    await expect(button(page, /^Save 3 links as ZIP/)).toBeVisible();
    await page.keyboard.press('Control+a');
    const label = (await button(page, /^Save \d+ files, 3 links as ZIP/).getAttribute('title')) ?? '';
    const held = /\d+ files, 3 links/.exec(label)?.[0] ?? 'nothing';
    await button(page, 'Save as…').click();
    await expect(sheet(page)).toContainText(`selected items: ${held}`);
    await choose(page, /^TAR Keeps/);
    await expect(sheet(page)).toContainText(`.tar: ${held}`);
    await save(page, /as TAR…$/);
    await button(page, /^Saved /).click();
    await expect(page.getByRole('dialog', { name: 'Saves' }).getByRole('listitem').first()).toContainText(held);
  });
});

test('a folder tells what it cannot keep, and compares what it wrote', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await expect(rows(page).first()).toBeVisible();
  await button(page, 'Save as…').click();
  await choose(page, /^Folder/);
  await expect(sheet(page)).toContainText('A folder cannot keep');
  await sheet(page)
    .getByRole('checkbox', { name: /compare it after writing/ })
    .check();
  await save(page, /into a folder…$/);
  await button(page, /^Saved /).click();
  await expect(page.getByRole('dialog', { name: 'Saves' })).toContainText(/\d+ files written, \d+ read back and found the same/);
  expect((await chosenFolder(page)).size).toBeGreaterThan(10);
});

test('a file that ends beyond the image is saved with zeros only by choice, and named', async ({ page }) => {
  await inFolder(async (folder) => {
    copyFileSync(SAMPLE, `${folder}/cut.iso`);
    truncateSync(`${folder}/cut.iso`, 120_000); // inside Pictures/Aurora.png
    await openByDrag(page, `${folder}/cut.iso`);
    await expect(rows(page).first()).toBeVisible();
    await button(page, 'Save as…').click();
    await choose(page, /^TAR Keeps/);
    const whole = await sheet(page)
      .getByRole('button', { name: /as TAR…$/ })
      .innerText();
    await choose(page, /with zeros/);
    await expect(sheet(page).getByRole('button', { name: /as TAR…$/ })).not.toHaveText(whole);
    await expect(sheet(page)).toContainText('saved under another name or changed');
    await save(page, /as TAR…$/);
    await button(page, /^Saved /).click();
    const saves = page.getByRole('dialog', { name: 'Saves' });
    await saves.getByText(/What is changed or left out/).click();
    await expect(saves).toContainText('are saved as zeros');
  });
});

test('a small ZIP is no larger than a fast one, and unzip and Python read it', async ({ page }) => {
  test.skip(lacking('xorriso', 'unzip', 'python3') !== '', lacking('xorriso', 'unzip', 'python3'));
  await inFolder(async (folder) => {
    const [worker, docs] = ['../worker', '../docs'].map((path) => resolve(import.meta.dirname, path)) as [string, string];
    judge('xorriso', '-outdev', `${folder}/texts.iso`, '-volid', 'TEXTS', '-map', worker, '/worker', '-map', docs, '/docs', '-commit');
    await openByDrag(page, `${folder}/texts.iso`);
    await expect(rows(page).first()).toBeVisible();
    const sizes: number[] = [];
    for (const level of [/^Fast/, /^Small/]) {
      await button(page, 'Save as…').click();
      await choose(page, level);
      await sheet(page)
        .getByRole('button', { name: /as ZIP…$/ })
        .click();
      const length = () => savedFile(page, 'TEXTS.zip').then((zip) => zip.length);
      await expect.poll(() => length().catch(() => 0)).toBeGreaterThan(0);
      const bytes = await savedFile(page, 'TEXTS.zip');
      sizes.push(bytes.length);
      writeFileSync(`${folder}/texts.zip`, bytes);
      judge('unzip', '-tqq', `${folder}/texts.zip`);
      expect(judge('python3', '-m', 'zipfile', '-t', `${folder}/texts.zip`)).toContain('Done testing');
      await page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('TEXTS.zip'));
    }
    expect(sizes[1]).toBeLessThanOrEqual(sizes[0] as number);
  });
});

test('lists are saved as CSV, JSON and SHA256SUMS', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await row(page, 'Read me.txt').click();
  for (const [name, label] of [
    [/^CSV/, /list as CSV…$/],
    [/^JSON/, /list as JSON…$/],
    [/^SHA256SUMS/, /^Save checksums of 1 file…$/],
  ] as const) {
    await button(page, 'Save as…').click();
    await choose(page, name);
    await save(page, label);
  }
  expect((await savedFile(page, 'ISOSCOPE_SAMPLE.csv')).toString()).toMatch(/^path,name,kind,size.*\r\n\/Read me.txt,Read me.txt,file,/);
  expect(JSON.parse((await savedFile(page, 'ISOSCOPE_SAMPLE.json')).toString())).toMatchObject([{ path: '/Read me.txt', kind: 'file' }]);
  expect((await savedFile(page, 'SHA256SUMS')).toString()).toMatch(/^[0-9a-f]{64} {2}Read me.txt\n$/);
});

test('a partition, and a range of sectors, are saved to the byte; a range that is none is refused', async ({ page }) => {
  await inFolder(async (folder) => {
    const disk = gunzipSync(readFileSync(HYBRID));
    writeFileSync(`${folder}/disk.iso`, disk);
    await openByDrag(page, `${folder}/disk.iso`);
    await expect(rows(page).first()).toBeVisible();
    const image = page.getByRole('dialog', { name: 'Save the image, or a part of it' });
    const open = async () => {
      await button(page, 'More').click();
      await page.getByRole('menuitem', { name: 'Save the image or a part…' }).click();
    };
    await open();
    await image.getByRole('radio', { name: /^Partition 2 .*EFI system.*by the GPT/ }).check();
    await image.getByRole('button', { name: /^Save 64/ }).click();
    await expect(button(page, /^Saved disk-partition-2.img/)).toBeVisible();
    expect(sha256(await savedFile(page, 'disk-partition-2.img'))).toBe(sha256(disk.subarray(69_632, 69_632 + 65_536)));
    await open();
    await image.getByRole('radio', { name: /range of sectors/ }).check();
    await image.getByRole('textbox', { name: 'First sector' }).fill('16');
    await image.getByRole('combobox').selectOption('Last sector');
    await image.getByRole('textbox', { name: 'Last sector' }).fill('15');
    await expect(image.getByRole('status')).toContainText('The last sector lies before the first.');
    await expect(image.getByRole('button', { name: /^Save/ })).toBeDisabled();
    await image.getByRole('textbox', { name: 'Last sector' }).fill('999999');
    await expect(image.getByRole('status')).toContainText('behind the last sector');
    await image.getByRole('textbox', { name: 'Last sector' }).fill('17');
    await image.getByRole('button', { name: /^Save 4.0 KiB/ }).click();
    await expect(button(page, /^Saved disk-sectors-16-17.bin/)).toBeVisible();
    expect(sha256(await savedFile(page, 'disk-sectors-16-17.bin'))).toBe(sha256(disk.subarray(32_768, 36_864)));
  });
});

test('one file can be dragged out, its text and its picture be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openByDrag(page, SAMPLE);
  await row(page, 'Read me.txt').click();
  const dragged = () =>
    row(page, 'Read me.txt').evaluate((element) => {
      const dataTransfer = new DataTransfer();
      const event = new DragEvent('dragstart', { bubbles: true, cancelable: true, dataTransfer });
      return element.dispatchEvent(event) ? dataTransfer.getData('DownloadURL') : '';
    });
  await expect.poll(dragged).toMatch(/^application\/octet-stream:Read me\.txt:blob:http/);
  await row(page, 'Read me.txt').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy the text' }).click();
  await expect(page.getByRole('alert')).toContainText('Text copied.');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text.length).toBe(699);
  await row(page, 'Pictures').dblclick();
  await row(page, 'Aurora.png').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy the picture' }).click();
  await expect(page.getByRole('alert')).toContainText('Picture copied.');
  const types = await page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => [...item.types]));
  expect(types).toContain('image/png');
});
