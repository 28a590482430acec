import { NO_VIEW } from '../../protocol/disc-map.ts';
import type { Gap } from '../../source/source.ts';
import type { GapReader } from './gaps.ts';
import { type GapState } from './gaps.ts';
import { STEPS, type Pace } from './pace.ts';
import { Spans } from './spans.ts';
import { kindNumber, type StructureNames } from './structure-names.ts';

/** Bytes of a logical sector: what is left of a file's last one belongs to the file (ECMA-119 6.4.3.2). */
const SECTOR = 2048;

/** The places on a medium at which what belongs to nobody changes its meaning. */
export interface Bounds {
  /** Bytes that the image holds; and up to where the map goes. */
  readonly size: number;
  readonly extent: number;
  /** Up to where the volumes and files promise bytes: behind it only sound follows. */
  readonly promised: number;
  /** Where the volumes end by their own words, and the last entry's bytes: what is between them is padding. */
  readonly volumeEnd: number;
  readonly contentsEnd: number;
  /** Where the open session begins: nobody's bytes before it were an earlier one's. */
  readonly sessionStart: number;
  /** Stretches that no file of the medium holds. */
  readonly absent: readonly Gap[];
}

const WORDS: Readonly<Record<GapState, string>> = {
  zeros: 'zeros',
  sampled: 'zeros where samples were read',
  contents: 'not zeros',
  unread: 'not read',
};

/** Figures of what belongs to nobody. */
export interface GapFigures {
  readonly contents: { bytes: number; runs: number };
  readonly sampled: { bytes: number; runs: number };
  /** Where the first gap with contents begins, by what it is called; and how many bytes those have. */
  readonly seen: Map<string, { at: number; bytes: number; runs: number }>;
}

/** A layer without holes: what nobody owns gets its name by where it is and what it holds. */
export async function fill(
  layer: Spans,
  bounds: Bounds,
  reader: GapReader,
  names: StructureNames,
  pace: Pace,
): Promise<{ readonly spans: Spans; readonly figures: GapFigures }> {
  const { size, extent } = bounds;
  const spans = new Spans();
  const figures: GapFigures = { contents: { bytes: 0, runs: 0 }, sampled: { bytes: 0, runs: 0 }, seen: new Map() };
  const edges = edgesOf(bounds);
  let at = 0;
  for (let index = 0; index < layer.count && at < extent; index++) {
    if ((index & STEPS) === 0 && pace.due) await pace.breathe();
    const [start, end] = [layer.start[index] as number, Math.min(layer.end[index] as number, extent)];
    if (start > at) await fillGap(at, Math.min(start, extent));
    if (end > start) copy(index, start, end);
    at = Math.max(at, end);
  }
  if (at < extent) await fillGap(at, extent);
  return { spans, figures };

  function copy(index: number, start: number, end: number): void {
    spans.join(start, end, layer.kind[index] as number, layer.view[index] as number, layer.owner[index] as number);
  }

  async function fillGap(from: number, to: number): Promise<void> {
    let start = from;
    const rest = Math.min(to, Math.ceil(from / SECTOR) * SECTOR);
    const last = spans.count - 1;
    if (last >= 0 && rest > from && rest <= size) {
      spans.end[last] = rest;
      start = rest;
    }
    while (start < to) {
      const end = Math.min(to, edges.find((edge) => edge > start) ?? to);
      await nobodys(start, end);
      start = end;
      if (pace.due) await pace.breathe();
    }
  }

  async function nobodys(start: number, end: number): Promise<void> {
    const absent = bounds.absent.some(({ offset, length }) => start >= offset && start < offset + length);
    if (absent || start >= size) {
      name(absent || start >= bounds.promised ? 'Not in the image' : 'Beyond the end of the image', 'miss', start, end);
      return;
    }
    const { state, name: mark } = await reader.look(start, end);
    if (mark && end - start > SECTOR) {
      name(mark, 'sys', start, start + SECTOR);
      await nobodys(start + SECTOR, end);
      return;
    }
    if (mark) {
      name(mark, 'sys', start, end);
      return;
    }
    const place = placeName(start, bounds);
    if (state === 'contents') {
      count(figures.contents, end - start);
      const seen = figures.seen.get(place) ?? { at: start, bytes: 0, runs: 0 };
      count(seen, end - start);
      figures.seen.set(place, seen);
    } else if (state === 'sampled') count(figures.sampled, end - start);
    name(`${place}, ${WORDS[state]}`, 'gap', start, end);
  }

  function name(text: string, kind: 'gap' | 'miss' | 'sys', start: number, end: number): void {
    spans.join(start, end, kindNumber(kind), NO_VIEW, names.number(text, kind));
  }
}

function count(figure: { bytes: number; runs: number }, bytes: number): void {
  figure.bytes += bytes;
  figure.runs++;
}

/** What a place is called that belongs to nobody. */
export function placeName(start: number, { volumeEnd, contentsEnd, sessionStart }: Bounds): string {
  if (start >= volumeEnd) return 'Behind the volume';
  if (start >= contentsEnd) return 'Padding';
  return start < sessionStart ? 'Left over from an earlier session' : 'Gap';
}

function edgesOf({ size, promised, volumeEnd, contentsEnd, sessionStart, absent }: Bounds): number[] {
  const edges = [
    size,
    promised,
    volumeEnd,
    contentsEnd,
    sessionStart,
    ...absent.flatMap(({ offset, length }) => [offset, offset + length]),
  ];
  return edges.sort((a, b) => a - b);
}
