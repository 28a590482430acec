import { describe, expect, it } from 'vitest';
import { buildImage, type Node } from './testing/build.ts';
import { listTree, openBytes, viewOf } from './testing/tree.ts';

describe('an associated file', () => {
  it('gives an associated file beside its file a name of its own (ECMA-119 9.1.6, 9.3)', async () => {
    const pair: Node[] = [
      { name: 'M.TXT;1', contents: new Uint8Array(7), flags: 4 },
      { name: 'M.TXT;1', contents: new Uint8Array(50) },
      { name: 'Z.TXT;1', contents: new Uint8Array(9), flags: 4 },
    ];
    const tree = await listTree(viewOf(await openBytes(buildImage(pair)), 'iso9660'));
    expect([...tree].map(([path, { size, associated }]) => [path, size, associated])).toEqual([
      ['/M.TXT;1 (associated)', 7, true],
      ['/M.TXT;1', 50, false],
      ['/Z.TXT', 9, true],
    ]);
    const joliet = await listTree(viewOf(await openBytes(buildImage([], { joliet: pair })), 'joliet'));
    expect([...joliet.keys()]).toEqual(['/M.TXT;1 (associated)', '/M.TXT;1', '/Z.TXT;1']);
  });
});
