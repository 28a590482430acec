// Makes the images that are measured, in the system's temporary folder; those that are there are used again.
import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeImage } from '../fixtures/writer.mjs';

export const FOLDER = join(tmpdir(), 'isoscope-bench');
const SECTOR = 2048;
const MIB = 1024 * 1024;
const MEGABYTE = 1_000_000;
const digits = (number, count) => String(number).padStart(count, '0');

/** A small generator with a seed (mulberry32): the same images on every machine. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const noise = randomFillSync(Buffer.alloc(64 * MIB));
/** Bytes that do not shrink. */
function incompressible(size, next) {
  const from = Math.floor(next() * (noise.length - Math.min(size, noise.length - 1)));
  return noise.subarray(from, from + size);
}

/** Source code and prose of the installed packages, in order of path, so many bytes of it: the same wherever the lock file is. */
function* sources(bytes) {
  const folder = join(import.meta.dirname, '..', 'node_modules');
  const paths = readdirSync(folder, { recursive: true }).filter(
    (path) => /\.(js|mjs|cjs|ts|mts|md|json|svelte|css)$/.test(path) && !path.startsWith('.'),
  );
  let left = bytes;
  for (const path of paths.sort()) {
    const size = statSync(join(folder, path)).size;
    if (size < 16_000 || size > 2_000_000 || left < size) continue;
    left -= size;
    yield readFileSync(join(folder, path));
  }
}

