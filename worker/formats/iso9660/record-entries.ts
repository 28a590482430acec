import { wtf8FromUcs2be } from '../../bytes/text.ts';
import type { Block } from '../../bytes/block.ts';
import type { EntryKind, Presence } from '../../protocol/entry.ts';
import { FORM_2_LENGTH } from '../../source/raw-sector.ts';
import type { Run } from '../../source/runs.ts';
import { heldFrom, holdsSome, type Held } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { presenceOf } from '../presence.ts';
import type { ScannedEntry } from '../volume.ts';
import { isBlankDate, oddZone } from './date.ts';
import { ASSOCIATED, DIRECTORY, HIDDEN, MULTI_EXTENT, SECTOR, type DirectoryRecord } from './directory-record.ts';
import { firstByte, MAX_RUNS, MAX_SECTIONS, placeOf, sectionExtent, sectionRuns, type Place, type SectionExtent } from './extents.ts';
import { shownNames, withoutVersion } from './identifiers.ts';
import { TYPE_MASK, type RockRidge } from './rock-ridge-entries.ts';
import { entriesStart, isXa, XA_FORM2, XA_INTERLEAVED } from './system-use.ts';
import type { TreeForm } from './tree-form.ts';

/** The records of one entry: more than one for a file of several sections (ECMA-119 6.5.1, 9.1.6). */
export interface Sections {
  /** The block that holds the first record. */
  readonly block: Block;
  readonly first: DirectoryRecord;
  readonly rest: readonly DirectoryRecord[];
}

/** Sections of which more are to come. */
export interface OpenSections extends Sections {
  readonly rest: DirectoryRecord[];
  /** True once there are more of them than are followed. */
  crowded?: boolean;
}

const NO_MORE: readonly DirectoryRecord[] = [];

/** Put consecutive records of one identifier together while the multi-extent flag is set; `open` is one begun in the part before (ECMA-119 9.1.6). */
export function joinSections(
  block: Block,
  records: readonly DirectoryRecord[],
  open: OpenSections | null,
  findings: Findings,
): { whole: Sections[]; open: OpenSections | null } {
  const whole: Sections[] = [];
  for (const record of records) {
    if (open) {
      if (sameIdentifier(open.first.name, record.name)) {
        if (open.rest.length < MAX_SECTIONS) open.rest.push(record);
        else if (!open.crowded) {
          open.crowded = true;
          reportCrowd(open, findings);
        }
        if (!(record.flags & MULTI_EXTENT)) {
          whole.push(open);
          open = null;
        }
        continue;
      }
      reportUnfinished(open, findings);
      whole.push(open);
      open = null;
    }
    if (record.flags & MULTI_EXTENT && !(record.flags & DIRECTORY)) open = { block, first: record, rest: [] };
    else whole.push({ block, first: record, rest: NO_MORE });
  }
  return { whole, open };
}

function reportCrowd({ first }: Sections, findings: Findings): void {
  findings.add(
    'damage',
    'too-many-sections',
    first.offset,
    'ECMA-119 9.1.6',
    `A file is recorded in more than ${MAX_SECTIONS} parts; it is shown as far as these go.`,
  );
}

/** Say that the last section of a file is missing (ECMA-119 9.1.6). */
export function reportUnfinished({ first }: Sections, findings: Findings): void {
  findings.add(
    'damage',
    'multi-extent-unfinished',
    first.offset,
    'ECMA-119 9.1.6',
    'A file says that another part of it follows, and none does; it is shown as far as it goes.',
  );
}

