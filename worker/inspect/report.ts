import type { InspectionReport } from '../protocol/inspector.ts';
import type { DiscImage } from './image.ts';

/** Findings in a report at most; the totals of an overview count all of them. */
const MAX_FINDINGS = 2_000;

/** All that was seen of an image, as plain data (schema: docs/report.schema.json). */
export function report(image: DiscImage, version: string): InspectionReport {
  const overview = image.overview();
  return {
    isoscope: version,
    name: overview.name,
    size: overview.size,
    detected: overview.detection.id,
    title: overview.detection.title,
    shown: overview.shown,
    views: overview.views,
    volumes: image.opened.flatMap((format) => format.report),
    boot: image.opened.flatMap((format) => format.boot),
    findings: image
      .allFindings()
      .flatMap((findings) => findings.list)
      .slice(0, MAX_FINDINGS),
  };
}
