import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { which } from '../.ci/judges.mjs';

/** "skipped: no 7zz" for tools that are not to be had; empty where all are there. */
export function lacking(...tools: string[]): string {
  const missing = tools.filter((tool) => !which(tool));
  return missing.length > 0 ? `no ${missing.join(', ')}` : '';
}

/** Runs a tool and gives what it printed; throws where it fails. */
export function judge(tool: string, ...args: string[]): string {
  return execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A new folder that `work` may fill, gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'isoscope-e2e-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** Relative path -> SHA-256 of every file in a folder. */
export async function hashes(folder: string, prefix = ''): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) for (const [inner, hash] of await hashes(folder, path)) found.set(inner, hash);
    else if (entry.isFile()) found.set(path, await sha256(join(folder, path)));
  }
  return found;
}

/** What 7zz extracts of an image or archive. */
export function extracted(archive: string): Promise<Map<string, string>> {
  return inFolder(async (folder) => {
    judge('7zz', 'x', '-y', '-bd', `-o${folder}`, archive);
    return hashes(folder);
  });
}

export const sizeOf = (path: string): number => statSync(path).size;
