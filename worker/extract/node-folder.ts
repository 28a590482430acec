import { chmod, lstat, lutimes, mkdir, open, symlink, utimes, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { SourceError } from '../protocol/errors.ts';
import type { SaveProgress, SaveResult } from '../protocol/save.ts';
import { undecodable } from './contents.ts';
import { NodeFileSink } from './node-sink.ts';
import { assertSafePath } from './names.ts';
import type { Member } from './member.ts';
import type { ExtractionPlan } from './plan.ts';
import { ProgressMeter } from './progress.ts';
import { changesOf } from './save.ts';
import { targetError, withSink } from './sink.ts';

export interface FolderOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SaveProgress) => void;
}

/**
 * Write a plan's members into a directory (Node only), which is made where it is missing. Nothing
 * outside is ever written: existing links in the way are refused, links of the image are made last.
 */
export async function extractToFolder(plan: ExtractionPlan, directory: string, options: FolderOptions = {}): Promise<SaveResult> {
  const progress = new ProgressMeter(plan.bytes, options.onProgress);
  const failed = new Map<number, string>();
  const made = new Set<string>();
  const later: Member[] = [];
  await guarded(directory, mkdir(directory, { recursive: true }));
  for (const member of plan.members()) {
    options.signal?.throwIfAborted();
    assertSafePath(member.path);
    const path = join(directory, ...member.path.split('/'));
    if (member.kind === 'symlink' || member.kind === 'directory') later.push(member);
    if (member.kind === 'directory') await makeDirectory(directory, member.path, made);
    if (member.kind !== 'file') continue;
    await makeDirectory(directory, parentOf(member.path), made);
    await refuseUnlessFile(path);
    try {
      await writeFile(plan, member, path, progress, options.signal);
    } catch (error) {
      const reason = undecodable(error);
      if (reason === null) throw error;
      failed.set(member.index, reason);
      progress.spare(member.size);
    }
  }
  // Links once no path through them is written any more; times of directories when nothing enters them.
  for (const member of later) if (member.kind === 'symlink') await makeLink(directory, member, made);
  for (const member of later.reverse()) {
    if (member.kind !== 'directory') continue;
    const path = join(directory, ...member.path.split('/'));
    await guarded(path, chmod(path, (member.mode & 0o777) | 0o700));
    await guarded(path, utimes(path, seconds(member), seconds(member)));
  }
  progress.finish();
  return { name: directory, blob: null, size: plan.bytes, files: plan.files - failed.size, failed: changesOf(plan, failed) };
}

async function writeFile(plan: ExtractionPlan, member: Member, path: string, progress: ProgressMeter, signal?: AbortSignal): Promise<void> {
  const source = plan.contents(member.index);
  await withSink(
    () => NodeFileSink.open(path),
    async (sink) => {
      for await (const chunk of source.stream(0, source.size, signal)) {
        signal?.throwIfAborted();
        await sink.write(chunk);
        progress.add(chunk.length, () => member.path);
      }
      if (sink.size !== member.size)
        throw new SourceError('changed', `${sink.size} of ${member.size} bytes came: the image was changed on disk.`);
    },
  );
  const file: FileHandle = await guarded(path, open(path, constants.O_RDONLY | constants.O_NOFOLLOW));
  try {
    await guarded(path, file.chmod(member.mode & 0o777));
    await guarded(path, file.utimes(seconds(member), seconds(member)));
  } finally {
    await file.close();
  }
}

/** Make a directory and those above it, below `root`; each must be a directory and no link to one. */
async function makeDirectory(root: string, path: string, made: Set<string>): Promise<void> {
  if (path === '' || made.has(path)) return;
  await makeDirectory(root, parentOf(path), made);
  const full = join(root, ...path.split('/'));
  const there = await existing(full);
  if (!there) await guarded(full, mkdir(full));
  else if (!there.isDirectory()) throw new SourceError('target-denied', `“${full}” is in the way: it is there already and no directory.`);
  made.add(path);
}

/** A file may be replaced; anything else that is there is left alone. */
async function refuseUnlessFile(path: string): Promise<void> {
  const there = await existing(path);
  if (there && !there.isFile()) throw new SourceError('target-denied', `“${path}” is in the way: it is there already and no file.`);
}

async function makeLink(root: string, member: Member, made: Set<string>): Promise<void> {
  await makeDirectory(root, parentOf(member.path), made);
  const path = join(root, ...member.path.split('/'));
  if (await existing(path)) throw new SourceError('target-denied', `“${path}” is in the way: it is there already.`);
  await guarded(path, symlink(member.target ?? '', path));
  await guarded(path, lutimes(path, seconds(member), seconds(member)));
}

async function existing(path: string): Promise<Awaited<ReturnType<typeof lstat>> | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw targetError(error, path);
  }
}

async function guarded<T>(path: string, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw targetError(error, path);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function seconds(member: Member): number {
  return Math.floor(member.modified / 1000);
}
