import type { InspectionReport } from '../../worker/protocol/inspector.ts';
import { bootPlatform } from '../details/boot-words.ts';
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

/** In a list of structures it goes without saying that one is a descriptor. */
const short = (title: string): string => title.replace(/ descriptor( pointer)?$/, '');

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
        if (typeof catalog === 'number') add('Boot', { title: 'Catalogue', at: catalog * SECTOR });
      } else add(GROUPS[format] ?? format, { title: short(title), at });
    }
  }
  for (const { platform, offset } of report.boot) add('Boot', { title: `Image for ${bootPlatform(platform)}`, at: offset });
  return [...groups].map(([title, places]) => ({ title, places: [...places].sort((a, b) => a.at - b.at) }));
}
