import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The repository's folder. */
export const root = resolve(import.meta.dirname, '..');

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Whether node_modules holds what package-lock.json asks for (compared by version, not by time). */
export function installed() {
  const hidden = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const have = readJson(hidden).packages;
  const wanted = Object.entries(readJson(join(root, 'package-lock.json')).packages);
  return wanted.every(([path, entry]) => path === '' || entry.optional || have[path]?.version === entry.version);
}

/** Runs a command; its output goes to stderr unless told otherwise. Resolves with the exit code. */
export function run(command, args, { output = 2, env = process.env, cwd = root } = {}) {
  return new Promise((done, fail) => {
    const shell = process.platform === 'win32' && command === 'npm';
    spawn(command, args, { cwd, env, shell, stdio: ['ignore', output, 2] })
      .on('error', fail)
      .on('close', (code, signal) => done(code ?? (signal ? 1 : 0)));
  });
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Whether the process that holds the lock has gone without releasing it. */
function abandoned(lock) {
  try {
    const pid = join(lock, 'pid');
    if (existsSync(pid)) return !alive(Number(readFileSync(pid, 'utf8')));
    return Date.now() - statSync(lock).mtimeMs > 5000; // younger: between mkdir and write
  } catch {
    return false; // just released
  }
}

/** Runs `work` while no other process installs or builds in this folder. */
export async function alone(work) {
  const lock = join(root, '.build-lock');
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (abandoned(lock)) rmSync(lock, { recursive: true, force: true });
      else await sleep(100);
    }
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  const stop = (signal) => {
    release();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  try {
    writeFileSync(join(lock, 'pid'), String(process.pid));
    process.once('SIGINT', stop).once('SIGTERM', stop);
    return await work();
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    release();
  }
}

/** `npm ci` where node_modules is missing or not what the lock says. Call inside `alone`. */
export async function install() {
  if (installed()) return;
  console.error('Installing dependencies (npm ci) ...');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new Error(`npm ci failed with exit code ${code}`);
}
