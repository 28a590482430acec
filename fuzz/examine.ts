import { Catalog } from '../worker/catalog/catalog.ts';
import { describeEntries } from '../worker/catalog/describe.ts';
import { walk } from '../worker/catalog/path.ts';
import { ExtractionPlan } from '../worker/extract/plan.ts';
import { executePlan, summarize } from '../worker/extract/save.ts';
import type { DiscImage } from '../worker/inspect/image.ts';
import { detailsOf, listDirectory } from '../worker/inspect/listing.ts';
import { findNested } from '../worker/inspect/nested.ts';
import { openImage } from '../worker/inspect/open.ts';
import { ReportParts } from '../worker/inspect/parts.ts';
import { report } from '../worker/inspect/report.ts';
import { findStructures } from '../worker/inspect/structures/structures.ts';
import type { View } from '../worker/inspect/view.ts';
import { ROOT } from '../worker/protocol/entry.ts';
import { ImageError, SourceError, Unsupported } from '../worker/protocol/errors.ts';
import { CountingSource } from '../worker/source/counting.ts';
import type { ByteSource } from '../worker/source/source.ts';
import { memberTrouble } from './safe-paths.ts';
import { CountedSink } from './counted-sink.ts';

/** A promise that an input broke. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly rule: string;
  constructor(rule: string, detail: string, cause?: unknown) {
    super(`${rule}: ${detail}`, { cause });
    this.rule = rule;
  }
}

/** What became of an input that kept all promises. */
export interface Examined {
  /** A file system was opened in it. */
  readonly recognised: boolean;
  readonly entries: number;
  readonly findings: number;
  readonly reads: number;
  readonly bytes: number;
  /** All that was seen, as text: the same input must always give the same. */
  readonly seen: string;
}

/** Files of a view whose contents are begun to be read, and those that are looked into as images. */
const READ_FILES = 8;
const READ_BYTES = 4096;
const NESTED_FILES = 6;
/** Bytes whose structures are told. */
const STRUCTURES = 48 * 1024;
/** Contents that an archive is made of, at most; a plan alone is made of more. */
const MOST_SAVED = 2 * 1024 * 1024;
/** Entries whose details and paths are put into `seen`. */
const MOST_SEEN = 2000;

/**
 * What may be asked of an image of so many bytes with so many entries: a fixed number of looks, one for each sector, and some
 * for each entry (its record, its contents, what may be inside, two archives). Bytes: windows of a MiB, and the image some times over.
 */
const allowedReads = (size: number, entries: number): number => 1000 + size / 2048 + 24 * entries;
const allowedBytes = (size: number, entries: number): number =>
  64 * 2 ** 20 + 48 * size + 1024 * 1024 * Math.min(entries, 64) + 8192 * entries;
/** Findings: fifty of a kind are kept, and so many kinds there are. */
const MOST_FINDINGS = 2500;

/** How far an input is looked into: its trees and the beginning of files, or also its report, its structures and archives of it. */
export type Depth = 'trees' | 'all';

/** Open an input, ask for what there is to be asked, and hold it against the promises; throws Broken where one is not kept. */
export async function examine(input: ByteSource, depth: Depth): Promise<Examined> {
  const source = new CountingSource(input);
  const seen: string[] = [];
  const image = await orOurs(() => openImage(source), seen);
  let [entries, findings] = [0, 0];
  if (image) {
    await image.readAll();
    await openInside(image, seen);
    for (const view of image.allViews) {
      await lookAt(view, seen);
      if (depth === 'all') await save(image, view, seen);
      entries += view.catalog.count;
    }
    if (depth === 'all') await tellAll(image, seen);
    findings = image.allFindings().reduce((sum, { list }) => sum + list.length, 0);
    seen.push(JSON.stringify(image.allFindings().map(({ list, totals }) => [list, totals])));
  }
  const { size, reads, bytes } = source;
  if (reads > allowedReads(size, entries)) throw new Broken('reads', `${reads} for ${size} bytes and ${entries} entries`);
  if (bytes > allowedBytes(size, entries)) throw new Broken('bytes read', `${bytes} of ${size} bytes and ${entries} entries`);
  if (findings > MOST_FINDINGS) throw new Broken('findings', `${findings} of ${size} bytes`);
  return { recognised: image?.detection.readable ?? false, entries, findings, reads, bytes, seen: seen.join('\n') };
}

/** The structures of the first sectors, and the report: what boots, whether it is whole, what it is, the map. */
async function tellAll(image: DiscImage, seen: string[]): Promise<void> {
  await orOurs(async () => seen.push(...(await findStructures(image.source, 0, STRUCTURES)).map(({ title }) => title)), seen);
  const told = await orOurs(() => report(new ReportParts(image), 'fuzz'), seen);
  if (told) seen.push(JSON.stringify(told));
}

