import { mkdirSync, writeFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { largeImage } from '../fixtures/make-large.mjs';
import { inFolder, judge, lacking } from './judges.ts';
import { button, listing, openByDrag, row, rows } from './page.ts';

const sheet = (page: Page) => page.getByRole('dialog', { name: 'What takes the room' });
const shares = (page: Page) =>
  sheet(page)
    .getByRole('list', { name: /^Shares of/ })
    .getByRole('listitem');

/** By the palette, as no key of its own leads there. */
async function ask(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('takes the room');
  await page.keyboard.press('Enter');
  await expect(sheet(page)).toBeVisible();
}

async function withImage(page: Page, work: () => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    mkdirSync(`${folder}/tree/films/old`, { recursive: true });
    const file = (name: string, size: number) => writeFileSync(`${folder}/tree/${name}`, Buffer.alloc(size, 1));
    file('films/long.mp4', 600_000);
    file('films/old/short.mp4', 200_000);
    file('music.flac', 150_000);
    for (let number = 0; number < 500; number++) file(`note ${number}.txt`, 100);
    judge('xorriso', '-outdev', `${folder}/x.iso`, '-volid', 'SHARES', '-map', `${folder}/tree`, '/', '-commit', '-end');
    await openByDrag(page, `${folder}/x.iso`);
    await expect(rows(page).first()).toBeVisible();
    await work();
  });
}

test.beforeEach(() => test.skip(lacking('xorriso') !== '', lacking('xorriso')));

test('what takes the room is told, walked and gone to by keyboard alone', async ({ page }) => {
  await withImage(page, async () => {
    await ask(page);
    // 800,000 of 1,000,000 bytes, 150,000, and 500 times 100.
    await expect(shares(page)).toHaveText([
      /films\s*781\.3 KiB\s*80\.0%/,
      /music\.flac\s*146\.5 KiB\s*15\.0%/,
      /500 others\s*48\.8 KiB\s*5\.0%/,
    ]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 120))])).toEqual([]);
    }
    await shares(page).first().getByRole('button').focus();
    await page.keyboard.press('Enter');
    await expect(shares(page)).toHaveText([/long\.mp4\s*585\.9 KiB\s*75\.0%/, /old\s*195\.3 KiB\s*25\.0%/]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(shares(page)).toHaveText([/short\.mp4.*100\.0%/]);
    await page.keyboard.press('Backspace');
    await expect(shares(page)).toHaveCount(2);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await listing(page, 'films');
    await expect(row(page, 'long.mp4')).toBeFocused();
    await expect(sheet(page)).toHaveCount(0);
  });
});

test('a click into the map goes into a directory, the path leads back', async ({ page }) => {
  await withImage(page, async () => {
    await button(page, 'More').click();
    await page.getByRole('menuitem', { name: 'What takes the room…' }).click();
    const map = sheet(page).locator('svg:has(g)');
    const box = await map.boundingBox();
    // The largest stands at the upper left.
    await page.mouse.click((box?.x ?? 0) + 20, (box?.y ?? 0) + 60);
    await expect(shares(page)).toHaveText([/long\.mp4/, /old/]);
    await sheet(page).getByRole('button', { name: 'SHARES' }).click();
    await expect(shares(page)).toHaveCount(3);
    await page.goBack();
    await expect(sheet(page)).toHaveCount(0);
    await listing(page, 'SHARES');
  });
});

test('a directory of 100,000 is told as few shares', async ({ page }) => {
  await openByDrag(page, largeImage('100k'));
  await row(page, 'BIG').dblclick();
  await listing(page, 'BIG');
  await ask(page);
  await expect(shares(page)).toHaveText([/100,000 others.*100\.0%/]);
});
