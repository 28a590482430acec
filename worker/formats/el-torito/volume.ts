import { ImageError } from '../../protocol/errors.ts';
import { ROOT } from '../../protocol/entry.ts';
import type { Run } from '../../source/runs.ts';
import { sliceSource } from '../../source/slice.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import { presenceOf } from '../presence.ts';
import { NO_ATTRIBUTES, type EntryRecord, type EntrySink, type Volume } from '../volume.ts';

/** One boot image as a file. */
export interface BootImage {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  /** Absolute offset of its entry in the boot catalog. */
  readonly record: number;
}

/** The boot images of a disc as a tree of one directory. */
export class BootVolume implements Volume {
  readonly id = 'boot';
  readonly title = 'Boot images';
  readonly label = '';
  readonly created = null;
  readonly zoneKnown = true;
  readonly claimedSize = null;
  readonly findings: Findings;
  readonly #source: ByteSource;
  readonly #images: readonly BootImage[];

  constructor(source: ByteSource, images: readonly BootImage[], findings: Findings) {
    this.#source = source;
    this.#images = images;
    this.findings = findings;
  }

  async read(sink: EntrySink): Promise<void> {
    sink.begin(ROOT);
    for (const { name, offset, size, record } of this.#images) {
      const presence = presenceOf(runsOf({ offset, size }), this.#source);
      sink.add({
        name: new TextEncoder().encode(name),
        kind: 'file',
        size,
        modified: NaN,
        offset,
        record,
        presence,
        hidden: false,
        associated: false,
        content: true,
      });
    }
    sink.end(ROOT, true);
  }

  decodeName(bytes: Uint8Array): string {
    return new TextDecoder().decode(bytes);
  }

  async describe(records: ArrayLike<number>): Promise<EntryRecord[]> {
    return Array.from(records, (record) => {
      const image = this.#images.find((each) => each.record === record);
      if (!image && record >= 0) throw new ImageError('record-unreadable', 'There is no such boot image.', record, 'El Torito 2.2');
      return this.#record(image);
    });
  }

  open(record: EntryRecord, name: string): ByteSource {
    const run = record.runs[0];
    if (!run || !('offset' in run) || run.offset >= this.#source.size)
      throw new ImageError('boot-image-past-end', `“${name}” lies past the end of the image.`, null, 'El Torito 2.2');
    return sliceSource(this.#source, run.offset, run.length, name);
  }

  #record(image: BootImage | undefined): EntryRecord {
    const runs = image ? runsOf(image) : [];
    return {
      kind: image ? 'file' : 'directory',
      size: image?.size ?? 0,
      ...NO_ATTRIBUTES,
      times: {},
      zoneKnown: true,
      runs,
      presence: presenceOf(runs, this.#source),
      identity: image && image.size > 0 ? `${image.offset}:${image.size}` : null,
    };
  }
}

/** The one piece of a boot image; it may run past the end of the medium. */
function runsOf({ offset, size }: Pick<BootImage, 'offset' | 'size'>): Run[] {
  return size > 0 ? [{ offset, length: size }] : [];
}
