import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../protocol/entry.ts';
import type { ImageOverview } from '../protocol/inspector.ts';
import type { SaveRequest } from '../protocol/save.ts';
import { ImageInspector } from './inspector.ts';

const BY_NAME = { sort: 'name', descending: false, hidden: true, filter: '' } as const;
const LIMIT = 64 * 1024 * 1024;

function fixture(name: string): File {
  return new File([gunzipSync(readFileSync(new URL(`../../fixtures/${name}.img.gz`, import.meta.url)))], `${name}.iso`);
}

/** An inspector with this fixture open and read to its end. */
async function opened(name: string): Promise<{ inspector: ImageInspector; overview: ImageOverview }> {
  const inspector = new ImageInspector('test');
  const overview = await new Promise<ImageOverview>((resolve, reject) => {
    const settle = (now: ImageOverview): void => {
      if (now.complete) resolve(now);
    };
    inspector.open([fixture(name)], settle).then(settle, reject);
  });
  return { inspector, overview };
}

describe('the door between page and worker', () => {
  it('tells the trees of a disc, and lists one by windows of rows', async () => {
    const { inspector, overview } = await opened('rockridge');
    expect(overview.detection.readable).toBe(true);
    expect(overview.shown).toBe('rockridge');
    const listing = await inspector.list('rockridge', ROOT, BY_NAME);
    expect(listing.complete).toBe(true);
    const rows = await inspector.rows('rockridge', listing.entries);
    const names = rows.map((row) => row.name);
    expect(names.length).toBeGreaterThan(2);
    const first = names[0] as string;
    expect(await inspector.findPrefix('rockridge', listing.entries, first.toUpperCase(), 1)).toBe(0);
    const file = rows.find((row) => row.kind === 'file');
    const details = await inspector.details('rockridge', file?.entry ?? -1);
    expect(details.path).toBe(`/${file?.name}`);
    expect(details.mode).not.toBeNull();
  });

  it('reads what a column shows of a record, and puts a list in order by it', async () => {
    const { inspector } = await opened('rockridge');
    const columns = ['mode', 'owner', 'links', 'stored', 'pieces', 'accessed', 'changed', 'created'] as const;
    const { entries, rows } = await inspector.list('rockridge', ROOT, { ...BY_NAME, sort: 'stored', columns });
    for (const { entry, record, kind } of rows) {
      const { mode, uid, gid, links, times } = await inspector.details('rockridge', entry);
      expect(record).toMatchObject({ mode, owner: [uid, gid], links, accessed: times.accessed ?? null, created: times.created ?? null });
      if (kind === 'directory') expect(record).toMatchObject({ stored: null, pieces: null });
    }
    const stored = rows.flatMap(({ record }) => record?.stored ?? []);
    expect(new Set(stored).size).toBeGreaterThan(1);
    expect(stored).toEqual(stored.toSorted((a, b) => a - b));
    const backwards = await inspector.list('rockridge', ROOT, { ...BY_NAME, sort: 'stored', descending: true });
    expect(backwards.entries).not.toEqual(entries);
    expect(backwards.rows[0]?.record).toBeUndefined();
  });

  it('lists the root of the tree it shows first when asked together with opening, rows and path with it', async () => {
    const inspector = new ImageInspector('test');
    const opening = inspector.open([fixture('rockridge')], () => undefined);
    const listing = await inspector.list(null, ROOT, BY_NAME);
    expect(listing.view).toBe((await opening).shown);
    expect(listing.path.map(({ entry }) => entry)).toEqual([ROOT]);
    expect(listing.rows).toEqual(await inspector.rows(listing.view, listing.entries.slice(0, listing.rows.length)));
    expect(listing.rows.length).toBe(listing.entries.length);
  });

  it('plans a ZIP of everything, and the ZIP is as large as planned and holds as many files', async () => {
    const { inspector, overview } = await opened('joliet');
    const request: SaveRequest = {
      view: overview.shown ?? 'joliet',
      entries: Uint32Array.of(ROOT),
      format: 'zip',
      compression: 'stored',
      partial: false,
      hidden: true,
    };
    const plan = await inspector.plan(request);
    const phases = new Set<string>();
    const result = await inspector.save(plan.plan, { to: 'blob', limit: LIMIT }, ({ phase }) => void phases.add(phase));
    expect(result.size).toBe(plan.size);
    expect(result.blob?.size).toBe(plan.size);
    const members = unzipSync(new Uint8Array((await result.blob?.arrayBuffer()) ?? new ArrayBuffer(0)));
    expect(Object.keys(members).filter((name) => !name.endsWith('/')).length).toBe(plan.files);
    expect([...phases]).toEqual(['write']);
    await expect(inspector.save(plan.plan, { to: 'blob', limit: LIMIT }, () => undefined)).rejects.toMatchObject({ feature: 'no-plan' });
  });

  it('ends a cancelled save with an AbortError', async () => {
    const { inspector } = await opened('rockridge');
    const request: SaveRequest = {
      view: 'rockridge',
      entries: Uint32Array.of(ROOT),
      format: 'tar',
      compression: 'stored',
      partial: false,
      hidden: true,
    };
    const { plan } = await inspector.plan(request);
    const saving = inspector.save(plan, { to: 'blob', limit: LIMIT }, () => undefined);
    await inspector.cancel(plan);
    await expect(saving).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('refuses a view that the disc does not have, and names what is no disc', async () => {
    const { inspector } = await opened('level1');
    await expect(inspector.list('joliet', ROOT, BY_NAME)).rejects.toMatchObject({ feature: 'no-view' });
    const other = new ImageInspector('test');
    const overview = await other.open([new File(['hello'], 'hello.iso')], () => undefined);
    expect([overview.detection.id, overview.shown]).toEqual(['text', null]);
  });

  it('holds a save while it is paused, and lets it go on or end', async () => {
    const { inspector } = await opened('rockridge');
    const request: SaveRequest = {
      view: 'rockridge',
      entries: Uint32Array.of(ROOT),
      format: 'zip',
      compression: 'stored',
      partial: false,
      hidden: true,
    };
    const { plan } = await inspector.plan(request);
    await inspector.pause(plan, true);
    let done = false;
    const save = inspector.save(plan, { to: 'blob', limit: LIMIT }, () => undefined).finally(() => (done = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(done).toBe(false);
    await inspector.pause(plan, false);
    expect((await save).blob?.size).toBeGreaterThan(0);
    const stopped = await inspector.plan(request);
    await inspector.pause(stopped.plan, true);
    const end = inspector.save(stopped.plan, { to: 'blob', limit: LIMIT }, () => undefined);
    const ended = expect(end).rejects.toMatchObject({ name: 'AbortError' });
    await inspector.cancel(stopped.plan);
    await ended;
  });

  it('finds entries again by their paths after the image was opened anew', async () => {
    const first = (await opened('rockridge')).inspector;
    const { entries } = await first.list('rockridge', ROOT, BY_NAME);
    const paths = await first.paths('rockridge', entries);
    expect(paths.every((path) => path.startsWith('/'))).toBe(true);
    const second = (await opened('rockridge')).inspector;
    const found = await second.find('rockridge', [...paths, '/not there', '/']);
    expect(await second.paths('rockridge', found)).toEqual([...paths, '/']);
  });
});

describe('symbolic links', () => {
  const ESCAPE = new URL('../../../shared/corpus/hostile/hostile-symlink-escape.iso', import.meta.url);

  it('are followed inside the image, to a file by a path of several directories', async () => {
    const inspector = new ImageInspector('test');
    const bytes = readFileSync(new URL('../../public/sample.iso', import.meta.url));
    await inspector.open([new File([bytes], 'sample.iso')], () => undefined);
    const { entries } = await inspector.list('rockridge', ROOT, BY_NAME);
    const rows = await inspector.rows('rockridge', entries);
    const link = rows.find((row) => row.kind === 'symlink');
    const details = await inspector.details('rockridge', link?.entry ?? -1);
    expect(details.link).toMatchObject({ kind: 'file', path: '/Documents/How a disc holds its files.md', problem: '' });
    expect(details.link?.path).toBe(`/${details.target}`);
    expect((await inspector.details('rockridge', ROOT)).link).toBeNull();
  });

  it.skipIf(!existsSync(ESCAPE))('that lead nowhere, out of the disc or in a circle say why', async () => {
    const inspector = new ImageInspector('test');
    await inspector.open([new File([readFileSync(ESCAPE)], 'escape.iso')], () => undefined);
    const { entries } = await inspector.list('rockridge', ROOT, BY_NAME);
    const told = new Map<string, string>();
    for (const row of await inspector.rows('rockridge', entries))
      if (row.kind === 'symlink') told.set(row.name, (await inspector.details('rockridge', row.entry)).link?.problem ?? '');
    expect(told.get('up')).toContain('there is no “etc” in the root');
    expect(told.get('abs')).toContain('there is no “etc” in the root');
    for (const name of ['self', 'ping', 'pong']) expect(told.get(name)).toContain('in a circle');
    expect(told.get('empty')).toContain('no target');
  });
});
