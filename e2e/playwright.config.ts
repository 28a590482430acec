import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { findChromium } from '../.ci/judges.mjs';

const FIRST_PORT = 20_000;

// The workers read this file again: they take the port from the environment.
process.env.ISOSCOPE_PORT ??= String(FIRST_PORT + (process.pid % FIRST_PORT));
const port = Number(process.env.ISOSCOPE_PORT);
const chromium = findChromium();

/**
 * Parts of Chromium's own window that are pages with processes of their own, which nobody sees here: without them a journey
 * takes a third less time. The last such list counts alone, so that what Playwright turns off stands in it too.
 */
const UNSEEN = ['InitialWebUI', 'WebUIReloadButton', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'OmniboxPopupWebUI'];
const BY_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];

export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  // No GPU, and no process or emulation that stands for one: each journey takes a fifth less time.
  '--disable-gpu',
  '--disable-gpu-compositing',
  '--disable-software-rasterizer',
  '--in-process-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${[...BY_PLAYWRIGHT, ...UNSEEN].join(',')}`,
];

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  use: {
    baseURL: `http://localhost:${port}/`,
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    trace: 'off',
    launchOptions: { args: CHROMIUM_ARGUMENTS, ...(chromium && existsSync(chromium) ? { executablePath: chromium } : {}) },
  },
  webServer: { command: `node .ci/serve.mjs ${port}`, cwd: '..', port, reuseExistingServer: false },
});
