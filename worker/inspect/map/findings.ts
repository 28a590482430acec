import { Findings } from '../../formats/findings.ts';
import type { GapFigures } from './fill.ts';
import type { Swept } from './sweep.ts';

/** Where bytes are that belong to nobody, by the name of the place. */
const PLACES: Readonly<Record<string, string>> = {
  Gap: 'between files',
  Padding: 'in the padding at the end',
  'Behind the volume': 'behind the end of the volume',
  'Left over from an earlier session': 'left over from an earlier session',
};

/** What is suspicious about a map. */
export interface Suspicions {
  readonly gaps: GapFigures;
  readonly files: Swept;
  /** Places where files lie over the disc's own records, and the first of them. */
  readonly hidden: number;
  readonly hiddenAt: number | null;
  /** Up to where files claim to reach, where that is beyond the map; 0 for none. */
  readonly reach: number;
  /** Files were left out, for they are in too many pieces. */
  readonly cut: boolean;
}

const figure = (value: number): string => value.toLocaleString('en');
const places = (count: number): string => `${figure(count)} ${count === 1 ? 'place' : 'places'}`;

/** The same in sentences. */
export function mapFindings({ gaps, files, hidden, hiddenAt, reach, cut }: Suspicions): Findings {
  const findings = new Findings();
  const [first] = files.overlaps;
  if (first) {
    const detail = `Files share bytes that are not the same file: ${places(files.overlapCount)}.`;
    findings.add('warning', 'map-overlap', first.offset, 'ECMA-119 6.4', detail);
  }
  if (hidden > 0) {
    const detail = `Files lie over the disc’s own records: ${places(hidden)}.`;
    findings.add('warning', 'map-structure-overlap', hiddenAt, 'ECMA-119 6.4', detail);
  }
  for (const [place, { at, bytes, runs }] of gaps.seen) {
    const often = runs === 1 ? 'one stretch' : `${figure(runs)} stretches`;
    const detail = `Bytes that belong to no file are not all zero, ${PLACES[place] ?? ''}: ${often}, ${figure(bytes)} bytes.`;
    findings.add('note', place === 'Behind the volume' ? 'map-appended' : 'map-gap-contents', at, '', detail);
  }
  if (reach > 0) {
    const detail = `Files lie behind all that the volume claims, up to byte ${figure(reach)}: they are not on the map.`;
    findings.add('warning', 'map-outside', null, 'ECMA-119 8.4.8', detail);
  }
  if (cut) {
    const detail = 'Files are in more pieces than a map tells apart; some of them are left out of it.';
    findings.add('warning', 'map-pieces', null, '', detail);
  }
  return findings;
}
