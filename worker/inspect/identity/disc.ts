import type { BootReport } from '../../protocol/boot.ts';
import { ROOT, type EntryId } from '../../protocol/entry.ts';
import { ImageError, SourceError, Unsupported } from '../../protocol/errors.ts';
import type { Evidence, EvidenceSource } from '../../protocol/identity.ts';
import { Block } from '../../bytes/block.ts';
import { describeOne } from '../../catalog/describe.ts';
import { pathOf } from '../../catalog/path.ts';
import type { ByteSource } from '../../source/source.ts';
import type { DiscImage } from '../image.ts';
import type { View } from '../view.ts';

/** Bytes of a text that are read: those that say what a disc is have up to 10 KiB. */
const MAX_TEXT = 64 * 1024;
/** A larger directory is not looked through: discs that say what they are have up to 100 entries where they say it. */
const MAX_DIRECTORY = 20_000;
/** Letters of a fact. */
const MAX_FACT = 240;

/** A field of a volume descriptor, and where it stands. */
export interface VolumeField {
  readonly text: string;
  readonly at: number;
}

const NOWHERE: EvidenceSource = { view: null, path: null, offset: null };
const UNFIT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]+/gu;

/** Quoted text as one line, without what controls how it is shown, cut where it is long. */
export function oneLine(text: string): string {
  const plain = text.replace(UNFIT, ' ').replace(/\s+/g, ' ').trim();
  return plain.length > MAX_FACT ? `${plain.slice(0, MAX_FACT - 1)}…` : plain;
}

export function evidence(label: string, fact: string, source: EvidenceSource = NOWHERE): Evidence {
  return { label, fact: oneLine(fact), view: source.view, path: source.path, offset: source.offset };
}

/** Contents that cannot be decoded, or lie beyond what is there, are as if they were not. */
export async function readOrNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ImageError || error instanceof Unsupported) return null;
    if (error instanceof SourceError && error.code === 'past-end') return null;
    throw error;
  }
}

/** What a disc holds, as those look at it who tell what it is: the tree that is shown, by paths whose case does not count. */
export class Disc {
  readonly image: DiscImage;
  readonly boot: BootReport;
  readonly view: View | null;
  readonly #directories = new Map<EntryId, Map<string, EntryId>>();

  constructor(image: DiscImage, boot: BootReport) {
    this.image = image;
    this.boot = boot;
    this.view = image.shown === null ? null : image.view(image.shown);
  }

  /** The image's bytes: sectors of 2,048 bytes. */
  get source(): ByteSource {
    return this.image.source;
  }

  get label(): string {
    return this.view?.volume.label ?? '';
  }

  /** The entry at a path; -1 where there is none. */
  find(path: string): EntryId {
    let at: EntryId = ROOT;
    for (const step of path.split('/').filter((part) => part !== '')) {
      const found = this.#directory(at).get(step.toLowerCase());
      if (found === undefined) return -1;
      at = found;
    }
    return this.view ? at : -1;
  }

  has(path: string): boolean {
    return this.find(path) > 0;
  }

  isDirectory(path: string): boolean {
    const entry = this.find(path);
    return entry >= 0 && this.view?.catalog.kind(entry) === 'directory';
  }

  /** The names in a directory, in small letters and without versions; none where it is too large. */
  names(path: string): string[] {
    const entry = this.find(path);
    return entry < 0 ? [] : [...this.#directory(entry).keys()];
  }

  /** The path of the first of these that is there; null for none. */
  first(...paths: readonly string[]): string | null {
    return paths.find((path) => this.has(path)) ?? null;
  }

  /** Where a path leads, by the name that the disc has for it. */
  at(path: string): EvidenceSource {
    const entry = this.find(path);
    if (entry < 0 || !this.view) return NOWHERE;
    const { catalog, volume } = this.view;
    const offset = catalog.offset(entry);
    return {
      view: volume.id,
      path: pathOf(catalog, (bytes) => volume.decodeName(bytes), entry),
      offset: catalog.kind(entry) === 'file' && offset === offset ? offset : null,
    };
  }

  /** The contents of a file that the image holds whole; null where there is none. */
  async open(path: string): Promise<ByteSource | null> {
    const entry = this.find(path);
    if (entry <= 0 || !this.view) return null;
    const { catalog, volume } = this.view;
    if (catalog.kind(entry) !== 'file' || catalog.presence(entry) !== 'whole') return null;
    return readOrNull(async () => {
      const record = await describeOne(volume, catalog.record(entry));
      return record instanceof ImageError ? null : volume.open(record, path);
    });
  }

  /** The beginning of a file, up to so many bytes; null where there is none. */
  async head(path: string, length: number): Promise<Block | null> {
    const source = await this.open(path);
    return source && readOrNull(async () => new Block(await source.read(0, Math.min(length, source.size)), 0));
  }

  /** The text of a file as far as it is read: UTF-8, or UTF-16 behind its mark; null where there is none. */
  async text(path: string): Promise<string | null> {
    const block = await this.head(path, MAX_TEXT);
    if (!block) return null;
    const wide = block.length >= 2 && block.u8(0) === 0xff && block.u8(1) === 0xfe;
    return new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(block.bytes);
  }

  /** Bytes of the image itself; null where it does not have them all. */
  async bytes(offset: number, length: number): Promise<Block | null> {
    return offset + length <= this.source.size ? new Block(await this.source.read(offset, length), offset) : null;
  }

  /** A field of the primary descriptor of ISO 9660 (ECMA-119 8.4), or of UDF (ECMA-167 3/10.1); null where it is empty. */
  field(format: 'iso9660' | 'udf', name: string, at: number): VolumeField | null {
    const volume = this.image.opened.flatMap(({ report }) => report).find((each) => each.format === format);
    const descriptor = volume?.descriptors.find(({ title }) => title === 'Primary volume descriptor');
    const text = descriptor?.fields[name];
    return descriptor && typeof text === 'string' && text.trim() !== '' ? { text: text.trim(), at: descriptor.at + at } : null;
  }

  #directory(entry: EntryId): ReadonlyMap<string, EntryId> {
    const known = this.#directories.get(entry);
    if (known) return known;
    const names = new Map<string, EntryId>();
    this.#directories.set(entry, names);
    if (!this.view) return names;
    const { catalog, volume } = this.view;
    const [from, to] = catalog.range(entry);
    if (to - from > MAX_DIRECTORY) return names;
    for (let child = from; child < to; child++) {
      if (catalog.kind(child) === 'symlink') continue;
      // Plain ISO 9660 has versions and trailing dots.
      const name = volume.decodeName(catalog.name(child)).toLowerCase().replace(/;\d+$/, '').replace(/\.$/, ''); // prettier-ignore
      if (!names.has(name)) names.set(name, child);
    }
    return names;
  }
}

export const PUBLISHER = ['iso9660', 'publisherIdentifier', 318] as const;
export const PREPARER = ['iso9660', 'dataPreparerIdentifier', 446] as const;
export const APPLICATION = ['iso9660', 'applicationIdentifier', 574] as const;
export const SYSTEM = ['iso9660', 'systemIdentifier', 8] as const;
export const VOLUME = ['iso9660', 'volumeIdentifier', 40] as const;

export const atOffset = (offset: number): EvidenceSource => ({ ...NOWHERE, offset });
