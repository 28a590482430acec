import { resolve } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { largeImage } from '../fixtures/make-large.mjs';
import { button, grid, listing, openByDrag, row, rows, withPrivatePicker } from './page.ts';
import { test as withProfile } from './profile.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name });

async function openSample(page: Page): Promise<void> {
  await openByDrag(page, SAMPLE);
  await expect(rows(page)).toHaveCount(7);
}

/** One more Back leaves: nothing of what was closed is left in the history. */
async function leaves(page: Page): Promise<void> {
  await page.goBack();
  expect(page.url()).toBe('about:blank');
}

const SHEETS: Readonly<Record<string, (page: Page) => Promise<Locator>>> = {
  'the keys': async (page) => {
    await page.keyboard.press('?');
    return dialog(page, 'Keyboard shortcuts');
  },
  'what can be saved': async (page) => {
    await page.keyboard.press('Control+Shift+S');
    return dialog(page, 'Save as');
  },
  'the parts of the image': async (page) => {
    await button(page, 'More').click();
    await page.getByRole('menuitem', { name: 'Save the image or a part…' }).click();
    return dialog(page, 'Save the image, or a part of it');
  },
  'a file shown large': async (page) => {
    await row(page, 'Read me.txt').click();
    await page.keyboard.press('Space');
    return dialog(page, 'Read me.txt');
  },
  'the page Inspect': async (page) => {
    await page.keyboard.press('Alt+2');
    return page.getByRole('heading', { name: 'Will it boot?' });
  },
  'the page Bytes': async (page) => {
    await page.keyboard.press('Alt+3');
    return page.getByRole('grid', { name: /^Bytes of/ });
  },
};
for (const [what, open] of Object.entries(SHEETS)) {
  test(`Back closes ${what} first and keeps the image; closed otherwise it leaves no step behind`, async ({ page }) => {
    await openSample(page);
    await row(page, 'Documents').dblclick();
    await listing(page, 'Documents');
    await page.goBack();
    await listing(page, 'ISOSCOPE_SAMPLE');
    for (let times = 0; times < 2; times++) {
      const shown = await open(page);
      await expect(shown).toBeVisible();
      if (what.startsWith('the page')) await page.keyboard.press('Alt+1');
      else if (times === 0) await page.keyboard.press('Escape');
      else await shown.getByRole('button', { name: /^Close/ }).click();
      await expect(shown).toHaveCount(0);
    }
    // What was closed is not opened again.
    await page.goForward();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    const shown = await open(page);
    await expect(shown).toBeVisible();
    await page.goBack();
    await expect(shown).toHaveCount(0);
    await listing(page, 'ISOSCOPE_SAMPLE');
    await expect(rows(page)).toHaveCount(7);
    await leaves(page);
  });
}

test('on a phone Back closes what lies on top, one by one, and then goes up the steps', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openSample(page);
  await row(page, 'Documents').click();
  await listing(page, 'Documents');
  await button(page, 'More').click();
  const menu = page.getByRole('menu', { name: 'More' });
  await expect(menu).toBeVisible();
  await page.goBack();
  await expect(menu).toBeHidden();
  await listing(page, 'Documents');
  await row(page, 'How a disc').click();
  const details = dialog(page, 'Details');
  await expect(details).toBeVisible();
  await details.getByRole('button', { name: 'Open large' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(2);
  await page.goBack();
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await expect(details).toBeVisible();
  await page.goBack();
  await expect(details).toHaveCount(0);
  await listing(page, 'Documents');
  await page.goBack();
  await listing(page, 'ISOSCOPE_SAMPLE');
  await leaves(page);
});

test('from a sheet to the place it names, and back, is one step each', async ({ page }) => {
  await openSample(page);
  await row(page, 'Documents').dblclick();
  await listing(page, 'Documents');
  await page.keyboard.press('Control+Shift+S');
  await expect(dialog(page, 'Save as')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await row(page, 'Story').dblclick();
  await listing(page, 'Story');
  await page.keyboard.press('Alt+3');
  await expect(page.getByRole('grid', { name: /^Bytes of/ })).toBeVisible();
  await page.keyboard.press('Alt+ArrowLeft');
  await listing(page, 'Story');
  await page.goBack();
  await listing(page, 'Documents');
  await page.goBack();
  await listing(page, 'ISOSCOPE_SAMPLE');
  await expect(grid(page)).toBeVisible();
  await leaves(page);
});

withProfile('Back at the first place asks before it ends a save', async ({ page }) => {
  withProfile.setTimeout(180_000);
  await withPrivatePicker(page);
  await openByDrag(page, largeImage('5g'));
  await expect(rows(page)).toHaveCount(3);
  await button(page, /^Save all/).click();
  await expect(button(page, /^Stop saving/)).toBeVisible();
  const asked = page.waitForEvent('dialog');
  await page.evaluate(() => history.back());
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  await expect(button(page, /^Stop saving/)).toBeVisible();
  await button(page, /^Stop saving/).click();
  await expect(button(page, /^Stopped:/)).toBeVisible();
});
