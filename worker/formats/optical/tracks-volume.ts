import { ROOT } from '../../protocol/entry.ts';
import { ImageError } from '../../protocol/errors.ts';
import { Layout } from '../../source/layout.ts';
import { RawSectorSource } from '../../source/raw-sector.ts';
import type { ByteSource } from '../../source/source.ts';
import { SwappedSource } from '../../source/swapped.ts';
import { Findings } from '../findings.ts';
import { NO_ATTRIBUTES, type EntryRecord, type EntrySink, type Volume } from '../volume.ts';
import type { Medium, Track } from './medium.ts';
import { WAVE_HEADER, waveHeader } from './wave.ts';

/** Bytes of sound in an audio sector: 588 samples of 4 bytes (IEC 60908). */
const AUDIO_SECTOR = 2352;
const ROOT_RECORD = 0;

/** The audio tracks of a disc as WAV files of 16 bits at 44.1 kHz, made while they are read. */
export class TracksVolume implements Volume {
  readonly id = 'tracks';
  readonly title = 'Audio tracks';
  readonly label = '';
  readonly created = null;
  readonly zoneKnown = true;
  readonly claimedSize = null;
  readonly findings = new Findings();
  readonly #tracks: readonly Track[];

  constructor(tracks: readonly Track[]) {
    this.#tracks = tracks;
  }

  async read(sink: EntrySink): Promise<void> {
    sink.begin(ROOT);
    for (const [index, track] of this.#tracks.entries()) {
      sink.add({
        name: new TextEncoder().encode(nameOf(track)),
        kind: 'file',
        size: sizeOf(track),
        modified: NaN,
        offset: NaN,
        record: index + 1,
        presence: 'whole',
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
      const track = this.#tracks[record - 1];
      if (!track && record > ROOT_RECORD) throw new ImageError('record-unreadable', 'There is no such track.', null);
      return {
        kind: track ? 'file' : 'directory',
        size: track ? sizeOf(track) : 0,
        ...NO_ATTRIBUTES,
        times: {},
        zoneKnown: true,
        // Its bytes lie in the raw image, not among the logical sectors, and the header nowhere.
        runs: [],
        presence: 'whole',
        identity: track ? String(track.number) : null,
      };
    });
  }

  open(record: EntryRecord, name: string): ByteSource {
    const track = this.#tracks.find((each) => String(each.number) === record.identity);
    if (!track) throw new ImageError('record-unreadable', `“${name}” is no track of this disc.`, null);
    const wave = new Layout(name);
    wave.addBytes(waveHeader(sizeOf(track) - WAVE_HEADER));
    const samples = samplesOf(track);
    wave.addSource(samples, 0, samples.size);
    return wave;
  }
}

function nameOf(track: Track): string {
  return `Track ${String(track.number).padStart(2, '0')}.wav`;
}

function sizeOf(track: Track): number {
  return WAVE_HEADER + track.sectors * AUDIO_SECTOR;
}

/** A track's samples, little-endian, without subchannel. */
function samplesOf({ source, form, bigEndian }: Track): ByteSource {
  const samples = form.size === AUDIO_SECTOR ? source : new RawSectorSource(source, form);
  return bigEndian ? new SwappedSource(samples) : samples;
}

/** The view of a medium's audio tracks; null where it has none. */
export function audioTracks(medium: Medium): TracksVolume | null {
  const numbers = new Set<number>();
  const tracks = medium.tracks.filter(({ mode, number }) => mode === 'audio' && !numbers.has(number) && numbers.add(number));
  return tracks.length > 0 ? new TracksVolume(tracks) : null;
}