/** The result; null where it ends in an error of ours, which is noted. */
async function orOurs<T>(work: () => Promise<T>, seen: string[]): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    seen.push(`${(error as Error).name}: ${(error as Error).message}`);
    return own(error);
  }
}

/** Nothing where an error is one that an image may cause; else it is thrown on. */
function own(error: unknown): null {
  if (error instanceof Broken) throw error;
  if (error instanceof ImageError || error instanceof Unsupported) return null;
  // The source is in memory: only a read outside of it can fail.
  if (error instanceof SourceError) throw new Broken('reads inside the image', error.message, error);
  throw new Broken('errors of ours', String(error), error);
}

async function openInside(image: DiscImage, seen: string[]): Promise<void> {
  for (const view of image.views) {
    let looked = 0;
    for (let entry = 1; entry < view.catalog.count && looked < NESTED_FILES; entry++) {
      if (view.catalog.kind(entry) !== 'file') continue;
      looked++;
      const found = await orOurs(() => findNested(image.source, view, entry), seen);
      if (!found) continue;
      seen.push(found.title);
      const nested = await orOurs(() => image.openNested(view.volume.id, entry), seen);
      if (nested) await image.view(nested.id)?.read(() => undefined);
      break;
    }
  }
}

async function lookAt(view: View, seen: string[]): Promise<void> {
  const { catalog, volume, state } = view;
  // A view catches what ends its reading: what it was is asked of the volume itself.
  if (state === 'failed') await orOurs(() => volume.read(new Catalog()), seen);
  seen.push(JSON.stringify(view.summary()));
  const listed = await orOurs(() => listDirectory(view, ROOT, { sort: 'name', descending: false, hidden: true, filter: '' }), seen);
  if (listed) seen.push(JSON.stringify(listed.rows));
  let [opened, told] = [0, 0];
  try {
    for await (const [entry, record] of describeEntries(volume, catalog, walk(catalog))) {
      if (told++ >= MOST_SEEN) break;
      if (record instanceof Error) {
        seen.push(record.message);
        own(record);
        continue;
      }
      const details = detailsOf(view, entry, record);
      seen.push(JSON.stringify(details));
      if (!Number.isSafeInteger(record.size) || record.size < 0) throw new Broken('sizes', `${details.path}: ${record.size}`);
      if (record.kind !== 'file' || record.presence !== 'whole' || opened++ >= READ_FILES) continue;
      await orOurs(async () => {
        const contents = volume.open(record, details.path);
        if (contents.size !== record.size) throw new Broken('sizes', `${details.path}: ${contents.size} of ${record.size}`);
        const bytes = await contents.read(0, Math.min(READ_BYTES, contents.size));
        seen.push(String(bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 0)));
      }, seen);
    }
  } catch (error) {
    seen.push(String(error));
    own(error);
  }
  if (volume.streams) await orOurs(() => streamsOf(view, seen), seen);
}

async function streamsOf({ catalog, volume }: View, seen: string[]): Promise<void> {
  const records = Float64Array.from({ length: Math.min(catalog.count, MOST_SEEN) - 1 }, (_, index) => catalog.record(index + 1));
  const streams = (await volume.streams?.(records)) ?? [];
  seen.push(JSON.stringify(streams.flat().map(({ name, size, presence }) => [volume.decodeName(name), size, presence])));
}

async function save(image: DiscImage, { catalog, volume }: View, seen: string[]): Promise<void> {
  for (const format of ['zip', 'tar'] as const) {
    const request = { entries: Uint32Array.of(ROOT), format, compression: 'stored', partial: true, hidden: true } as const;
    const plan = await orOurs(() => ExtractionPlan.build({ catalog, volume, image: image.source, request }), seen);
    if (!plan) continue;
    const trouble = memberTrouble(plan);
    if (trouble) throw new Broken('paths that leave are safe', trouble);
    const { size, ...figures } = summarize(plan);
    seen.push(JSON.stringify([size, figures]));
    if ((size ?? 0) > MOST_SAVED) continue;
    const sink = new CountedSink();
    const saved = await orOurs(() => executePlan(plan, { openTarget: async () => sink, limit: 0 }), seen);
    if (!saved) continue;
    seen.push(JSON.stringify([saved.failed, sink.size, sink.sum]));
    if (!sink.closed || sink.size !== saved.size) throw new Broken('archives have the size that was said', `${sink.size} of ${saved.size}`);
    if (saved.failed.length === 0 && saved.size !== size)
      throw new Broken('archives have the size that was said', `${saved.size} of ${size}`);
  }
}
