// The first journey in engines that Playwright does not drive here: open a disc, walk it by keyboard, save a file and a ZIP,
// compare their bytes with what 7zz extracts; then a disc of compressed files, whose bytes are streamed through the service worker.
// A driver gives {evaluate, choose, press, reload, close}, lastEnd where the browser tells how a download ended, and leavesPart
// where it leaves a failed one's beginning under its name; downloads land in `folder`.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { which } from '../.ci/judges.mjs';
import { serve } from '../.ci/serve.mjs';
import { compressedImage, compressedTruth } from '../fixtures/make-large.mjs';

const IMAGE = resolve(import.meta.dirname, '../public/sample.iso');
const PATIENCE = 30_000;
/** For some hundred MiB on a busy machine. */
const LONG_PATIENCE = 150_000;
/** Longer than Firefox lets a service worker live that hears nothing (30 seconds). */
const SILENCE = 40_000;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function hashes(folder, prefix = '') {
  const found = {};
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) Object.assign(found, hashes(folder, path));
    else if (entry.isFile()) found[path] = sha256(readFileSync(join(folder, path)));
  }
  return found;
}

function unpack(archive, folder) {
  mkdirSync(folder);
  execFileSync('7zz', ['x', '-y', '-bd', `-o${folder}`, archive], { stdio: 'ignore' });
  return hashes(folder);
}

/** Before the page's own scripts, or right after: a file input is put into the page, where a driver can reach it, instead of opening a dialog. */
export const REVEAL_INPUTS = `
  HTMLInputElement.prototype.click = function () {
    this.style.position = 'fixed';
    document.body.append(this);
  };`;

/** Scripts that run in the page, as text: what a person would look for, by role and name. */
const find = {
  button: (name) =>
    `[...document.querySelectorAll('button')].find((b) => (b.getAttribute('aria-label') ?? b.textContent).trim().startsWith(${JSON.stringify(name)}))`,
  names: `[...document.querySelectorAll('[role=grid] [role=rowheader]')].map((cell) => cell.textContent.trim())`,
  selected: `document.querySelector('[role=grid] [role=row][aria-selected=true] [role=rowheader]')?.textContent.trim() ?? ''`,
  breadcrumb: `document.querySelector('nav[aria-label=Path]')?.textContent ?? ''`,
};

async function until(what, ask, patience = PATIENCE) {
  const end = Date.now() + patience;
  let last;
  while (Date.now() < end) {
    last = await ask();
    if (last) return last;
    await sleep(100);
  }
  throw new Error(`${what}: not within ${patience / 1000} seconds`);
}

/** Waits until a download of the folder is whole; gives its path. */
const downloaded = (folder, seen, patience = PATIENCE) =>
  until(
    'a download',
    async () => {
      const names = readdirSync(folder).filter((name) => !seen.has(name) && !UNFINISHED.test(name));
      const whole = names.find((name) => !readdirSync(folder).some((other) => UNFINISHED.test(other)) && sizeOf(join(folder, name)) > 0);
      if (!whole) return null;
      await sleep(500);
      seen.add(whole);
      return join(folder, whole);
    },
    patience,
  );

/** Names of downloads under way: Firefox's and WebKit's. */
const UNFINISHED = /\.(part|wkdownload)$/;
const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function same(what, got, wanted) {
  if (JSON.stringify(got) !== JSON.stringify(wanted))
    throw new Error(`${what}: ${JSON.stringify(got).slice(0, 400)}, not ${JSON.stringify(wanted).slice(0, 400)}`);
}
const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

async function journey(driver, folder, work, test) {
  const seen = new Set();
  const truth = unpack(IMAGE, join(work, 'truth'));
  const click = (name) =>
    until(`the button ${name}`, () => driver.evaluate(`(() => { const b = ${find.button(name)}; b?.click(); return Boolean(b); })()`));
  const names = () => driver.evaluate(find.names);
  const selects = (name) => until(`${name} selected`, async () => (await driver.evaluate(find.selected)).startsWith(name));

  await test('opens a disc image and lists its root', async () => {
    await click('Open an image');
    await driver.choose(IMAGE);
    const rows = await until('rows', async () => (await names()).includes('Documents') && (await names()));
    for (const name of ['Many languages', 'Pictures', 'Read me.txt'])
      if (!rows.includes(name)) throw new Error(`no row ${name} in ${rows.join(', ')}`);
  });
  await test('walks it by keyboard', async () => {
    await driver.evaluate(`document.querySelector('[role=grid] [role=row][tabindex="0"]').focus()`);
    await driver.press('Home');
    await driver.press('P');
    await selects('Pictures');
    await driver.press('Enter');
    await until('the folder Pictures', async () => (await names()).includes('Disc.svg'));
    await driver.press('Backspace');
    await until('the root again', async () => (await names()).includes('Read me.txt'));
  });
  await test('saves one file byte for byte', async () => {
    await driver.press('End');
    await selects('Start here');
    await driver.press('ArrowUp');
    await selects('Read me.txt');
    await click('Save this file');
    const path = await downloaded(folder, seen);
    same('the saved file', sha256(readFileSync(path)), truth['Read me.txt']);
  });
  await test('saves the whole disc as a ZIP that 7zz extracts alike', async () => {
    await driver.press('Escape');
    await click('Save all');
    // Where names change or something is left out, the page says so first.
    await until('a save of the disc', () =>
      driver.evaluate(`(() => {
        const b = [...document.querySelectorAll('dialog[open] button')].find((x) => x.textContent.trim() === 'Save');
        b?.click();
        return Boolean(b) || /Sav(ing|ed) .*\\.zip/.test(document.querySelector('footer')?.textContent ?? '');
      })()`),
    );
    const path = await downloaded(folder, seen);
    execFileSync('7zz', ['t', path], { stdio: 'ignore' });
    same('the ZIP', sorted(unpack(path, join(work, 'zip'))), sorted(truth));
  });
}

