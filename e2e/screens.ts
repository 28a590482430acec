import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test, type BrowserContextOptions, type Page } from '@playwright/test';
import { largeImage } from '../fixtures/make-large.mjs';
import { judge } from './judges.ts';
import { button, openByDrag, row, rows, withPrivatePicker } from './page.ts';

const ROOT = resolve(import.meta.dirname, '..');
const OUT = join(ROOT, 'screens');
const SAMPLE = join(ROOT, 'public/sample.iso');
const FOLDER = join(tmpdir(), 'isoscope-screens');

/** A disc of the corpus that stands beside the repository; the sample where there is none. */
function disc(path: string): string {
  const packed = join(ROOT, '../shared/corpus', path);
  if (!existsSync(packed)) return SAMPLE;
  const image = join(FOLDER, path.replace(/.*\//, '').replace(/\.gz$/, ''));
  writeFileSync(image, gunzipSync(readFileSync(packed)));
  return image;
}
const linux = () => disc('real-open/debian-grub-rescue-2.06.iso.gz');

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const SIZES: Readonly<Record<string, BrowserContextOptions>> = {
  390: PHONE,
  1024: { viewport: { width: 1024, height: 768 } },
  1440: { viewport: { width: 1440, height: 900 } },
};

async function open(page: Page, image: string, ...directories: string[]): Promise<void> {
  await openByDrag(page, image);
  for (const name of directories) {
    await enter(page, name);
  }
  await expect(rows(page).first()).toBeVisible();
}

/** Touching a row opens it on a phone, a double click elsewhere. */
async function enter(page: Page, name: string): Promise<void> {
  await (isPhone(page) ? row(page, name).first().tap() : row(page, name).first().dblclick());
}
const isPhone = (page: Page) => (page.viewportSize()?.width ?? 0) < 640;

/** The picture shown last is on the screen. */
const drawn = (page: Page): Promise<void> =>
  expect(async () => {
    // The one before may be on its way still.
    await page.waitForTimeout(300);
    const picture = page.locator('img').last();
    await picture.evaluate((element: HTMLImageElement) => element.decode());
    await page.waitForTimeout(1000);
  }).toPass();

async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+f');
  await page.getByLabel('Search by name').fill(text);
}

async function save(page: Page, image = largeImage('5g')): Promise<void> {
  await withPrivatePicker(page);
  await open(page, image);
  await page.keyboard.press('Control+e');
}

/** Those that stand in the README: as WebP beside the others, to be copied to docs/ when they please. */
const SHOWN = ['details-1440-light', 'bytes-1440-dark'];

/** How each state is reached. */
const STATES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  empty: async (page) => {
    await page.goto('./');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  },
  opening: async (page) => {
    await page.addInitScript(
      () =>
        (window.Worker = class extends EventTarget {
          postMessage() {}
          terminate() {}
        } as unknown as typeof Worker),
    );
    await openByDrag(page, SAMPLE);
    await page.waitForTimeout(500);
  },
  tree: (page) => open(page, linux(), 'boot', 'grub', 'i386-pc'),
  bridge: async (page) => {
    await open(page, disc('gen/windows-like.iso.gz'), 'sources');
    if (!isPhone(page)) await row(page, 'install.wim').click();
  },
  picture: async (page) => {
    await open(page, SAMPLE, 'Pictures');
    if (isPhone(page)) await enter(page, 'Aurora.png');
    else {
      await row(page, 'Aurora.png').click();
      await page.keyboard.press('Space');
    }
    await drawn(page);
  },
  selection: async (page) => {
    await open(page, SAMPLE, 'Documents', 'Story');
    if (isPhone(page)) await page.getByRole('checkbox').first().tap();
    else {
      await row(page, 'Part 1.txt').click();
      await page.keyboard.press('Shift+End');
    }
  },
  details: async (page) => {
    await open(page, SAMPLE, 'Pictures');
    if (isPhone(page)) await enter(page, 'Eclipse.png');
    else await row(page, 'Eclipse.png').click();
    if (!isPhone(page) && (page.viewportSize()?.width ?? 0) < 1360) await page.keyboard.press('Control+i');
    await drawn(page);
  },
  bytes: async (page) => {
    await open(page, SAMPLE);
    await button(page, 'Bytes').first().click();
    await page.keyboard.press('Control+g');
    await page.keyboard.type('#16');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('gridcell').filter({ hasText: 'CD001' }).first()).toBeVisible();
  },
  search: async (page) => {
    await open(page, linux());
    await search(page, 'fs');
    await expect(row(page, 'affs.mod')).toBeVisible();
  },
  'nothing-found': async (page) => {
    await open(page, linux());
    await search(page, 'no such name');
    await expect(page.getByText('Nothing is found.')).toBeVisible();
  },
  saving: async (page) => {
    await save(page);
    await expect(page.getByRole('progressbar').first()).toHaveAttribute('aria-valuenow', /[1-9]/);
    if (isPhone(page)) return;
    await button(page, /^Saving|saving/)
      .first()
      .click();
  },
  'failed-save': async (page) => {
    const image = join(FOLDER, 'five-gib.iso');
    judge('cp', '--sparse=always', largeImage('5g'), image);
    await save(page, image);
    await expect(page.getByRole('progressbar').first()).toHaveAttribute('aria-valuenow', /[1-9]/);
    truncateSync(image, 1 << 20);
    await button(page, /^Not saved:/).click();
    await expect(page.getByRole('dialog', { name: 'Saves' })).toBeVisible();
  },
  truncated: async (page) => {
    const image = join(FOLDER, 'grub-rescue, cut short.iso');
    writeFileSync(image, readFileSync(linux()));
    truncateSync(image, 3_300_000);
    await open(page, image, 'boot', 'grub', 'i386-pc');
  },
  'not-an-image': async (page) => {
    const image = join(FOLDER, 'ubuntu-24.04.1-desktop-amd64.iso');
    writeFileSync(image, '<!doctype html><title>404 Not Found</title><h1>Not Found</h1>');
    await openByDrag(page, image);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('not a disc image');
  },
  keys: async (page) => {
    await open(page, SAMPLE);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  palette: async (page) => {
    await open(page, linux());
    await page.keyboard.press('Control+k');
    await page.keyboard.type('gr');
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  preferences: async (page) => {
    await open(page, SAMPLE);
    await page.keyboard.press('Control+,');
    await expect(page.getByRole('dialog')).toBeVisible();
  },
};

async function shoot(page: Page, path: string): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: 85 });
  writeFileSync(path, data, 'base64');
}

test.setTimeout(90_000);
test.beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const folder of [FOLDER, OUT]) mkdirSync(folder, { recursive: true });
});
test.afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

for (const [width, options] of Object.entries(SIZES)) {
  for (const [state, reach] of Object.entries(STATES)) {
    test(`${state} ${width}`, async ({ browser, baseURL }) => {
      const context = await browser.newContext({
        ...options,
        ...(baseURL ? { baseURL } : {}),
        colorScheme: 'light',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await reach(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(300);
        const name = `${state}-${width}-${colorScheme}`;
        await page.screenshot({ path: join(OUT, `${name}.png`) });
        if (SHOWN.includes(name)) await shoot(page, join(OUT, `${name}.webp`));
      }
      await context.close();
    });
  }
}
