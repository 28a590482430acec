import { isAbort } from '../../worker/protocol/errors.ts';
import type { Inspection } from '../../worker/protocol/inspection.ts';
import type { SelfCheck } from '../../worker/protocol/self-check.ts';
import { compareSums, parseSums, type FileSums, type SumName } from '../../worker/protocol/sums.ts';
import type { Session } from '../session.svelte.ts';
import { explain } from '../texts.ts';

/** One pass over the image: how far it is, and what went wrong. */
class Pass {
  /** 0 to 1; null where nothing is under way. */
  part: number | null = $state(null);
  problem = $state('');

  async run<T>(work: (onProgress: (done: number, total: number) => void) => Promise<T>): Promise<T | null> {
    this.part = 0;
    this.problem = '';
    try {
      return await work((done, total) => (this.part = total > 0 ? done / total : 0));
    } catch (error) {
      if (!isAbort(error)) this.problem = explain(error).sentence;
      return null;
    } finally {
      this.part = null;
    }
  }
}

/** The checks of one image that read all of it: kept, and going on, while other pages are shown. */
export class Checks {
  readonly #inspection: () => Promise<Inspection>;
  readonly own = new Pass();
  readonly summing = new Pass();
  /** What its own sums say; null while they were not compared. */
  check: SelfCheck | null = $state.raw(null);
  /** Sums of the files that were opened, those that were asked for so far. */
  files: readonly FileSums[] = $state.raw([]);
  /** What it is compared with, as pasted or read from a file, and that file's name. */
  text = $state('');
  list = $state('');
  readonly published = $derived(parseSums(this.text, this.list));
  /** How each file compares with that, once it is summed; empty where nothing is given. */
  readonly compared = $derived(
    this.text.trim() === '' || this.summing.part !== null
      ? []
      : this.files.map(({ name, sums }) => ({ name, answer: compareSums(this.published, name, sums) })),
  );

  constructor(inspection: () => Promise<Inspection>) {
    this.#inspection = inspection;
  }

  async checkItself(): Promise<void> {
    this.check = await this.own.run(async (tell) => (await this.#inspection()).checkItself(tell));
  }

  /** Sum what of these is not known yet. */
  async sum(names: readonly SumName[]): Promise<void> {
    const known = this.files[0]?.sums ?? {};
    const missing = names.filter((name) => known[name] === undefined);
    if (missing.length === 0) return;
    const files = await this.summing.run(async (tell) => (await this.#inspection()).imageSums(missing, tell));
    if (files) this.files = files.map((file, index) => ({ ...file, sums: { ...this.files[index]?.sums, ...file.sums } }));
  }

  stopOwn(): void {
    void this.#inspection().then((inspection) => inspection.stopChecking());
  }

  stopSums(): void {
    void this.#inspection().then((inspection) => inspection.stopSums());
  }
}

const known = new WeakMap<Session, Checks>();

/** The checks of an image that is open. */
export function checksOf(session: Session): Checks {
  const checks = known.get(session) ?? new Checks(() => session.inspection());
  known.set(session, checks);
  return checks;
}
