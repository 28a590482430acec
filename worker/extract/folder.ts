import { SourceError } from '../protocol/errors.ts';
import type { ExistingFiles, FolderReport, SaveProgress, SaveResult } from '../protocol/save.ts';
import { Layout } from '../source/layout.ts';
import { changesOf } from './changes.ts';
import { undecodable } from './contents.ts';
import { crc32 } from '../codec/crc32.ts';
import { RunningCrc } from './crc.ts';
import { writeManifest, type Outcomes } from './folder-manifest.ts';
import { placeFor, sameBytes } from './folder-place.ts';
import { ResumeJournal, type FolderState } from './folder-resume.ts';
import type { TargetDirectory } from './folder-target.ts';
import { gatedSink, type Gate } from './gate.ts';
import { InFlight } from './in-flight.ts';
import { nameOf, parentOf, type Member } from './member.ts';
import { assertSafePath, foldName } from './names.ts';
import type { ExtractionPlan } from './plan.ts';
import { ProgressMeter } from './progress.ts';
import { SummingSink, withSink } from './sink.ts';
import { writeLayout } from './write-layout.ts';

const MIB = 1024 * 1024;
/** Files under way at once: each close() waits for the browser's check and swap (docs/decisions.md). */
const MAX_OPEN = 32;
/** Large files go one after another: beyond this they only take the disk from each other. */
const MAX_OPEN_BYTES = 64 * MIB;
/** Read back at once. */
const VERIFIED = 4 * MIB;

const PENDING = 0;
const WRITTEN = 1;
const KEPT = 2;
const RESUMED = 3;
const FAILED = 4;

export interface FolderOptions {
  readonly target: TargetDirectory;
  readonly existing: ExistingFiles;
  /** Read back what was written and compare its checksums. */
  readonly verify: boolean;
  /** What a paused save waits at. */
  readonly gate?: Gate;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SaveProgress) => void;
  /** Milliseconds between two notes of the journal; for tests. */
  readonly journalEvery?: number;
}

/**
 * Write a plan's members into a folder that the user chose. What concerns one member is named in `failed` and
 * the rest goes on; what concerns all ends it with an error that says what is saved, and the same save into
 * the same folder goes on from there.
 */
export async function saveToFolder(plan: ExtractionPlan, options: FolderOptions): Promise<SaveResult> {
  return new FolderSave(plan, options).run();
}

class FolderSave {
  readonly #plan: ExtractionPlan;
  readonly #options: FolderOptions;
  readonly #progress: ProgressMeter;
  readonly #outcome: Uint8Array;
  readonly #crcs: Uint32Array | null;
  readonly #failed = new Map<number, string>();
  readonly #numbered = new Map<number, string>();
  /** Files of which an earlier save noted that they are its own, and that have to be written again. */
  readonly #own = new Set<number>();
  /** Paths, folded, that files under way or finished have got beside what was there: no other file gets them. */
  readonly #claimed = new Set<string>();
  readonly #directories = new Map<string, Promise<TargetDirectory>>();
  #planned: Set<string> | null = null;
  #resuming = false;
  #mark = 0;
  #verified = 0;

  constructor(plan: ExtractionPlan, options: FolderOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#outcome = new Uint8Array(plan.count);
    this.#crcs = options.verify ? new Uint32Array(plan.count) : null;
    this.#progress = new ProgressMeter(plan.bytes * (options.verify ? 2 : 1), options.onProgress);
    this.#directories.set('', Promise.resolve(options.target));
  }

