import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { inFolder, judge } from './judges.ts';
import { button, download, drag, keep, names, openByDrag, row, rows, withoutPicker, withoutOpenPicker } from './page.ts';

const CORPUS = resolve(import.meta.dirname, '../../shared/corpus');
const RAW_SECTOR = 2352;

test.skip(!existsSync(CORPUS), 'no corpus');
test.beforeEach(({ page }) => withoutPicker(page));

/** Works with files of the corpus, unpacked into a folder that is gone afterwards. */
const withFiles = (stored: readonly string[], work: (paths: string[], folder: string) => Promise<void>): Promise<void> =>
  inFolder((folder) => {
    const paths = stored.map((each) => {
      const path = join(folder, basename(each).replace(/\.gz$/, ''));
      const bytes = readFileSync(join(CORPUS, each));
      writeFileSync(path, each.endsWith('.gz') ? gunzipSync(bytes) : bytes);
      return path;
    });
    return work(paths, folder);
  });

const MIXED = ['gen/raw-mixed-audio.cue', 'gen/raw-mixed-audio.bin.gz'];
/** Where its sheet ends the data track, and where the audio track sounds from (00:04:28 and 00:06:28). */
const MIXED_DATA = 4 * 75 + 28;
const MIXED_AUDIO = 6 * 75 + 28;

const view = (page: Page, name: RegExp) => page.getByRole('radio', { name });
const meta = (page: Page) => page.locator('.meta');
const tabs = (page: Page) => page.getByRole('navigation', { name: 'Open images' }).getByRole('listitem');

