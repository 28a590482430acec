// Headless Chromium with a profile on disk (in a private window its files would lie in memory).
import { chromium } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER } from './inputs.mjs';
import { browserProcess } from './memory.mjs';

const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  );
const TIMEOUT = 600_000;
const PATIENCE = 20_000;
const SPARE_TIME = 2000;
const ASK_EVERY = 200;
/** The size of the window: what is on screen after a drop is drawn for it. */
const VIEWPORT = { width: 1280, height: 800 };

/** Debian's Chromium, or what the environment names; undefined for Playwright's own. */
function executable() {
  const named = process.env.ISOSCOPE_CHROMIUM ?? '/usr/bin/chromium';
  return existsSync(named) ? named : undefined;
}

/** A command that keeps the browser and all its threads on one core. */
function onOneCore(profile) {
  const script = join(profile, 'one-core.sh');
  writeFileSync(script, `#!/bin/sh\nexec taskset -c 0 ${executable() ?? chromium.executablePath()} "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}

/** Whether a browser can be kept on one core here. */
export function oneCorePossible() {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Work that takes too long fails, so that one stuck contender does not end the run. */
function within(work) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`no end after ${TIMEOUT / 1000} s`)), TIMEOUT)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** A browser on the page of the benchmark. */
export class BenchBrowser {
  /** The browser's own process. */
  pid = 0;
  version = '';
  /** Called when a contender has its image open and begins what it is measured for. */
  onBegin = () => undefined;
  #context;
  #page = null;
  #address;
  #image = null;
  #profile;

  static async launch(address, { oneCore = false } = {}) {
    const browser = new BenchBrowser();
    browser.#address = address;
    browser.#profile = mkdtempSync(join(FOLDER, 'profile-'));
    const executablePath = oneCore ? onOneCore(browser.#profile) : executable();
    browser.#context = await chromium.launchPersistentContext(browser.#profile, {
      ...(executablePath ? { executablePath } : {}),
      args: FLAGS,
      viewport: VIEWPORT,
      downloadsPath: join(browser.#profile, 'downloads'),
    });
    await browser.#context.exposeFunction('measuredFromHere', () => void browser.onBegin());
    browser.version = browser.#context.browser()?.version() ?? '';
    browser.pid = browserProcess(browser.#profile);
    return browser;
  }

  /** An empty tab, to be closed by whom it is given to. */
  newPage() {
    return this.#context.newPage();
  }

  async close() {
    await this.#context.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }

  /** Open a fresh page with an image handed over. */
  async open(image) {
    this.#image = image;
    await this.#page?.close();
    this.#page = await this.#context.newPage();
    await this.#page.goto(`${this.#address}/index.html`);
    await this.#page.waitForFunction('window.contenders');
    await this.#page.setInputFiles('#image', image);
  }

  /** Run a contender of the page by its name; a failure leaves a fresh page behind. */
  async run(name, input = {}) {
    try {
      return await within(this.#page.evaluate(([contender, given]) => window.contenders[contender](given), [name, input]));
    } catch (error) {
      await this.open(this.#image);
      throw error;
    }
  }

  /** Start a download by a contender; from the click until the file is there. */
  async download(name, input) {
    const start = performance.now();
    const [download] = await within(Promise.all([this.#page.waitForEvent('download'), this.run(name, input)]));
    await within(download.path());
    const ms = performance.now() - start;
    await download.delete();
    return { ms };
  }

  /**
   * Drop an image on a page as the browser does it; milliseconds from the drop until the frame in which
   * `text` stands in the grid has been drawn.
   */
  async dropUntil(address, image, text) {
    const page = await this.#context.newPage();
    try {
      await page.addInitScript(watchDrop, text);
      await page.goto(address);
      await page.waitForLoadState('networkidle');
      // Nobody drops a file sooner; the page has made its spare worker ready meanwhile.
      await page.waitForTimeout(SPARE_TIME);
      await drop(page, image);
      // Asked again and again: waiting in the page would need eval, which its policy forbids.
      for (let asked = 0; asked < PATIENCE / ASK_EVERY; asked++) {
        const ms = await page.evaluate(() => window.shownAfter);
        if (ms !== undefined) return { ms };
        await page.waitForTimeout(ASK_EVERY);
      }
      throw new Error(`“${text}” did not appear in ${PATIENCE / 1000} s`);
    } finally {
      await page.close();
    }
  }
}

/** Drop a file on a page, by the browser's own protocol. */
export async function drop(page, image) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [image], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await session.send('Input.dispatchDragEvent', { type, x: VIEWPORT.width / 2, y: VIEWPORT.height / 2, data });
  }
  await session.detach();
}

/** Runs in the page before its own scripts. */
function watchDrop(text) {
  addEventListener(
    'drop',
    () => {
      const start = performance.now();
      const channel = new MessageChannel();
      channel.port1.onmessage = () => (window.shownAfter = performance.now() - start);
      const look = () => {
        const grid = document.querySelector('[role=grid]');
        // The message comes once the frame that this callback belongs to has been drawn.
        if (grid?.textContent.includes(text)) channel.port2.postMessage(0);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
    { capture: true, once: true },
  );
}
