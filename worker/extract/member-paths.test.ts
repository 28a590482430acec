import { expect, it } from 'vitest';
import type { Catalog } from '../catalog/catalog.ts';
import type { Volume } from '../formats/volume.ts';
import { NO_PARENT } from './families.ts';
import { MemberPaths } from './member-paths.ts';

const catalog = { name: (entry: number) => Uint8Array.of(entry) } as unknown as Catalog;
const volume = { decodeName: ([entry]: Uint8Array) => `é${entry}` } as unknown as Volume;

it('a path is the names from the top down, in whatever order members are asked for', () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48271) % 0x7fffffff) % below;
  const count = 200;
  const parent = Uint32Array.from({ length: count }, (_, index) => (random(9) === 0 || index === 0 ? NO_PARENT : random(index)));
  const entry = Uint32Array.from({ length: count }, (_, index) => index);
  const paths = new MemberPaths(catalog, volume, entry, parent);
  for (let index = 0; index < count; index++) paths.setName(index, index % 3 === 0 ? `safe${index}` : `é${index}`, `é${index}`);
  paths.measure();
  const expected = (index: number): string => {
    const name = index % 3 === 0 ? `safe${index}` : `é${index}`;
    return parent[index] === NO_PARENT ? name : `${expected(parent[index] as number)}/${name}`;
  };
  for (let turn = 0; turn < 5000; turn++) {
    const index = turn < count ? turn : random(count);
    expect(paths.path(index)).toBe(expected(index));
    expect(paths.length(index)).toBe(Buffer.byteLength(expected(index)));
    expect(paths.depth(index)).toBe(expected(index).split('/').length - 1);
  }
});
