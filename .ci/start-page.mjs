import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { built } from './build.mjs';
import { alone, install } from './install.mjs';
import { serve } from './serve.mjs';

const DEFAULT_PORT = 4173;

function options(args) {
  try {
    const { values } = parseArgs({ args, options: { port: { type: 'string' }, 'no-open': { type: 'boolean', default: false } } });
    const port = values.port === undefined ? null : Number(values.port);
    if (port !== null && !(Number.isInteger(port) && port >= 0 && port < 65536)) throw new Error(`not a port: ${values.port}`);
    return { port, open: !values['no-open'] };
  } catch (error) {
    console.error(`${error.message}\nUsage: npm start -- [--port N] [--no-open]`);
    process.exit(64);
  }
}

/** The given port; else 4173 or, where that is taken, any free one. */
async function listen(port) {
  try {
    return await serve(port ?? DEFAULT_PORT);
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    if (port !== null) {
      console.error(`Port ${port} is in use. Choose another with --port, or leave it out for a free one.`);
      process.exit(1);
    }
    return serve(0);
  }
}

/** Opens the address in the person's browser, where there is a desktop to do it on. */
function openBrowser(address) {
  if (process.env.CI || !process.stdout.isTTY) return;
  const desktop = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const openers = { darwin: ['open', address], win32: ['cmd', '/c', 'start', '', address] };
  const [command, ...args] = openers[process.platform] ?? (desktop ? ['xdg-open', address] : []);
  if (!command) return;
  // Where no opener is to be had, the printed address is enough.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

/** Installs, builds, serves; ends with Ctrl+C. */
export async function main(args) {
  const { port, open } = options(args);
  try {
    await alone(install);
    await built('page');
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const server = await listen(port);
  const address = `http://localhost:${server.address().port}/`;
  console.log(`Isoscope is at ${address}`);
  if (open) openBrowser(address);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
}
