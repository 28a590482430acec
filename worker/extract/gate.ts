import type { ByteSource } from '../source/source.ts';
import type { Sink } from './sink.ts';

/** What a paused save waits at: closed, nothing is read or written until it opens. */
export class Gate {
  #closed: { readonly promise: Promise<void>; readonly open: () => void } | null = null;

  get closed(): boolean {
    return this.#closed !== null;
  }

  close(): void {
    if (this.#closed) return;
    let open = (): void => undefined;
    const promise = new Promise<void>((resolve) => (open = resolve));
    this.#closed = { promise, open };
  }

  open(): void {
    this.#closed?.open();
    this.#closed = null;
  }

  /** Resolves when it is open. Who cancels opens it too, so that nobody waits for ever. */
  async pass(): Promise<void> {
    while (this.#closed) await this.#closed.promise;
  }
}

/** A source whose reads and streams wait at a gate; slices of the file do not, they are read where they are written. */
export function gatedSource(source: ByteSource, gate: Gate): ByteSource {
  return {
    name: source.name,
    size: source.size,
    modified: source.modified,
    ...(source.gaps ? { gaps: source.gaps } : {}),
    async read(offset, length, signal) {
      await gate.pass();
      signal?.throwIfAborted();
      return source.read(offset, length, signal);
    },
    async *stream(offset, length, signal) {
      for await (const chunk of source.stream(offset, length, signal)) {
        await gate.pass();
        signal?.throwIfAborted();
        yield chunk;
      }
    },
    ...(source.blob ? { blob: (offset: number, length: number) => source.blob?.(offset, length) ?? null } : {}),
  };
}

/** A sink whose writes wait at a gate. Closing and giving up do not. */
export function gatedSink(sink: Sink, gate: Gate): Sink {
  const after = async (step: () => Promise<void>): Promise<void> => {
    await gate.pass();
    return step();
  };
  return {
    get size() {
      return sink.size;
    },
    write: (bytes) => after(() => sink.write(bytes)),
    ...(sink.writeBlob ? { writeBlob: (blob: Blob) => after(async () => sink.writeBlob?.(blob)) } : {}),
    ...(sink.skip ? { skip: (length: number) => after(async () => sink.skip?.(length)) } : {}),
    ...(sink.patch ? { patch: (offset: number, bytes: Uint8Array) => after(async () => sink.patch?.(offset, bytes)) } : {}),
    ...(sink.truncate ? { truncate: (size: number) => after(async () => sink.truncate?.(size)) } : {}),
    close: () => sink.close(),
    abort: () => sink.abort(),
  };
}
