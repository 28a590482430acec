import { transfer } from 'comlink';
import type { EntryId } from '../protocol/entry.ts';
import { ImageError, Unsupported } from '../protocol/errors.ts';
import {
  MAX_READ,
  type Contents,
  type FindRequest,
  type Looking,
  type Match,
  type Preview,
  type Structure,
  type Subject,
  type TextCharset,
  type TextRow,
  type TextState,
} from '../protocol/preview.ts';
import { describeEntries } from '../catalog/describe.ts';
import { pathOf } from '../catalog/path.ts';
import { contentsOf } from '../extract/contents.ts';
import type { EntryRecord } from '../formats/volume.ts';
import type { DiscImage } from '../inspect/image.ts';
import { findStructures } from '../inspect/structures/structures.ts';
import type { View } from '../inspect/view.ts';
import { findBytes } from '../peek/find.ts';
import { peek } from '../peek/peek.ts';
import { TextRows } from '../peek/text-rows.ts';
import type { ByteSource } from '../source/source.ts';

/** Opened contents that are kept: the file one looks at, and those one came from. */
const MAX_OPENED = 8;
/** Texts being read: that of the pane, and that of the sheet over it. */
const MAX_TEXTS = 2;

interface Opened {
  readonly source: ByteSource;
  readonly missing: number;
}

interface OpenText {
  readonly rows: TextRows;
  readonly stop: AbortController;
}

/** What is looked at of one open image: contents of its entries, and its own bytes. */
export class Looks implements Looking {
  readonly #image: DiscImage;
  readonly #opened = new Map<string, Promise<Opened>>();
  readonly #texts = new Map<number, OpenText>();
  #lastText = 0;
  #finding: AbortController | null = null;

  constructor(image: DiscImage) {
    this.#image = image;
  }

  /** End all that is under way: the image is closed, or another session takes its place. */
  stop(): void {
    this.#finding?.abort();
    for (const { stop } of this.#texts.values()) stop.abort();
  }

  async contents(subject: Subject): Promise<Contents> {
    const { source, missing } = await this.#open(subject);
    return { name: source.name, size: source.size, missing, blob: source.blob?.(0, source.size) ?? null };
  }

  async read(subject: Subject, offset: number, length: number): Promise<Uint8Array> {
    const { source } = await this.#open(subject);
    const from = Math.max(0, Math.min(offset, source.size));
    const bytes = await source.read(from, Math.max(0, Math.min(length, MAX_READ, source.size - from)));
    // What comes from a window that is kept is not given away with it.
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    return transfer(own, [own.buffer]);
  }

  async peek(subject: Subject): Promise<Preview> {
    return peek((await this.#open(subject)).source);
  }

  async openText(subject: Subject, charset: TextCharset, onProgress: (state: TextState) => void): Promise<TextState> {
    const { source } = await this.#open(subject);
    const id = ++this.#lastText;
    const rows = new TextRows(source, charset);
    const stop = new AbortController();
    this.#texts.set(id, { rows, stop });
    for (const old of [...this.#texts.keys()].slice(0, -MAX_TEXTS)) await this.closeText(old);
    // The answer is the first news of it: a short text is split by then, a long one has its first rows.
    return new Promise((resolve, reject) => {
      const tell = (state: Omit<TextState, 'id'>) => {
        resolve({ id, ...state });
        onProgress({ id, ...state });
      };
      rows.split(tell, stop.signal).catch(reject);
    });
  }

  async textRows(id: number, from: number, count: number): Promise<TextRow[]> {
    return (await this.#text(id)).rows(from, count);
  }

  async textRowAt(id: number, offset: number): Promise<number> {
    return (await this.#text(id)).rowAt(offset);
  }

  async closeText(id: number): Promise<void> {
    this.#texts.get(id)?.stop.abort();
    this.#texts.delete(id);
  }

  async findBytes(request: FindRequest, onProgress: (bytes: number) => void): Promise<Match | null> {
    this.#finding?.abort();
    const finding = new AbortController();
    this.#finding = finding;
    const { source } = await this.#open(request.subject);
    return findBytes(source, { ...request, signal: finding.signal, onProgress });
  }

  async stopFinding(): Promise<void> {
    this.#finding?.abort();
  }

  async structures(offset: number, length: number): Promise<Structure[]> {
    return findStructures(this.#image.source, offset, length);
  }

  async #text(id: number): Promise<TextRows> {
    const text = this.#texts.get(id);
    if (!text) throw new Unsupported('no-text', 'This text is no longer open.');
    return text.rows;
  }

  #open(subject: Subject): Promise<Opened> {
    if (subject === 'image') return Promise.resolve({ source: this.#image.source, missing: this.#image.missing });
    const key = `${subject.view}:${subject.entry}`;
    const known = this.#opened.get(key);
    // Asked for again, it is the last to be forgotten.
    this.#opened.delete(key);
    const opened = known ?? this.#openEntry(subject);
    this.#opened.set(key, opened);
    opened.catch(() => this.#opened.delete(key));
    for (const old of [...this.#opened.keys()].slice(0, -MAX_OPENED)) this.#opened.delete(old);
    return opened;
  }

  async #openEntry({ view: id, entry }: Exclude<Subject, 'image'>): Promise<Opened> {
    const view = this.#image.view(id);
    if (!view) throw new Unsupported('no-view', `This disc has no view “${id}”.`);
    if (view.catalog.kind(entry) !== 'file') throw new Unsupported('no-contents', 'Only files have contents to look at.');
    const record = await describe(view, entry);
    const path = pathOf(view.catalog, (bytes) => view.volume.decodeName(bytes), entry);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const source = contentsOf(this.#image.source, view.volume, record, name, true);
    return { source, missing: Math.max(0, record.size - source.size) };
  }
}

async function describe({ volume, catalog }: View, entry: EntryId): Promise<EntryRecord> {
  for await (const [, record] of describeEntries(volume, catalog, [entry])) {
    if (record instanceof ImageError) throw record;
    return record;
  }
  throw new Unsupported('no-contents', 'This entry cannot be described.');
}
