import { linkSync, rmSync } from 'node:fs';
import { expect } from '@playwright/test';
import { largeImage } from '../fixtures/make-large.mjs';
import { inFolder } from './judges.ts';
import { button, openByDrag, rows, withPrivatePicker } from './page.ts';
import { test } from './profile.ts';

test.setTimeout(180_000);
test.beforeEach(({ page }) => withPrivatePicker(page));

test('a save can be stopped, and the page goes on', async ({ page }) => {
  await openByDrag(page, largeImage('5g'));
  await expect(rows(page)).toHaveCount(3);
  await button(page, /^Save all/).click();
  await button(page, /^Stop saving/).click();
  await button(page, /^Stopped:/).click();
  await expect(page.getByRole('dialog', { name: 'Saves' })).toContainText('You stopped it. Nothing of it is left.');
  const left = async () =>
    page.evaluate(async () => {
      const names: string[] = [];
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
      return names;
    });
  await expect.poll(left).toEqual([]);
});

test('an image that vanishes while it is saved fails the save with a message', async ({ page }) => {
  await inFolder(async (folder) => {
    const copy = `${folder}/copy.iso`;
    linkSync(largeImage('5g'), copy); // the same bytes under a name that can vanish
    await openByDrag(page, copy);
    await expect(rows(page)).toHaveCount(3);
    await button(page, /^Save all/).click();
    await expect(button(page, /^Stop saving/)).toBeVisible();
    rmSync(copy);
    await button(page, /^Not saved:/).click({ timeout: 100_000 });
    const dialog = page.getByRole('dialog', { name: 'Saves' });
    await expect(dialog).toContainText('Nothing of it is left.');
    await expect(dialog).toContainText('no longer where it was');
  });
});
