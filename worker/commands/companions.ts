import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { splitPart } from '../protocol/companions.ts';
import { companion, companionNames } from '../formats/optical/index.ts';
import { FileHandleSource } from '../source/file-handle.ts';

/** Files of a folder that are looked at; names beyond them are not found. */
const MAX_NAMES = 100_000;
/** Files stay open until the command ends; a sheet would else be closed once it has been read. */
const held: FileHandleSource[] = [];

/** Throw SourceError where a file of the image was changed since it was opened: what was read may not belong together. */
export async function verifyUnchanged(): Promise<void> {
  for (const file of held) await file.verifyUnchanged();
}

/** Open a file and what belongs to it in the same folder: the files that a sheet names, the parts that follow. */
export async function openWithCompanions(path: string): Promise<FileHandleSource[]> {
  const folder = dirname(path);
  const name = basename(path);
  const file = await FileHandleSource.open(path, name);
  held.push(file);
  const part = splitPart(name);
  const sheet = /\.(cue|ccd|mds|toc)$/i.test(name) || part === null ? await companionNames(file) : [];
  if (sheet.length === 0 && (part === null || part.number > 1)) return [file];
  const names = (await readdir(folder)).slice(0, MAX_NAMES).filter((other) => other !== name);
  const wanted = part && sheet.length === 0 ? followers(name, names) : await named(file, names);
  const files = [file];
  for (const other of wanted) files.push(await FileHandleSource.open(join(folder, other), other));
  held.push(...files.slice(1));
  return files;
}

/** Names in the folder that the sheet means. */
async function named(file: FileHandleSource, names: readonly string[]): Promise<string[]> {
  const here = names.map((name) => ({ name }));
  const found = (await companionNames(file, names)).flatMap((name) => companion(name, here)?.name ?? []);
  if (found.length > 0) return [...new Set(found)];
  // Files are renamed, and their sheets keep the old name.
  const stem = file.name.replace(/\.[^.]*$/, '').toLowerCase();
  return names.filter((name) => /\.(bin|img|iso|raw|mdf)$/i.test(name) && name.replace(/\.[^.]*$/, '').toLowerCase() === stem).slice(0, 1);
}

/** The parts behind a first one, as far as their numbers follow each other. */
function followers(first: string, names: readonly string[]): string[] {
  const part = splitPart(first);
  const found: string[] = [];
  for (let number = (part?.number ?? 0) + 1; ; number++) {
    const next = names.find((name) => {
      const other = splitPart(name);
      return other?.number === number && other.stem.toLowerCase() === part?.stem.toLowerCase();
    });
    if (next === undefined) return found;
    found.push(next);
  }
}
