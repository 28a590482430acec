/* eslint-disable svelte/prefer-svelte-reactivity -- counted by #version */
import type { Looking, Subject, TextCharset, TextRow, TextState } from '../../worker/protocol/preview.ts';
import { highlight } from './highlighter.ts';
import type { Token } from './tokens.ts';

/** Rows that are fetched at once, and blocks of them that are kept. */
const BLOCK = 128;
const MAX_BLOCKS = 64;
/** Rows before a block that are highlighted with it, for what begins there; near the start all of them. */
const CONTEXT = 128;
const WHOLE = 1024;

interface Block {
  readonly rows: readonly TextRow[];
  readonly tokens: readonly (readonly Token[])[] | null;
}

/** Windows of a text of any size: what is in view is fetched, then highlighted. */
export class TextWindow {
  state: TextState | null = $state.raw(null);
  failure: unknown = $state.raw(null);
  readonly #looking: Looking;
  readonly #language: string | null;
  readonly #blocks = new Map<number, Block>();
  readonly #wanted = new Set<number>();
  #version = $state(0);
  #closed = false;

  constructor(looking: Looking, subject: Subject, charset: TextCharset, language: string | null) {
    this.#looking = looking;
    this.#language = language;
    looking
      .openText(subject, charset, (state) => this.#told(state))
      .then((state) => {
        if (this.#closed) void looking.closeText(state.id).catch(() => undefined);
        else this.#told(state);
      })
      .catch((error: unknown) => (this.failure = error));
  }

  close(): void {
    this.#closed = true;
    if (this.state) void this.#looking.closeText(this.state.id).catch(() => undefined);
  }

  row(index: number): { readonly row: TextRow; readonly tokens: readonly Token[] | null } | undefined {
    void this.#version;
    const block = this.#blocks.get(Math.floor(index / BLOCK));
    const row = block?.rows[index % BLOCK];
    return row && { row, tokens: block?.tokens?.[index % BLOCK] ?? null };
  }

  want(from: number, to: number): void {
    const { state } = this;
    if (!state) return;
    for (let block = Math.floor(from / BLOCK); block * BLOCK < Math.min(to, state.rows); block++) {
      const known = this.#blocks.get(block);
      // A block at the end of what is split so far grows.
      const full = known && (known.rows.length === BLOCK || known.rows.length >= state.rows - block * BLOCK);
      if (!full && !this.#wanted.has(block)) void this.#fetch(block, state.id);
    }
  }

  async #fetch(block: number, id: number): Promise<void> {
    this.#wanted.add(block);
    const start = block * BLOCK;
    const first = this.#language === null ? start : start <= WHOLE ? 0 : start - CONTEXT;
    try {
      const all = await this.#looking.textRows(id, first, start - first + BLOCK);
      const rows = all.slice(start - first);
      this.#keep(block, { rows, tokens: null });
      if (this.#language === null) return;
      const plain = all.map(({ text, line }) => ({ text, continues: line === null }));
      const tokens = await highlight(this.#language, plain);
      if (tokens) this.#keep(block, { rows, tokens: tokens.slice(start - first) });
    } catch (error) {
      if (!this.#closed) this.failure = error;
    } finally {
      this.#wanted.delete(block);
    }
  }

  #keep(block: number, rows: Block): void {
    this.#blocks.set(block, rows);
    for (const old of this.#blocks.keys()) {
      if (this.#blocks.size <= MAX_BLOCKS) break;
      this.#blocks.delete(old);
    }
    this.#version++;
  }

  #told(state: TextState): void {
    if (!this.#closed && state.rows >= (this.state?.rows ?? 0)) this.state = state;
  }
}