async function more(page: Page, item: string): Promise<void> {
  await button(page, 'More').click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Chooses a tree in the switch, or in the menu that stands for it where there is no room. */
async function chooseView(page: Page, name: RegExp): Promise<void> {
  const menu = button(page, /^File system:/);
  await view(page, name).or(menu).first().waitFor();
  if (await menu.isVisible()) {
    await menu.click();
    await page.getByRole('menuitemradio', { name }).click();
  } else await view(page, name).check({ force: true });
}

test('a disc whose trees disagree says so, and leads to what the shown one lacks', async ({ page }) => {
  await withFiles(['hostile/hostile-bridge-disagree.iso.gz'], async (paths) => {
    await openByDrag(page, ...paths);
    await expect(view(page, /^UDF/)).toBeChecked();
    await expect.poll(() => names(page)).toEqual(['README.TXT', 'udf-only.txt']);
    await expect(page.getByText('2 files are in ISO 9660 only.')).toBeVisible();
    await button(page, 'Show them').click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('In UDF 1.02 only: 2 files');
    await expect(dialog.getByRole('button', { name: '/udf-only.txt' })).toBeVisible();
    await dialog.getByRole('button', { name: '/ISOONLY.TXT' }).click();
    await expect(view(page, /^ISO 9660/)).toBeChecked();
    await expect(
      page.getByRole('grid').getByRole('row', { selected: true }).or(page.locator('[role=row][tabindex="0"]')).first(),
    ).toContainText('ISOONLY.TXT');
    await chooseView(page, /^UDF/);
    await expect.poll(() => names(page)).toEqual(['README.TXT', 'udf-only.txt']);
  });
});

test('trees that hold the same say that, and their switch keeps its room at every width', async ({ page }) => {
  await withFiles(['gen/udf-bridge.iso.gz'], async (paths) => {
    await openByDrag(page, ...paths);
    await expect(rows(page).first()).toBeVisible();
    await more(page, 'Compare file systems…');
    await expect(page.getByRole('dialog').getByText('The same files.')).toHaveCount(3);
    await page.keyboard.press('Escape');
    for (const [width, name] of [
      [1280, /^Joliet/],
      [1024, /^UDF/],
      [900, /^ISO 9660/],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await chooseView(page, name);
      await expect(meta(page)).toContainText(name.source.slice(1));
      const room = await page.locator('.views').evaluate((place) => place.scrollWidth - place.clientWidth);
      expect(room).toBeLessThanOrEqual(0);
    }
  });
});

test('the last session comes first; others are chosen, and what changed is listed', async ({ page }) => {
  await withFiles(['gen/multisession-sequential.iso.gz'], async (paths) => {
    await openByDrag(page, ...paths);
    await expect.poll(() => names(page)).toContain('new3.txt');
    await button(page, 'Session 3 of 3').click();
    await page.getByRole('menuitem', { name: 'What changed in session 3…' }).click();
    const dialog = page.getByRole('dialog', { name: 'What changed in session 3' });
    await expect(dialog).toContainText('3 added, 0 changed, 0 removed');
    await dialog.getByRole('button', { name: '/dir3/x.txt' }).click();
    await expect.poll(() => names(page)).toEqual(['x.txt']);

    await button(page, 'Session 3 of 3').click();
    await page.getByRole('menuitemradio', { name: /^Session 2/ }).click();
    await expect.poll(() => names(page)).toEqual(['dir', 'change.txt', 'delete.txt', 'keep.txt', 'new2.txt']);
    await expect(button(page, /^Back/)).toBeDisabled();
    await more(page, 'What changed in session 2…');
    await expect(page.getByRole('dialog')).toContainText('2 added, 1 changed, 0 removed');
    await page.keyboard.press('Escape');

    await button(page, 'Session 2 of 3').click();
    await page.getByRole('menuitemradio', { name: /^Session 1/ }).click();
    await expect(meta(page)).toContainText('Rock Ridge, 5 files');
    await button(page, 'More').click();
    await expect(page.getByRole('menuitem', { name: /^What changed/ })).toHaveCount(0);
  });
});

test('a charset renames what is shown, and is kept for the image', async ({ page }) => {
  await withFiles(['gen/odd-names.iso.gz'], async (paths) => {
    await openByDrag(page, ...paths);
    await expect.poll(() => names(page)).toContain('äöü.TXT');
    await more(page, 'Charset of names…');
    const dialog = page.getByRole('dialog', { name: 'Charset of names' });
    await expect(dialog.getByRole('radio', { name: 'Guessed, name by name' })).toBeChecked();
    await dialog.getByRole('radio', { name: 'Cyrillic (Windows-1251)' }).check();
    await expect(dialog.getByRole('list')).toContainText('дць.TXT');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => names(page)).toContain('дць.TXT');
    await page.waitForTimeout(500); // preferences are written a moment later

    await openByDrag(page, ...paths);
    await expect.poll(() => names(page)).toContain('дць.TXT');
    await more(page, 'Charset of names…');
    await dialog.getByRole('radio', { name: 'Guessed, name by name' }).check();
    await expect.poll(() => names(page)).toContain('äöü.TXT');
  });
});

test('a sheet and its image open as one; its audio track is saved as it sounds', async ({ page }) => {
  await withFiles(MIXED, async (paths, folder) => {
    await openByDrag(page, ...paths);
    await expect(page.getByRole('heading', { name: 'RAWBASE' })).toBeVisible();
    await expect(tabs(page)).toHaveCount(1);
    await chooseView(page, /^Audio tracks, 1 track/);
    await expect.poll(() => names(page)).toEqual(['Track 02.wav']);
    await row(page, 'Track 02.wav').click();
    await expect(rows(page).first()).toContainText('Sound');
    const wave = readFileSync(await keep(await download(page, () => button(page, /^Save this file/).click()), folder));
    // The tracks have no label: all of them are called after the disc's file.
    await row(page, 'Track 02.wav').press('Escape');
    expect((await download(page, () => button(page, /^Save all/).click())).suggestedFilename()).toBe('raw-mixed-audio.zip');
    const raw = readFileSync(paths[1] ?? '');
    expect(wave.subarray(0, 4).toString()).toBe('RIFF');
    expect(wave.subarray(44).equals(raw.subarray(MIXED_AUDIO * RAW_SECTOR))).toBe(true);
  });
});

test('a disc of raw sectors is saved as a plain ISO, byte for byte', async ({ page }) => {
  await withFiles(MIXED, async (paths, folder) => {
    await openByDrag(page, ...paths);
    await expect(rows(page).first()).toBeVisible();
    const saved = await keep(await download(page, () => more(page, 'Save as plain ISO…')), folder);
    expect(basename(saved)).toBe('raw-mixed-audio.iso');
    const raw = readFileSync(paths[1] ?? '');
    const sectors = Array.from({ length: MIXED_DATA }, (_, n) => raw.subarray(n * RAW_SECTOR + 16, n * RAW_SECTOR + 16 + 2048));
    expect(readFileSync(saved).equals(Buffer.concat(sectors))).toBe(true);
  });
});

test('a compressed image opens as what is in it, and is saved as a plain ISO', async ({ page }) => {
  await inFolder(async (folder) => {
    const fixture = (name: string): Buffer => gunzipSync(readFileSync(resolve(import.meta.dirname, `../fixtures/${name}.gz`)));
    const path = join(folder, 'disc.cso');
    writeFileSync(path, fixture('wrapped/two.cso'));
    await openByDrag(page, path);
    await expect(rows(page).first()).toBeVisible();
    const saved = await keep(await download(page, () => more(page, 'Save as plain ISO…')), folder);
    expect(basename(saved)).toBe('disc.iso');
    expect(readFileSync(saved).equals(fixture('zisofs.img'))).toBe(true);
    const zip = await keep(await download(page, () => button(page, /^Save all/).click()), folder);
    judge('7zz', 't', zip);
  });
});

test('raw sectors are compared with their checksums: all agree, or the bad ones are named', async ({ page }) => {
  await withFiles(['gen/raw-mode1-2352.bin.gz'], async ([path = ''], folder) => {
    await openByDrag(page, path);
    await more(page, 'Check the sectors…');
    const dialog = page.getByRole('dialog', { name: 'Check the sectors' });
    await expect(dialog.getByRole('status')).toHaveText('All 328 sectors agree with their checksums.');
    await dialog.getByRole('button', { name: 'Done' }).click();

    const bytes = readFileSync(path);
    bytes[40 * RAW_SECTOR + 100]! ^= 0xff;
    bytes[60 * RAW_SECTOR + 1] = 0;
    const bad = join(folder, 'bad.bin');
    writeFileSync(bad, bytes);
    await openByDrag(page, bad);
    await more(page, 'Check the sectors…');
    await expect(dialog.getByRole('status')).toHaveText('2 of 328 sectors are damaged.');
    await expect(dialog.getByRole('listitem')).toHaveText([
      'Sector 40 of track 1 differs from its checksum.',
      'Sector 60 of track 1 has a broken sync pattern.',
    ]);
  });
});

test('a plain image offers no plain ISO', async ({ page }) => {
  await openByDrag(page, resolve(import.meta.dirname, '../public/sample.iso'));
  await expect(rows(page).first()).toBeVisible();
  await button(page, 'More').click();
  await expect(page.getByRole('menuitem', { name: 'What was found…' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Save as plain ISO…' })).toHaveCount(0);
  await expect(page.getByRole('menuitem', { name: 'Check the sectors…' })).toHaveCount(0);
});

test('a sheet alone asks for its image, and opens with it in the same tab', async ({ page }) => {
  await withoutOpenPicker(page);
  await withFiles(MIXED, async ([sheet = '', image = '']) => {
    await openByDrag(page, sheet);
    await expect(page.getByRole('heading', { name: 'This is a CUE sheet without its image.' })).toBeVisible();
    await expect(page.getByText('raw-mixed-audio.bin').first()).toBeVisible();
    const chooser = page.waitForEvent('filechooser');
    await button(page, 'Choose both together…').click();
    await (await chooser).setFiles(image);
    await expect(page.getByRole('heading', { name: 'RAWBASE' })).toBeVisible();
    await expect(tabs(page)).toHaveCount(1);
    // Images that do not belong together open apart.
    await drag(page, [resolve(import.meta.dirname, '../public/sample.iso'), image], 'dragEnter', 'dragOver', 'drop');
    await expect(tabs(page)).toHaveCount(3);
  });
});

test('named streams stand in the details of their file, and are saved by themselves', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await withFiles(['gen/udf-m-2.01-plain.udf.gz'], async (paths, folder) => {
    await openByDrag(page, ...paths);
    await row(page, 'streams.txt').click();
    const streams = page.getByRole('list', { name: 'Named streams' });
    await expect(streams.getByRole('listitem')).toHaveText([/^alt\s*17 B/, /^Zone.Identifier\s*26 B/]);
    const saved = await keep(await download(page, () => button(page, 'Save streams.txt:alt').click()), folder);
    expect(basename(saved)).toBe('streams.txt_alt');
    expect(readFileSync(saved, 'utf8')).toBe('alternate stream\n');
    await rows(page).first().click();
    await expect(streams).toHaveCount(0);
  });
});
