import type { InspectionReport } from '../protocol/inspector.ts';
import type { DiscMap, MapSummary } from '../protocol/disc-map.ts';
import type { Finding } from '../protocol/finding.ts';
import type { DiscImage } from './image.ts';
import type { ReportParts } from './parts.ts';
import { namePlaces } from './places.ts';

/** Bytes of a logical sector (ECMA-119 6.1.2). */
const SECTOR = 2048;
/** Findings in a report at most; the totals of an overview count all of them. */
const MAX_FINDINGS = 2_000;

/** All that was seen of an image, as plain data (schema: docs/report.schema.json). */
export async function report(parts: ReportParts, version: string): Promise<InspectionReport> {
  const { image } = parts;
  const overview = image.overview();
  const boot = await parts.boot();
  return {
    isoscope: version,
    name: overview.name,
    size: overview.size,
    detected: overview.detection.id,
    title: overview.detection.title,
    identity: await parts.identity(),
    shown: overview.shown,
    views: overview.views,
    volumes: image.opened.flatMap((format) => format.report),
    ...boot.report,
    whole: await parts.whole(),
    map: image.detection.readable ? summaryOf(await parts.map()) : null,
    findings: [...namedFindings(image), ...boot.findings.list].slice(0, MAX_FINDINGS),
  };
}

/** The figures of a map, without its columns. */
function summaryOf(map: DiscMap): MapSummary {
  const { size, extent, runs, totals, structures, shared, disagreements, overlapCount, overlaps, ...more } = map;
  const { orphans, gapsWithContents, gapsSampled, findings } = more;
  const figures = { size, extent, runs, totals, structures, shared, disagreements, overlapCount, overlaps };
  return { ...figures, orphans, gapsWithContents, gapsSampled, findings };
}

/** All findings; those of a view are named by its own entries, those of the medium by the view that is shown. */
export function namedFindings(image: DiscImage): readonly Finding[] {
  const own = new Map(image.allViews.map((view) => [view.volume.findings, view]));
  const shown = image.shown === null ? undefined : image.view(image.shown);
  const placeOf = storedPlaces(image);
  return image.allFindings().flatMap((findings) => {
    const view = own.get(findings);
    if (view) return namePlaces(view, findings.list);
    return shown && placeOf ? namePlaces(shown, findings.list, placeOf) : findings.list;
  });
}

/** From an offset in the file to one in the logical sectors; null where the medium is more than one track of them. */
function storedPlaces({ medium }: DiscImage): ((at: number) => number) | null {
  if (medium.kind === 'plain') return (at) => at;
  const [track, more] = medium.tracks;
  if (medium.kind !== 'raw' || !track || more) return null;
  return (at) => (track.start + Math.floor(at / track.form.size)) * SECTOR;
}
