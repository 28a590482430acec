import { describe, expect, it } from 'vitest';
import { ROOT, type EntryId } from '../protocol/entry.ts';
import { Findings } from '../formats/findings.ts';
import type { EntryRecord, EntrySink, ScannedEntry, Volume } from '../formats/volume.ts';
import { compareSessions } from './compare.ts';
import { followLink } from './links.ts';
import { ExtentRoom } from './listing.ts';
import { View } from './view.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const entry = (name: string, kind: ScannedEntry['kind'] = 'file'): ScannedEntry => ({
  name: encoder.encode(name),
  kind,
  size: 0,
  modified: 0,
  offset: 0,
  record: 0,
  presence: 'whole',
  hidden: false,
  associated: false,
  content: true,
});

/** A read view that counts how many names it decodes. */
async function counted(fill: (sink: EntrySink) => void, target = ''): Promise<{ view: View; decoded: () => number }> {
  let decoded = 0;
  const volume = {
    id: 'iso9660',
    findings: new Findings(),
    decodeName: (bytes: Uint8Array) => (decoded++, decoder.decode(bytes)),
    describe: async () => [{ target: encoder.encode(target) }] as unknown as EntryRecord[],
    read: async (sink: EntrySink) => fill(sink),
  } as unknown as Volume;
  const view = new View(volume);
  await view.read(() => undefined);
  return { view, decoded: () => decoded };
}

describe('in linear time', () => {
  it('a link is followed whose target leads through one large directory again and again', async () => {
    let link: EntryId = -1;
    const fill = (sink: EntrySink): void => {
      sink.begin(ROOT);
      const directory = sink.add(entry('d', 'directory'));
      link = sink.add(entry('link', 'symlink'));
      for (let index = 0; index < 1000; index++) sink.add(entry(`f${index}`));
      sink.end(ROOT, true);
      sink.begin(directory);
      sink.end(directory, true);
    };
    const { view, decoded } = await counted(fill, `${'d/../'.repeat(800)}f999`);
    expect(await followLink(view, link)).toMatchObject({ path: '/f999', problem: '' });
    expect(decoded()).toBeLessThan(2000);
  });

  it('two states of a very deep disc are compared', async () => {
    const levels = 200;
    const fill =
      (files: readonly string[]) =>
      (sink: EntrySink): void => {
        let at = ROOT;
        for (let level = 0; level < levels; level++) {
          sink.begin(at);
          const next = sink.add(entry(`${level}`, 'directory'));
          sink.end(at, true);
          at = next;
        }
        sink.begin(at);
        for (const name of files) sink.add(entry(name));
        sink.end(at, true);
      };
    const names = Array.from({ length: 1000 }, (_, index) => `f${index}`);
    const before = await counted(fill(names));
    const after = await counted(fill([...names.slice(1), 'new']));
    const { added, changed, removed } = compareSessions(before.view, after.view);
    expect([added.length, changed.length, removed.length, removed[0]?.endsWith('/198/199/f0')]).toEqual([1, 0, 1, true]);
    expect(before.decoded() + after.decoded()).toBeLessThan(3 * (levels + 1000));
  });
});

describe('extents of a list', () => {
  it('are given up to a million of them, and one of each entry always', () => {
    const room = new ExtentRoom();
    const record = { runs: [{ offset: 7, length: 1 }, { zeros: 2 }] } as unknown as EntryRecord;
    const listed = [[7, 1], [null, 2]]; // prettier-ignore
    expect([room.take(record, 600_000), room.take(record, 600_000), room.take(record, 400_000)]).toEqual([listed, null, listed]);
    expect([room.take(record, 2), room.take(record, 1)]).toEqual([null, listed]);
  });
});
