import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { inFolder, judge, lacking } from './judges.ts';
import { button, names, openByDrag, row, rows } from './page.ts';

/** How people have set their machine: forced colours, large text, a narrow or zoomed window, names that run from right to left. */

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');

const style = (element: Locator, property: string): Promise<string> =>
  element.evaluate((node, name) => getComputedStyle(node).getPropertyValue(name), property);

test('in forced colours the focus, the selection and the page shown are to be seen', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await openByDrag(page, SAMPLE);
  const [first, second] = [rows(page).nth(0), rows(page).nth(1)];
  await first.click();
  await expect(first).toHaveAttribute('aria-selected', 'true');
  // A background of the page's own is not drawn there: that of a selection has to be the system's.
  const backgrounds = async () => [await style(first, 'background-color'), await style(second, 'background-color')];
  await expect.poll(async () => new Set(await backgrounds()).size).toBe(2);
  await page.keyboard.press('Control+ArrowDown');
  await expect(second).toBeFocused();
  expect(parseFloat(await style(second, 'outline-width'))).toBeGreaterThanOrEqual(2);
  const pages = page.getByRole('navigation', { name: 'Pages of the image' }).getByRole('button');
  const lines = await Promise.all([0, 1].map((index) => style(pages.nth(index), 'border-bottom-color')));
  expect(new Set(lines).size).toBe(2);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test('where motion is reduced nothing moves', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openByDrag(page, SAMPLE);
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(
    await page.evaluate(() => document.getAnimations().filter((one) => Number(one.effect?.getComputedTiming().duration) > 1).length),
  ).toBe(0);
});

/** What is cut at the right, or lies outside of the window, of all that can be pressed or read in it. */
const cut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    for (const element of document.querySelectorAll<HTMLElement>('button, input, select, h1, h2')) {
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1 || element.closest('[role=grid], [role=tree]')) continue;
      if (box.right > innerWidth + 1 || box.left < -1) found.push(`${element.outerHTML.slice(0, 80)} stands outside`);
      if (element.tagName === 'BUTTON' && element.scrollHeight > element.clientHeight + 2)
        found.push(`${element.outerHTML.slice(0, 80)} is cut: ${element.scrollHeight} px in ${element.clientHeight}`);
    }
    return found;
  });

/** Buttons that lie over one another. */
const overlapping = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const open = document.querySelector('dialog[open]') ?? document;
    const buttons = [...open.querySelectorAll<HTMLElement>('button')].filter(
      (one) => one.checkVisibility() && !one.closest('[role=grid], [role=tree]'),
    );
    const boxes = buttons.map((one) => one.getBoundingClientRect());
    return buttons.flatMap((one, index) =>
      buttons.slice(index + 1).flatMap((other, after) => {
        const [a, b] = [boxes[index], boxes[index + 1 + after]];
        if (!a || !b || one.contains(other) || other.contains(one)) return [];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        return wide > 2 && high > 2 ? [`${one.outerHTML.slice(0, 80)} over ${other.outerHTML.slice(0, 80)}`] : [];
      }),
    );
  });

/** Nothing is cut or overlaps: before an image is open, in its files, in its bytes, in a sheet. */
async function allFits(page: Page, prepare: () => Promise<unknown>): Promise<void> {
  const look = async (where: string) => {
    expect([where, ...(await cut(page)), ...(await overlapping(page))]).toEqual([where]);
  };
  await page.goto('./');
  await prepare();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await look('empty');
  await openByDrag(page, SAMPLE);
  await prepare();
  await expect(rows(page).first()).toBeVisible();
  await look('files');
  await row(page, 'Read me.txt').focus();
  await page.keyboard.press('Control+,');
  await expect(page.getByRole('dialog', { name: 'Preferences' })).toBeVisible();
  await look('preferences');
  await page.keyboard.press('Escape');
  await button(page, 'Bytes').first().click();
  await page.getByRole('gridcell').first().waitFor();
  await look('bytes');
}

test('at 200 % zoom nothing is cut and nothing overlaps', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    ...(baseURL ? { baseURL } : {}),
    viewport: { width: 640, height: 400 },
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  await allFits(page, async () => undefined);
  await context.close();
});

test('at 320 px the page is not scrolled from side to side', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await allFits(page, async () => undefined);
});

const NAMES = ['שלום עולם.txt', 'ملف مهم.pdf', 'abc שלום.png'];

test('names that run from right to left stay what they are beside others', async ({ page }) => {
  test.skip(lacking('xorriso') !== '', lacking('xorriso'));
  await inFolder(async (folder) => {
    mkdirSync(`${folder}/tree/תיקייה`, { recursive: true });
    for (const name of NAMES) writeFileSync(`${folder}/tree/תיקייה/${name}`, name);
    judge('xorriso', '-outdev', `${folder}/rtl.iso`, '-volid', 'RTL', '-joliet', 'on', '-map', `${folder}/tree`, '/', '-commit', '-end');
    await openByDrag(page, `${folder}/rtl.iso`);
    await row(page, 'תיקייה').dblclick();
    await expect(rows(page)).toHaveCount(NAMES.length);
    expect((await names(page)).sort()).toEqual([...NAMES].sort());
    await row(page, NAMES[0] ?? '').click();
    // Each name stands alone in its direction: the size after it, the slash before it stay where they are.
    const alone = await page.evaluate((name) => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const wrong: string[] = [];
      let count = 0;
      while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!parent?.checkVisibility() || !/[֐-ۿ]/.test(walker.currentNode.textContent ?? '') || parent.matches('title, .unseen')) continue;
        count++;
        if (!parent.closest('bdi, [dir=auto]')) wrong.push(parent.outerHTML.slice(0, 120));
      }
      return { wrong, count, direction: document.dir || 'ltr', name };
    }, NAMES[0]);
    expect(alone.wrong).toEqual([]);
    expect(alone.count).toBeGreaterThan(NAMES.length);
    // The row reads from left to right: icon, name, size.
    const name = await row(page, NAMES[0] ?? '')
      .getByRole('rowheader')
      .locator('bdi')
      .boundingBox();
    const size = await row(page, NAMES[0] ?? '')
      .getByRole('gridcell')
      .first()
      .boundingBox();
    expect((name?.x ?? 0) + (name?.width ?? 0)).toBeLessThan(size?.x ?? 0);
  });
});
