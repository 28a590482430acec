import { describe, expect, it } from 'vitest';
import { openImage } from '../../inspect/open.ts';
import { BytesSource } from '../../source/bytes.ts';
import { TestDisc } from './testing/build.ts';

describe('a disc written bit by bit, twice (UDF 2.60 2.2.11)', () => {
  const before = [{ name: 'kept.txt', contents: new TextEncoder().encode('kept') }];
  const added = [{ name: 'new.txt', contents: new TextEncoder().encode('new') }];
  const disc = new TestDisc(before, 'virtual', added);
  const namesIn = async (session?: number): Promise<string[]> => {
    const image = await openImage(new BytesSource(disc.bytes, 'disc.udf'), session === undefined ? {} : { session });
    await image.readAll();
    const { catalog } = image.view('udf')!;
    return Array.from({ length: catalog.count - 1 }, (_, index) => new TextDecoder().decode(catalog.name(index + 1)));
  };

  it('shows its last state, and gives the earlier one as a session', async () => {
    expect(await namesIn()).toEqual(['kept.txt', 'new.txt']);
    expect(await namesIn(2)).toEqual(['kept.txt', 'new.txt']);
    expect(await namesIn(1)).toEqual(['kept.txt']);
    await expect(namesIn(3)).rejects.toThrow('this disc has 2 sessions');
  });

  it('names its states by the place of their tables', async () => {
    const { session } = await openImage(new BytesSource(disc.bytes, 'disc.udf'));
    expect(session.sessions.map(({ kind }) => kind)).toEqual(['state', 'state']);
    expect(session.session).toBe(2);
    const [first, second] = session.sessions.map(({ start }) => start);
    expect(first).toBeLessThan(second ?? 0);
  });
});
