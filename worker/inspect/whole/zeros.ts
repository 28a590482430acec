import type { EntryId } from '../../protocol/entry.ts';
import type { ZeroSample } from '../../protocol/whole.ts';
import { describeEntries } from '../../catalog/describe.ts';
import { pathOf } from '../../catalog/path.ts';
import type { EntryRecord } from '../../formats/volume.ts';
import type { ByteSource } from '../../source/source.ts';
import type { View } from '../view.ts';

/** The largest files are looked at, so many of them. */
const MAX_FILES = 48;
/** Smaller files are not worth a read. */
const SMALLEST = 64 * 1024;
/** Bytes of one place: a sector. */
const PLACE = 2048;
/** Places in one file: its beginning, and the others spread over it. */
const PLACES = 5;
/** Formats that never begin with a sector of zeros, and hold no long runs of them. */
const PACKED =
  /\.(squashfs|sfs|wim|swm|esd|cab|zip|jar|gz|tgz|xz|txz|bz2|zst|7z|rar|lzma|u?deb|rpm|jpe?g|png|mp3|mpe?g|vob|m2ts|flac|ogg|webm|pdf|exe|dll)$/i;

/** Whether large files hold what a download left out: a few sectors of the largest are read. Null where there is none so large. */
export async function sampleZeros(source: ByteSource, view: View, signal?: AbortSignal): Promise<ZeroSample | null> {
  const { catalog, volume } = view;
  const wrong: ZeroSample['wrong'][number][] = [];
  const blank: ZeroSample['blank'][number][] = [];
  let [files, places] = [0, 0];
  for await (const [entry, record] of describeEntries(volume, catalog, largest(view), signal)) {
    if (record instanceof Error || record.presence !== 'whole' || record.compression !== null) continue;
    const offsets = placesIn(record);
    if (offsets.length === 0) continue;
    const zero: boolean[] = [];
    for (const offset of offsets) zero.push(isZero(await source.read(offset, PLACE, signal)));
    files++;
    places += offsets.length;
    const count = zero.filter(Boolean).length;
    const first = offsets[zero.indexOf(true)];
    if (first === undefined) continue;
    const path = pathOf(catalog, (bytes) => volume.decodeName(bytes), entry);
    if (PACKED.test(path) && (zero[0] === true || count * 2 > offsets.length)) wrong.push({ path, offset: first });
    else if (count === offsets.length) blank.push({ path, offset: first });
  }
  return files === 0 ? null : { files, places, wrong, blank };
}

/** The largest files that stand in one place each, the largest first. */
function largest({ catalog }: View): EntryId[] {
  const candidates: EntryId[] = [];
  for (let entry = 1; entry < catalog.count; entry++)
    if (catalog.kind(entry) === 'file' && catalog.size(entry) >= SMALLEST && catalog.presence(entry) === 'whole') candidates.push(entry);
  candidates.sort((a, b) => catalog.size(b) - catalog.size(a));
  const seen = new Set<number>();
  const chosen: EntryId[] = [];
  for (const entry of candidates) {
    if (chosen.length === MAX_FILES) break;
    const offset = catalog.offset(entry);
    if (!(offset >= 0) || seen.has(offset)) continue;
    seen.add(offset);
    chosen.push(entry);
  }
  return chosen;
}

/** Where a file is looked at: its first sector, and others spread over the pieces that are stored, the last one before its end. */
function placesIn({ runs, size }: EntryRecord): number[] {
  const offsets = new Set<number>();
  for (let place = 0; place < PLACES; place++) {
    let left = Math.floor(((size - PLACE) * place) / (PLACES - 1) / PLACE) * PLACE;
    for (const run of runs) {
      const length = 'zeros' in run ? run.zeros : run.length;
      if (left < length) {
        if ('offset' in run && left + PLACE <= length) offsets.add(run.offset + left);
        break;
      }
      left -= length;
    }
  }
  return [...offsets];
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
