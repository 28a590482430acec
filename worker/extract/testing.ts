import { ImageError, Unsupported } from '../protocol/errors.ts';
import type { EntryKind, Presence } from '../protocol/entry.ts';
import type { SaveRequest } from '../protocol/save.ts';
import type { EntryRecord, EntrySink, Volume } from '../formats/volume.ts';
import { Findings } from '../formats/findings.ts';
import { Catalog } from '../catalog/catalog.ts';
import { BlobSource } from '../source/blob.ts';
import { RunsSource, type Run } from '../source/runs.ts';
import type { ByteSource } from '../source/source.ts';
import type { PlanRequest } from './member.ts';
import { ExtractionPlan } from './plan.ts';

/** An entry of a disc for tests; directories have `children`. */
export interface TestEntry {
  readonly name: string;
  readonly kind?: EntryKind;
  readonly children?: readonly TestEntry[];
  readonly data?: Uint8Array | string;
  /** Instead of data: runs of the image given to `testDisc`. */
  readonly runs?: readonly Run[];
  readonly size?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly modified?: number;
  readonly target?: string;
  readonly device?: readonly [number, number];
  readonly presence?: Presence;
  readonly hidden?: boolean;
  readonly associated?: boolean;
  readonly identity?: string;
  /** Not stored plainly: contents come from `open` and have no Blob; 'broken' ones fail to decode, 'unknown' ones to open, 'late' ones are unsupported on reading. */
  readonly compression?: 'test' | 'broken' | 'unknown' | 'late';
  /** Bytes that the catalog has, where the record says others. */
  readonly listed?: number;
  /** The record cannot be understood. */
  readonly bad?: boolean;
}

export interface TestDisc {
  readonly catalog: Catalog;
  readonly volume: Volume;
  readonly image: ByteSource;
  /** Entry ids by path ("/" for the root). */
  readonly ids: ReadonlyMap<string, number>;
  plan(request?: Partial<PlanRequest> & { readonly paths?: readonly string[] }): Promise<ExtractionPlan>;
}

const SECTOR = 2048;

/** A disc in memory (or over `image`) with these entries in its root. */
export function testDisc(
  entries: readonly TestEntry[],
  image?: ByteSource,
  wrap: (image: ByteSource) => ByteSource = (same) => same,
): TestDisc {
  const records: EntryRecord[] = [];
  const bad = new Set<number>();
  const parts: BlobPart[] = [];
  let end = 0;
  const encoder = new TextEncoder();
  const store = (data: Uint8Array): Run[] => {
    const offset = end;
    const pad = (SECTOR - (data.length % SECTOR)) % SECTOR;
    parts.push(data as Uint8Array<ArrayBuffer>, new Uint8Array(pad));
    end += data.length + pad;
    return data.length ? [{ offset, length: data.length }] : [];
  };
  const catalog = new Catalog();
  const ids = new Map([['/', 0]]);
  const queue: [number, string, readonly TestEntry[]][] = [[0, '', entries]];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [directory, path, children] = next;
    catalog.begin(directory);
    for (const entry of children) {
      const data = typeof entry.data === 'string' ? encoder.encode(entry.data) : entry.data;
      const runs = entry.runs ?? (data ? store(data) : []);
      const size = entry.size ?? data?.length ?? runs.reduce((sum, run) => sum + ('zeros' in run ? run.zeros : run.length), 0);
      const kind = entry.kind ?? (entry.children ? 'directory' : entry.target !== undefined ? 'symlink' : 'file');
      const times = entry.modified === undefined ? {} : { modified: entry.modified };
      const record: EntryRecord = {
        kind,
        size,
        mode: entry.mode ?? null,
        uid: entry.uid ?? null,
        gid: entry.gid ?? null,
        links: null,
        target: entry.target === undefined ? null : encoder.encode(entry.target),
        device: entry.device ?? null,
        times,
        zoneKnown: true,
        runs,
        presence: entry.presence ?? 'whole',
        compression: entry.compression ?? null,
        identity: entry.identity ?? null,
      };
      if (entry.bad) bad.add(records.length);
      const first = runs.find((run) => 'offset' in run);
      const id = catalog.add({
        name: encoder.encode(entry.name),
        kind,
        size: entry.listed ?? size,
        modified: entry.modified ?? NaN,
        offset: first && 'offset' in first ? first.offset : NaN,
        record: records.push(record) - 1,
        presence: record.presence,
        hidden: entry.hidden ?? false,
        associated: entry.associated ?? false,
        content: true,
      });
      const full = `${path}/${entry.name}`;
      ids.set(full, id);
      if (entry.children) queue.push([id, full, entry.children]);
    }
    catalog.end(directory, true);
  }
  const source = wrap(image ?? new BlobSource(new Blob(parts), 'test.iso'));
  const volume = testVolume(source, records, bad);
  const plan: TestDisc['plan'] = ({ paths = ['/'], ...request } = {}) => {
    const chosen = paths.map((path) => {
      const id = ids.get(path);
      if (id === undefined) throw new Error(`no ${path}`);
      return id;
    });
    const defaults: Omit<SaveRequest, 'view'> = {
      entries: Uint32Array.from(chosen),
      format: 'zip',
      compression: 'stored',
      partial: false,
      hidden: false,
    };
    return ExtractionPlan.build({ catalog, volume, image: source, request: { ...defaults, ...request } });
  };
  return { catalog, volume, image: source, ids, plan };
}

function testVolume(image: ByteSource, records: readonly EntryRecord[], bad: ReadonlySet<number>): Volume {
  const decoder = new TextDecoder();
  return {
    id: 'rockridge',
    title: 'Test',
    label: 'TEST',
    created: Date.UTC(2020, 0, 2, 3, 4, 6),
    zoneKnown: true,
    claimedSize: null,
    findings: new Findings(),
    async read(_sink: EntrySink) {},
    decodeName: (bytes) => decoder.decode(bytes),
    async describe(places, signal) {
      signal?.throwIfAborted();
      return Array.from(places, (place) => {
        if (bad.has(place)) throw new ImageError('bad-record', 'this record is bad', place);
        return records[place] as EntryRecord;
      });
    },
    open(record, name) {
      const plain = new RunsSource(image, record.runs, name);
      if (record.compression === null) return plain;
      if (record.compression === 'unknown') throw new Unsupported('unknown', 'this form is not decoded');
      const fail = (): void => {
        if (record.compression === 'late') throw new Unsupported('late', 'this form is not decoded');
        if (record.compression === 'broken') throw new ImageError('bad-block', 'a block is broken');
      };
      return {
        name,
        size: record.size,
        async read(offset, length, signal) {
          const bytes = await plain.read(offset, length, signal);
          fail();
          return bytes;
        },
        async *stream(offset, length, signal) {
          yield* plain.stream(offset, length, signal);
          fail();
        },
      };
    },
  };
}
