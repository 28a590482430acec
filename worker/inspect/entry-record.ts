import type { ListedDetails } from './listing.ts';
import { hexOf } from '../bytes/hex.ts';
import { isText, pathBytes } from '../catalog/path.ts';
import type { View } from './view.ts';

/** An entry as programs read it: what `ls --json` writes on a line, and the list saved from the page. */
export function entryRecord(view: View, details: ListedDetails): Record<string, unknown> {
  const bytes = pathBytes(view.catalog, details.entry);
  return {
    path: details.path,
    ...(isText(bytes) ? {} : { pathBytes: hexOf(bytes) }),
    kind: details.kind,
    size: details.size,
    modified: details.times.modified === undefined ? null : isoTime(details.times.modified),
    target: details.target,
    mode: details.mode,
    uid: details.uid,
    gid: details.gid,
    links: details.links,
    hidden: details.hidden,
    extents: details.extents,
  };
}

/** ISO 8601 in UTC; milliseconds only where there are some. */
export function isoTime(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
