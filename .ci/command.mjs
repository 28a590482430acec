import { spawn } from 'node:child_process';
import { root } from './install.mjs';

const groups = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const pid of groups) killGroup(pid);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    groups.delete(pid); // gone already
  }
}

/** Seconds that a command has to end by itself, and to say how far it came. */
const GRACE = 20;

/** Runs a command in its own group and keeps its output. Past `limit` seconds it is asked to end, and ends with its children. */
export function command(name, args, { env = {}, limit = 900, cwd = root } = {}) {
  return new Promise((done) => {
    const child = spawn(name, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let late = false;
    const keep = (text) => (output += text);
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    let timer = setTimeout(() => {
      late = true;
      child.kill('SIGINT');
      timer = setTimeout(() => killGroup(child.pid), GRACE * 1000);
    }, limit * 1000);
    if (child.pid) groups.add(child.pid);
    child.on('error', (error) => keep(`${error.message}\n`));
    child.on('close', (code) => {
      clearTimeout(timer);
      groups.delete(child.pid);
      if (late) keep(`\nended after ${limit} seconds\n`);
      done({ ok: code === 0, code, output });
    });
  });
}

/** Runs a script with this Node. */
export const node = (script, args = [], options = {}) => command(process.execPath, [script, ...args], options);
