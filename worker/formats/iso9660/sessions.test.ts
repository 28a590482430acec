import { describe, expect, it } from 'vitest';
import { BytesSource } from '../../source/bytes.ts';
import { CountingSource } from '../../source/counting.ts';
import { findSessions } from './sessions.ts';

const SECTOR = 2048;

/** The descriptor of a session and the root directory it names: all that marks a session (ECMA-119 8.4, 9.1). */
interface Session {
  readonly start: number;
  readonly blocks: number;
  readonly root: number;
  /** The block number in the root's own "." record; the root's place where it tells the truth. */
  readonly self?: number;
}

function image(sectors: number, sessions: readonly Session[]): CountingSource {
  const bytes = new Uint8Array(sectors * SECTOR);
  const view = new DataView(bytes.buffer);
  for (const { start, blocks, root, self = root } of sessions) {
    const at = (start + 16) * SECTOR;
    bytes.set([1, ...new TextEncoder().encode('CD001'), 1], at);
    view.setUint32(at + 80, blocks, true);
    view.setUint16(at + 128, SECTOR, true);
    view.setUint32(at + 158, root, true);
    bytes.set([34], root * SECTOR);
    view.setUint32(root * SECTOR + 2, self, true);
    bytes.set([1, 0], root * SECTOR + 32);
  }
  return new CountingSource(new BytesSource(bytes, 'sessions.iso'));
}

describe('the sessions of an image', () => {
  it('are one where nothing follows the volume, and that costs few reads', async () => {
    const source = image(100, [{ start: 0, blocks: 100, root: 20 }]);
    expect(await findSessions(source)).toEqual([0]);
    expect(source.reads).toBeLessThan(4);
  });

  it('follow each other at the next multiple of 32 sectors, sizes counted from each one’s start', async () => {
    const source = image(300, [
      { start: 0, blocks: 90, root: 20 },
      { start: 96, blocks: 50, root: 120 },
      { start: 160, blocks: 140, root: 180 },
    ]);
    expect(await findSessions(source)).toEqual([0, 96, 160]);
  });

  it('may claim their end counted from the start of the disc', async () => {
    const source = image(300, [
      { start: 0, blocks: 90, root: 20 },
      { start: 96, blocks: 150, root: 120 },
      { start: 160, blocks: 300, root: 180 },
    ]);
    expect(await findSessions(source)).toEqual([0, 96, 160]);
  });

  it('begin at sector 32 on overwritable media, whose sector 16 repeats the last', async () => {
    const source = image(200, [
      { start: 0, blocks: 190, root: 114 },
      { start: 32, blocks: 30, root: 50 },
      { start: 64, blocks: 30, root: 82 },
      { start: 96, blocks: 94, root: 114 },
    ]);
    expect(await findSessions(source)).toEqual([32, 64, 96]);
  });

  it('lie behind the lead-out and lead-in of a CD', async () => {
    const source = image(12_000, [
      { start: 0, blocks: 300, root: 20 },
      { start: 11_700, blocks: 300, root: 11_720 },
    ]);
    expect(await findSessions(source)).toEqual([0, 11_700]);
  });

  it('are not what an image inside a file looks like: its root stands elsewhere', async () => {
    const source = image(300, [
      { start: 0, blocks: 90, root: 20 },
      { start: 100, blocks: 50, root: 130, self: 30 },
    ]);
    expect(await findSessions(source)).toEqual([0]);
  });
});
