import type { EntryId } from '../protocol/entry.ts';
import { ImageError, Unsupported } from '../protocol/errors.ts';
import type { SaveChange } from '../protocol/save.ts';
import type { ByteSource } from '../source/source.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { describeAll } from '../catalog/describe.ts';
import type { EntryRecord, Volume } from '../formats/volume.ts';
import type { Layout } from '../source/layout.ts';
import { breathe } from './archive.ts';
import { AttributeTable } from './attributes.ts';
import { NO_PARENT } from './families.ts';
import { MemberPaths } from './member-paths.ts';
import { isTar, type Member, type PlanInput, type PlanRequest, type UnnamedMember } from './member.ts';
import { ChangeList } from './changes.ts';
import { Contents } from './contents.ts';
import { Losses } from './losses.ts';
import { lostStreams } from './lost-streams.ts';
import { discNameOf, PORTABLE, safeName, safeNames, unsafeTarget, type SafeName } from './names.ts';
import { PICKER } from './picker-names.ts';
import { MAX_ZIP_NAME } from './zip-records.ts';
import { reduceSelection, walkSelection, type Selection } from './selection.ts';

export type { Member, PlanInput, PlanRequest } from './member.ts';

/** Records described at once. */
const BATCH = 4096;
/** Added to the name of a symbolic link that is saved as a text with its target. */
const LINK_NOTE = '.link.txt';
const NO_LINKS = 'A folder written by a web page cannot hold links.';

/** What the name of an archive ends in. */
const ENDINGS: Readonly<Partial<Record<PlanRequest['format'], string>>> = { zip: '.zip', tar: '.tar', tgz: '.tar.gz' };

const KINDS = ['file', 'directory', 'symlink', 'device'] as const;
const OMITTED = 255;

/**
 * What a save will write, member by member in the page's order; nothing is read of the contents
 * yet. In columns: about 60 bytes a member.
 */
export class ExtractionPlan {
  readonly request: PlanRequest;
  readonly volume: Volume;
  readonly image: ByteSource;
  /** Safe file name to propose. */
  readonly name: string;
  files = 0;
  directories = 0;
  symlinks = 0;
  linkTexts = 0;
  devices = 0;
  /** Bytes of the contents of all files. */
  bytes = 0;
  /** Bytes of contents that must be decoded. */
  decoded = 0;
  /** Named streams of what is saved: none of them is. */
  streams = 0;
  readonly changes: ChangeList;
  /** What a folder will be short of; null for what keeps all. */
  readonly losses: Losses | null;
  readonly #catalog: Catalog;
  readonly #paths: MemberPaths;
  readonly #contents: Contents;
  readonly #entry: Uint32Array;
  readonly #kind: Uint8Array;
  readonly #size: Float64Array;
  readonly #modified: Float64Array;
  readonly #attributes: Uint32Array;
  readonly #combinations = new AttributeTable();
  readonly #targets = new Map<number, string>();
  readonly #devices = new Map<number, readonly [number, number]>();
  readonly #links = new Map<number, number>();

  private constructor({ catalog, volume, image, request }: PlanInput, selection: Selection) {
    this.request = request;
    this.volume = volume;
    this.image = image;
    this.#catalog = catalog;
    this.changes = new ChangeList(request.format === 'folder');
    let count = 0;
    for (const _step of walkSelection(catalog, selection, request.hidden)) count++;
    this.#entry = new Uint32Array(count);
    const parent = new Uint32Array(count);
    this.#kind = new Uint8Array(count);
    this.#size = new Float64Array(count);
    this.#modified = new Float64Array(count);
    this.#attributes = new Uint32Array(count);
    this.#contents = new Contents(image, volume, count);
    this.losses = request.format === 'folder' ? new Losses(count) : null;
    let index = 0;
    for (const step of walkSelection(catalog, selection, request.hidden)) {
      this.#entry[index] = step.entry;
      parent[index++] = step.parent === -1 ? NO_PARENT : step.parent;
    }
    this.#paths = new MemberPaths(catalog, volume, this.#entry, parent);
    this.name = this.#proposeName(selection);
  }

