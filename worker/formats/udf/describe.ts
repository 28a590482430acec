import { ImageError } from '../../protocol/errors.ts';
import { Gather } from '../../source/gather.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import type { EntryRecord } from '../volume.ts';
import { kindOf, modeOf } from './entry-kind.ts';
import { readFileEntryFields, type FileEntry, type FileEntryFields } from './file-entry.ts';
import { IcbReader } from './icb.ts';
import { targetOf } from './path-components.ts';
import type { Space } from './space.ts';
import { entryPresence } from './walk.ts';

const FEW = 64;
/** Entries put together before their pieces are read at once. */
const BATCH = 4096;
/** Bytes of a symbolic link's path components that are read. */
const MAX_TARGET = 64 * 1024;
/** The owner or group that says "none" (UDF 2.60 2.3.6.1). */
const NOBODY = 0xffffffff;

/** Reads the file entries of entries again, thousands at a time. */
export class EntryDescriber {
  readonly #source: ByteSource;
  readonly #near: ByteSource;
  readonly #space: Space;
  readonly #root: number;

  constructor(source: ByteSource, near: ByteSource, space: Space, root: number) {
    this.#source = source;
    this.#near = near;
    this.#space = space;
    this.#root = root;
  }

  async describe(records: ArrayLike<number>, signal?: AbortSignal): Promise<EntryRecord[]> {
    const described: EntryRecord[] = [];
    // For one entry shown a small window does, and is kept; for thousands large ones.
    const gather = new Gather(records.length <= FEW ? this.#near : this.#source);
    const addresses = Array.from(records, (record) => (record === -1 ? this.#root : record));
    for (let from = 0; from < addresses.length; from += BATCH) {
      const batch = addresses.slice(from, from + BATCH);
      const icbs = new IcbReader(this.#space, gather, readFileEntryFields);
      const entries = await icbs.read(
        batch.filter((address) => address >= 0),
        new Findings(),
        signal,
      );
      let next = 0;
      const found = batch.map((address) => {
        const entry = address >= 0 ? entries[next++] : null;
        if (entry) return entry;
        const offset = this.#space.offsetOf(address);
        throw new ImageError(
          'record-unreadable',
          'The file entry of this entry cannot be read.',
          offset >= 0 ? offset : null,
          'ECMA-167 4/14.9',
        );
      });
      const targets = await this.#targets(found, gather, signal);
      for (const [index, entry] of found.entries()) described.push(this.#record(entry, targets[index] ?? null));
    }
    return described;
  }

  /** The targets of the symbolic links among these, read together. */
  async #targets(entries: readonly FileEntry[], gather: Gather, signal?: AbortSignal): Promise<(Uint8Array | null)[]> {
    const offsets: number[] = [];
    const lengths: number[] = [];
    const places: { contents: Uint8Array; at: number }[] = [];
    const contents = entries.map((entry) => {
      if (kindOf(entry) !== 'symlink') return null;
      const { runs, length } = entry.allocation;
      const bytes = new Uint8Array(Math.min(length, MAX_TARGET));
      let at = 0;
      for (const run of runs) {
        if (at >= bytes.length) break;
        const size = Math.min('zeros' in run ? run.zeros : run.length, bytes.length - at);
        if ('offset' in run) {
          offsets.push(run.offset);
          lengths.push(size);
          places.push({ contents: bytes, at });
        }
        at += size;
      }
      return bytes;
    });
    await gather.visit(
      offsets,
      lengths,
      (index, window, at, length) => places[index]?.contents.set(window.bytes.subarray(at, at + length), places[index].at),
      signal,
    );
    return contents.map((bytes) => bytes && targetOf(bytes));
  }

  #record(entry: FileEntryFields, target: Uint8Array | null): EntryRecord {
    const kind = kindOf(entry);
    const plain = kind === 'file';
    const { modified, created, accessed, changed, allocation } = entry;
    const recorded = { modified, created, accessed, changed };
    return {
      kind,
      size: plain ? allocation.length : 0,
      mode: modeOf(entry),
      uid: entry.uid === NOBODY ? null : entry.uid,
      gid: entry.gid === NOBODY ? null : entry.gid,
      links: entry.links,
      target,
      device: kind === 'device' ? entry.device : null,
      times: Object.fromEntries(Object.entries(recorded).filter(([, time]) => time === time)),
      zoneKnown: entry.zoneKnown,
      runs: plain ? allocation.runs : [],
      presence: plain ? entryPresence(entry, this.#space.held) : 'whole',
      compression: null,
      identity: plain ? `icb:${entry.address}` : null,
    };
  }
}
