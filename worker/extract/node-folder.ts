import { access, chmod, lstat, lutimes, mkdir, open, symlink, unlink, utimes, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { SourceError } from '../protocol/errors.ts';
import type { SaveProgress, SaveResult } from '../protocol/save.ts';
import { changesOf } from './changes.ts';
import { undecodable } from './contents.ts';
import { NodeFileSink } from './node-sink.ts';
import { assertSafePath } from './names.ts';
import { parentOf, type Member } from './member.ts';
import type { ExtractionPlan } from './plan.ts';
import { ProgressMeter } from './progress.ts';
import { targetError, withSink } from './sink.ts';

/** Errors that a file system has for one name it does not take. */
const NAME_REFUSED: readonly string[] = ['EILSEQ', 'EINVAL', 'ELOOP'];

export interface FolderOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SaveProgress) => void;
  /** Throws where the image has changed since it was opened: asked before a file gets its name. */
  readonly verify?: () => Promise<void>;
}

/** Directories below the root by path: null where one is made, else why it cannot be. */
type Directories = Map<string, SourceError | null>;

/**
 * Write a plan's members into a directory (Node only), which is made where it is missing. Nothing
 * outside is ever written: existing links in the way are refused, links of the image are made last.
 * A member that the target does not take is named in `failed`, and the rest goes on.
 */
export async function extractToFolder(plan: ExtractionPlan, directory: string, options: FolderOptions = {}): Promise<SaveResult> {
  const progress = new ProgressMeter(plan.bytes, options.onProgress);
  const failed = new Map<number, string>();
  const made: Directories = new Map();
  const later: Member[] = [];
  let files = plan.files;
  const attempt = async (member: Member, step: () => Promise<void>): Promise<void> => {
    options.signal?.throwIfAborted();
    try {
      await step();
    } catch (error) {
      const reason = undecodable(error) ?? refusedName(error);
      if (reason === null) throw error;
      failed.set(member.index, reason);
      if (member.kind !== 'file') return;
      files--;
      progress.spare(member.size);
    }
  };
  await guarded(directory, mkdir(directory, { recursive: true }));
  await guarded(directory, access(directory, constants.W_OK));
  for (const member of plan.members()) {
    assertSafePath(member.path);
    if (member.kind === 'symlink' || member.kind === 'directory') later.push(member);
    if (member.kind === 'directory') await attempt(member, () => makeDirectory(directory, member.path, made));
    if (member.kind === 'file') await attempt(member, () => makeFile(plan, directory, member, made, progress, options));
  }
  // Links once no path through them is written any more; times of directories when nothing enters them.
  for (const member of later) if (member.kind === 'symlink') await attempt(member, () => makeLink(directory, member, made));
  for (const member of later.reverse()) {
    if (member.kind !== 'directory' || made.get(member.path) !== null) continue;
    const path = join(directory, ...member.path.split('/'));
    await attempt(member, async () => {
      await guarded(path, chmod(path, (member.mode & 0o777) | 0o700));
      await guarded(path, utimes(path, time(member), time(member)));
    });
  }
  progress.finish();
  return { name: directory, blob: null, size: plan.bytes, files, failed: changesOf(plan, failed) };
}

async function makeFile(
  plan: ExtractionPlan,
  root: string,
  member: Member,
  made: Directories,
  progress: ProgressMeter,
  options: FolderOptions,
): Promise<void> {
  await makeDirectory(root, parentOf(member.path), made);
  const path = join(root, ...member.path.split('/'));
  await refuseUnlessFile(path);
  await writeFile(plan, member, path, progress, options);
}

async function writeFile(
  plan: ExtractionPlan,
  member: Member,
  path: string,
  progress: ProgressMeter,
  options: FolderOptions,
): Promise<void> {
  const { signal, verify } = options;
  const source = plan.contents(member.index);
  await withSink(
    () => NodeFileSink.open(path, verify),
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
    await guarded(path, file.utimes(time(member), time(member)));
  } finally {
    await file.close();
  }
}

/** Make a directory and those above it, below `root`; each must be a directory and no link to one. */
async function makeDirectory(root: string, path: string, made: Directories): Promise<void> {
  if (path === '') return;
  const known = made.get(path);
  if (known === null) return;
  if (known) throw known;
  try {
    await makeDirectory(root, parentOf(path), made);
    const full = join(root, ...path.split('/'));
    const there = await existing(full);
    if (!there) await guarded(full, mkdir(full));
    else if (!there.isDirectory()) throw new SourceError('target-denied', `“${full}” is in the way: it is there already and no directory.`);
    made.set(path, null);
  } catch (error) {
    if (error instanceof SourceError) made.set(path, error);
    throw error;
  }
}

/** A file may be replaced; anything else that is there is left alone. */
async function refuseUnlessFile(path: string): Promise<void> {
  const there = await existing(path);
  if (there && !there.isFile()) throw new SourceError('target-denied', `“${path}” is in the way: it is there already and no file.`);
}

/** A link may replace a link, as a file does a file; anything else that is there is left alone. */
async function makeLink(root: string, member: Member, made: Directories): Promise<void> {
  await makeDirectory(root, parentOf(member.path), made);
  const path = join(root, ...member.path.split('/'));
  const there = await existing(path);
  if (there && !there.isSymbolicLink()) throw new SourceError('target-denied', `“${path}” is in the way: it is there already and no link.`);
  if (there) await guarded(path, unlink(path));
  await guarded(path, symlink(member.target ?? '', path));
  await guarded(path, lutimes(path, time(member), time(member)));
}

/** What the target says of one name, where others may do: not that it is full, gone or read-only. */
function refusedName(error: unknown): string | null {
  if (!(error instanceof SourceError)) return null;
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (code === 'ENAMETOOLONG') return 'Its path is longer than the target takes.';
  if (error.code === 'target-denied' ? code !== 'EROFS' : NAME_REFUSED.includes(code)) return error.message;
  return null;
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

/** As a Date: Node takes a number below zero (before 1970) for now. */
function time(member: Member): Date {
  return new Date(member.modified);
}