const LARGE = 'large 大きい.txt';

/** Downloads whose bytes are computed, more than may be held in memory. */
async function streamedDownloads(driver, folder, test, skip) {
  const seen = new Set(readdirSync(folder));
  const click = (name) =>
    until(`the button ${name}`, () => driver.evaluate(`(() => { const b = ${find.button(name)}; b?.click(); return Boolean(b); })()`));
  const status = () => driver.evaluate(`document.querySelector('footer')?.textContent ?? ''`);
  const open = async () => {
    await driver.evaluate(`document.querySelectorAll('input[type=file]').forEach((input) => input.remove())`);
    await click('Open an image');
    await driver.choose(compressedImage());
    await until('the compressed disc', async () => (await driver.evaluate(find.names)).includes(LARGE));
    await driver.evaluate(`document.querySelector('[role=grid] [role=row][tabindex="0"]').focus()`);
    await driver.press('End');
    await until(`${LARGE} selected`, async () => (await driver.evaluate(find.selected)).startsWith(LARGE));
  };
  const begin = async () => {
    await click('Save this file');
    await until('a save under way', async () => /[1-9]\d* %/.test(await status()), LONG_PATIENCE);
  };
  const arrives = async (ending) => {
    // WebKitGTK writes what it streams under the name at once.
    await until('its end said', async () => (await status()).includes('Saved'), LONG_PATIENCE);
    const path = await downloaded(folder, seen);
    same(`${ending}: its bytes`, sha256(readFileSync(path)), compressedTruth().get(LARGE).sha256);
    rmSync(path);
    seen.clear();
    for (const name of readdirSync(folder)) seen.add(name);
  };

  await test('streams a compressed file larger than memory may hold', async () => {
    await open();
    await begin();
    await arrives('the streamed file');
  });
  await test('keeps a download alive that is paused for longer than the browser waits', async () => {
    await begin();
    await click('Saving');
    await click('Pause');
    await sleep(SILENCE);
    await click('Go on');
    await driver.press('Escape');
    await arrives('the paused file');
  });
  const gone = 'ends a download whose page goes away as failed, with nothing under its name';
  if (driver.leavesPart) return skip(gone, driver.leavesPart);
  await test(gone, async () => {
    await begin();
    await driver.reload();
    if (driver.lastEnd) await until('the end of the download', async () => driver.lastEnd() === 'canceled');
    const named = () => readdirSync(folder).filter((name) => !seen.has(name) && !UNFINISHED.test(name) && sizeOf(join(folder, name)) > 0);
    await sleep(3000);
    same('what is left', named(), []); // Firefox keeps an empty file and its own .part
  });
}

/** Runs the journey; `start(address, folder)` gives a driver, or a string: why there is none. Writes ISOSCOPE_REPORT. */
export async function runJourney(name, start) {
  const report = { passed: 0, failed: 0, skipped: [] };
  const work = mkdtempSync(join(tmpdir(), `isoscope-${name}-`));
  const folder = join(work, 'Downloads');
  mkdirSync(folder);
  const server = await serve(0);
  let driver = null;
  const test = async (title, steps) => {
    if (report.failed > 0) return; // each step stands on the one before
    try {
      await steps();
      report.passed++;
      console.log(`ok: ${title}`);
    } catch (error) {
      report.failed++;
      console.log(`FAILED: ${title}: ${error.stack}`);
    }
  };
  const skip = (title, why) => {
    report.skipped.push(`${name}: ${title} (${why})`);
    console.log(`skipped: ${title} (${why})`);
  };
  try {
    driver = which('7zz') ? await start(`http://localhost:${server.address().port}/`, folder) : 'no 7zz';
    if (typeof driver === 'string') {
      report.skipped.push(`${name}: ${driver}`);
      console.log(`skipped: ${driver}`);
    } else {
      await journey(driver, folder, work, test);
      if (which('xorriso')) await streamedDownloads(driver, folder, test, skip);
      else report.skipped.push(`${name}: no xorriso`);
    }
  } catch (error) {
    report.failed++;
    console.log(`FAILED: ${name} could not be started: ${error.stack}`);
  } finally {
    if (driver && typeof driver !== 'string') await driver.close().catch(() => {});
    server.close();
    server.closeAllConnections();
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }
  if (process.env.ISOSCOPE_REPORT) writeFileSync(process.env.ISOSCOPE_REPORT, JSON.stringify(report));
  process.exitCode = report.failed > 0 ? 1 : 0;
}
