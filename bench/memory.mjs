// Memory of a browser: the proportional set size (PSS) of its whole tree of processes, Linux only.
import { readdirSync, readFileSync } from 'node:fs';

const INTERVAL = 100;

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process is gone
  }
}

/** The process whose command line holds this text and that is nobody's child of its kind: the browser itself. */
export function browserProcess(userDataFolder) {
  const found = readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    const command = read(`/proc/${entry}/cmdline`);
    return command.includes(userDataFolder) && !command.includes('--type=');
  });
  return Number(found[0] ?? 0);
}

/** Bytes that a process and all below it take. */
export function treeMemory(root) {
  const children = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${entry}/status`))?.[1];
    if (parent) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(entry)]);
  }
  let kilobytes = 0;
  const tree = [root];
  for (const id of tree) {
    tree.push(...(children.get(id) ?? []));
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${id}/smaps_rollup`))?.[1] ?? 0);
  }
  return kilobytes * 1024;
}

/**
 * By how many bytes a browser grew at most while `work` ran. Work that says when it really begins (`begin`), as a save does
 * once its image is open, is measured from there.
 */
export async function growth(root, work) {
  let before = treeMemory(root);
  let peak = before;
  const begin = () => (peak = before = treeMemory(root));
  const look = () => (peak = Math.max(peak, treeMemory(root)));
  const timer = setInterval(look, INTERVAL);
  try {
    await work(begin);
    look();
  } finally {
    clearInterval(timer);
  }
  return peak - before;
}
