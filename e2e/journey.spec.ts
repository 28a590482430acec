import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { extracted, hashes, inFolder, judge, lacking, sha256 } from './judges.ts';
import { button, download, drag, grid, keep, listing, names, openByDrag, row, selected, withoutPicker } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');

test.skip(lacking('7zz') !== '', lacking('7zz'));
test.beforeEach(({ page }) => withoutPicker(page));

test('says what happens while a file is dragged over the window', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByRole('heading', { name: 'Drop a disc image anywhere' })).toBeVisible();
  await drag(page, [SAMPLE], 'dragEnter', 'dragOver');
  await expect(page.getByRole('heading', { name: 'Let go to open' })).toBeVisible();
});

test('a dropped disc is walked by keyboard, and a file and a ZIP of it are what 7zz extracts', async ({ page }) => {
  const refused: string[] = [];
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
  const truth = await extracted(SAMPLE);
  await openByDrag(page, SAMPLE);
  await expect(page.getByRole('heading', { name: 'ISOSCOPE_SAMPLE' })).toBeVisible();
  expect(await names(page)).toContain('Read me.txt');

  await row(page, 'Documents').click();
  await page.keyboard.press('Enter');
  await listing(page, 'Documents');
  await page.keyboard.press('s');
  await expect(selected(page)).toContainText('Story');
  await page.keyboard.press('Enter');
  await listing(page, 'Story');
  expect(await names(page)).toEqual(['Part 1.txt', 'Part 2.txt', 'Part 3.txt', 'Part 10.txt', 'Part 11.txt']);

  await inFolder(async (folder) => {
    await page.keyboard.press('End');
    await expect(selected(page)).toContainText('Part 11.txt');
    const file = await keep(await download(page, () => button(page, /^Save this file/).click()), folder);
    expect(await sha256(file)).toBe(truth.get('Documents/Story/Part 11.txt'));

    await grid(page).getByRole('row', { selected: true }).focus();
    await page.keyboard.press('Backspace');
    await listing(page, 'Documents');
    await expect(page.locator('[role=grid] [role=row]:focus')).toContainText('Story');
    await page.keyboard.press('Control+a');
    const some = await keep(await download(page, () => button(page, /^Save 7 files/).click()), folder);
    judge('7zz', 't', some);
    expect([...(await extracted(some)).values()].sort()).toEqual(
      [...truth]
        .filter(([path]) => path.startsWith('Documents/'))
        .map(([, hash]) => hash)
        .sort(),
    );
  });
  expect(refused).toEqual([]);
});

test('the whole disc as a ZIP is what 7zz extracts, links and empty folders too', async ({ page }) => {
  const tools = lacking('python3', 'unzip');
  test.skip(tools !== '', tools);
  await openByDrag(page, SAMPLE);
  await listing(page, 'ISOSCOPE_SAMPLE').catch(() => undefined);
  await inFolder(async (folder) => {
    const zip = await keep(await download(page, () => button(page, /^Save all/).click()), folder);
    judge('unzip', '-tq', zip);
    judge('7zz', 't', zip);
    const records = JSON.parse(judge('python3', resolve(import.meta.dirname, 'zip-records.py'), zip)) as {
      files: Record<string, string>;
      links: string[];
    };
    const truth = await extracted(SAMPLE);
    expect(new Map(Object.entries(records.files))).toEqual(truth);
    expect(records.links).toEqual(['Start here']);
    judge('unzip', '-q', zip, '-d', `${folder}/out`);
    expect(await hashes(`${folder}/out`)).toEqual(truth);
    expect(judge('unzip', '-Z1', zip)).toContain('Empty folder/');
    expect(readFileSync(`${folder}/out/Start here`, 'utf8')).toContain('# How a disc holds its files');
  });
});

test('the sample disc opens from the empty page', async ({ page }) => {
  await page.goto('./');
  await button(page, 'Try the sample disc').click();
  await expect(page.getByRole('heading', { name: 'ISOSCOPE_SAMPLE' })).toBeVisible();
});
