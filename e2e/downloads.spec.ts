import { copyFileSync, cpSync, readdirSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { expect, type Download, type Page } from '@playwright/test';
import { serve } from '../.ci/serve.mjs';
import { compressedImage, compressedTruth } from '../fixtures/make-large.mjs';
import { hashes, inFolder, judge, lacking, sha256, sizeOf } from './judges.ts';
import { watchMemory } from './memory.ts';
import { button, download, keep, openByDrag, row, rows, withoutPicker } from './page.ts';
import { test } from './profile.ts';

const MIB = 2 ** 20;
const MOST_GROWTH = 150 * MIB;
const LARGE = 'large 大きい.txt';

const tools = lacking('7zz', 'bsdtar', 'xorriso');
test.skip(tools !== '', tools);
test.setTimeout(240_000);
test.beforeEach(({ page }) => withoutPicker(page));

/** MiB of the large file: more than a small computer may hold in memory, as the page is told this is one. */
const LARGE_SIZE = 160;
const smallDevice = (page: Page): Promise<unknown> =>
  page.addInitScript(() => Object.defineProperty(navigator, 'deviceMemory', { value: 2 }));

async function openDisc(page: Page, path = compressedImage(LARGE_SIZE)): Promise<void> {
  await smallDevice(page);
  await openByDrag(page, path);
  await expect(rows(page)).toHaveCount(2);
}

const saveLarge = async (page: Page): Promise<void> => {
  await row(page, LARGE).click();
  await button(page, 'Save this file').click();
};

const saveFromMenu = async (page: Page, name: string): Promise<void> => {
  await button(page, /^More/).click();
  await page.getByRole('menuitem', { name, exact: true }).click();
};

/** What the browser was told of a download's size, once it has ended. */
async function totals(page: Page): Promise<() => number[]> {
  const client = await page.context().newCDPSession(page);
  await client.send('Page.enable');
  const sizes = new Map<string, number>();
  client.on('Page.downloadProgress', ({ guid, totalBytes }) => sizes.set(guid, totalBytes));
  return () => [...sizes.values()];
}

/** The large file's download, under way. */
async function begun(page: Page): Promise<Download> {
  const coming = page.waitForEvent('download', { timeout: 60_000 });
  await saveLarge(page);
  return coming;
}

/** The job's end, as the list of saves tells it. */
async function outcome(page: Page, word: string): Promise<string> {
  await button(page, new RegExp(`^${word}`)).click({ timeout: 120_000 });
  const dialog = page.getByRole('dialog', { name: 'Saves' });
  return (await dialog.getByRole('listitem').first().innerText()).replace(/\s+/g, ' ');
}

/** The download ends as failed, and there is nothing under its name. */
async function failed(coming: Download, folder: string): Promise<string> {
  const why = await coming.failure();
  expect(why).not.toBeNull();
  await expect(coming.saveAs(`${folder}/saved`)).rejects.toThrow();
  expect(readdirSync(folder)).toEqual([]);
  return why ?? '';
}

/** Judges that are not ours find in an archive what the disc holds. */
async function holdsAll(path: string): Promise<void> {
  const truth = new Map([...compressedTruth(LARGE_SIZE)].map(([name, { sha256: sum }]) => [name, sum]));
  await inFolder(async (out) => {
    if (path.endsWith('.tar')) judge('bsdtar', '-xf', path, '-C', out);
    else judge('7zz', 'x', '-y', '-bd', `-o${out}`, path);
    const below = await hashes(out);
    expect(new Map([...below].map(([name, sum]) => [name.replace(/^COMPRESSED\//, ''), sum]))).toEqual(truth);
  });
}

test('a compressed file larger than memory may hold arrives whole, as a download of exactly its size', async ({ page, profile }) => {
  await openByDrag(page, compressedImage());
  await expect(rows(page)).toHaveCount(2);
  const told = await totals(page);
  await page.waitForTimeout(4000); // the next image's worker starts meanwhile
  await inFolder(async (folder) => {
    const memory = watchMemory(profile);
    const coming = await begun(page);
    await expect(page.getByRole('alert')).toContainText('Keep this tab open');
    const path = await keep(coming, folder);
    const grown = memory.stop();
    console.log(`memory of the browser grew by ${Math.round(grown / MIB)} MiB`);
    const truth = compressedTruth().get(LARGE);
    expect(coming.suggestedFilename()).toBe(LARGE);
    expect(sizeOf(path)).toBe(truth?.size);
    expect(await sha256(path)).toBe(truth?.sha256);
    expect(told()).toEqual([truth?.size]);
    expect(grown).toBeLessThanOrEqual(MOST_GROWTH);
    expect(await outcome(page, 'Saved')).toContain('1 file');
  });
});

test('a TAR and a ZIP of compressed files, downloaded beside each other, hold what the disc holds', async ({ page }) => {
  await openDisc(page);
  await inFolder(async (folder) => {
    const arriving: Download[] = [];
    page.on('download', (each) => arriving.push(each));
    await saveFromMenu(page, 'Save as a TAR');
    await expect(button(page, /^Saving /)).toBeVisible(); // one is planned after the other
    await button(page, /^Save all/).click();
    await expect.poll(() => arriving.length, { timeout: 120_000 }).toBe(2);
    const paths = await Promise.all(arriving.map((each) => keep(each, folder)));
    await expect(page.getByRole('button', { name: /^Saved / })).toBeVisible({ timeout: 60_000 });
    for (const path of paths) await holdsAll(path);
    expect(paths.map((path) => path.slice(-4)).sort()).toEqual(['.tar', '.zip']);
  });
});

test('a compressed ZIP of more than memory may hold is measured first, and arrives as a download of exactly its size', async ({ page }) => {
  await openDisc(page);
  const told = await totals(page);
  await inFolder(async (folder) => {
    const path = await keep(await download(page, () => saveFromMenu(page, 'Save as a ZIP, compressed')), folder);
    expect(told()).toEqual([sizeOf(path)]);
    await holdsAll(path);
  });
});

test('a download that is paused waits, and goes on to its end', async ({ page }) => {
  await openDisc(page);
  await inFolder(async (folder) => {
    const coming = await begun(page);
    await button(page, /^Saving /).click();
    const dialog = page.getByRole('dialog', { name: 'Saves' });
    await dialog.getByRole('button', { name: /^Pause/ }).click();
    await expect(dialog).toContainText('paused');
    const meter = dialog.getByRole('progressbar');
    await page.waitForTimeout(500); // what was on its way arrives
    const held = await meter.getAttribute('aria-valuenow');
    await page.waitForTimeout(1500);
    expect(await meter.getAttribute('aria-valuenow')).toBe(held);
    await dialog.getByRole('button', { name: /^(Go on|Resume|Continue)/ }).click();
    expect(await sha256(await keep(coming, folder))).toBe(compressedTruth(LARGE_SIZE).get(LARGE)?.sha256);
  });
});

for (const [what, stop] of [
  ['in the browser', async (_page: Page, coming: Download) => coming.cancel()],
  ['in the page', async (page: Page) => button(page, /^Stop saving/).click()],
] as const) {
  test(`a download that is cancelled ${what} stops the work, and nothing is left of it`, async ({ page }) => {
    await openDisc(page);
    await inFolder(async (folder) => {
      const coming = await begun(page);
      await stop(page, coming);
      await failed(coming, folder);
      const told = await outcome(page, 'Stopped');
      expect(told).toContain(what === 'in the page' ? 'You stopped it' : 'cancelled in the browser');
    });
    // The page goes on: the same save once more arrives.
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    expect(await (await download(page, () => saveLarge(page))).failure()).toBeNull();
  });
}

test('a page that is loaded anew in the middle leaves a failed download, no short file', async ({ page }) => {
  await openDisc(page);
  await inFolder(async (folder) => {
    const coming = await begun(page);
    page.on('dialog', (dialog) => void dialog.accept()); // the browser asks before work is lost
    await page.reload();
    await failed(coming, folder);
  });
});

test('a worker that dies in the middle leaves a failed download', async ({ page }) => {
  await page.addInitScript(() => {
    const made: Worker[] = [];
    const Original = window.Worker;
    window.Worker = class extends Original {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        made.push(this);
      }
    };
    Object.assign(window, { killWorkers: () => made.forEach((worker) => worker.terminate()) });
  });
  await openDisc(page);
  await inFolder(async (folder) => {
    const coming = await begun(page);
    await page.evaluate(() => (window as unknown as { killWorkers: () => void }).killWorkers());
    await failed(coming, folder);
  });
});

test('a service worker that is ended in the middle fails the download, and the page says so', async ({ page }) => {
  await openDisc(page);
  const client = await page.context().newCDPSession(page);
  await client.send('ServiceWorker.enable');
  await inFolder(async (folder) => {
    const coming = await begun(page);
    await client.send('ServiceWorker.stopAllWorkers');
    await failed(coming, folder);
    expect(await outcome(page, 'Not saved:')).toContain('broke the download off');
    // It starts again for the next one.
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    expect(await (await download(page, () => saveLarge(page))).failure()).toBeNull();
  });
});

test('an image that vanishes in the middle fails the download, and the page says so', async ({ page }) => {
  await inFolder(async (folder) => {
    const copy = `${folder}/copy.iso`;
    copyFileSync(compressedImage(LARGE_SIZE), copy);
    await openDisc(page, copy);
    const coming = await begun(page);
    rmSync(copy);
    await failed(coming, folder);
    expect(await outcome(page, 'Not saved:')).toContain('no longer where it was');
  });
});

test('a tab that is frozen and thawed in the middle still gives the whole file', async ({ page }) => {
  await openDisc(page);
  const client = await page.context().newCDPSession(page);
  await inFolder(async (folder) => {
    const coming = await begun(page);
    await client.send('Page.setWebLifecycleState', { state: 'frozen' });
    await new Promise((done) => setTimeout(done, 3000));
    await client.send('Page.setWebLifecycleState', { state: 'active' });
    expect(await sha256(await keep(coming, folder))).toBe(compressedTruth(LARGE_SIZE).get(LARGE)?.sha256);
  });
});

test('an address of a download serves it once, and nothing that a browser would show', async ({ page }) => {
  await openDisc(page);
  const asked = page.waitForRequest(/\/dl\//);
  const coming = await begun(page);
  const address = (await asked).url();
  expect(await coming.failure()).toBeNull();
  const tab = await page.context().newPage();
  for (const url of [address, new URL('./dl/unknown/', page.url()).href]) {
    const answer = await tab.goto(url);
    expect(answer?.status()).toBe(410);
    expect(answer?.headers()['content-security-policy']).toContain('sandbox');
    expect(answer?.headers()['x-content-type-options']).toBe('nosniff');
  }
});

test('a page in a folder of a host that sends no headers streams all the same', async ({ page }) => {
  await inFolder(async (folder) => {
    cpSync(resolve(import.meta.dirname, '../dist'), `${folder}/some/where`, { recursive: true });
    const server = await serve(0, folder);
    const open = page.goto.bind(page);
    page.goto = () => open(`http://localhost:${(server.address() as AddressInfo).port}/some/where/`);
    try {
      await openDisc(page);
      const asked = page.waitForRequest(/\/some\/where\/dl\//);
      const path = await keep(await download(page, () => saveLarge(page)), folder);
      await asked;
      expect(await sha256(path)).toBe(compressedTruth(LARGE_SIZE).get(LARGE)?.sha256);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

test('without a service worker what is too large is refused, and the page says why', async ({ page }) => {
  await page.addInitScript(() => void Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
  await openDisc(page);
  await saveLarge(page);
  const dialog = page.getByRole('dialog', { name: 'Too large for this browser' });
  await expect(dialog).toContainText('without a service worker');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  // What fits into memory is saved from there.
  await row(page, 'more').dblclick();
  await row(page, 'one.txt').click();
  const coming = await download(page, () => button(page, 'Save this file').click());
  await inFolder(async (folder) => {
    expect(await sha256(await keep(coming, folder))).toBe(compressedTruth(LARGE_SIZE).get('more/one.txt')?.sha256);
  });
});
