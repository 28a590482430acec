import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Catalog } from '../../catalog/catalog.ts';
import { ImageError } from '../../protocol/errors.ts';
import { BytesSource } from '../../source/bytes.ts';
import type { Volume } from '../volume.ts';
import { iso9660 } from './index.ts';

const CORPUS = new URL('../../../../shared/corpus/', import.meta.url);
const present = existsSync(new URL('index.json', CORPUS));

interface Expected {
  readonly path: string;
  readonly kind: string;
  readonly size?: number | null;
  readonly modified?: string | null;
  readonly target?: string;
  readonly sha256?: string | null;
  readonly cut?: boolean;
}
interface ExpectedView {
  readonly entries: readonly Expected[];
  readonly ignore?: readonly string[];
  readonly complete: boolean;
  readonly milestone: string;
}
interface Item {
  readonly name: string;
  readonly stored?: string;
  readonly packing?: string;
  readonly expect: string;
  readonly files?: readonly { readonly stored: string; readonly packing?: string }[];
}

const json = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, CORPUS), 'utf8')) as T;
const items = present ? json<Item[]>('index.json').filter((item) => item.stored ?? item.files) : [];

/** All entries of a view with what EXPECT compares, contents hashed. */
async function list(volume: Volume): Promise<Expected[]> {
  const catalog = new Catalog();
  await volume.read(catalog);
  const paths = [''];
  const rows: Expected[] = [];
  const ids = Array.from({ length: catalog.count - 1 }, (_, index) => index + 1);
  const records = await volume.describe(ids.map((id) => catalog.record(id)));
  for (const [index, id] of ids.entries()) {
    const record = records[index];
    if (!record) continue;
    const path = `${paths[catalog.parent(id)]}/${volume.decodeName(catalog.name(id))}`;
    paths[id] = path;
    const kind = catalog.kind(id);
    const modified = catalog.modified(id);
    let sha256: string | null = null;
    if (kind === 'file') {
      try {
        const source = volume.open(record, path);
        expect(source.size).toBe(catalog.size(id));
        const hash = createHash('sha256');
        for await (const chunk of source.stream(0, source.size)) hash.update(chunk);
        sha256 = hash.digest('hex');
      } catch (error) {
        if (!(error instanceof Error) || !['ImageError', 'SourceError', 'Unsupported'].includes(error.name)) throw error;
      }
    }
    rows.push({
      path,
      kind,
      size: kind === 'file' ? catalog.size(id) : null,
      modified: modified === modified ? new Date(modified).toISOString() : null,
      ...(record.target ? { target: volume.decodeName(record.target) } : {}),
      sha256,
    });
  }
  return rows;
}

const second = (time: string | null | undefined): number =>
  time === null || time === undefined ? NaN : Math.floor(Date.parse(time) / 1000);

/** What differs, a line for each. */
function differences(view: string, want: ExpectedView, got: Expected[]): string[] {
  const lines: string[] = [];
  const ignore = new Set(want.ignore ?? []);
  const left = [...got];
  for (const entry of want.entries) {
    const same = (row: Expected): boolean => row.path === entry.path && row.kind === entry.kind;
    let at = left.findIndex((row) => same(row) && row.sha256 === entry.sha256);
    if (at < 0) at = left.findIndex(same);
    if (at < 0) {
      lines.push(`${view} missing ${entry.path}`);
      continue;
    }
    const [row] = left.splice(at, 1) as [Expected];
    if ('size' in entry && !ignore.has('size') && entry.size !== row.size)
      lines.push(`${view} size ${entry.path} ${entry.size} ${row.size}`);
    if ('target' in entry && !ignore.has('target') && entry.target !== (row.target ?? null))
      lines.push(`${view} target ${entry.path} ${entry.target} ${row.target}`);
    if (entry.modified && !ignore.has('modified') && second(entry.modified) !== second(row.modified))
      lines.push(`${view} modified ${entry.path} ${entry.modified} ${row.modified}`);
    if (entry.kind === 'file' && 'sha256' in entry && !ignore.has('sha256') && !entry.cut && entry.sha256 !== row.sha256)
      lines.push(`${view} sha256 ${entry.path}`);
    if (entry.cut && row.sha256) lines.push(`${view} hash of a cut file ${entry.path}`);
  }
  if (want.complete) for (const row of left) lines.push(`${view} not expected ${row.path}`);
  return lines;
}

function image(item: Item): Uint8Array {
  const file = item.files?.[0] ?? item;
  const bytes = readFileSync(new URL(file.stored as string, CORPUS));
  return file.packing === 'gzip' ? gunzipSync(bytes) : bytes;
}

describe.skipIf(!present)('every ISO 9660 image of ../shared/corpus', () => {
  for (const item of items) {
    const want = json<{
      milestone: string;
      views: Record<string, ExpectedView>;
      exit: number[];
      finding?: boolean;
      maxEntries?: number;
      view: string | null;
      mustList?: Expected[];
      mustContents?: string[];
    }>(item.expect);
    const views = Object.entries(want.views).filter(([, view]) => view.milestone === 'iso');
    if (views.length > 0) {
      it(`reads ${item.name} as EXPECT says`, async () => {
        const opened = await iso9660.open(new BytesSource(image(item), item.name));
        const lines: string[] = [];
        for (const [id, view] of views) {
          const volume = opened.volumes.find((each) => each.id === id);
          if (!volume) lines.push(`${id} is no view`);
          else lines.push(...differences(id, view, await list(volume)));
          if (volume && want.exit.length === 1 && volume.findings.damaged)
            lines.push(`${id} damage: ${volume.findings.list.find(({ severity }) => severity === 'damage')?.detail}`);
        }
        expect(lines.slice(0, 12)).toEqual([]);
      });
    }
    if (want.milestone !== 'hostile' || want.view === 'udf' || /^hostile-udf/.test(item.name)) continue;
    it(`survives ${item.name}`, async () => {
      const source = new BytesSource(image(item), item.name);
      if (!(await iso9660.probe(source))) return;
      const lines: string[] = [];
      const rows = new Map<string, Expected[]>();
      let findings = 0;
      try {
        const opened = await iso9660.open(source);
        findings += opened.findings.list.length;
        // What the volumes claim beyond the image's end is told by inspect/, for all formats.
        findings += opened.volumes.filter(({ claimedSize }) => (claimedSize ?? 0) > source.size).length;
        for (const volume of opened.volumes) {
          try {
            rows.set(volume.id, await list(volume));
          } catch (error) {
            if (!(error instanceof ImageError)) throw error;
            findings++;
          }
          findings += volume.findings.list.length;
        }
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        findings++;
      }
      const shown = (want.view ? rows.get(want.view) : [...rows.values()][0]) ?? [];
      if (shown.length > (want.maxEntries ?? Infinity)) lines.push(`${shown.length} entries`);
      for (const must of want.mustList ?? [])
        if (!shown.some((row) => row.path === must.path && row.sha256 === must.sha256)) lines.push(`missing ${must.path}`);
      for (const must of want.mustContents ?? [])
        if (!shown.some((row) => row.sha256 === must)) lines.push(`contents missing ${must.slice(0, 12)}`);
      if (want.finding && findings === 0 && !/eltorito/.test(item.name)) lines.push('no finding');
      expect(lines).toEqual([]);
    });
  }
});
