import { Unsupported } from '../protocol/errors.ts';
import { ARCHIVE_FROM, type ExistingFiles, type SavePlanSummary, type SaveProgress, type SaveResult } from '../protocol/save.ts';
import { Layout } from '../source/layout.ts';
import { packedBlob, tooMuch } from '../source/packing.ts';
import type { ArchiveLayout } from './archive.ts';
import { changesOf } from './changes.ts';
import { checksums, verifyDecoded } from './checksum.ts';
import { saveToFolder } from './folder.ts';
import type { Gate } from './gate.ts';
import type { TargetDirectory } from './folder-target.ts';
import type { ExtractionPlan } from './plan.ts';
import { ProgressMeter } from './progress.ts';
import { writeTgz } from './tgz.ts';
import { MemorySink, withSink, type Sink } from './sink.ts';
import { tarLayout, tarSize, withLinks } from './tar.ts';
import { writeDeflatedZip } from './zip-deflate.ts';
import { zipLayout, zipSize } from './zip.ts';
import { writeLayout } from './write-layout.ts';

export interface SaveOptions {
  /** Opens what to write into, when there is something to write; null: the result holds a Blob. */
  readonly openTarget: (() => Promise<Sink>) | null;
  /** Bytes that may be computed into memory for a Blob. */
  readonly limit: number;
  /** Where a plan of the format `folder` is written, and how. */
  readonly folder?: FolderChoice;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SaveProgress) => void;
}

/** A folder to write into. */
export interface FolderChoice {
  readonly target: TargetDirectory;
  readonly existing: ExistingFiles;
  readonly verify: boolean;
  /** What a paused save waits at. */
  readonly gate?: Gate;
}

/** A plan in figures. */
export function summarize(plan: ExtractionPlan): Omit<SavePlanSummary, 'plan'> {
  const deflate = isCompressed(plan);
  return {
    name: plan.name,
    files: plan.files,
    directories: plan.directories,
    bytes: plan.bytes,
    size: outputSize(plan),
    computed: deflate ? plan.bytes : plan.decoded,
    changes: plan.changes.listed,
    changeCount: plan.changes.count,
    leftOutCount: plan.changes.leftOut,
    folder: plan.losses && { archiveIsFaster: plan.files >= ARCHIVE_FROM, lost: plan.losses.counts },
  };
}

/** Whether all contents pass through a compressor: the size of the output is then known at the end only. */
function isCompressed({ request: { format, compression } }: ExtractionPlan): boolean {
  return format === 'tgz' || (format === 'zip' && compression !== 'stored');
}

function outputSize(plan: ExtractionPlan): number | null {
  if (isCompressed(plan)) return null;
  if (plan.request.format === 'tar') return tarSize(plan);
  return plan.request.format === 'zip' ? zipSize(plan) : plan.bytes;
}

/**
 * Carry out a plan. A SourceError (image or target) ends it and leaves nothing under the final name;
 * files that cannot be decoded are left out of an archive and named in `failed`.
 */
export async function executePlan(plan: ExtractionPlan, options: SaveOptions): Promise<SaveResult> {
  options.signal?.throwIfAborted();
  const { format } = plan.request;
  if (format === 'folder' && options.folder) return saveToFolder(plan, { ...options, ...options.folder });
  if (format === 'folder' || format === 'directory')
    throw new Unsupported('save-folder', 'A folder is written file by file, not as one output.');
  if (!options.openTarget && !isCompressed(plan) && plan.decoded > options.limit) throw tooMuch(plan.decoded, options.limit);
  if (format === 'file') return saveFile(plan, options);
  return isCompressed(plan) ? saveCompressed(plan, options) : saveArchive(plan, options);
}

async function saveFile(plan: ExtractionPlan, options: SaveOptions): Promise<SaveResult> {
  const [member, more] = plan.members();
  if (!member || more || member.kind !== 'file') {
    throw new Unsupported(
      'save-file',
      plan.changes.listed[0]?.reason ?? 'Only one file can be saved as it is: save more as a ZIP or a TAR.',
    );
  }
  const layout = new Layout(plan.name);
  plan.addContents(layout, member.index);
  const progress = new ProgressMeter(layout.size, options.onProgress);
  const whole = options.openTarget ? null : layout.blob(0, layout.size);
  const blob = whole ?? (await send({ layout, pathAt: () => member.path }, progress, options));
  progress.finish();
  return { name: plan.name, blob, size: layout.size, files: 1, failed: [] };
}

/** Save a layout as one file: the whole image, made plain. */
export async function saveLayout(layout: Layout, options: SaveOptions): Promise<SaveResult> {
  options.signal?.throwIfAborted();
  const { name, size } = layout;
  const progress = new ProgressMeter(size, options.onProgress);
  progress.begin('write');
  const whole = options.openTarget ? null : layout.blob(0, size);
  if (!options.openTarget && !whole && size > options.limit) throw tooMuch(size, options.limit);
  const blob = whole ?? (await send({ layout, pathAt: () => name }, progress, options));
  progress.finish();
  return { name, blob, size, files: 1, failed: [] };
}

async function saveArchive(plan: ExtractionPlan, options: SaveOptions): Promise<SaveResult> {
  const { signal } = options;
  const zip = plan.request.format === 'zip';
  const checked = zip ? plan.bytes : plan.decoded;
  const planned = zip ? zipSize(plan) : tarSize(plan);
  const progress = new ProgressMeter(checked + planned, options.onProgress);
  progress.begin('checksum');
  let failed: ReadonlyMap<number, string>;
  let archive: ArchiveLayout;
  if (zip) {
    const sums = await checksums(plan, progress, signal);
    failed = sums.failed;
    archive = await zipLayout(plan, sums.crcs, new Set(failed.keys()), signal);
  } else {
    failed = withLinks(plan, await verifyDecoded(plan, progress, signal));
    archive = await tarLayout(plan, new Set(failed.keys()), signal);
  }
  progress.spare(planned - archive.layout.size);
  progress.begin('write');
  const blob = await send(archive, progress, options);
  progress.finish();
  return { name: plan.name, blob, size: archive.layout.size, files: plan.files - failed.size, failed: changesOf(plan, failed) };
}

/** Write a layout where it is to go: into the target (null), or as a Blob. */
async function send({ layout, pathAt }: ArchiveLayout, progress: ProgressMeter, options: SaveOptions): Promise<Blob | null> {
  const { signal, limit, openTarget } = options;
  let done = 0;
  const onProgress = (now: number): void => {
    progress.add(now - done, () => pathAt(Math.max(0, now - 1)));
    done = now;
  };
  if (!openTarget) return packedBlob(layout, { limit, onProgress, ...(signal ? { signal } : {}) });
  await withSink(openTarget, (sink) => writeLayout(layout, sink, { onProgress, ...(signal ? { signal } : {}) }));
  return null;
}

async function saveCompressed(plan: ExtractionPlan, options: SaveOptions): Promise<SaveResult> {
  const { openTarget, limit, signal } = options;
  const memory = openTarget ? null : new MemorySink(limit);
  const open = openTarget ?? (async () => memory as Sink);
  const write = plan.request.format === 'tgz' ? writeTgz : writeDeflatedZip;
  const [failed, size] = await withSink(open, async (sink) => [await write(plan, sink, options.onProgress, signal), sink.size] as const);
  return { name: plan.name, blob: memory?.blob ?? null, size, files: plan.files - failed.size, failed: changesOf(plan, failed) };
}
