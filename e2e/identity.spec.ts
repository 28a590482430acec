import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { inFolder } from './judges.ts';
import { listing, openByDrag, row, rows } from './page.ts';

const FIXTURES = resolve(import.meta.dirname, '../fixtures/identity');
const what = (page: Page): Locator => page.getByRole('region', { name: 'What is it?' });

/** Opens a disc of the fixtures, unpacked. */
const opened = (page: Page, name: string, work: () => Promise<void>): Promise<void> =>
  inFolder(async (folder) => {
    const image = join(folder, `${name}.iso`);
    writeFileSync(image, gunzipSync(readFileSync(join(FIXTURES, `${name}.iso.gz`))));
    await page.setViewportSize({ width: 1500, height: 1000 });
    await openByDrag(page, image);
    await work();
  });

test('a disc is headed by what it is, and what says so is one press away', async ({ page }) => {
  await opened(page, 'windows-11', async () => {
    await expect(rows(page)).not.toHaveCount(0);
    const title = 'Windows 11 24H2, build 26100, x64, 2 editions';
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
    await expect(page.getByText('labelled CCCOMA_X64FRE_DE-DE_DV9')).toBeVisible();
    await expect(page).toHaveTitle(`${title} · Isoscope`);
    await page.keyboard.press('Alt+2');
    await expect(what(page)).toContainText(
      'A Windows 11 installation disc in German (Germany), made with Microsoft’s own mastering tool, OSCDIMG 2.56.',
    );
    await expect(what(page)).toContainText('Windows 11 Home and Windows 11 Pro');
    await expect(what(page)).toContainText('a CD 650 (74 minutes), a stick of 4 GB (');
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await what(page).getByRole('button', { name: 'install.wim' }).first().click();
    await listing(page, 'sources');
    await expect(row(page, 'install.wim')).toHaveAttribute('aria-selected', 'true');
  });
});

test('a disc that does not say what it is keeps its label, and its descriptors are told field by field', async ({ page }) => {
  await opened(page, 'no-name', async () => {
    await expect(rows(page)).not.toHaveCount(0);
    await page.keyboard.press('Alt+2');
    await expect(what(page)).toContainText('A disc that starts Linux and does not say whose, made with xorriso');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('NONAME');
    await what(page).getByText('All descriptors').click();
    const fields = what(page).getByRole('table').first();
    const volume = fields.getByRole('row', { name: /^98,344 Volume NONAME/ });
    await volume.getByRole('button').click();
    await expect(page.getByRole('table', { name: /^Fields of/ }).getByRole('button', { name: 'Volume', exact: true })).toHaveAttribute(
      'aria-current',
      'true',
    );
  });
});
