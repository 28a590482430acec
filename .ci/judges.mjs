import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './install.mjs';

/** Debian packages of the native judges and browsers, by the command they bring. */
const PACKAGES = {
  xorriso: 'xorriso',
  '7zz': '7zip',
  unzip: 'unzip',
  bsdtar: 'libarchive-tools',
  isoinfo: 'genisoimage',
  python3: 'python3',
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  WebKitWebDriver: 'webkit2gtk-driver',
  Xvfb: 'xvfb',
};

/** The path of a command; null where it is not to be had. */
export function which(command) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder || '.', command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}

/** A Chromium: the one named by ISOSCOPE_CHROMIUM, on the PATH, or playwright's; null without one. */
export function findChromium() {
  const named = process.env.ISOSCOPE_CHROMIUM;
  if (named) return named;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const path = which(name);
    if (path) return path;
  }
  const asked = spawnSync(process.execPath, ['-e', "console.log(require('@playwright/test').chromium.executablePath())"], { cwd: root });
  const bundled = asked.stdout?.toString().trim();
  return bundled && existsSync(bundled) ? bundled : null;
}

/** WebKit's small browser, which its driver starts; null where it is not to be had. */
export function findMiniBrowser() {
  const lib = '/usr/lib';
  if (!existsSync(lib)) return null;
  for (const machine of readdirSync(lib)) {
    for (const version of ['webkit2gtk-4.1', 'webkit2gtk-4.0']) {
      const path = join(lib, machine, version, 'MiniBrowser');
      if (existsSync(path)) return path;
    }
  }
  return null;
}

const debianRoot = () =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version') && which('apt-get') !== null;

function sh(command, args, env = {}) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 2], env: { ...process.env, ...env } });
  return status === 0;
}

/** Installs what the tests judge with and what is missing, saying so; ISOSCOPE_NO_INSTALL=1 forbids it. */
export function getJudges() {
  const missing = Object.keys(PACKAGES).filter((command) => (command === 'chromium' ? !findChromium() : !which(command)));
  if (missing.length === 0) return;
  if (process.env.ISOSCOPE_NO_INSTALL) {
    console.log(`Not installing (ISOSCOPE_NO_INSTALL is set): ${missing.join(', ')}`);
    return;
  }
  if (debianRoot()) {
    const packages = missing.map((command) => PACKAGES[command]);
    console.log(`About to install Debian packages: ${packages.join(', ')}`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    sh('apt-get', ['update', '-qq'], env);
    const together = sh('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], env);
    // One package that is not to be had must not keep the others away.
    if (!together) for (const name of packages) sh('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], env);
  }
  if (!findChromium()) {
    console.log('About to install: Chromium (npx playwright install chromium)');
    sh(process.execPath, [join(root, 'node_modules/@playwright/test/cli.js'), 'install', 'chromium']);
  }
  const still = missing.filter((command) => (command === 'chromium' ? !findChromium() : !which(command)));
  if (still.length > 0) console.log(`Not to be had here: ${still.join(', ')}`);
}

/** The skips that .ci/run allows. */
export function allowedSkips() {
  const lines = readFileSync(join(root, '.ci/allowed-skips.txt'), 'utf8').split('\n');
  return lines.filter((line) => line.trim() && !line.startsWith('#'));
}
