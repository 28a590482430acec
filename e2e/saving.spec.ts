import { linkSync, rmSync } from 'node:fs';
import { expect } from '@playwright/test';
import { largeImage } from '../fixtures/make-large.mjs';
import { inFolder } from './judges.ts';
import { button, openByDrag, rows, withPrivatePicker } from './page.ts';
import { test } from './profile.ts';

test.beforeEach(({ page }) => withPrivatePicker(page));

test('a save can be stopped, and the page goes on', async ({ page }) => {
  await openByDrag(page, largeImage('5g'));
  await expect(rows(page)).toHaveCount(3);
  await button(page, /^Save all/).click();
  await expect(page.getByRole('progressbar').first()).toBeVisible();
  await page.getByRole('progressbar').first().click({ force: true });
  await page.getByRole('dialog', { name: 'Saves' }).getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('You stopped it. Nothing of it is left.')).toBeVisible();
  expect(await page.evaluate(async () => Array.fromAsync((await navigator.storage.getDirectory()).keys()))).toEqual([]);
});

test('an image that vanishes while it is saved fails the save with a message', async ({ page }) => {
  await inFolder(async (folder) => {
    const copy = `${folder}/copy.iso`;
    linkSync(largeImage('5g'), copy); // the same bytes under a name that can vanish
    await openByDrag(page, copy);
    await expect(rows(page)).toHaveCount(3);
    await button(page, /^Save all/).click();
    await expect(page.getByRole('progressbar').first()).toBeVisible();
    rmSync(copy);
    await page.getByRole('progressbar').first().click({ force: true });
    await expect(page.getByRole('dialog', { name: 'Saves' })).toContainText('What was written is not whole', { timeout: 40_000 });
    await expect(page.getByRole('dialog', { name: 'Saves' })).toContainText('no longer where it was');
  });
});
