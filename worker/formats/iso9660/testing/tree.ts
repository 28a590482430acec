import { Catalog } from '../../../catalog/catalog.ts';
import type { Presence } from '../../../protocol/entry.ts';
import { BytesSource } from '../../../source/bytes.ts';
import type { ByteSource } from '../../../source/source.ts';
import type { EntryRecord, OpenedFormat, Volume } from '../../volume.ts';
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

/** All entries of a view by path. */
export async function listTree(volume: Volume): Promise<Map<string, Shown>> {
  const catalog = new Catalog();
  await volume.read(catalog);
  const paths = [''];
  const shown = new Map<string, Shown>();
  const ids = Array.from({ length: catalog.count - 1 }, (_, index) => index + 1);
  const records = await volume.describe(ids.map((id) => catalog.record(id)));
  for (const [index, id] of ids.entries()) {
    const path = `${paths[catalog.parent(id)]}/${volume.decodeName(catalog.name(id))}`;
    paths[id] = path;
    const record = records[index] as EntryRecord;
    let source: ByteSource | null = null;
    if (catalog.kind(id) === 'file' && !(record.size > 0 && record.runs.length === 0)) source = volume.open(record, path);
    shown.set(path, {
      path,
      kind: catalog.kind(id),
      size: catalog.size(id),
      modified: catalog.modified(id),
      presence: catalog.presence(id),
      hidden: catalog.hidden(id),
      associated: catalog.associated(id),
      record,
      source,
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
