import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { button, rows, withoutOpenPicker } from './page.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');

/** Sum of layout shifts that no input caused: Chromium calls less than 0.1 good, and a person sees nothing of 0.01. */
const MOST_SHIFT = 0.01;

/** Notes shifts, and the ground and theme of the first frame that is drawn. */
const watch = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const seen = { shift: 0, moved: [] as string[], first: '' };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Node | null }[];
      })[]) {
        if (entry.hadRecentInput) continue;
        seen.shift += entry.value;
        seen.moved.push(...entry.sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 80) : '')));
      }
    }).observe({ type: 'layout-shift', buffered: true });
    const look = (): void => {
      if (!document.body) return void requestAnimationFrame(look);
      seen.first = getComputedStyle(document.body).backgroundColor;
    };
    requestAnimationFrame(look);
  });
const seen = (page: Page) => page.evaluate(() => (window as unknown as { seen: { shift: number; moved: string[]; first: string } }).seen);

test.beforeEach(({ page }) => withoutOpenPicker(page));

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  test(`nothing moves by itself while the page loads, an image opens and is inspected, at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await watch(page);
    await page.goto('./');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const chooser = page.waitForEvent('filechooser');
    await button(page, 'Open an image…').click();
    await (await chooser).setFiles(SAMPLE);
    await expect(rows(page).first()).toBeVisible();
    await page.waitForTimeout(1500); // what is found later comes, too
    await page.keyboard.press('Alt+2');
    await expect(page.getByRole('heading', { name: 'Findings' })).toBeVisible();
    await page.waitForTimeout(1000);
    const { shift, moved } = await seen(page);
    expect(shift, moved.join('\n')).toBeLessThan(MOST_SHIFT);
  });
}

test('the first frame has the theme that was chosen, against the system’s', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('./');
  const theme = button(page, /^Theme:/);
  while (!(await theme.getAttribute('aria-label'))?.includes('dark')) await theme.click();
  const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await watch(page);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect((await seen(page)).first).toBe(dark);
});
