import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { compressedImage, compressedTruth } from '../fixtures/make-large.mjs';
import { extracted, inFolder, judge, lacking, sha256 } from './judges.ts';
import { button, download, drag, keep, row, rows, withoutPicker } from './page.ts';
import { test } from './profile.ts';
import { onSite, type Site } from './site.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const LARGE = 'large 大きい.txt';

test.skip(lacking('7zz') !== '', lacking('7zz'));
test.setTimeout(120_000);
test.beforeEach(({ page }) => withoutPicker(page));

/** How many versions are kept whole on this computer. */
const copies = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    return (await Promise.all(caches_.map((cache) => cache.match('./')))).filter(Boolean).length;
  });

async function visit(page: Page, { url }: Site): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect.poll(() => copies(page)).toBe(1);
}

async function open(page: Page, image: string, count: number): Promise<void> {
  await drag(page, [image], 'dragEnter', 'dragOver', 'drop');
  await expect(rows(page)).toHaveCount(count);
}

const offer = (page: Page) => page.getByRole('region', { name: 'New version' });
const version = (page: Page) => page.evaluate(() => document.documentElement.dataset.version ?? 'first');

/** Look for a new version, as the browser does now and then. */
const lookForUpdate = (page: Page) =>
  page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update().catch(() => undefined)));

test('without a network the page is loaded, opens a disc, and saves from it', async ({ page }) => {
  const truth = await extracted(SAMPLE);
  await onSite(async (site) => {
    await visit(page, site);
    site.stop();
    for (const address of [site.url, `${site.url}index.html`, `${site.url}?from=somewhere#here`]) {
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    }
    await open(page, SAMPLE, 7);
    await row(page, 'Read me.txt').click();
    await page.keyboard.press('Space');
    await expect(page.getByRole('dialog', { name: 'Read me.txt' })).toContainText('Isoscope');
    await page.keyboard.press('Escape');
    await inFolder(async (folder) => {
      const file = await keep(await download(page, () => button(page, /^Save this file/).click()), folder);
      expect(await sha256(file)).toBe(truth.get('Read me.txt'));
      await row(page, 'Read me.txt').focus();
      await page.keyboard.press('Escape');
      await button(page, /^More/).click();
      const compressed = page.getByRole('menuitem', { name: 'Save as a ZIP, compressed', exact: true });
      const zip = await keep(await download(page, () => compressed.click()), folder);
      judge('7zz', 't', zip);
      expect(await extracted(zip)).toEqual(truth);
    });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
});

test('a tab that was open when the network went loads what it needs later', async ({ page }) => {
  await onSite(async (site) => {
    await visit(page, site);
    site.stop();
    await open(page, SAMPLE, 7);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  });
});

test('a copy that is not of one build is not kept, and the page works over the net', async ({ page }) => {
  await onSite(async (site) => {
    // The host changes a file on its way, as some add scripts to pages.
    await page.context().route(/Workbench-.*\.js$/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: `${await answer.text()}\n` });
    });
    await page.goto(site.url);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForTimeout(3000);
    expect(await copies(page)).toBe(0);
    await page.reload();
    await open(page, SAMPLE, 7);
  });
});

test('a new version is offered, taken by one key, and the old copy goes', async ({ page }) => {
  await onSite(async (site) => {
    await visit(page, site);
    await page.reload(); // now it comes from the copy
    await open(page, SAMPLE, 7);
    site.publish('second');
    await lookForUpdate(page);
    await expect(offer(page)).toContainText('A new version is ready.');
    expect(await version(page)).toBe('first');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await offer(page).getByRole('button', { name: 'Reload' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => version(page).catch(() => '')).toBe('second');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect.poll(() => copies(page)).toBe(1);
    await expect(offer(page)).toHaveCount(0);
    site.stop();
    await page.reload();
    expect(await version(page)).toBe('second');
    await open(page, SAMPLE, 7);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  });
});

test('a tab of the old version goes on when another tab takes the new one', async ({ page }) => {
  await onSite(async (site) => {
    await visit(page, site);
    await page.reload();
    await open(page, SAMPLE, 7);
    const other = await page.context().newPage();
    await other.goto(site.url);
    site.publish('second');
    await lookForUpdate(other);
    await offer(other).getByRole('button', { name: 'Reload' }).click();
    await expect.poll(() => version(other).catch(() => '')).toBe('second');
    await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
    // What it has not loaded yet is of its own version, which the host has no more.
    await page.bringToFront();
    expect(await copies(page)).toBe(2);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(offer(page)).toBeVisible();
    await offer(page).getByRole('button', { name: 'Reload' }).click();
    await expect.poll(() => version(page).catch(() => '')).toBe('second');
    await expect.poll(() => copies(page)).toBe(1);
  });
});

test('an update waits for the download of another tab, and for the saves of its own', async ({ page }) => {
  test.setTimeout(240_000);
  test.skip(lacking('xorriso', 'bsdtar') !== '', lacking('xorriso', 'bsdtar'));
  await onSite(async (site) => {
    await visit(page, site);
    await open(page, compressedImage(), 2);
    await row(page, LARGE).click();
    const coming = page.waitForEvent('download', { timeout: 60_000 });
    await button(page, 'Save this file').click();
    const arriving = await coming;
    site.publish('second');
    const other = await page.context().newPage();
    await other.goto(site.url);
    await lookForUpdate(other);
    // Nothing is offered while it could do harm ...
    await other.waitForTimeout(2000);
    await expect(offer(other)).toHaveCount(0);
    await inFolder(async (folder) => {
      expect(await sha256(await keep(arriving, folder))).toBe(compressedTruth().get(LARGE)?.sha256);
    });
    // ... and once it is over, it is.
    await expect(offer(other)).toBeVisible();
    await expect(offer(page)).toBeVisible();
    // A download that begins now is in the way of the one, and of the other.
    await page.bringToFront();
    const again = page.waitForEvent('download', { timeout: 60_000 });
    await button(page, 'Save this file').click();
    const second = await again;
    await expect(offer(page)).toContainText('when what is being saved is done');
    await expect(offer(page).getByRole('button', { name: 'Reload' })).toBeDisabled();
    await other.bringToFront();
    await offer(other).getByRole('button', { name: 'Reload' }).click();
    await expect(offer(other)).toContainText('Another tab is still downloading');
    expect(await version(other)).toBe('first');
    await inFolder(async (folder) => {
      expect(await sha256(await keep(second, folder))).toBe(compressedTruth().get(LARGE)?.sha256);
    });
    await offer(other).getByRole('button', { name: 'Reload' }).click();
    await expect.poll(() => version(other).catch(() => '')).toBe('second');
  });
});
