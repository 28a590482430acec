// The first journey in WebKit (WebKitGTK's MiniBrowser under Xvfb), over plain WebDriver.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findMiniBrowser, which } from '../.ci/judges.mjs';
import { REVEAL_INPUTS, runJourney } from './engines.mjs';

/** Keys that WebDriver writes as private characters (WebDriver 17.4.2). */
const KEYS = {
  Enter: '\uE007',
  Escape: '\uE00C',
  Home: '\uE011',
  End: '\uE010',
  ArrowUp: '\uE013',
  ArrowDown: '\uE015',
  Backspace: '\uE003',
};

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** A screen of its own for the browser; gives its name. */
function startScreen() {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = new Promise((done, fail) => {
    screen.stdio[3].once('data', (line) => done(`:${String(line).trim()}`));
    screen.once('exit', () => fail(new Error('Xvfb ended')));
  });
  return { screen, display };
}

/** A home where downloads go to `folder`. */
function makeHome(folder) {
  const home = join(dirname(folder), 'home');
  mkdirSync(join(home, '.config'), { recursive: true });
  writeFileSync(join(home, '.config/user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${folder}"\n`);
  return { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_CACHE_HOME: join(home, '.cache'), XDG_DATA_HOME: join(home, '.local') };
}

/** Calls of one WebDriver. */
const caller = (port) => async (method, path, body) => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`WebDriver ${path}: ${value?.error}: ${value?.message}`);
  return value;
};

async function openSession(call, binary) {
  const options = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
  for (let attempt = 0; ; attempt++) {
    try {
      return await call('POST', '/session', { capabilities: { alwaysMatch: options } });
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(250); // the driver does not listen yet
    }
  }
}

async function start(address, folder) {
  const binary = findMiniBrowser();
  const missing = [...(binary ? [] : ['MiniBrowser']), ...['WebKitWebDriver', 'Xvfb'].filter((name) => !which(name))];
  if (missing.length > 0) return `no ${missing.join(', ')}`;
  const { screen, display } = startScreen();
  const port = await freePort();
  const env = {
    ...process.env,
    ...makeHome(folder),
    DISPLAY: await display,
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
  };
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], { env, stdio: 'ignore' });
  const end = () => {
    driver.kill();
    screen.kill();
  };
  try {
    const call = caller(port);
    const session = `/session/${(await openSession(call, binary)).sessionId}`;
    await call('POST', `${session}/url`, { url: address });
    const run = (script) => call('POST', `${session}/execute/sync`, { script, args: [] });
    await run(REVEAL_INPUTS);
    return {
      evaluate: (script) => run(`return ${script}`),
      choose: async (path) => {
        const [id] = Object.values(await call('POST', `${session}/element`, { using: 'css selector', value: 'input[type=file]' }));
        await call('POST', `${session}/element/${id}/value`, { text: path });
      },
      press: async (key) => {
        const value = KEYS[key] ?? key;
        const actions = [{ type: 'key', id: 'keys', actions: ['keyDown', 'keyUp'].map((type) => ({ type, value })) }];
        await call('POST', `${session}/actions`, { actions });
      },
      leavesPart: 'WebKitGTK leaves what a service worker streamed',
      reload: () => call('POST', `${session}/refresh`, {}),
      close: async () => {
        await call('DELETE', session).finally(end);
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

await runJourney('webkit', start);
