import { MAP_KINDS, NO_VIEW, type DiscMap } from '../protocol/disc-map.ts';
import { pathOf } from '../catalog/path.ts';
import { loadMap } from '../inspect/lazy.ts';
import type { View } from '../inspect/view.ts';
import type { CommandLine } from './arguments.ts';
import { openPath, Refusal, refusalText, WHOLE, DAMAGED } from './opening.ts';
import { LineWriter, printable, type Terminal } from './terminal.ts';

/** `map IMAGE`: who owns every byte, a line for each run in order of place. */
export async function map(line: CommandLine, terminal: Terminal): Promise<number> {
  const image = await openPath(line, terminal);
  if (image.detection.readable) await image.readAll();
  if (!image.detection.readable) throw new Refusal(refusalText(image));
  const found = await (await loadMap())(image, terminal.signal);
  const views = found.viewIds.map((id) => image.view(id) as View);
  const lines = new LineWriter(terminal);
  for (let run = 0; run < found.runs; run++) {
    const start = found.starts[run] as number;
    const length = (found.starts[run + 1] as number) - start;
    const kind = MAP_KINDS[found.kinds[run] as number] as string;
    const { view, owner } = ownerOf(found, views, run);
    await lines.line(
      line.json
        ? JSON.stringify({ start, length, kind, view, owner })
        : `${String(start).padStart(14)} ${String(length).padStart(14)}  ${kind.padEnd(4)}  ${printable(owner)}`,
    );
  }
  await lines.flush();
  for (const { severity, detail, at } of found.findings)
    terminal.warn(`${severity}: ${printable(detail)}${at === null ? '' : ` (byte ${at})`}`);
  const damaged = image.allFindings().some((findings) => findings.damaged) || image.views.some(({ catalog }) => catalog.cut > 0);
  return damaged || image.missing > 0 ? DAMAGED : WHOLE;
}

/** The owner of a run: an entry's path in its view, or a structure's name. */
function ownerOf(map: DiscMap, views: readonly View[], run: number): { view: string | null; owner: string } {
  const [number, owner] = [map.views[run] as number, map.owners[run] as number];
  if (number === NO_VIEW) return { view: null, owner: map.structureNames[owner]?.name ?? '' };
  const { catalog, volume } = views[number] as View;
  return { view: volume.id, owner: pathOf(catalog, (bytes) => volume.decodeName(bytes), owner) };
}
