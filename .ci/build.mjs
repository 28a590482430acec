import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { alone, install, root, run } from './install.mjs';

/** What is built: from which sources, to which file whose time tells when. */
const TARGETS = {
  page: { sources: ['web', 'worker', 'public'], out: 'dist', stamp: 'dist/index.html', mode: [] },
  cli: { sources: ['worker'], out: 'dist-cli', stamp: 'dist-cli/cli.js', mode: ['--mode', 'cli'] },
};
const ALWAYS = ['package.json', 'package-lock.json', 'vite.config.ts'];

function newest(path) {
  let time = statSync(path).mtimeMs;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) time = Math.max(time, newest(inner));
    else if (!entry.name.endsWith('.test.ts')) time = Math.max(time, statSync(inner).mtimeMs);
  }
  return time;
}

/** Whether the target is missing or older than a file it is made from. */
export function stale(name) {
  const { sources, stamp } = TARGETS[name];
  const built = join(root, stamp);
  if (!existsSync(built)) return true;
  const time = statSync(built).mtimeMs;
  return ALWAYS.some((file) => statSync(join(root, file)).mtimeMs > time) || sources.some((folder) => newest(join(root, folder)) > time);
}

async function build(name) {
  const { out, stamp, mode } = TARGETS[name];
  const begun = new Date();
  const fresh = join(root, `${out}.new`);
  rmSync(fresh, { recursive: true, force: true });
  console.error(`Building ${name === 'cli' ? 'the command line' : 'the page'} ...`);
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const code = await run(process.execPath, [vite, 'build', '--logLevel', 'warn', '--outDir', fresh, ...mode]);
  if (code !== 0) throw new Error(`vite build failed with exit code ${code}`);
  // The time the build began, so that a file saved while it ran counts as newer.
  utimesSync(join(fresh, stamp.slice(out.length + 1)), begun, begun);
  if (name === 'cli') {
    // One file, replaced in one step: others may be starting it now.
    mkdirSync(join(root, out), { recursive: true });
    renameSync(join(fresh, 'cli.js'), join(root, stamp));
  } else {
    rmSync(join(root, out), { recursive: true, force: true });
    renameSync(fresh, join(root, out));
  }
  rmSync(fresh, { recursive: true, force: true });
}

/** Installs and builds what is missing or older than its sources. */
export async function built(name) {
  if (!stale(name)) return;
  await alone(async () => {
    if (!stale(name)) return;
    await install();
    await build(name);
  });
}

/** Runs the command line in this process, built first where that is needed. */
export async function runCli(args) {
  const cli = join(root, TARGETS.cli.stamp);
  try {
    await built('cli');
  } catch (error) {
    console.error(`isoscope: cannot build: ${error.message}`);
    process.exit(70);
  }
  process.argv = [process.argv[0], cli, ...args];
  process.env.INIT_CWD ??= process.cwd();
  await import(pathToFileURL(cli).href);
}

if (process.argv[1] === import.meta.filename) {
  // node .ci/build.mjs: both, for `npm run build`.
  for (const name of ['page', 'cli']) await alone(() => install().then(() => build(name)));
  console.error(`Built ${dirname(join(root, TARGETS.page.stamp))} and dist-cli.`);
}