  async run(): Promise<SaveResult> {
    const { target, existing, signal, verify, journalEvery } = this.#options;
    const journal = await ResumeJournal.open(target, this.#plan, existing, signal, journalEvery);
    try {
      if (journal.before) await this.#resume(journal.before);
      // Ahead of the first file: whatever happens from here on, the next try knows that it is one.
      if (this.#plan.files > 1) await journal.note(this.#state, true);
      await this.#write(journal);
      if (verify) await this.#verify();
      const manifest = await this.#manifest(journal.fingerprint);
      await journal.remove();
      this.#progress.finish();
      return this.#result(manifest);
    } catch (error) {
      await journal.end(this.#state);
      throw this.#ended(error);
    }
  }

  /** What an interrupted save says it has finished is looked at: sizes of all, the bytes of the last ones. */
  async #resume(before: FolderState): Promise<void> {
    this.#resuming = true;
    const kept = new Set(before.kept);
    for (const [index, name] of before.numbered) {
      this.#numbered.set(index, name);
      const member = this.#plan.member(index);
      if (member) this.#claim(joined(parentOf(member.path), name));
    }
    const finished: number[] = [];
    for (let index = 0; index < before.mark; index++) if (this.#plan.member(index)?.kind === 'file') finished.push(index);
    const last = new Set(finished.slice(-MAX_OPEN));
    await this.#together(finished, async (index, signal) => {
      const member = this.#plan.member(index) as Member;
      const outcome = await this.#lookAt(member, kept.has(index), last.has(index), signal);
      this.#outcome[index] = outcome;
      if (outcome !== PENDING) {
        this.#progress.file();
        this.#progress.add(member.size, () => member.path);
      } else if (!this.#own.has(index)) this.#numbered.delete(index);
    });
    this.#advance();
  }

  async #lookAt(member: Member, kept: boolean, last: boolean, signal: AbortSignal): Promise<number> {
    try {
      const name = this.#name(member);
      const directory = await this.#directory(parentOf(member.path));
      if ((await directory.find(name)) !== 'file') return PENDING;
      if (kept) return KEPT;
      if ((await directory.read(name)).size !== member.size) return PENDING;
      if (!last || (await sameBytes(directory, name, this.#plan.contents(member.index), signal))) return RESUMED;
      this.#own.add(member.index);
    } catch (error) {
      if (this.#reason(error) === null) throw error;
    }
    return PENDING;
  }

  async #write(journal: ResumeJournal): Promise<void> {
    await this.#together(this.#plan.members(), async (member, signal) => {
      assertSafePath(member.path);
      if (this.#outcome[member.index] !== PENDING) return;
      if (member.kind === 'directory') await this.#attempt(member, async () => void (await this.#directory(member.path)));
      if (member.kind !== 'file') return;
      await this.#attempt(member, () => this.#file(member, signal));
      this.#progress.file();
      this.#advance();
      await journal.note(this.#state);
    });
  }

  async #file(member: Member, signal: AbortSignal): Promise<void> {
    const { index, path, size } = member;
    const name = nameOf(path);
    const parent = parentOf(path);
    const directory = await this.#directory(parent);
    const own = this.#own.has(index);
    const place = own
      ? { write: this.#name(member) }
      : await placeFor(directory, name, () => this.#plan.contents(index), {
          existing: this.#options.existing,
          planned: (candidate) => this.#isPlanned(joined(parent, candidate)),
          claim: (candidate) => this.#claim(joined(parent, candidate)),
          resuming: this.#resuming,
          signal,
        });
    if ('refused' in place) throw new SourceError('target-refused', place.refused);
    const saved = 'write' in place ? place.write : 'keep' in place ? place.keep : place.resume;
    if (saved !== name) this.#numbered.set(index, saved);
    if (this.#resuming) await directory.tidy(saved);
    if ('write' in place) await this.#contents(member, directory, saved, signal);
    else this.#progress.add(size, () => path);
    this.#outcome[index] = 'write' in place ? WRITTEN : 'keep' in place ? KEPT : RESUMED;
  }

  async #contents(member: Member, directory: TargetDirectory, name: string, signal: AbortSignal): Promise<void> {
    const { gate } = this.#options;
    const { index, path, size } = member;
    const crc = this.#crcs ? await RunningCrc.begin(size) : null;
    const layout = new Layout(path);
    this.#plan.addContents(layout, index);
    let done = 0;
    const onProgress = (now: number): void => {
      this.#progress.add(now - done, () => path);
      done = now;
    };
    try {
      await withSink(
        async () => {
          const sink = await directory.create(name);
          return gate ? gatedSink(sink, gate) : sink;
        },
        (sink) => writeLayout(layout, crc ? new SummingSink(sink, crc) : sink, { signal, onProgress }),
      );
    } catch (error) {
      this.#progress.add(-done, () => path);
      throw error;
    }
    if (crc && this.#crcs) this.#crcs[index] = crc.finish();
  }

  /** Read back all that was written, now and before, and compare it with what was to be written. */
  async #verify(): Promise<void> {
    this.#progress.begin('verify');
    await this.#together(this.#plan.members(), async (member, signal) => {
      const outcome = this.#outcome[member.index];
      if (member.kind !== 'file') return;
      if (outcome === WRITTEN || outcome === RESUMED) await this.#attempt(member, () => this.#verifyFile(member, signal));
      else this.#progress.spare(member.size);
    });
  }

  async #verifyFile(member: Member, signal: AbortSignal): Promise<void> {
    const directory = await this.#directory(parentOf(member.path));
    const name = this.#name(member);
    if (this.#outcome[member.index] === RESUMED) {
      if (await sameBytes(directory, name, this.#plan.contents(member.index), signal)) {
        this.#progress.add(member.size, () => member.path);
        this.#verified++;
        return;
      }
      // Removed first: should this be cut off, the next try finds that it is missing.
      await directory.remove(name);
      this.#own.add(member.index);
      this.#outcome[member.index] = PENDING;
      this.#progress.add(-member.size, () => member.path);
      await this.#file(member, signal);
    }
    if (!(await this.#readsBack(member, directory, name, signal))) {
      // Nothing wrong stays under the name of something right.
      await directory.remove(name);
      throw new SourceError('target-refused', 'Read back, it was not what had been written, so it was removed. The disk may be failing.');
    }
    this.#verified++;
  }

  async #readsBack(member: Member, directory: TargetDirectory, name: string, signal: AbortSignal): Promise<boolean> {
    const file = await directory.read(name);
    if (file.size !== member.size) return false;
    let crc = 0;
    for (let at = 0; at < file.size;) {
      signal.throwIfAborted();
      const bytes = await file.read(at, Math.min(VERIFIED, file.size - at));
      if (bytes.length === 0) return false;
      crc = crc32(bytes, crc);
      at += bytes.length;
      this.#progress.add(bytes.length, () => member.path);
    }
    return crc === this.#crcs?.[member.index];
  }

  /** Do something for one member: what fails for it alone is noted, and the rest goes on. */
  async #attempt(member: Member, step: () => Promise<void>): Promise<void> {
    try {
      await this.#options.gate?.pass();
      await step();
    } catch (error) {
      const reason = this.#reason(error);
      if (reason === null) throw error;
      // The folder may be gone altogether, whatever it is that the platform says of one name.
      if (undecodable(error) === null) await this.#options.target.check();
      this.#failed.set(member.index, reason);
      this.#outcome[member.index] = FAILED;
      this.#progress.spare(member.size);
    }
  }