/** Makes an image of a folder that `fill` fills; genisoimage, else xorriso. */
function fromFolder(path, label, fill, flags = ['-R']) {
  const folder = `${path}.folder`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  fill(folder);
  const options = [...flags, '-quiet', '-V', label, '-o', path, folder];
  try {
    execFileSync('genisoimage', options, { stdio: ['ignore', 'ignore', 'ignore'] });
  } catch {
    execFileSync('xorriso', ['-as', 'mkisofs', ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  rmSync(folder, { recursive: true, force: true });
}

/** 100,000 small files in 5,000 of 5,050 directories: 105,050 entries under Rock Ridge. */
function manyEntries(path) {
  fromFolder(path, 'MANY_ENTRIES', (folder) => {
    for (let top = 0, file = 0; top < 50; top++) {
      for (let sub = 0; sub < 100; sub++) {
        const directory = join(folder, `group ${digits(top, 2)}`, `section-${digits(top * 100 + sub, 4)}`);
        mkdirSync(directory, { recursive: true });
        for (let at = 0; at < 20; at++) writeFileSync(join(directory, `entry_${digits(file, 6)}.txt`), `content ${digits(file++, 11)}\n`);
      }
    }
  });
}

/** 3,000 files in 150 directories, about 1 GiB, sparse. */
function usual(path) {
  fromFolder(
    path,
    'USUAL_DISC',
    (folder) => {
      const next = random(3000);
      for (let file = 0; file < 3000; file++) {
        const directory = join(folder, `part${digits(file % 10, 2)}`, `package-${digits(file % 150, 3)}`);
        mkdirSync(directory, { recursive: true });
        const size = file < 12 ? 64 * MIB : 1000 + Math.floor(next() ** 4 * 500_000);
        writeFileSync(join(directory, `lib-name_${digits(file, 4)}-1.${file % 7}.bin`), '');
        truncateSync(join(directory, `lib-name_${digits(file, 4)}-1.${file % 7}.bin`), size);
      }
    },
    ['-R', '-J', '-joliet-long'],
  );
  try {
    execFileSync('fallocate', ['--dig-holes', path]);
  } catch {
    // Without util-linux the image takes its full size on disk, which changes nothing else.
  }
}

/** One file of 600,000,000 bytes, marked every megabyte. */
function oneFile(path) {
  const size = 600 * MEGABYTE;
  const marks = Array.from({ length: 600 }, (_, at) => [at * MEGABYTE, `megabyte ${digits(at, 3)}`]);
  const root = { name: '', directories: [], files: [{ name: 'BIG.BIN', content: 0 }] };
  writeImage(path, { label: 'ONE_FILE', contents: [{ size, marks }], root });
}

/** About 1 GB: 16 files of 40 MB, 120 of 2 MB, 1,800 of 1 to 160 KB. */
function mixed(path) {
  fromFolder(path, 'MIXED_FILES', (folder) => {
    const next = random(1000);
    for (let file = 0; file < 1936; file++) {
      const directory = join(folder, `folder-${digits(file % 60, 2)}`);
      mkdirSync(directory, { recursive: true });
      const size = file < 16 ? 40 * MEGABYTE : file < 136 ? 2 * MEGABYTE : 1000 + Math.floor(next() * 160_000);
      writeFileSync(join(directory, `file-${digits(file, 4)}.bin`), incompressible(size, next));
    }
  });
}

/** 24 MB of source code and prose as they come, and 8 MB that do not shrink in 102 files. */
function deflatable(path) {
  fromFolder(path, 'DEFLATE_SET', (folder) => {
    const next = random(25);
    for (const kind of ['text', 'noise']) mkdirSync(join(folder, kind));
    let file = 0;
    for (const bytes of sources(24 * MEGABYTE)) writeFileSync(join(folder, 'text', `text-${digits(file++, 5)}.txt`), bytes);
    for (let at = 0; at < 102; at++) {
      const size = at < 2 ? 2 * MEGABYTE : 500 + Math.floor(next() * 79_000);
      writeFileSync(join(folder, 'noise', `noise-${digits(at, 4)}.bin`), incompressible(size, next));
    }
  });
}

/** 100,000 files in 1,000 of 1,010 directories, under ISO 9660 with Rock Ridge and under UDF. */
function bridge(path) {
  fromFolder(
    path,
    'BRIDGE',
    (folder) => {
      for (let file = 0; file < 100_000; file++) {
        const directory = join(folder, `group-${digits(Math.floor(file / 10_000), 2)}`, `section-${digits(Math.floor(file / 100), 4)}`);
        if (file % 100 === 0) mkdirSync(directory, { recursive: true });
        writeFileSync(join(directory, `entry_${digits(file, 6)}.txt`), `content ${digits(file, 11)}\n`);
      }
    },
    ['-R', '-udf'],
  );
}

/** 5,000 files of 1 to 40 KB in 50 directories. */
function fiveThousand(path) {
  fromFolder(path, 'FIVE_THOUSAND', (folder) => {
    const next = random(5000);
    for (let file = 0; file < 5000; file++) {
      const directory = join(folder, `folder-${digits(file % 50, 2)}`);
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, `file-${digits(file, 4)}.bin`), incompressible(1000 + Math.floor(next() * 39_000), next));
    }
  });
}

/** 8 GiB in 16 files, sparse. */
function huge(path) {
  const contents = Array.from({ length: 16 }, (_, at) => ({ size: 512 * MIB, marks: [[at * MEGABYTE, `file ${digits(at, 2)}`]] }));
  const files = contents.map((_, content) => ({ name: `FILE${digits(content, 2)}.BIN`, content }));
  writeImage(path, { label: 'HUGE', contents, root: { name: '', directories: [], files } });
}

/** 1,000,000 files: half of them in one directory, half in 5,000 others. */
function million(path) {
  const files = (count, first) => Array.from({ length: count }, (_, at) => ({ name: `F${digits(first + at, 7)}.TXT`, content: at % 16 }));
  const contents = Array.from({ length: 16 }, (_, at) => ({ size: 37 + at * 1009, marks: [] }));
  const many = Array.from({ length: 5000 }, (_, at) => ({
    name: `D${digits(at, 4)}`,
    directories: [],
    files: files(100, 500_000 + at * 100),
  }));
  const root = {
    name: '',
    directories: [
      { name: 'LIST', directories: [], files: files(500_000, 0) },
      { name: 'TREE', directories: many, files: [] },
    ],
  };
  writeImage(path, { label: 'MILLION', contents, root: { ...root, files: [] } });
}

const INPUTS = {
  million,
  many: manyEntries,
  usual,
  'one-file': oneFile,
  mixed,
  deflate: deflatable,
  bridge,
  'five-thousand': fiveThousand,
  huge,
};

/** The path of an image, made where it is not there yet. */
export function input(name) {
  const path = join(FOLDER, `${name}.iso`);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const fresh = join(FOLDER, `${name}.${process.pid}.iso`);
  console.log(`making ${path} ...`);
  INPUTS[name](fresh);
  renameSync(fresh, path);
  return path;
}

/** Reads an image once, so that every contender finds it in the page cache. */
export function warm(path) {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(4 * MIB);
  while (readSync(file, buffer, 0, buffer.length, null) > 0);
  closeSync(file);
}

/**
 * What the directories of an image take, by its path table (ECMA-119 9.4): bytes, how many windows of
 * 1 MiB they lie in, and where the last one ends.
 */
export function directories(path) {
  const file = openSync(path, 'r');
  const at = (offset, length) => {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, offset);
    return bytes;
  };
  const descriptor = at(16 * SECTOR, SECTOR);
  const table = at(descriptor.readUInt32LE(140) * SECTOR, descriptor.readUInt32LE(132));
  const windows = new Set();
  let bytes = 0;
  let end = 0;
  for (let row = 0; row < table.length; row += 8 + table[row] + (table[row] % 2)) {
    const start = table.readUInt32LE(row + 2) * SECTOR;
    const length = at(start, 34).readUInt32LE(10);
    for (let window = Math.floor(start / MIB); window * MIB < start + length; window++) windows.add(window);
    bytes += length;
    end = Math.max(end, start + length);
  }
  closeSync(file);
  return { bytes, windows: windows.size, end, size: statSync(path).size };
}
