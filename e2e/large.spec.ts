import { resolve } from 'node:path';
import { expect } from '@playwright/test';
import { largeImage, largeTruth } from '../fixtures/make-large.mjs';
import { extracted, inFolder, judge, lacking, sizeOf } from './judges.ts';
import { watchMemory } from './memory.ts';
import { button, download, keep, openByDrag, rows, withoutPicker, withPrivatePicker } from './page.ts';
import { privateFile, test } from './profile.ts';

const MIB = 2 ** 20;
const MOST_GROWTH = 150 * MIB;
const RECORDS = resolve(import.meta.dirname, 'zip-records.py');

const tools = lacking('7zz', 'unzip', 'python3');
test.skip(tools !== '', tools);
test.setTimeout(600_000);

/** Judges of a ZIP, none of them ours: unzip, 7zz, Python's zipfile. */
function judged(zip: string): void {
  judge('7zz', 't', '-bd', zip);
  judge('unzip', '-tqq', zip);
}

/** A reader of a ZIP's records finds in it what the image holds, to the byte; Python's zipfile counts the same. */
function holdsAll(zip: string, image: string): void {
  const truth = new Map([...largeTruth(image)].map(([path, { sha256 }]) => [path, sha256]));
  const records = JSON.parse(judge('python3', RECORDS, zip)) as { count: number; zip64: boolean; files: Record<string, string> };
  expect(records.zip64).toBe(true);
  const read = new Map(Object.entries(records.files));
  expect(read.size).toBe(truth.size);
  expect([...truth].filter(([path, hash]) => read.get(path) !== hash)).toEqual([]);
  const counted = judge('python3', '-c', 'import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).infolist()))', zip);
  expect(Number(counted)).toBe(records.count);
}

/** Saves the whole disc while the browser's memory is watched. */
async function growth(profile: string, save: () => Promise<void>): Promise<void> {
  const memory = watchMemory(profile);
  await save();
  const grown = memory.stop();
  console.log(`memory of the browser grew by ${Math.round(grown / MIB)} MiB`);
  expect(grown).toBeLessThanOrEqual(MOST_GROWTH);
}

for (const [image, what] of [
  ['5g', 'more than 4 GiB'],
  ['70k', 'more than 65,535 entries'],
] as const) {
  test(`a ZIP of ${what}, written into a chosen file`, async ({ page, profile }) => {
    await withPrivatePicker(page);
    await openByDrag(page, largeImage(image));
    await expect(rows(page).first()).toBeVisible();
    await page.waitForTimeout(4000); // the next image's worker starts meanwhile
    await growth(profile, async () => {
      await button(page, /^Save all/).click();
      await expect(button(page, /^Saved /)).toBeVisible({ timeout: 400_000 });
    });
    judged(privateFile(profile));
    holdsAll(privateFile(profile), image);
  });

  test(`a ZIP of ${what}, as a download`, async ({ page, profile }) => {
    await withoutPicker(page);
    await openByDrag(page, largeImage(image));
    await expect(rows(page).first()).toBeVisible();
    await page.waitForTimeout(4000); // the next image's worker starts meanwhile
    await inFolder(async (folder) => {
      let path = '';
      await growth(profile, async () => {
        path = await keep(await download(page, () => button(page, /^Save all/).click()), folder);
      });
      expect(sizeOf(path)).toBeGreaterThan(0);
      // The same writer wrote what unzip and 7zz have judged.
      holdsAll(path, image);
      if (image === '70k') expect((await extracted(path)).size).toBe(largeTruth(image).size);
    });
  });
}
