import { firstOf, needleOf } from '../bytes/needle.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { DecodeName } from '../catalog/order.ts';
import type { EntryId } from '../protocol/entry.ts';
import { fileKind, type KindFamily } from '../protocol/file-kind.ts';
import { fold, type FoldedNames } from './folded-names.ts';
import { globMatches } from './glob.ts';
import type { Mark, Term } from './query.ts';

/** Whether an entry meets a term; of a folded name. */
export type Test = (entry: EntryId) => boolean;

/** What tests look at. */
export interface Tested {
  readonly catalog: Catalog;
  readonly decode: DecodeName;
  readonly names: FoldedNames;
}

const encoder = new TextEncoder();
const DOT = 0x2e;

/** The test of a term that can be told at once; null for a pattern, which is tried elsewhere, and for `in`, which is told of directories. */
export function testOf(term: Term, { catalog, decode, names }: Tested): Test | null {
  const test = plainTest(term, { catalog, decode, names });
  return test && term.not ? (entry) => !test(entry) : test;
}

function plainTest(term: Term, { catalog, decode, names }: Tested): Test | null {
  switch (term.by) {
    case 'text': {
      const needle = needleOf(encoder.encode(term.text));
      return (entry) => {
        const end = names.start(entry + 1);
        return firstOf(names.bytes, needle, end - needle.bytes.length + 1, names.start(entry)) >= 0;
      };
    }
    case 'glob': {
      const glob = encoder.encode(term.text);
      return (entry) => globMatches(glob, names.bytes, names.start(entry), names.start(entry + 1));
    }
    case 'ext': {
      const endings = term.extensions.map((extension) => Uint8Array.of(DOT, ...encoder.encode(extension)));
      return (entry) => catalog.kind(entry) === 'file' && endings.some((ending) => endsWith(names, entry, ending));
    }
    case 'kind':
      return (entry) => kindOf(catalog, decode, entry).includes(term.text);
    case 'size':
      return (entry) => catalog.kind(entry) === 'file' && within(catalog.size(entry), term);
    case 'date':
      return (entry) => within(catalog.modified(entry), term);
    case 'is':
      return (entry) => MARKED[term.mark](catalog, entry);
    default:
      return null;
  }
}

const within = (value: number, { from, to }: { readonly from: number; readonly to: number }): boolean => value >= from && value <= to;

const MARKED: Readonly<Record<Mark, (catalog: Catalog, entry: EntryId) => boolean>> = {
  hidden: (catalog, entry) => catalog.hidden(entry) || catalog.associated(entry),
  damaged: (catalog, entry) => catalog.kind(entry) === 'file' && catalog.presence(entry) !== 'whole',
  empty: (catalog, entry) =>
    catalog.kind(entry) === 'directory' ? isEmpty(catalog.range(entry)) : catalog.kind(entry) === 'file' && catalog.size(entry) === 0,
};

const isEmpty = ([from, to]: readonly [EntryId, EntryId]): boolean => from === to;

function endsWith(names: FoldedNames, entry: EntryId, ending: Uint8Array): boolean {
  const from = names.start(entry + 1) - ending.length;
  if (from < names.start(entry)) return false;
  for (let at = 0; at < ending.length; at++) if (names.bytes[from + at] !== ending[at]) return false;
  return true;
}

const KINDS = { directory: 'directory folder', symlink: 'symbolic link', device: 'device', other: 'special file' } as const;

/** Words for what belongs together under several labels. */
const FAMILIES: Partial<Record<KindFamily, string>> = { arc: 'archive', med: 'media', txt: 'document' };

/** What the column Kind says, folded; by more than one word where people say it otherwise. */
function kindOf(catalog: Catalog, decode: DecodeName, entry: EntryId): string {
  const kind = catalog.kind(entry);
  if (kind !== 'file') return KINDS[kind];
  const { label, family } = fileKind(decode(catalog.name(entry)));
  return `${fold(label)} ${FAMILIES[family] ?? ''} file`;
}
