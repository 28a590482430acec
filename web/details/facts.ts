import type { EntryDetails, EntryRow } from '../../worker/protocol/entry.ts';
import { count, counted, exactSize, longTime, modeText, SECTOR } from '../figures.ts';

/** A row of the details: label, value, and whether it is a quotation (mono). */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly name?: boolean;
  /** What a press leads to: where the link points, the image inside. */
  readonly go?: 'link' | 'inside';
  /** Where in the image it is, and how long: one can go there. */
  readonly place?: readonly [at: number, length: number];
}

/** "sectors 449,171 to 2,672,366" of the stored pieces; null where nothing is stored. */
function sectorsOf(details: EntryDetails): string | null {
  const stored = (details.extents ?? []).filter(([offset, length]) => offset !== null && length > 0) as [number, number][];
  const first = stored[0];
  const last = stored.at(-1);
  if (!first || !last) return null;
  const from = Math.floor(first[0] / SECTOR);
  const to = Math.ceil((last[0] + last[1]) / SECTOR) - 1;
  return from === to ? `sector ${count(from)}` : `sectors ${count(from)} to ${count(to)}`;
}

const KINDS = { file: 'File', directory: 'Directory', symlink: 'Symbolic link', device: 'Device', other: 'Special file' } as const;

/** Times with what records them, and whether that names their zone. */
function timeFacts(details: EntryDetails, tree: string): Fact[] {
  const { modified, created, changed, accessed } = details.times;
  const facts: Fact[] = [];
  if (modified !== undefined) facts.push({ label: 'Modified', value: longTime(modified) });
  if (created !== undefined) facts.push({ label: 'Created', value: longTime(created) });
  if (changed !== undefined) facts.push({ label: 'Changed', value: longTime(changed) });
  if (accessed !== undefined) facts.push({ label: 'Accessed', value: longTime(accessed) });
  if (facts.length > 0) {
    const zone = details.zoneKnown ? 'with their time zone, shown in UTC' : 'without a time zone: UTC is assumed';
    facts.push({ label: 'Times', value: `Recorded in ${tree}, ${zone}` });
  }
  return facts;
}

function ownerFacts(details: EntryDetails): Fact[] {
  const facts: Fact[] = [];
  if (details.mode !== null)
    facts.push({ label: 'Mode', value: `${modeText(details.mode)}, ${(details.mode & 0o7777).toString(8).padStart(4, '0')}` });
  if (details.uid !== null || details.gid !== null)
    facts.push({ label: 'Owner', value: `user ${details.uid ?? '?'}, group ${details.gid ?? '?'}` });
  if (details.links !== null && details.kind === 'file') facts.push({ label: 'Links', value: counted(details.links, 'name') });
  if (details.device) facts.push({ label: 'Device', value: `${details.device[0]}, ${details.device[1]}` });
  return facts;
}

/** All that is known of an entry, as rows of the details pane. */
export function factsOf(details: EntryDetails, row: EntryRow | undefined, tree: string): Fact[] {
  const facts: Fact[] = [];
  const sectors = sectorsOf(details);
  if (details.kind === 'directory' && row && row.children !== null) facts.push({ label: 'Holds', value: counted(row.children, 'item') });
  if (details.size !== null && details.kind !== 'directory') facts.push({ label: 'Size', value: exactSize(details.size) });
  if (details.presence !== 'whole') {
    facts.push({
      label: 'Here',
      value: details.presence === 'cut' ? 'Only its beginning: the image ends too early' : 'Nothing of it: the image ends before it',
    });
  }
  if (details.target !== null) facts.push({ label: 'Points to', value: details.target, name: true });
  if (details.link) {
    const { entry, path, problem } = details.link;
    facts.push(entry === null ? { label: 'Leads to', value: problem } : { label: 'Leads to', value: path, name: true, go: 'link' });
  }
  if (details.nested) facts.push({ label: 'Image of', value: `a ${details.nested} file system: open it`, go: 'inside' });
  facts.push({ label: 'Path', value: details.path, name: true });
  const [first] = (details.extents ?? []).filter(([offset, length]) => offset !== null && length > 0) as [number, number][];
  if (sectors && first) facts.push({ label: 'Where', value: sectors, place: first });
  facts.push(...timeFacts(details, tree), ...ownerFacts(details));
  const stored = (details.extents ?? []).reduce((sum, [offset, length]) => sum + (offset === null ? 0 : length), 0);
  if (details.kind === 'file' && details.extents && stored !== details.size) facts.push({ label: 'On the disc', value: exactSize(stored) });
  if (details.pieces > 1) facts.push({ label: 'Pieces', value: counted(details.pieces, 'piece') });
  if (details.compression) facts.push({ label: 'Stored', value: `compressed, ${details.compression}` });
  if (details.hidden) facts.push({ label: 'Hidden', value: 'Yes, the disc marks it so' });
  if (row?.nameBytes) facts.push({ label: 'Name bytes', value: row.nameBytes });
  return facts.length > 0 ? facts : [{ label: 'Kind', value: KINDS[details.kind] }];
}