  /** Plan a save: the records of all that is chosen are read, in batches. */
  static async build(input: PlanInput, signal?: AbortSignal): Promise<ExtractionPlan> {
    const plan = new ExtractionPlan(input, reduceSelection(input.catalog, input.request.entries));
    const linkable = isTar(input.request.format) ? plan.#sharedOffsets() : new Set<number>();
    const identities = new Map<string, number>();
    for (let from = 0; from < plan.#entry.length; from += BATCH) {
      await breathe(signal);
      const indices: number[] = [];
      for (let index = from; index < Math.min(from + BATCH, plan.#entry.length); index++) {
        if (plan.#mayBeSaved(index)) indices.push(index);
      }
      const places = Float64Array.from(indices, (index) => plan.#catalog.record(plan.#entry[index] as number));
      const records = await describeAll(plan.volume, places, signal);
      for (const [at, index] of indices.entries()) {
        const record = records[at] as EntryRecord | ImageError;
        if (record instanceof ImageError) plan.#undescribed(index, record);
        else {
          plan.#take(index, record);
          if (linkable.has(plan.#catalog.offset(plan.#entry[index] as number))) plan.#link(index, record, identities);
        }
      }
    }
    plan.#nameAll();
    await breathe(signal);
    plan.#paths.measure();
    await breathe(signal);
    if (plan.request.format === 'zip') plan.#omitLongPaths();
    for await (const { index, count, reason } of lostStreams(plan.volume, plan.#catalog, plan.#entry, signal)) {
      if (plan.#kind[index] === OMITTED) continue;
      plan.streams += count;
      plan.#change(index, reason);
    }
    return plan;
  }

  /** How many places the plan has; those left out give no member. */
  get count(): number {
    return this.#entry.length;
  }

  /** The member at a place; null where the entry is left out. */
  member(index: number): Member | null {
    const unnamed = this.unnamed(index);
    return unnamed && { ...unnamed, path: this.path(index) };
  }

  /** All of a member but its path, which may be long; null where the entry is left out. */
  unnamed(index: number): UnnamedMember | null {
    const kind = this.#kind[index] as number;
    if (kind === OMITTED) return null;
    const { mode, uid, gid } = this.#combinations.at(this.#attributes[index] as number);
    return {
      index,
      entry: this.#entry[index] as number,
      kind: KINDS[kind] as Member['kind'],
      size: this.#size[index] as number,
      modified: this.#modified[index] as number,
      mode,
      uid,
      gid,
      target: this.target(index),
      device: this.#devices.get(index) ?? null,
      linkTo: this.#links.get(index) ?? -1,
    };
  }

  /** The entry at a place, saved or left out. */
  entry(index: number): EntryId {
    return this.#entry[index] as number;
  }

  /** What stands at a place; null where it is left out. */
  kind(index: number): Member['kind'] | null {
    return KINDS[this.#kind[index] as number] ?? null;
  }

  /** Bytes of a member's contents; 0 for what has none. */
  size(index: number): number {
    return this.#size[index] as number;
  }

  /** Target of a symbolic link that is safe to make. */
  target(index: number): string | null {
    return this.#targets.get(index) ?? null;
  }

  /** All members in order; `except` are skipped. */
  *members(except?: ReadonlySet<number>): Generator<Member, void, void> {
    for (let index = 0; index < this.count; index++) {
      if (except?.has(index)) continue;
      const member = this.member(index);
      if (member) yield member;
    }
  }

  /** Safe path of a member. */
  path(index: number): string {
    return this.#paths.path(index);
  }

  /** Bytes of a member's path in UTF-8. */
  pathLength(index: number): number {
    return this.#paths.length(index);
  }

  /** Path of an entry on the disc. */
  discPath(entry: EntryId): string {
    return this.#paths.discPath(entry);
  }

  /** Append the contents of a member to a layout. */
  addContents(layout: Layout, index: number): void {
    this.#contents.addTo(layout, index, this.#size[index] as number, () => this.#paths.name(index));
  }

  /** The contents of a member as a source. */
  contents(index: number): ByteSource {
    return this.#contents.source(index, this.#size[index] as number, this.#paths.name(index));
  }

  /** Whether a member's contents are decoded (and may fail), not copied. */
  isDecoded(index: number): boolean {
    return this.#contents.isDecoded(index);
  }

  /** Where a member's bytes begin on disc: for reading in order of place; -1 for what is nowhere. */
  place(index: number): number {
    const offset = this.#catalog.offset(this.#entry[index] as number);
    return this.#contents.firstOffset(index) ?? (Number.isNaN(offset) ? -1 : offset);
  }

  /** The one run that a member's contents are; null where they are more or are decoded. */
  onlyRun(index: number): { readonly offset: number; readonly length: number } | null {
    return this.#contents.onlyRun(index);
  }

  /** Whether two members have the same stored bytes. */
  sameContents(a: number, b: number): boolean {
    return this.#size[a] === this.#size[b] && this.#contents.same(a, b);
  }

  #omit(index: number, reason: string, device = false): void {
    this.#kind[index] = OMITTED;
    if (device) this.losses?.addDevice();
    const entry = this.#entry[index] as number;
    this.changes.leaveOut(entry, () => this.discPath(entry), reason);
  }

  /** What the catalog alone can tell to be left out. */
  #mayBeSaved(index: number): boolean {
    const entry = this.#entry[index] as number;
    const kind = this.#catalog.kind(entry);
    const presence = this.#catalog.presence(entry);
    const format = this.request.format;
    if (kind === 'other') this.#omit(index, 'It is neither a file nor a directory, a link or a device.');
    else if (kind === 'device' && !isTar(format)) this.#omit(index, 'It is a device, and only a TAR can hold one.', true);
    else if (kind === 'file' && presence === 'missing') this.#omit(index, 'The image ends before this file begins.');
    else if (kind === 'file' && presence === 'cut' && !this.request.partial && this.request.holes !== 'zeros')
      this.#omit(index, 'The image ends inside this file.');
    else return true;
    return false;
  }

  /** A directory stays for what is in it; anything else is left out. */
  #undescribed(index: number, error: ImageError): void {
    if (this.#catalog.kind(this.#entry[index] as number) !== 'directory') {
      this.#omit(index, `Its record cannot be understood: ${error.message}`);
      return;
    }
    this.#kind[index] = 1;
    this.directories++;
    this.#setAttributes(index, null, 0o040755);
  }

  #take(index: number, record: EntryRecord): void {
    const entry = this.#entry[index] as number;
    const modified = record.times.modified ?? this.#catalog.modified(entry);
    this.#modified[index] = Number.isFinite(modified) ? modified : (this.volume.created ?? 0);
    this.losses?.take(index, Number.isFinite(modified), record.mode !== null);
    // The catalog decides what an entry is: its directories are walked, whatever a record says now.
    const kind = this.#catalog.kind(entry);
    if (kind === 'directory') {
      this.#kind[index] = 1;
      this.directories++;
      this.#setAttributes(index, record, 0o040755);
    } else if (kind === 'symlink') this.#takeLink(index, record);
    else if (kind === 'device') this.#takeDevice(index, record);
    else this.#takeFile(index, record);
  }

  #takeFile(index: number, record: EntryRecord): void {
    let size: number;
    try {
      const listed = { size: this.#catalog.size(this.#entry[index] as number), name: () => this.#paths.name(index) };
      size = this.#contents.take(index, record, listed, this.request);
    } catch (error) {
      if (!(error instanceof ImageError || error instanceof Unsupported)) throw error;
      this.#omit(index, error.message);
      return;
    }
    this.#kind[index] = 0;
    this.#size[index] = size;
    this.files++;
    this.bytes += size;
    if (this.#contents.isDecoded(index)) this.decoded += size;
    this.#setAttributes(index, record, 0o100644);
  }

  #takeLink(index: number, record: EntryRecord): void {
    const target = this.volume.decodeName(record.target ?? new Uint8Array(0));
    this.#targets.set(index, target);
    this.#kind[index] = 2;
    this.symlinks++;
    this.#setAttributes(index, record, 0o120777);
  }

  #takeDevice(index: number, record: EntryRecord): void {
    const type = (record.mode ?? 0) & 0o170000;
    if (type !== 0o020000 && type !== 0o060000 && type !== 0o010000) {
      this.#omit(index, 'It is a special file of a kind that a TAR cannot hold.');
      return;
    }
    this.#kind[index] = 3;
    this.devices++;
    this.#devices.set(index, record.device ?? [0, 0]);
    this.#setAttributes(index, record, 0);
  }

  #setAttributes(index: number, record: EntryRecord | null, usual: number): void {
    this.#attributes[index] = this.#combinations.intern(record, usual);
  }

  /** Offsets at which more than one of the files begins: only those can be links to one file. */
  #sharedOffsets(): Set<number> {
    const offsets = Float64Array.from(this.#entry, (entry) =>
      this.#catalog.kind(entry) === 'file' ? this.#catalog.offset(entry) : NaN,
    ).sort();
    const shared = new Set<number>();
    for (let index = 1; index < offsets.length; index++) if (offsets[index] === offsets[index - 1]) shared.add(offsets[index] as number);
    return shared;
  }

  /** A hard link has one owner, mode and time: files that share bytes but not these stay files. */
  #link(index: number, record: EntryRecord, identities: Map<string, number>): void {
    if (record.identity === null || this.#kind[index] !== 0) return;
    const key = `${record.identity} ${this.#size[index]} ${this.#attributes[index]} ${Math.floor((this.#modified[index] as number) / 1000)}`;
    const first = identities.get(key);
    if (first === undefined) identities.set(key, index);
    else {
      this.#links.set(index, first);
      this.bytes -= this.#size[index] as number;
      if (this.#contents.isDecoded(index)) this.decoded -= this.#size[index] as number;
    }
  }

  #proposeName({ entries, base }: Selection): string {
    const { format } = this.request;
    const nameOf = (entry: EntryId): string => (entry === 0 ? discNameOf(this.volume.label, this.image.name) : this.#paths.discName(entry));
    const name = entries.length === 1 ? nameOf(entries[0] as EntryId) : nameOf(base);
    return safeName(name + (ENDINGS[format] ?? '')).name;
  }

  /** Give every member its safe name, directory by directory. */
  #nameAll(): void {
    for (const all of this.#paths.families()) {
      const siblings = all.filter((index) => this.#kind[index] !== OMITTED);
      if (siblings.length === 0) continue;
      const depth = this.#paths.depth(siblings[0] as number);
      const before = siblings.map((index) => this.#paths.discName(this.#entry[index] as number));
      const notes = new Map<number, string>();
      const wanted = siblings.map((index, at) => {
        const name = before[at] as string;
        const target = this.#targets.get(index);
        const unsafe = target === undefined ? null : this.losses ? NO_LINKS : unsafeTarget(target, depth);
        if (unsafe !== null) {
          this.#note(index, target as string);
          this.losses?.addLink(index, target as string);
          notes.set(index, `${unsafe} It is saved as a text with the target.`);
          return name + LINK_NOTE;
        }
        const zeros = this.#contents.zerosIn(index);
        if (zeros > 0) notes.set(index, `The image ends inside this file: ${zeros.toLocaleString('en')} bytes of it are saved as zeros.`);
        if (this.#contents.isCut(index)) {
          notes.set(index, 'The image ends inside this file: what is present is saved.');
          return `${name}.partial`;
        }
        return name;
      });
      const safe = safeNames(wanted, this.losses ? PICKER : PORTABLE);
      for (const [at, index] of siblings.entries()) this.#paths.setName(index, (safe[at] as SafeName).name, before[at] as string);
      for (const [at, index] of siblings.entries()) {
        const reason = notes.get(index) ?? (safe[at] as SafeName).reason;
        if (reason !== null) this.#change(index, reason);
        const entry = this.#entry[index] as number;
        if (this.#kind[index] !== 1) continue;
        if (!this.#catalog.isRead(entry)) this.#change(index, 'This directory has not been read: what is in it is not saved.', 'lose');
        else if (this.#catalog.isPartial(entry))
          this.#change(index, 'Part of this directory cannot be read: what stood there is not saved.', 'lose');
      }
    }
  }

  /** A ZIP tells the length of a path in 16 bits (APPNOTE 4.4.10): what lies deeper is left out. */
  #omitLongPaths(): void {
    for (let index = 0; index < this.count; index++) {
      if (this.#kind[index] === OMITTED) continue;
      const slash = this.#kind[index] === 1 ? 1 : 0;
      if (this.pathLength(index) + slash <= MAX_ZIP_NAME) continue;
      if (this.#kind[index] === 0) {
        this.files--;
        this.bytes -= this.#size[index] as number;
        if (this.#contents.isDecoded(index)) this.decoded -= this.#size[index] as number;
      } else if (slash) this.directories--;
      else if (this.#kind[index] === 2) this.symlinks--;
      this.#omit(index, `Its path is longer than the ${MAX_ZIP_NAME} bytes that a ZIP can hold: save a part of the disc, or a TAR.`);
    }
  }

  #change(index: number, reason: string, how: 'add' | 'lose' = 'add'): void {
    const entry = this.#entry[index] as number;
    this.changes[how](entry, (): Omit<SaveChange, 'entry' | 'reason'> => ({ path: this.discPath(entry), saved: this.path(index) }), reason);
  }

  /** Turn a link into a file that tells its target. */
  #note(index: number, target: string): void {
    this.#targets.delete(index);
    this.#kind[index] = 0;
    this.#size[index] = this.#contents.takeText(index, target);
    this.#setAttributes(index, null, 0o100644);
    this.symlinks--;
    this.linkTexts++;
    this.files++;
    this.bytes += this.#size[index];
  }
}
