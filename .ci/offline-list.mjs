// The list of the page's files that the service worker keeps (worker/sw/copy.ts), and its address in the service worker.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What a host reads, or a browser by itself. */
const NOT_KEPT = /^(_headers|sw\.js|offline-.*\.json)$/;
const digest = (bytes) => createHash('sha256').update(bytes).digest('base64');

/** Writes the list beside the page in `folder`, in place of one that is there. */
export function writeOfflineList(folder) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
  for (const path of paths) if (/^offline-.*\.json$/.test(path)) rmSync(join(folder, path));
  const kept = paths.filter((path) => !NOT_KEPT.test(path) && path !== 'index.html');
  const list = [...kept, 'index.html'].map((path) => [
    path === 'index.html' ? '' : path,
    `sha256-${digest(readFileSync(join(folder, path)))}`,
  ]);
  const text = JSON.stringify(list);
  const name = `offline-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.json`;
  writeFileSync(join(folder, name), text);
  const script = join(folder, 'sw.js');
  const before = readFileSync(script, 'utf8');
  const after = before.replace(/offline-[0-9a-f]{8}\.json sha256-[\w+/=]*/, `${name} sha256-${digest(text)}`);
  if (after === before && !before.includes(name)) throw new Error('sw.js has no place for the address of the list');
  writeFileSync(script, after);
}

/** The plugin for vite.config.ts. */
export const offlineList = { name: 'offline-list', writeBundle: ({ dir }) => writeOfflineList(dir) };
