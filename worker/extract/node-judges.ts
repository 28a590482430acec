import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';

/** Programs that nobody here wrote and that say whether an archive is right (tests only). */
export type Judge = 'unzip' | '7zz' | 'python3' | 'bsdtar' | 'tar' | 'sh';

const run = promisify(execFile);

/** Ask a judge; the test is skipped, and says so, where there is none. Throws where it objects. */
export async function judge(context: TestContext, program: Judge, args: readonly string[]): Promise<string> {
  if (!has(program)) context.skip(`skipped: no ${program}`);
  try {
    const { stdout, stderr } = await run(program, args, {
      maxBuffer: 256 * 1024 * 1024,
      env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    });
    if (stderr.trim()) throw new Error(`${program} says: ${stderr.slice(0, 1000)}`);
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error(`${program} objects: ${message.slice(0, 300)}\n${String(stdout).slice(-800)}\n${String(stderr).slice(-800)}`, {
      cause: error,
    });
  }
}

const known = new Map<Judge, boolean>();

function has(program: Judge): boolean {
  let there = known.get(program);
  if (there === undefined) {
    try {
      execFileSync('which', [program], { stdio: 'ignore' });
      there = true;
    } catch {
      there = false;
    }
    known.set(program, there);
  }
  return there;
}

/** A directory of its own for the time of a test. */
export async function inTemporary<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'isoscope-test-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What Python reads of a ZIP: per member name, size, mode, method, times, sha256 of the contents. */
export const PYTHON_ZIP = `
import sys, zipfile, json, hashlib
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([[i.filename, i.file_size, i.external_attr >> 16, i.compress_type, list(i.date_time), hashlib.sha256(z.read(i)).hexdigest(), i.flag_bits] for i in z.infolist()]))
`;

/** The same without reading contents, but opening each (which compares local with central header). */
export const PYTHON_ZIP_HEADERS = `
import sys, zipfile, json
z = zipfile.ZipFile(sys.argv[1])
for i in z.infolist():
  z.open(i).close()
print(json.dumps([[i.filename, i.file_size, i.header_offset] for i in z.infolist()]))
`;

/** What Python reads of a TAR. */
export const PYTHON_TAR = `
import sys, tarfile, json, hashlib
t = tarfile.open(sys.argv[1])
print(json.dumps([[m.name, m.size, m.mode, m.uid, m.gid, int(m.mtime), m.type.decode(), m.linkname, m.devmajor, m.devminor, hashlib.sha256(t.extractfile(m).read()).hexdigest() if m.isreg() and m.size < 1 << 24 else None] for m in t]))
`;
