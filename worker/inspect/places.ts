import type { Finding } from '../protocol/finding.ts';
import { ROOT } from '../protocol/entry.ts';
import { pathOf } from '../catalog/path.ts';
import type { View } from './view.ts';

/**
 * Name the entry that a finding is about, where its place tells: it lies in the entry's first piece of contents, or in
 * its record. `placeOf` gives an offset in the data that the view lists; null where there is none.
 */
export function namePlaces(
  view: View,
  findings: readonly Finding[],
  placeOf: (at: number) => number | null = (at) => at,
): readonly Finding[] {
  const { catalog, volume } = view;
  const places = findings
    .flatMap((finding, index) => (finding.at === null ? [] : [{ index, at: placeOf(finding.at) ?? -1 }]))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  if (places.length === 0) return findings;
  const named = new Map<number, string>();
  const take = (entry: number, from: number, length: number): void => {
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] as { at: number }).at < from) low = middle + 1;
      else high = middle;
    }
    for (let place = places[low]; place && place.at < from + length; place = places[++low]) {
      if (!named.has(place.index))
        named.set(
          place.index,
          pathOf(catalog, (bytes) => volume.decodeName(bytes), entry),
        );
    }
  };
  for (let entry = ROOT + 1; entry < catalog.count; entry++) {
    const span = volume.recordSpan?.(catalog.record(entry));
    if (span) take(entry, ...span);
    if (catalog.kind(entry) === 'file') take(entry, catalog.offset(entry), catalog.size(entry));
  }
  return findings.map((finding, index) => {
    const path = named.get(index);
    return path === undefined ? finding : { ...finding, path };
  });
}
