import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { inFolder, judge, lacking } from './judges.ts';
import { button, openByDrag, row, rows, selected } from './page.ts';

const strip = (page: Page) => page.getByRole('slider', { name: /^Map of the disc/ });
const legend = (page: Page) => page.getByRole('list', { name: 'What the map shows' }).getByRole('button');

/** A disc of one large file, a program and a text, which xorriso says where they are. */
async function withImage(work: (path: string, sectorOf: (name: string) => number) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    mkdirSync(`${folder}/tree/programs`, { recursive: true });
    const file = (name: string, size: number) => writeFileSync(`${folder}/tree/${name}`, Buffer.alloc(size, 1));
    file('large.squashfs', 3_000_000);
    file('programs/setup.exe', 300_000);
    file('readme.txt', 5_000);
    const path = `${folder}/x.iso`;
    judge('xorriso', '-outdev', path, '-volid', 'MAPPED', '-joliet', 'on', '-map', `${folder}/tree`, '/', '-commit', '-end');
    const places = judge('xorriso', '-indev', path, '-find', '/', '-type', 'f', '-exec', 'report_lba', '--');
    const sectorOf = (name: string) => Number(new RegExp(`, *(\\d+) ,.*'[^']*/${name}'`).exec(places)?.[1]);
    await work(path, sectorOf);
  });
}

async function openMap(page: Page, path: string): Promise<void> {
  await openByDrag(page, path);
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press('Alt+2');
  await expect(strip(page)).toBeVisible();
}

test.beforeEach(() => test.skip(lacking('xorriso') !== '', lacking('xorriso')));

test('the map is walked by keyboard, says what lies where, and leads to the file', async ({ page }) => {
  await withImage(async (path, sectorOf) => {
    await openMap(page, path);
    await expect(legend(page).first()).toHaveText(/Disk images\s*1 file\s*2\.9\sMiB/);
    await expect(legend(page).filter({ hasText: 'Programs' })).toHaveText(/1 file\s*294\.0\sKiB/);
    await strip(page).focus();
    await page.keyboard.press('Home');
    await expect(strip(page)).toHaveAttribute('aria-valuetext', /^Sector 0: System area/);
    await page.keyboard.press('ArrowRight');
    await expect(strip(page)).toHaveAttribute(
      'aria-valuetext',
      /^Sector 16: Volume descriptor of the session or partition at sector 0, 6\.0 KiB/,
    );
    // Back from the end to the program: what is behind the files, the text, and then it, where xorriso says.
    const wanted = new RegExp(`^Sector ${sectorOf('setup.exe').toLocaleString('en')}: /programs/setup.exe, 294.0 KiB`);
    for (const key of ['End', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    await expect(strip(page)).toHaveAttribute('aria-valuetext', wanted);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 120))])).toEqual([]);
    }
    await page.keyboard.press('Enter');
    await expect(row(page, 'setup.exe')).toBeVisible();
    await expect(selected(page)).toHaveText(/setup\.exe/);
  });
});

test('the map is pointed at and zoomed; its table says the same, and leads to the bytes', async ({ page }) => {
  await withImage(async (path, sectorOf) => {
    truncateSync(path, (sectorOf('large.squashfs') + 700) * 2048);
    await openMap(page, path);
    const wide = (await strip(page).boundingBox())?.width ?? 0;
    await strip(page).hover({ position: { x: wide - 4, y: 30 } });
    await expect(page.getByText(/^Sector [\d,]+: .*(missing|Beyond the end of the image)/)).toBeVisible();
    await expect(legend(page).filter({ hasText: 'Not in the image' })).toBeVisible();
    await strip(page).hover({ position: { x: wide / 2, y: 30 } });
    await page.mouse.wheel(0, -400);
    await expect(button(page, 'Whole disc')).toBeVisible();
    await button(page, 'Whole disc').click();
    await expect(button(page, 'Whole disc')).toBeHidden();
    await page.getByText('All parts as a table').click();
    const table = page.getByRole('table', { name: /^Parts 1 to/ });
    const primary = page.getByRole('button', { name: 'Primary volume descriptor', exact: true });
    await expect(table.getByRole('row').filter({ has: primary })).toHaveText(/48\s*Primary volume descriptor\s*2\.0\sKiB/);
    await expect(table.getByRole('row', { name: /readme\.txt/ })).toContainText(sectorOf('readme.txt').toLocaleString('en'));
    await primary.click();
    await expect(page.getByRole('button', { name: 'Bytes' })).toBeVisible();
    await expect(page.getByText('CD001').first()).toBeVisible();
  });
});