/** Whether two identifiers are the same bytes. */
export function sameIdentifier(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Where the system use entries of a record begin, for a tree with Rock Ridge (SUSP 4, 5.3). */
export function systemUseStart(block: Block, record: DirectoryRecord, skip: number): number {
  return entriesStart(block, record.systemUse, record.systemUseEnd, skip, record.name.length % 2 === 0);
}

/** The names to show for these records, in order: as recorded, mended by the rules of the tree. */
export function entryNames(
  sections: readonly Sections[],
  links: readonly (RockRidge | null)[],
  form: TreeForm,
  findings: Findings,
): Uint8Array[] {
  if (form.naming === 'verbatim') return sections.map(({ first }) => first.name);
  if (form.naming === 'ucs2') {
    return sections.map(({ first }) => {
      if (first.name.length % 2)
        findings.add(
          'warning',
          'joliet-name-length',
          first.offset,
          'Joliet 1995',
          'A Joliet name has an odd number of bytes; its last byte was left out.',
        );
      return wtf8FromUcs2be(first.name);
    });
  }
  if (form.skip !== null) return sections.map(({ first }, index) => links[index]?.name ?? withoutVersion(first.name));
  return shownNames(sections.map(({ first }) => first.name));
}

/** What kind of entry it is: the record's flag for directories, else the POSIX mode (RRIP 4.1.1). */
export function kindOf(record: DirectoryRecord, ridge: RockRidge | null): EntryKind {
  if (record.flags & DIRECTORY || (ridge && ridge.childLink !== null)) return 'directory';
  if (!ridge) return 'file';
  if (ridge.mode === null) return ridge.target ? 'symlink' : 'file';
  switch (ridge.mode & TYPE_MASK) {
    case 0o120000:
      return 'symlink';
    case 0o020000:
    case 0o060000:
      return 'device';
    case 0o010000:
    case 0o140000:
      return 'other';
    default:
      return ridge.target ? 'symlink' : 'file';
  }
}

/** Where the sections of a file are, in order; those of no bytes left out. */
export function fileExtents({ first, rest }: Sections, form: TreeForm): SectionExtent[] {
  const { blockSize, sourceSize } = form;
  const extent = (record: DirectoryRecord): SectionExtent =>
    sectionExtent(record, placeOf(record, blockSize, sourceSize), blockSize, sourceSize);
  return (rest.length === 0 ? [extent(first)] : [first, ...rest].map(extent)).filter(({ length }) => length > 0);
}

/** Whether a file has more pieces than are told apart (ECMA-119 6.4.3.2). */
export function hasTooManyRuns(extents: readonly SectionExtent[]): boolean {
  let count = 0;
  for (const extent of extents) count += extent.count;
  return count > MAX_RUNS;
}

/** All stored pieces of a file, its sections in order. */
export function fileRuns(extents: readonly SectionExtent[]): Run[] {
  const runs: Run[] = [];
  for (const extent of extents) {
    if (extent.count === 1) runs.push({ offset: extent.offset, length: extent.length });
    else for (const run of sectionRuns(extent)) runs.push(run);
  }
  return runs;
}

/** Whether the sections of a file are in the image: all of their bytes, some or none. */
export function presenceOfExtents(extents: readonly SectionExtent[], held: Held): Presence {
  if (extents.every(({ offset, end }) => heldFrom(held, offset, end - offset) === end - offset)) return 'whole';
  return extents.some(({ offset, end }) => holdsSome(held, offset, end - offset)) ? 'cut' : 'missing';
}

/** Bytes of all sections as recorded: the stored size. */
export function storedSize({ first, rest }: Sections, form: TreeForm): number {
  let size = placeOf(first, form.blockSize, form.sourceSize).length;
  for (const record of rest) size += placeOf(record, form.blockSize, form.sourceSize).length;
  return size;
}

/**
 * Sectors of a file that XA attributes say to be of form 2, on a medium that gives all that they hold
 * (2,324 bytes each; its record counts 2,048); 0 for any other, and for one that mixes both forms (CD-ROM XA).
 */
export function form2Sectors({ block, first, rest }: Sections, form: TreeForm): number {
  if (!form.held.form2 || form.blockSize !== SECTOR || rest.length > 0 || first.gapBlocks > 0) return 0;
  if (!isXa(block, first.systemUse, first.systemUseEnd)) return 0;
  const kind = block.u16be(first.systemUse + 4) & (XA_FORM2 | XA_INTERLEAVED);
  return kind === XA_FORM2 ? Math.ceil(placeOf(first, SECTOR, form.sourceSize).length / SECTOR) : 0;
}

/** True where a file's contents are on another disc of the set (ECMA-119 9.1.9). */
export function isElsewhere(record: DirectoryRecord, form: TreeForm): boolean {
  const { volumeSetSize, volumeSequence } = form;
  return (
    volumeSetSize > 1 && record.volumeSequence !== volumeSequence && record.volumeSequence >= 1 && record.volumeSequence <= volumeSetSize
  );
}

/** The catalog's row for an entry, with a finding for whatever is odd about its record. */
export function scannedEntry(
  sections: Sections,
  ridge: RockRidge | null,
  name: Uint8Array,
  form: TreeForm,
  findings: Findings,
): ScannedEntry {
  const { first, rest, block } = sections;
  const kind = kindOf(first, ridge);
  const place = placeOf(first, form.blockSize, form.sourceSize);
  reportOddities(block, first, place, form, findings);
  let size = 0;
  let offset = NaN;
  let presence: Presence = 'whole';
  let scattered = false;
  if (kind === 'directory')
    offset = ridge && ridge.childLink !== null ? ridge.childLink * form.blockSize : firstByte(first, place.lba, form.blockSize);
  else if (kind === 'file') {
    const stored = rest.length === 0 ? place.length : storedSize(sections, form);
    if (ridge?.compression && stored > 0 && ridge.compression.least > stored) {
      findings.add(
        'damage',
        'zisofs-size',
        first.offset,
        'zisofs',
        `A compressed file promises ${ridge.compression.size} bytes, and its ${stored} stored ones have no room even for the pointers to them.`,
      );
    }
    const form2 = form2Sectors(sections, form);
    size = form2 > 0 ? form2 * FORM_2_LENGTH : (ridge?.compression?.size ?? ridge?.sparseSize ?? stored);
    scattered = stored > 0 && (rest.length > 0 || first.gapBlocks > 0 || size !== stored);
    if (stored > 0) {
      offset = firstByte(place.length > 0 ? first : (rest[0] ?? first), place.lba, form.blockSize);
      if (rest.length === 0 && first.gapBlocks === 0) presence = presenceOf([{ offset, length: stored }], form.held);
      else {
        const extents = fileExtents(sections, form);
        presence = presenceOfExtents(extents, form.held);
        if (hasTooManyRuns(extents))
          findings.add(
            'damage',
            'too-many-units',
            first.offset,
            'ECMA-119 6.4.3.2',
            `An interleaved file has more than ${MAX_RUNS} pieces; it is listed, not read.`,
          );
      }
      if (isElsewhere(first, form)) {
        presence = 'missing';
        findings.add(
          'warning',
          'other-volume',
          first.offset,
          'ECMA-119 9.1.9',
          `A file's contents are on disc ${first.volumeSequence} of the set.`,
        );
      } else if (presence !== 'whole' && offset < form.sourceSize && form.held.gaps?.length) {
        findings.add(
          'warning',
          'file-in-gap',
          first.offset,
          'ECMA-119 9.1.3',
          `A file of ${stored} bytes at ${offset} is in a part of the disc that the image does not hold.`,
        );
      } else if (presence !== 'whole') {
        findings.add(
          'damage',
          'file-past-end',
          first.offset,
          'ECMA-119 9.1.3',
          `A file of ${stored} bytes at ${offset} runs past the end of the image.`,
        );
      }
    }
  }
  const modified = ridge && ridge.modified === ridge.modified ? ridge.modified : first.modified;
  const hidden = (first.flags & HIDDEN) !== 0;
  const associated = (first.flags & ASSOCIATED) !== 0;
  const content = offset !== form.bootCatalog;
  return { name, kind, size, modified, offset, record: first.offset, presence, hidden, associated, content, scattered };
}

function reportOddities(block: Block, record: DirectoryRecord, place: Place, form: TreeForm, findings: Findings): void {
  const at = record.offset - block.base;
  if (place.disagree) {
    findings.add(
      'warning',
      'both-endian-disagree',
      record.offset,
      'ECMA-119 7.3.3',
      `The two byte orders of a record disagree about where its contents are; block ${place.lba}, ${place.length} bytes was taken.`,
    );
  }
  if (record.modified !== record.modified && !isBlankDate(block, at + 18)) {
    findings.add('note', 'date-invalid', record.offset + 18, 'ECMA-119 9.1.5', 'A recorded date does not exist; no date is shown.');
  } else if (!form.highSierra && oddZone(block.i8(at + 24))) {
    findings.add(
      'note',
      'date-zone',
      record.offset + 24,
      'ECMA-119 9.1.5',
      `A time zone of ${block.i8(at + 24)} quarters of an hour does not exist; UTC is assumed.`,
    );
  }
  if (
    form2Sectors({ block, first: record, rest: [] }, form) === 0 &&
    isXa(block, record.systemUse, record.systemUseEnd) &&
    block.u16be(record.systemUse + 4) & (XA_FORM2 | XA_INTERLEAVED) &&
    !(record.flags & DIRECTORY)
  ) {
    findings.add(
      'note',
      'xa-form2',
      record.offset,
      'CD-ROM XA',
      'A file is recorded in Mode 2 form 2 or interleaved sectors (video, audio); of its form 2 sectors 2,048 of 2,324 bytes are given.',
    );
  }
}
