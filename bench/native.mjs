// The native tools: what they are called with, and how long they take.
import { execFileSync, spawn } from 'node:child_process';

/** How each lists a whole image. */
const LISTING = {
  isoinfo: (image) => ['isoinfo', '-f', '-R', '-i', image],
  '7zz': (image) => ['7zz', 'l', '-ba', image],
  bsdtar: (image) => ['bsdtar', '-tf', image],
};

const VERSION = { isoinfo: ['isoinfo', '--version'], '7zz': ['7zz', 'i'], bsdtar: ['bsdtar', '--version'] };

/** First line that a tool says of itself; null where it is missing. */
export function version(tool) {
  try {
    const said = execFileSync(VERSION[tool][0], VERSION[tool].slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return /\d+\.\d+(\.\d+)?/.exec(said)?.[0] ?? 'unknown';
  } catch {
    return null;
  }
}

/** Milliseconds that a tool takes to list an image, its process included; the list goes to /dev/null. */
export function listing(tool, image) {
  const [command, ...args] = LISTING[tool](image);
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore' });
    child.on('error', () => reject(new Error('missing')));
    child.on('exit', (code) => (code === 0 ? resolve({ ms: performance.now() - start }) : reject(new Error(`exit code ${code}`))));
  });
}
