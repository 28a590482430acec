import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { largeImage } from '../fixtures/make-large.mjs';
import { button, listing, openByDrag, row, rows, withPrivatePicker } from './page.ts';
import { test } from './profile.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');

test.setTimeout(180_000);
test.beforeEach(({ page }) => withPrivatePicker(page));

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Saves' });

/** Names and sizes of all that stands in the place that answers for the dialogs. */
const saved = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(async () => {
    const files: Record<string, number> = {};
    for await (const [name, handle] of (await navigator.storage.getDirectory()).entries())
      if (handle.kind === 'file') files[name] = (await handle.getFile()).size;
    return files;
  });

/** Ends the worker of the image as the system would: nothing tells the page. */
const killWorkers = (page: Page): Promise<unknown> =>
  Promise.all(
    page
      .workers()
      .filter((worker) => !worker.url().includes('pack'))
      .map((worker) => worker.evaluate(() => (self as unknown as { close(): void }).close()).catch(() => undefined)),
  );

test('a save is paused, writes nothing then, and goes on to its end', async ({ page }) => {
  await openByDrag(page, largeImage('5g'));
  await expect(rows(page)).toHaveCount(3);
  await button(page, /^Save all/).click();
  await button(page, /^Pause /).click();
  await expect(page.getByText(/ %, paused/)).toBeVisible();
  await page.getByRole('button', { name: /^Saving / }).click();
  const meter = sheet(page).getByRole('progressbar');
  await page.waitForTimeout(500); // what was under way lands
  const before = await meter.getAttribute('aria-valuenow');
  await page.waitForTimeout(1000);
  expect(await meter.getAttribute('aria-valuenow')).toBe(before);
  await expect(page).toHaveTitle(/^\d+ % saved · /);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 120))])).toEqual([]);
  await sheet(page).getByRole('button', { name: 'Go on' }).click();
  await expect.poll(() => meter.getAttribute('aria-valuenow')).not.toBe(before);
  await sheet(page).getByRole('button', { name: 'Stop' }).click();
  await expect(sheet(page)).toContainText('You stopped it. Nothing of it is left.');
  await expect.poll(() => saved(page)).toEqual({});
});

test('of one image two saves run at once, the third waits, and the list answers meanwhile', async ({ page }) => {
  await openByDrag(page, largeImage('5g'));
  await expect(rows(page)).toHaveCount(3);
  for (const [at, name] of ['a', 'b', 'c'].entries()) {
    await page.evaluate((chosen) => Object.assign(window, { chosen }), `${name}.zip`);
    await page.keyboard.press('Control+e');
    await expect(page.getByRole('button', { name: /^Saving / })).toContainText(at === 0 ? 'Saving' : `and ${at} more`);
  }
  await page.getByRole('button', { name: /^Saving / }).click();
  await expect(sheet(page).getByRole('button', { name: 'Pause' })).toHaveCount(2);
  await expect(sheet(page).getByText('Waits for its turn')).toBeVisible();
  await sheet(page).getByRole('button', { name: 'Stop' }).nth(2).click();
  await expect(sheet(page).getByText('Waits for its turn')).toHaveCount(0);
  await expect(sheet(page).getByRole('button', { name: 'Pause' })).toHaveCount(2);
  await sheet(page).getByRole('button', { name: 'Stop' }).first().click();
  await expect(sheet(page).getByText('You stopped it')).toHaveCount(2);
  await expect(sheet(page).getByRole('button', { name: 'Pause' })).toHaveCount(1);
  await sheet(page).getByRole('button', { name: 'Stop' }).click();
  await expect(sheet(page).getByText('You stopped it')).toHaveCount(3);
  await sheet(page).getByRole('button', { name: 'Clear finished' }).click();
  await expect(sheet(page)).toContainText('Nothing has been saved yet.');
});

test('a worker that ends is started again at the same place; its save failed and can be done again', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await row(page, 'Documents').dblclick();
  await listing(page, 'Documents');
  await row(page, 'Story').click();
  await page.waitForTimeout(3200); // a worker that ends at once would not be started again
  await killWorkers(page);
  await expect(page.getByRole('alert')).toContainText('stopped working. It was started again');
  await listing(page, 'Documents');
  await expect(row(page, 'Story')).toHaveAttribute('tabindex', '0');
  await page.keyboard.press('Control+e');
  await expect(page.getByText(/^Saved /).first()).toBeVisible();
  expect(Object.keys(await saved(page))).toHaveLength(1);
});

test('a save whose worker is killed leaves nothing, is named, and is done again', async ({ page }) => {
  await openByDrag(page, largeImage('5g'));
  await expect(rows(page)).toHaveCount(3);
  await page.waitForTimeout(3200);
  await button(page, /^Save all/).click();
  await expect(button(page, /^Stop saving/)).toBeVisible();
  await killWorkers(page);
  await button(page, /^Not saved:/).click();
  await expect(sheet(page)).toContainText('stopped working. Nothing of it is left.');
  await expect.poll(() => saved(page)).toEqual({});
  await sheet(page).getByRole('button', { name: 'Try again' }).click();
  await expect(button(page, /^Stop saving/)).toBeVisible();
  await button(page, /^Stop saving/).click();
  await expect(button(page, /^Stopped:/)).toBeVisible();
});

test('while a long save runs the screen stays awake; its end is told to who looks elsewhere, as wished', async ({ page }) => {
  await page.addInitScript(() => {
    const told: string[] = [];
    class Told {
      static permission = 'default';
      static requestPermission(): Promise<string> {
        told.push('asked');
        Told.permission = 'granted';
        return Promise.resolve('granted');
      }
      constructor(_: string, { body }: { body: string }) {
        told.push(body);
      }
    }
    const wakeLock = {
      request: () => {
        told.push('awake');
        return Promise.resolve({ released: false, release: () => Promise.resolve(void told.push('released')) });
      },
    };
    Object.assign(window, { told, Notification: Told });
    Object.defineProperty(navigator, 'wakeLock', { value: wakeLock });
    document.hasFocus = () => false;
  });
  const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
  await openByDrag(page, largeImage('5g'));
  await expect(rows(page)).toHaveCount(3);
  await button(page, /^Save all/).click();
  await page.getByRole('button', { name: /^Saving / }).click();
  expect(await told()).toEqual([]);
  await sheet(page)
    .getByRole('checkbox', { name: /^Notify me/ })
    .click();
  await expect(sheet(page)).toContainText(/GiB of 10/);
  await expect.poll(told, { timeout: 30_000 }).toEqual(['asked', 'awake']);
  await expect.poll(told, { timeout: 120_000 }).toEqual(['asked', 'awake', 'Saved FIVE_GIB.zip.', 'released']);
  await expect(page).toHaveTitle(/^Saved FIVE_GIB.zip · /);
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await expect(page).not.toHaveTitle(/^Saved/);
});
