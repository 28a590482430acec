import { describe, expect, it } from 'vitest';
import { ROOT } from '../protocol/entry.ts';
import { Findings } from '../formats/findings.ts';
import type { EntrySink, ScannedEntry, Volume } from '../formats/volume.ts';
import { compareSessions, onlyIn } from './compare.ts';
import { View } from './view.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Recorded {
  readonly name: string;
  readonly offset?: number;
  readonly size?: number;
  readonly modified?: number;
}

/** A read view of these files in one directory, "d". */
async function viewOf(files: readonly Recorded[]): Promise<View> {
  const plain = { record: 0, presence: 'whole', hidden: false, associated: false, content: true } as const;
  const entry = ({ name, offset = 0, size = 1, modified = 0 }: Recorded): ScannedEntry => ({
    ...plain,
    name: encoder.encode(name),
    kind: 'file',
    offset,
    size,
    modified,
  });
  const volume = {
    id: 'iso9660',
    findings: new Findings(),
    decodeName: (bytes: Uint8Array) => decoder.decode(bytes),
    async read(sink: EntrySink) {
      sink.begin(ROOT);
      const directory = sink.add({ ...entry({ name: 'd' }), kind: 'directory', size: 0, offset: NaN });
      sink.end(ROOT, true);
      sink.begin(directory);
      for (const file of files) sink.add(entry(file));
      sink.end(directory, true);
    },
  } as unknown as Volume;
  const view = new View(volume);
  await view.read(() => undefined);
  return view;
}

const names = (view: View, entries: Uint32Array): string[] => Array.from(entries, (entry) => decoder.decode(view.catalog.name(entry)));

describe('what one tree has that another lacks', () => {
  it('is told by place and size, not by name; empty files count on no side', async () => {
    const one = await viewOf([
      { name: 'A.TXT', offset: 2048 },
      { name: 'HIDDEN.EXE', offset: 4096 },
      { name: 'LONGER', offset: 6144, size: 9 },
      { name: 'EMPTY', offset: NaN, size: 0 },
    ]);
    const other = await viewOf([
      { name: 'a long name.txt', offset: 2048 },
      { name: 'shorter', offset: 6144, size: 8 },
    ]);
    expect(names(one, onlyIn(one, other))).toEqual(['HIDDEN.EXE', 'LONGER']);
    expect(names(other, onlyIn(other, one))).toEqual(['shorter']);
  });
});

describe('what changed in a session', () => {
  it('is told by path: new, moved or written anew, gone', async () => {
    const before = await viewOf([
      { name: 'kept', offset: 2048 },
      { name: 'changed', offset: 4096 },
      { name: 'gone', offset: 6144 },
    ]);
    const after = await viewOf([
      { name: 'kept', offset: 2048 },
      { name: 'changed', offset: 8192 },
      { name: 'new', offset: 10240 },
    ]);
    const difference = compareSessions(before, after);
    expect([names(after, difference.added), names(after, difference.changed), difference.removed]).toEqual([
      ['new'],
      ['changed'],
      ['/d/gone'],
    ]);
    expect(difference.removedCount).toBe(1);
  });
});
