import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { drag, openByDrag, rows, row, button } from './page.ts';
import { test as withProfile } from './profile.ts';
import { onSite } from './site.ts';

const SAMPLE = resolve(import.meta.dirname, '../public/sample.iso');
const tabs = (page: Page) => page.getByRole('navigation', { name: 'Open images' }).getByRole('listitem');

interface Manifest {
  readonly start_url: string;
  readonly icons: readonly { readonly src: string; readonly sizes: string; readonly type: string; readonly purpose?: string }[];
  readonly file_handlers: readonly { readonly action: string; readonly accept: Readonly<Record<string, readonly string[]>> }[];
}

test('the browser finds no fault with the manifest, whose icons have the sizes that it says', async ({ page }) => {
  await onSite(async ({ url }) => {
    const refused: string[] = [];
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
    await page.goto(url);
    const client = await page.context().newCDPSession(page);
    const read = await client.send('Page.getAppManifest');
    expect(read.errors).toEqual([]);
    const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
    // What Chromium has against private windows is not the page's.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
    const manifest = JSON.parse(read.data ?? '') as Manifest;
    for (const { src, sizes, type } of manifest.icons) {
      const answer = await page.request.get(new URL(src, read.url).href);
      expect(answer.headers()['content-type']).toBe(type);
      if (type !== 'image/png') continue;
      const png = await answer.body();
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
    }
    expect(manifest.icons.map(({ sizes, purpose = 'any' }) => `${sizes} ${purpose}`)).toEqual([
      'any any',
      '192x192 any',
      '512x512 any',
      '512x512 maskable',
    ]);
    const endings = manifest.file_handlers.flatMap(({ accept }) => Object.values(accept).flat());
    for (const ending of ['.iso', '.img', '.bin', '.cue', '.udf', '.nrg']) expect(endings).toContain(ending);
    expect(refused).toEqual([]);
  });
});

/** Installs the page, and lets the system open a file with it, as on a double click: Chromium's own doing, by its protocol for tests. */
async function openWithInstalled(page: Page, ...files: string[]): Promise<void> {
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const url = page.url();
  const client = await page.context().newCDPSession(page);
  const send = client.send.bind(client) as (method: string, what: object) => Promise<unknown>;
  await send('PWA.install', { manifestId: url, installUrlOrBundleUrl: url });
  await send('PWA.launchFilesInApp', { manifestId: url, files });
}

withProfile('a disc that the system opens with the installed page is shown', async ({ page }) => {
  await openWithInstalled(page, SAMPLE);
  const app = page.context().pages().at(-1) ?? page;
  await expect(rows(app)).toHaveCount(7);
  await expect(tabs(app)).toHaveText(['sample.iso']);
});

withProfile('a sheet that the system opens alone asks for its image', async ({ page, profile }) => {
  const sheet = `${profile}/alone.cue`;
  writeFileSync(sheet, 'FILE "alone.bin" BINARY\r\n  TRACK 01 MODE1/2352\r\n    INDEX 01 00:00:00\r\n');
  await openWithInstalled(page, sheet);
  const app = page.context().pages().at(-1) ?? page;
  await expect(app.getByRole('heading', { name: 'This is a CUE sheet without its image.' })).toBeVisible();
  await expect(button(app, 'Choose both together…')).toBeVisible();
});

test('a disc that another program shares with the page is shown, without a network', async ({ page }) => {
  await onSite(async (site) => {
    await page.goto(site.url);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect.poll(() => page.evaluate(async () => Boolean(await caches.match('./')))).toBe(true);
    site.stop();
    const other = await page.context().newPage();
    await other.setContent(`<form action="${site.url}share" method="post" enctype="multipart/form-data">
      <input type="file" name="image" multiple><button>Share</button></form>`);
    await other.locator('input').setInputFiles(SAMPLE);
    await other.getByRole('button', { name: 'Share' }).click();
    await expect(rows(other)).toHaveCount(7);
    await expect(tabs(other)).toHaveText(['sample.iso']);
    expect(new URL(other.url()).search).toBe('');
    await other.reload();
    await expect(other.getByRole('heading', { level: 1 })).toContainText('disc image');
  });
});

test('a file that is pasted opens beside the one that is open, and text does not', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await expect(rows(page)).toHaveCount(7);
  const paste = (bytes: number[] | null): Promise<void> =>
    page.evaluate((given) => {
      const clipboardData = new DataTransfer();
      if (given) clipboardData.items.add(new File([new Uint8Array(given)], 'pasted.iso'));
      else clipboardData.setData('text/plain', 'pasted');
      document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, bytes);
  await paste(null);
  await expect(tabs(page)).toHaveCount(1);
  await paste([...readFileSync(SAMPLE)]);
  await expect(tabs(page)).toHaveText(['sample.iso', 'pasted.iso']);
  await expect(rows(page)).toHaveCount(7);
});

test('a file that is dropped over an open image, or over a sheet, opens beside it', async ({ page }) => {
  await openByDrag(page, SAMPLE);
  await row(page, 'Documents').click();
  await drag(page, [SAMPLE], 'dragEnter', 'dragOver');
  await expect(page.getByText('Let go to open the file in a new tab')).toBeVisible();
  await drag(page, [SAMPLE], 'drop');
  await expect(tabs(page)).toHaveCount(2);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await drag(page, [SAMPLE], 'dragEnter', 'dragOver', 'drop');
  await expect(tabs(page)).toHaveCount(3);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
