// The first journey in Firefox, over WebDriver BiDi.
import puppeteer from 'puppeteer-core';
import { which } from '../.ci/judges.mjs';
import { REVEAL_INPUTS, runJourney } from './engines.mjs';

async function start(address, folder) {
  const executablePath = which('firefox-esr') ?? which('firefox');
  if (!executablePath) return 'no firefox';
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: {
      'browser.download.folderList': 2,
      'browser.download.dir': folder,
      'browser.download.useDownloadDir': true,
      'browser.download.always_ask_before_handling_new_types': false,
    },
  });
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.log(`page: ${error}`));
  page.on('console', (message) => message.type() === 'error' && console.log(`console: ${message.text()}`));
  let lastEnd = '';
  await browser.connection.send('session.subscribe', { events: ['browsingContext.downloadEnd'] });
  browser.connection.on('browsingContext.downloadEnd', ({ status }) => (lastEnd = status));
  page.on('dialog', (dialog) => void dialog.accept()); // before work is lost the browser asks
  await page.goto(address);
  await page.evaluate(REVEAL_INPUTS);
  return {
    evaluate: (script) => page.evaluate(script),
    choose: async (path) => (await page.waitForSelector('input[type=file]')).uploadFile(path),
    press: (key) => page.keyboard.press(key),
    reload: () => page.reload(),
    lastEnd: () => lastEnd,
    close: () => browser.close(),
  };
}

await runJourney('firefox', start);
