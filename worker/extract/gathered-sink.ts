import { Unsupported } from '../protocol/errors.ts';
import { joined } from './pack-job.ts';
import type { Sink } from './sink.ts';

/** Small writes cost as much as large ones. */
const WRITE = 1024 * 1024;

/** A sink behind which small writes become large ones; `flush` at the end. */
export class GatheredSink {
  readonly #sink: Sink;
  #parts: Uint8Array[] = [];
  #held = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  get size(): number {
    return this.#sink.size + this.#held;
  }

  /** Append; the buffer is not the caller's again. */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#held += bytes.length;
    if (this.#held >= WRITE) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#held === 0) return;
    const bytes = joined(this.#parts, this.#held);
    this.#parts = [];
    await this.#sink.write(bytes);
    this.#held = 0;
  }

  async patch(offset: number, bytes: Uint8Array): Promise<void> {
    await this.flush();
    if (!this.#sink.patch) throw unmendable();
    await this.#sink.patch(offset, bytes);
  }

  async truncate(size: number): Promise<void> {
    await this.flush();
    if (!this.#sink.truncate) throw unmendable();
    await this.#sink.truncate(size);
  }
}

/** Why this cannot be written there: sizes come before contents in an archive. */
function unmendable(): Unsupported {
  return new Unsupported('save-unmeasured', 'A compressed archive must be measured first where nothing can be written over.');
}
