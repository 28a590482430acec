import { readdirSync, readFileSync } from 'node:fs';

/** Parent of every process, and the root of the browser that uses a profile folder. */
function processes(profile: string): { parents: Map<number, number>; root: number } {
  const parents = new Map<number, number>();
  let root = 0;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!pid) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (command.includes(`--user-data-dir=${profile}`) && !command.includes('--type=')) root = pid;
    } catch {
      continue; // ended meanwhile
    }
  }
  return { parents, root };
}

/**
 * Memory that a browser with all its processes has for itself, in bytes: anonymous and shared pages, shared ones in
 * proportion. Pages of its program file do not count: their share changes with every other browser on the machine.
 */
export function browserMemory(profile: string): number {
  const { parents, root } = processes(profile);
  const belongs = (pid: number): boolean => pid === root || (parents.has(pid) && pid > 1 && belongs(parents.get(pid)!));
  let total = 0;
  for (const pid of parents.keys()) {
    if (!belongs(pid)) continue;
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      for (const [, kib] of rollup.matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+) kB/gm)) total += Number(kib) * 1024;
    } catch {
      continue; // ended meanwhile
    }
  }
  return total;
}

/** Watches a browser's memory from now on; `stop` gives the most it grew, in bytes. */
export function watchMemory(profile: string): { stop: () => number } {
  const before = browserMemory(profile);
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, browserMemory(profile))), 250);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.max(most, browserMemory(profile)) - before;
    },
  };
}
