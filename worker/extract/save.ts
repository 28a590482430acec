import { Unsupported } from '../protocol/errors.ts';
import { ARCHIVE_FROM, type ExistingFiles, type SavePlanSummary, type SaveProgress, type SaveResult } from '../protocol/save.ts';
import { Layout } from '../source/layout.ts';
import { heldByBlob, packedBlob, tooMuch } from '../source/packed-blob.ts';
import type { ArchiveLayout } from './archive.ts';
import { changesOf } from './changes.ts';
import { decodedChecksums } from './checksum.ts';
import { saveToFolder } from './folder.ts';
import type { Gate } from './gate.ts';
import type { TargetDirectory } from './folder-target.ts';
import type { ExtractionPlan } from './plan.ts';
import { ProgressMeter } from './progress.ts';
import { MemberSums } from './member-sums.ts';
import { measureGzip, writeGzip } from './tgz.ts';
import { PackPool } from './pack-pool.ts';
import { MemorySink, withSink, type Sink } from './sink.ts';
import { tarLayout, tarSize, withLinks } from './tar.ts';
import { measureZip, writeDeflatedZip } from './zip-deflate.ts';
import { zipLayout, zipSize } from './zip.ts';
import { writeLayout } from './write-layout.ts';

export interface SaveOptions {
  /**
   * Opens what to write into, when there is something to write, told the exact bytes to come (null where they are only
   * known afterwards); null: the result holds a Blob.
   */
  readonly openTarget: ((size: number | null) => Promise<Sink>) | null;
  /** The target can only append, or must be told the size: what is compressed is measured first, at twice the work. */
  readonly appendOnly?: boolean;
  /** Starts a worker that compresses (worker/jobs/packer.ts); without it this thread does. */
  readonly startPacker?: () => Worker;
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

/** The figures of a plan that changes nothing, leaves nothing out, and has no directories or links. */
export const NOTHING_LOST = {
  directories: 0,
  links: 0,
  linkTexts: 0,
  devices: 0,
  changes: [],
  changeCount: 0,
  leftOutCount: 0,
  incompleteCount: 0,
  streams: 0,
  folder: null,
} satisfies Partial<SavePlanSummary>;

/** A plan in figures. */
export function summarize(plan: ExtractionPlan): Omit<SavePlanSummary, 'plan'> {
  const deflate = isCompressed(plan);
  return {
    name: plan.name,
    files: plan.files,
    directories: plan.directories,
    links: plan.symlinks,
    linkTexts: plan.linkTexts,
    devices: plan.devices,
    bytes: plan.bytes,
    size: outputSize(plan),
    computed: deflate ? plan.bytes : Math.max(plan.decoded, heldInMemory(plan)),
    changes: plan.changes.listed,
    changeCount: plan.changes.count,
    leftOutCount: plan.changes.leftOut,
    folder: plan.losses && { archiveIsFaster: plan.files >= ARCHIVE_FROM, lost: plan.losses.counts },
    incompleteCount: plan.changes.incomplete,
    streams: plan.streams,
  };
}

/** Bytes that an archive of stored files would hold in memory as a Blob: many small ones, or far too many. */
function heldInMemory(plan: ExtractionPlan): number {
  const { format } = plan.request;
  if (format !== 'zip' && format !== 'tar') return 0;
  return heldByBlob(sizesOf(plan), plan.bytes);
}

function* sizesOf(plan: ExtractionPlan): Generator<number> {
  for (let index = 0; index < plan.count; index++) if (plan.kind(index) === 'file') yield plan.size(index);
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
  const planned = zip ? zipSize(plan) : tarSize(plan);
  const progress = new ProgressMeter(plan.decoded + planned, options.onProgress);
  progress.begin('checksum');
  const { crcs, failed: undecoded } = await decodedChecksums(plan, progress, signal);
  const failed = zip ? undecoded : withLinks(plan, undecoded);
  const except = new Set(failed.keys());
  const archive: ArchiveLayout = zip
    ? {
        ...(await zipLayout(plan, crcs, except, signal)),
        summing: (sliceFrom) => new MemberSums({ plan, crcs, except, sliceFrom, progress, signal }),
      }
    : await tarLayout(plan, except, signal);
  progress.spare(planned - archive.layout.size);
  const blob = await send(archive, progress, options);
  progress.finish();
  return { name: plan.name, blob, size: archive.layout.size, files: plan.files - failed.size, failed: changesOf(plan, failed) };
}

/** Write a layout where it is to go: into the target (null), or as a Blob. */
async function send({ layout, pathAt, summing }: ArchiveLayout, progress: ProgressMeter, options: SaveOptions): Promise<Blob | null> {
  const { signal, limit, openTarget } = options;
  let done = 0;
  const onProgress = (now: number): void => {
    if (done === 0) progress.begin('write');
    progress.add(now - done, () => pathAt(Math.max(0, now - 1)));
    done = now;
  };
  if (!openTarget) return packedBlob(layout, { limit, onProgress, summing, ...(signal ? { signal } : {}) });
  const open = (): Promise<Sink> => openTarget(layout.size);
  await withSink(open, (sink) => writeLayout(layout, sink, { onProgress, summing, ...(signal ? { signal } : {}) }));
  return null;
}

async function saveCompressed(plan: ExtractionPlan, options: SaveOptions): Promise<SaveResult> {
  const { openTarget, limit, signal } = options;
  const memory = openTarget ? null : new MemorySink(limit);
  const open = async (size: number | null): Promise<Sink> => (openTarget ? openTarget(size) : (memory as Sink));
  const pool = await PackPool.open(options.startPacker, plan.bytes);
  try {
    const save = plan.request.format === 'tgz' ? saveTgz : saveDeflatedZip;
    const { failed, size } = await save(plan, open, { ...options, pool, signal });
    return { name: plan.name, blob: memory?.blob ?? null, size, files: plan.files - failed.size, failed: changesOf(plan, failed) };
  } finally {
    pool.close();
  }
}

type Packing = Omit<SaveOptions, 'signal'> & { readonly pool: PackPool; readonly signal: AbortSignal | undefined };
type Open = (size: number | null) => Promise<Sink>;
type Saved = Pick<SaveResult, 'size'> & { readonly failed: ReadonlyMap<number, string> };

async function saveDeflatedZip(plan: ExtractionPlan, open: Open, { pool, signal, onProgress, appendOnly }: Packing): Promise<Saved> {
  const progress = new ProgressMeter(appendOnly ? 2 * plan.bytes : plan.bytes, onProgress);
  const packing = { pool, progress, signal };
  progress.begin('measure');
  const measured = appendOnly ? await measureZip(plan, packing) : null;
  progress.begin('write');
  const saved = await withSink(
    () => open(measured?.size ?? null),
    async (sink) => ({ failed: await writeDeflatedZip(plan, sink, packing, measured), size: sink.size }),
  );
  progress.finish();
  return saved;
}

async function saveTgz(plan: ExtractionPlan, open: Open, { pool, signal, onProgress, appendOnly }: Packing): Promise<Saved> {
  const { compression } = plan.request;
  const passes = appendOnly ? 2 : 1;
  const planned = tarSize(plan);
  const progress = new ProgressMeter(plan.decoded + passes * planned, onProgress);
  const packing = { pool, progress, signal };
  progress.begin('checksum');
  const failed = withLinks(plan, (await decodedChecksums(plan, progress, signal)).failed);
  const archive = await tarLayout(plan, new Set(failed.keys()), signal);
  progress.spare(passes * (planned - archive.layout.size));
  progress.begin('measure');
  const measured = appendOnly ? await measureGzip(archive, compression, packing) : null;
  progress.begin('write');
  const size = await withSink(
    () => open(measured),
    async (sink) => {
      await writeGzip(archive, compression, sink, packing, measured);
      return sink.size;
    },
  );
  progress.finish();
  return { failed, size };
}
