import type { InspectionReport } from '../../worker/protocol/inspector.ts';
import { SECTOR } from './places.ts';

/** A structure of the image that one can go to. */
export interface KnownPlace {
  readonly title: string;
  readonly at: number;
}

export interface PlaceGroup {
  readonly title: string;
  readonly places: readonly KnownPlace[];
}

const GROUPS: Readonly<Record<string, string>> = { iso9660: 'Volume descriptors', 'el-torito': 'Boot', udf: 'UDF' };

/** What the report names, in groups, each in order of place. */
export function knownPlaces(report: InspectionReport): PlaceGroup[] {
  const groups = new Map<string, KnownPlace[]>([['Before the file systems', [{ title: 'System area', at: 0 }]]]);
  const add = (title: string, place: KnownPlace): void => {
    groups.set(title, [...(groups.get(title) ?? []), place]);
  };
  for (const { format, descriptors } of report.volumes) {
    for (const { title, at, fields } of descriptors) {
      if (format === 'el-torito') {
        const catalog = fields['bootCatalogSector'];
        if (typeof catalog === 'number') add('Boot', { title: 'Boot catalogue', at: catalog * SECTOR });
      } else add(GROUPS[format] ?? format, { title, at });
    }
  }
  for (const { platform, offset } of report.boot) add('Boot', { title: `Boot image, ${platform}`, at: offset });
  return [...groups].map(([title, places]) => ({ title, places: [...places].sort((a, b) => a.at - b.at) }));
}
