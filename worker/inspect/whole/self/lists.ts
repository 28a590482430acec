import type { EntryId } from '../../../protocol/entry.ts';
import { ImageError } from '../../../protocol/errors.ts';
import { parseSums, type SumName } from '../../../protocol/sums.ts';
import { describeOne } from '../../../catalog/describe.ts';
import { pathMap, pathOf } from '../../../catalog/path.ts';
import type { View } from '../../view.ts';

/** Lists that are read of one disc, and bytes of one. */
const MAX_LISTS = 64;
const MAX_LIST = 16 * 1024 * 1024;
/** Names of lists: md5sum.txt, SHA256SUMS, CHECKSUMS, airootfs.sha512, b2sums.txt, .treeinfo. */
const LIST =
  /^(?:(?:md5|sha1|sha256|sha512|b2)-?sums?(?:\.txt|\.asc)?|checksums?(?:\.txt)?|.+\.(?:md5|sha1|sha256|sha512)(?:sums?)?(?:\.txt)?|\.?treeinfo)$/i;
const TREEINFO = /^\.?treeinfo$/i;

/** A sum that a list gives of a file of the disc. */
export interface ListedSum {
  /** Path in the view. */
  readonly path: string;
  /** Null where the disc has no such file. */
  readonly entry: EntryId | null;
  readonly algorithm: SumName;
  readonly value: string;
}

export interface SumList {
  readonly path: string;
  readonly place: number | null;
  readonly sums: readonly ListedSum[];
}

/** All lists of checksums in a view that name files. Read with the catalog complete. */
export async function findLists(view: View, signal?: AbortSignal): Promise<SumList[]> {
  const { catalog, volume } = view;
  const decode = (bytes: Uint8Array): string => volume.decodeName(bytes);
  const lists: SumList[] = [];
  for (let entry = 1; entry < catalog.count && lists.length < MAX_LISTS; entry++) {
    if (catalog.kind(entry) !== 'file' || catalog.presence(entry) !== 'whole') continue;
    const size = catalog.size(entry);
    if (size < 32 || size > MAX_LIST || !LIST.test(decode(catalog.name(entry)))) continue;
    const text = await textOf(view, entry, signal);
    if (text === null) continue;
    const path = pathOf(catalog, decode, entry);
    const sums = listedSums(view, path, text);
    if (sums.length > 0) lists.push({ path, place: catalog.offset(entry) >= 0 ? catalog.offset(entry) : null, sums });
  }
  return lists;
}

async function textOf({ volume, catalog }: View, entry: EntryId, signal?: AbortSignal): Promise<string | null> {
  const record = await describeOne(volume, catalog.record(entry), signal);
  if (record instanceof ImageError) return null;
  try {
    const source = volume.open(record, 'list');
    return new TextDecoder().decode(await source.read(0, source.size, signal));
  } catch (error) {
    if (error instanceof ImageError) return null;
    throw error;
  }
}

interface Named {
  readonly name: string;
  readonly algorithm: SumName;
  readonly value: string;
}

/** The sums of a list with the files that they are of: paths count from the list's directory, else from the root. */
function listedSums({ catalog, volume }: View, list: string, text: string): ListedSum[] {
  const slash = list.lastIndexOf('/');
  const [folder, own] = [list.slice(0, slash), list.slice(slash + 1)];
  const named = TREEINFO.test(own) ? treeinfoSums(text) : plainSums(text, own);
  const near = named.map(({ name }) => joined(folder, name));
  const root = named.map(({ name }) => joined('', name));
  const decode = (bytes: Uint8Array): string => volume.decodeName(bytes);
  const exact = pathMap(catalog, decode, [...near, ...root]);
  const lower = (path: string): string => path.toLowerCase();
  // A list speaks of names as they were; a tree without Rock Ridge has them in capitals.
  const folded = near.some((path, index) => !exact.has(path) && !exact.has(root[index] as string))
    ? pathMap(catalog, decode, [...near, ...root], lower)
    : new Map<string, EntryId>();
  return named.map(({ algorithm, value }, index) => {
    const [close, far] = [near[index] as string, root[index] as string];
    const entry = exact.get(close) ?? exact.get(far) ?? folded.get(lower(close)) ?? folded.get(lower(far)) ?? null;
    const path = entry === null ? close : pathOf(catalog, decode, entry);
    return { path, entry: entry !== null && catalog.kind(entry) === 'file' ? entry : null, algorithm, value };
  });
}

function plainSums(text: string, list: string): Named[] {
  // "live.squashfs.sha256" may hold nothing but the value.
  const bare = list.replace(/\.[^.]*$/, '');
  return parseSums(text, list).map(({ name, algorithms, value }) => ({ name: name ?? bare, algorithm: algorithms[0] as SumName, value }));
}

/** `path = sha256:…` in the section [checksums] (productmd's .treeinfo). */
function treeinfoSums(text: string): Named[] {
  const sums: Named[] = [];
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('[')) inside = line.trim() === '[checksums]';
    const equals = inside ? line.indexOf('=') : -1;
    if (equals < 0) continue;
    const [sum] = parseSums(line.slice(equals + 1).trim());
    if (sum) sums.push({ name: line.slice(0, equals).trim(), algorithm: sum.algorithms[0] as SumName, value: sum.value });
  }
  return sums;
}

/** A path below a directory, without "." and with ".." resolved. */
function joined(folder: string, name: string): string {
  const steps: string[] = [];
  for (const step of `${folder}/${name.replaceAll('\\', '/')}`.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}
