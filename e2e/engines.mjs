// The first journey in engines that Playwright does not drive here: open a disc, walk it by keyboard, save a file and a ZIP,
// compare their bytes with what 7zz extracts. A driver gives {evaluate, choose, press, close}; downloads land in `folder`.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { which } from '../.ci/judges.mjs';
import { serve } from '../.ci/serve.mjs';

const IMAGE = resolve(import.meta.dirname, '../public/sample.iso');
const PATIENCE = 30_000;

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

async function until(what, ask) {
  const end = Date.now() + PATIENCE;
  let last;
  while (Date.now() < end) {
    last = await ask();
    if (last) return last;
    await sleep(100);
  }
  throw new Error(`${what}: not within ${PATIENCE / 1000} seconds`);
}

/** Waits until a download of the folder is whole; gives its path. */
const downloaded = (folder, seen) =>
  until('a download', async () => {
    const names = readdirSync(folder).filter((name) => !seen.has(name) && !/\.(part|wkdownload)$/.test(name));
    const whole = names.find((name) => !readdirSync(folder).includes(`${name}.part`) && readFileSync(join(folder, name)).length > 0);
    if (!whole) return null;
    await sleep(500);
    seen.add(whole);
    return join(folder, whole);
  });

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
  try {
    driver = which('7zz') ? await start(`http://localhost:${server.address().port}/`, folder) : 'no 7zz';
    if (typeof driver === 'string') {
      report.skipped.push(`${name}: ${driver}`);
      console.log(`skipped: ${driver}`);
    } else await journey(driver, folder, work, test);
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
