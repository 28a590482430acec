import { EXISTING_FILES, type ExistingFiles } from '../protocol/save.ts';
import { undecodable } from './contents.ts';
import type { ExtractionPlan } from './plan.ts';
import type { ByteSource } from '../source/source.ts';
import type { TargetDirectory } from './folder-target.ts';
import { withSink } from './sink.ts';

/** The journal is written again after so many milliseconds, with the file that is finished then. */
const INTERVAL_MS = 5000;
/** Bytes from the image's start that tell it from others: the descriptors stand there. */
const HEAD = 64 * 1024;
/** Samples of the image that tell it from others with the same start: so many, evenly spread, and the bytes of each. */
const SAMPLES = 64;
const SAMPLE = 4096;
/** A journal larger than this is none of ours. */
const MAX_JOURNAL = 64 * 1024 * 1024;
/** Members hashed at once. */
const BATCH = 1024;

/** How far a save into a folder has come. It may lag behind what is there, and is never ahead of it. */
export interface FolderState {
  /** All files of the plan below this index are dealt with. */
  readonly mark: number;
  /** Those of them that were left as they stood in the folder. */
  readonly kept: readonly number[];
  /** Those that got another name, as both were to be kept. */
  readonly numbered: readonly (readonly [number, string])[];
}

/**
 * Notes in the folder itself how far a save has come, so that the same image and the same choice go on after
 * a crash. The name comes from what is saved: other saves into the same folder have journals of their own.
 */
export class ResumeJournal {
  readonly name: string;
  /** What an interrupted save noted; null where there was none. */
  before: FolderState | null = null;
  /** SHA-256 of what is saved: the same for the same save alone. */
  readonly fingerprint: string;
  readonly #existing: ExistingFiles;
  readonly #target: TargetDirectory;
  readonly #interval: number;
  #last = -Infinity;
  #writing = false;
  #begun = false;

  private constructor(target: TargetDirectory, fingerprint: string, existing: ExistingFiles, interval: number) {
    this.#target = target;
    this.#existing = existing;
    this.fingerprint = fingerprint;
    this.#interval = interval;
    this.name = `isoscope-resume-${fingerprint.slice(0, 12)}.json`;
  }

  static async open(
    target: TargetDirectory,
    plan: ExtractionPlan,
    existing: ExistingFiles,
    signal?: AbortSignal,
    interval = INTERVAL_MS,
  ): Promise<ResumeJournal> {
    const journal = new ResumeJournal(target, await fingerprintOf(plan, signal), existing, interval);
    const noted = await journal.#read(plan.count);
    // What was left or numbered under another choice is decided anew; what was written is told by its bytes.
    journal.before = noted && (noted.existing === existing ? noted : { mark: 0, kept: [], numbered: [] });
    journal.#begun = noted !== null;
    return journal;
  }

  /** The choice of an interrupted save of the same into the same folder; null where there was none. */
  static async interrupted(target: TargetDirectory, plan: ExtractionPlan, signal?: AbortSignal): Promise<ExistingFiles | null> {
    const journal = new ResumeJournal(target, await fingerprintOf(plan, signal), 'skip', INTERVAL_MS);
    return (await journal.#read(plan.count))?.existing ?? null;
  }

  /** Note a state, at once where `now`, else if the last note is old enough. */
  async note(state: () => FolderState, now = false): Promise<void> {
    if (this.#writing || (!now && performance.now() - this.#last < this.#interval)) return;
    this.#writing = true;
    try {
      this.#begun = true;
      const about = { about: ABOUT, fingerprint: this.fingerprint, existing: this.#existing };
      const text = JSON.stringify({ isoscope: 'resume', version: 1, ...about, ...state() });
      await withSink(
        () => this.#target.create(this.name),
        (sink) => sink.write(new TextEncoder().encode(text)),
      );
      this.#last = performance.now();
    } catch (error) {
      await this.#target.check(); // where the folder is gone, that is what there is to say
      throw error;
    } finally {
      this.#writing = false;
    }
  }

  /** Note the last state of a save that ended early. Never throws: an older note is as good, only older. */
  async end(state: () => FolderState): Promise<void> {
    if (this.#begun) await this.note(state, true).catch(() => undefined);
  }

  /** All is saved: there is nothing to go on with. */
  async remove(): Promise<void> {
    if (!this.#begun) return;
    await this.#target.tidy(this.name);
    await this.#target.remove(this.name);
  }

  async #read(count: number): Promise<Noted | null> {
    if ((await this.#target.find(this.name)) !== 'file') return null;
    const file = await this.#target.read(this.name);
    if (file.size === 0 || file.size > MAX_JOURNAL) return null;
    return parse(new TextDecoder().decode(await file.read(0, file.size)), this.fingerprint, count);
  }
}

/** What a journal says: how far, and by which choice for files that exist. */
type Noted = FolderState & { readonly existing: ExistingFiles };

const ABOUT =
  'Isoscope was stopped while it saved into this folder. Save the same from the same image into it again, and it goes on; then this file goes away. If you do not want to go on, delete it.';

/** The state in a journal's text, checked: anybody can have written it. */
function parse(text: string, fingerprint: string, count: number): Noted | null {
  let found: Partial<Record<keyof FolderState | 'isoscope' | 'version' | 'fingerprint' | 'existing', unknown>>;
  try {
    found = JSON.parse(text) as typeof found;
  } catch {
    return null;
  }
  const { isoscope, version, mark, kept, numbered } = found;
  const existing = EXISTING_FILES.find((choice) => choice === found.existing);
  const isIndex = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= count;
  const isPair = (value: unknown): value is [number, string] =>
    Array.isArray(value) && value.length === 2 && isIndex(value[0]) && typeof value[1] === 'string' && /^[^/\\]+$/.test(value[1]);
  if (isoscope !== 'resume' || version !== 1 || found.fingerprint !== fingerprint || !isIndex(mark) || !existing) return null;
  if (!Array.isArray(kept) || !kept.every(isIndex) || !Array.isArray(numbered) || !numbered.every(isPair)) return null;
  return { mark, kept, numbered, existing };
}

/** SHA-256 of what tells this image and this choice from others: size, date, descriptors, samples, view, every path and size. */
async function fingerprintOf(plan: ExtractionPlan, signal?: AbortSignal): Promise<string> {
  const { createSHA256 } = await import('hash-wasm');
  const hash = (await createSHA256()).init();
  const { image } = plan;
  hash.update(`isoscope ${image.size} ${image.modified ?? ''} ${plan.volume.id}\n`);
  hash.update(await image.read(0, Math.min(HEAD, image.size), signal));
  if (image.size > HEAD) for (let at = 0; at < SAMPLES; at++) hash.update(await sample(image, at, signal));
  let lines = '';
  let waiting = 0;
  for (const { kind, size, path } of plan.members()) {
    lines += `${kind} ${size} ${path}\n`;
    if (++waiting % BATCH !== 0) continue;
    hash.update(lines);
    lines = '';
  }
  hash.update(lines);
  return hash.digest('hex');
}

async function sample(image: ByteSource, at: number, signal?: AbortSignal): Promise<Uint8Array | string> {
  try {
    return await image.read(Math.floor(((image.size - SAMPLE) * at) / (SAMPLES - 1)), SAMPLE, signal);
  } catch (error) {
    // A damaged place costs the file that lies there, not the whole save.
    if (undecodable(error) === null) throw error;
    return 'damaged';
  }
}