  #reason(error: unknown): string | null {
    return undecodable(error) ?? (error instanceof SourceError && error.code === 'target-refused' ? error.message : null);
  }

  /** A directory below the target, made once; where it cannot be, all in it cannot. */
  #directory(path: string): Promise<TargetDirectory> {
    let directory = this.#directories.get(path);
    if (!directory) {
      directory = this.#directory(parentOf(path)).then((parent) => parent.directory(nameOf(path)));
      this.#directories.set(path, directory);
    }
    return directory;
  }

  /** Whether the plan has something of this path, or one that file systems take for the same. */
  #isPlanned(path: string): boolean {
    if (!this.#planned) {
      this.#planned = new Set();
      for (const member of this.#plan.members()) this.#planned.add(foldName(member.path));
    }
    return this.#planned.has(foldName(path));
  }

  #claim(path: string): boolean {
    const fold = foldName(path);
    if (this.#claimed.has(fold)) return false;
    this.#claimed.add(fold);
    return true;
  }

  /** Work through members, several at once; whatever ends it, nothing of it is under way any more afterwards. */
  async #together<T extends Member | number>(all: Iterable<T>, work: (one: T, signal: AbortSignal) => Promise<void>): Promise<void> {
    const flight = new InFlight(MAX_OPEN, MAX_OPEN_BYTES, this.#options.signal);
    try {
      for (const one of all) await flight.start(typeof one === 'number' ? 0 : one.size, (signal) => work(one, signal));
      await flight.settled();
    } finally {
      await flight.stop();
    }
  }

  #name(member: Member): string {
    return this.#numbered.get(member.index) ?? nameOf(member.path);
  }

  /** Move the mark past all that is dealt with. */
  #advance(): void {
    while (this.#mark < this.#plan.count) {
      if (this.#outcome[this.#mark] === PENDING && this.#plan.member(this.#mark)?.kind === 'file') return;
      this.#mark++;
    }
  }

  readonly #state = (): FolderState => {
    const kept: number[] = [];
    for (let index = 0; index < this.#mark; index++) if (this.#outcome[index] === KEPT) kept.push(index);
    return { mark: this.#mark, kept, numbered: [...this.#numbered].filter(([index]) => index < this.#mark) };
  };

  get #outcomes(): Outcomes {
    const crc = (index: number): number | null => (this.#crcs && this.#outcome[index] === WRITTEN ? (this.#crcs[index] as number) : null);
    const skipped = this.#options.existing === 'skip';
    const kept = (index: number): boolean => skipped && this.#outcome[index] === KEPT;
    return { numbered: this.#numbered, failed: this.#failed, kept, crc };
  }

  /** The list beside the tree; where nothing was written, one of before stays as it is. */
  async #manifest(save: string): Promise<string | null> {
    if (this.#plan.files > 0 && this.#count(WRITTEN) + this.#count(RESUMED) === 0) return null;
    return writeManifest(this.#options.target, this.#plan, { save, ...this.#outcomes, planned: (name) => this.#isPlanned(name) });
  }

  #count(outcome: number): number {
    let count = 0;
    for (const one of this.#outcome) if (one === outcome) count++;
    return count;
  }

  #result(manifest: string | null): SaveResult {
    const [written, kept, resumed] = [this.#count(WRITTEN), this.#count(KEPT), this.#count(RESUMED)];
    const folder: FolderReport = { written, kept, resumed, numbered: this.#numbered.size, verified: this.#verified, manifest };
    const failed = changesOf(this.#plan, this.#failed);
    return { name: this.#options.target.name, blob: null, size: this.#plan.bytes, files: written + kept + resumed, failed, folder };
  }

  /** An error that ended all, with what has been saved. */
  #ended(error: unknown): unknown {
    if (!(error instanceof SourceError)) return error;
    const saved = this.#count(WRITTEN) + this.#count(KEPT) + this.#count(RESUMED);
    const figures = `${saved.toLocaleString('en')} of ${this.#plan.files.toLocaleString('en')} files are saved, each of them whole; save the same into the same folder again to go on.`;
    return new SourceError(error.code, `${error.message} ${figures}`, error.at, error.cause);
  }
}

function joined(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`;
}
