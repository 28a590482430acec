import type { Presence } from '../../../protocol/entry.ts';
import { BytesSource } from '../../../source/bytes.ts';
import type { ByteSource } from '../../../source/source.ts';
import type { EntryRecord, EntrySink, OpenedFormat, ScannedEntry, Volume } from '../../volume.ts';
import { iso9660 } from '../index.ts';

/** An entry of a view with all that is known of it. */
export interface Shown {
  readonly path: string;
  readonly kind: string;
  readonly size: number;
  readonly modified: number;
  readonly presence: Presence;
  readonly hidden: boolean;
  readonly associated: boolean;
  readonly record: EntryRecord;
  readonly source: ByteSource | null;
}

export async function openBytes(bytes: Uint8Array): Promise<OpenedFormat> {
  return iso9660.open(new BytesSource(bytes, 'test.iso'));
}

/** The view with this id; an error names those there are. */
export function viewOf(opened: OpenedFormat, id: string): Volume {
  const volume = opened.volumes.find((each) => each.id === id);
  if (!volume) throw new Error(`no view ${id} among ${opened.volumes.map((each) => each.id).join(', ')}`);
  return volume;
}

/** A sink that keeps what it is given, in order; index 0 is the root. */
class Kept implements EntrySink {
  readonly entries: ScannedEntry[] = [];
  readonly parents: number[] = [-1];
  #directory = 0;
  begin(directory: number): void {
    this.#directory = directory;
  }
  add(each: ScannedEntry): number {
    this.entries.push({ ...each, name: each.name.slice() });
    return this.parents.push(this.#directory) - 1;
  }
  end(): void {
    this.#directory = -1;
  }
}

/** All entries of a view by path. */
export async function listTree(volume: Volume): Promise<Map<string, Shown>> {
  const kept = new Kept();
  await volume.read(kept);
  const paths = [''];
  const shown = new Map<string, Shown>();
  const records = await volume.describe(kept.entries.map(({ record }) => record));
  for (const [index, { name, kind, size, modified, presence, hidden, associated }] of kept.entries.entries()) {
    const path = `${paths[kept.parents[index + 1] ?? 0]}/${volume.decodeName(name)}`;
    paths.push(path);
    const record = records[index] as EntryRecord;
    const readable = kind === 'file' && !(record.size > 0 && record.runs.length === 0);
    shown.set(path, {
      path,
      kind,
      size,
      modified,
      presence,
      hidden,
      associated,
      record,
      source: readable ? volume.open(record, path) : null,
    });
  }
  return shown;
}

/** Contents of a file of the tree. */
export async function contentsOf(tree: ReadonlyMap<string, Shown>, path: string): Promise<Uint8Array> {
  const source = tree.get(path)?.source;
  if (!source) throw new Error(`no file ${path} among ${[...tree.keys()].join(' ')}`);
  return Uint8Array.from(await source.read(0, source.size));
}

/** Codes of all findings of a view. */
export const codesOf = (volume: Volume): string[] => volume.findings.list.map(({ code }) => code);
