import type { ExistingFiles } from '../protocol/save.ts';
import type { ByteSource } from '../source/source.ts';
import type { TargetDirectory } from './folder-target.ts';
import { cutName } from './names.ts';
import { MAX_PICKER_NAME } from './picker-names.ts';

/** Compared at once. */
const COMPARED = 1024 * 1024;

/**
 * What is to be done with a file: write it under this name; leave what is there; it is there, written by the
 * interrupted save; or nothing can be done.
 */
export type Place = { readonly write: string } | { readonly keep: string } | { readonly resume: string } | { readonly refused: string };

export interface PlaceOptions {
  readonly existing: ExistingFiles;
  /** Names that the directory will have besides: they are not given to another file. */
  readonly planned: (name: string) => boolean;
  /** Take a name for this file alone, at once; false where another file of this save has it. */
  readonly claim: (name: string) => boolean;
  /** An earlier save of the same was interrupted here: what it may have left is its own. */
  readonly resuming: boolean;
  readonly signal?: AbortSignal;
}

/** Decide about a file by what stands in the folder already. */
export async function placeFor(
  directory: TargetDirectory,
  name: string,
  contents: () => ByteSource,
  options: PlaceOptions,
): Promise<Place> {
  const found = await directory.find(name);
  if (found === null) return { write: name };
  if (found === 'directory') return { refused: 'A directory of this name is in the way.' };
  const { existing, resuming, signal } = options;
  if (existing === 'keep-both') return besides(directory, name, contents, options);
  if (resuming) {
    const left = await leftover(directory, name, contents(), signal);
    if (left !== null) return left === 'empty' ? { write: name } : { resume: name };
  }
  if (existing === 'skip') return { keep: name };
  if (existing === 'replace') return { write: name };
  return (await sameBytes(directory, name, contents(), signal)) ? { keep: name } : { write: name };
}

/** A numbered name where one is free; what an interrupted save has left under one of them is taken first. */
async function besides(directory: TargetDirectory, name: string, contents: () => ByteSource, options: PlaceOptions): Promise<Place> {
  let whole: string | null = null;
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : cutName(name, ` (${number})`, MAX_PICKER_NAME);
    if (number > 1 && options.planned(candidate)) continue;
    const found = await directory.find(candidate);
    if (found === null) {
      if (whole !== null) return { resume: whole };
      if (options.claim(candidate)) return { write: candidate };
      continue;
    }
    if (!options.resuming || found === 'directory') continue;
    const left = await leftover(directory, candidate, contents(), options.signal);
    if (left === 'empty' && options.claim(candidate)) return { write: candidate };
    if (left === 'whole' && whole === null && options.claim(candidate)) whole = candidate;
  }
}

/**
 * What an interrupted save can have left under a name: the whole file (it appears at once), or an empty one
 * that was to be filled. Taking an empty file for ours loses no byte of anybody's.
 */
async function leftover(
  directory: TargetDirectory,
  name: string,
  contents: ByteSource,
  signal: AbortSignal | undefined,
): Promise<'whole' | 'empty' | null> {
  if (await sameBytes(directory, name, contents, signal)) return 'whole';
  return (await directory.read(name)).size === 0 ? 'empty' : null;
}

/** Whether a file of the folder has exactly these bytes. */
export async function sameBytes(directory: TargetDirectory, name: string, contents: ByteSource, signal?: AbortSignal): Promise<boolean> {
  const file = await directory.read(name);
  if (file.size !== contents.size) return false;
  if (file.size <= COMPARED) return equal(await contents.read(0, contents.size, signal), await file.read(0, file.size));
  let at = 0;
  for await (const chunk of contents.stream(0, contents.size, signal)) {
    for (let done = 0; done < chunk.length; done += COMPARED) {
      const part = chunk.subarray(done, done + COMPARED);
      if (!equal(part, await file.read(at, part.length))) return false;
      at += part.length;
    }
  }
  return true;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
