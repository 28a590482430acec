import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SelfCheck, SelfSum } from '../../../protocol/self-check.ts';
import { ascii, buildImage } from '../../../formats/iso9660/testing/build.ts';
import { BytesSource } from '../../../source/bytes.ts';
import { CountingSource } from '../../../source/counting.ts';
import { openImage } from '../../open.ts';
import { checkItself } from './index.ts';
import { readImplanted } from './implanted.ts';

const SUMS = new URL('../../../../fixtures/sums/', import.meta.url);
const fixture = (name: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(new URL(`${name}.img.gz`, SUMS))));
const said = <T>(name: string): T => JSON.parse(readFileSync(new URL(`${name}.json`, SUMS), 'utf8')) as T;

async function check(bytes: Uint8Array): Promise<SelfCheck> {
  const image = await openImage(new BytesSource(bytes, 'disc.iso'));
  if (image.detection.readable) await image.readAll();
  return checkItself(image, () => undefined);
}

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

describe('the sum that implantisomd5 leaves', () => {
  const bytes = fixture('implanted');
  const judge = said<{
    readonly md5: string;
    readonly fragments: string;
    readonly count: number;
    readonly supported: boolean;
    readonly whole: string;
    readonly damaged: readonly { readonly at: number; readonly verdict: string }[];
  }>('implanted');

  it('is read as checkisomd5 reads it', async () => {
    const found = await readImplanted(new BytesSource(bytes, 'disc.iso'));
    expect(found).toMatchObject({ md5: judge.md5, fragmentCount: judge.count, supported: judge.supported });
    expect(found?.fragments.join('')).toBe(judge.fragments);
  });

  it('agrees where checkisomd5 says PASS', async () => {
    expect(judge.whole).toBe('PASS');
    const { state, sums } = await check(bytes);
    expect([state, sums.map(({ kind, state }) => [kind, state])]).toEqual(['right', [['implanted', 'right']]]);
  });

  it.each(judge.damaged)(
    'with a changed byte at $at is judged as by checkisomd5 ($verdict), and the place is in the fragment named',
    async ({ at, verdict }) => {
      const [sum] = (await check(changed(bytes, at))).sums;
      expect(sum?.state).toBe(verdict === 'PASS' ? 'right' : 'wrong');
      if (verdict === 'PASS') return;
      const [bad] = sum?.bad ?? [];
      expect(at).toBeGreaterThanOrEqual(bad?.from ?? Infinity);
      expect(at).toBeLessThan(bad?.to ?? 0);
      // Twenty fragments, each told with the piece of 32 KiB in which it ends.
      expect((bad?.to ?? 0) - (bad?.from ?? 0)).toBeLessThanOrEqual(bytes.length / 20 + 2 * 32_768);
    },
  );

  it('of an image that is cut says that it ends before what was summed', async () => {
    const [sum] = (await check(bytes.slice(0, 700_000))).sums;
    expect([sum?.state, sum?.sentence]).toEqual(['wrong', 'The image ends before all that its maker summed.']);
  });
});

describe('the sums of libisofs and lists among the files', () => {
  const bytes = fixture('tagged');
  const judge = said<{
    readonly files: Readonly<Record<string, string>>;
    readonly damaged: { readonly at: number; readonly paths: readonly string[] };
  }>('tagged');
  const byTitle = ({ sums }: SelfCheck, title: string): SelfSum => sums.find((sum) => sum.title.startsWith(title))!;

  it('are all found and compared, and what is wrong by construction is named', async () => {
    const found = await check(bytes);
    expect(byTitle(found, 'Checksum tags')).toMatchObject({ state: 'right', count: 4 });
    expect(byTitle(found, 'MD5 of each file')).toMatchObject({ state: 'right', right: Object.keys(judge.files).length });
    expect(byTitle(found, 'md5sum.txt')).toMatchObject({ state: 'right', right: 3 });
    expect(byTitle(found, 'SHA256SUMS')).toMatchObject({ state: 'right', right: 2 });
    expect(byTitle(found, 'b.sha512')).toMatchObject({ state: 'right', right: 1 });
    expect(byTitle(found, '.treeinfo')).toMatchObject({ state: 'right', right: 1 });
    expect(byTitle(found, 'c.sha512')).toMatchObject({ state: 'wrong', wrong: 1, bad: [{ path: '/live/c.txt', state: 'wrong' }] });
    expect(byTitle(found, 'gone.md5')).toMatchObject({
      state: 'wrong',
      absent: 1,
      bad: [{ path: '/gone.txt', state: 'absent', from: null }],
    });
    expect(found.state).toBe('wrong');
  });

  it('name the file in which xorriso finds a difference, and the tag behind it', async () => {
    const { at, paths } = judge.damaged;
    const found = await check(changed(bytes, at));
    expect(paths).toEqual(['/live/b.txt']);
    expect(byTitle(found, 'MD5 of each file').bad.map(({ path }) => path)).toEqual(paths);
    for (const list of ['md5sum.txt', 'SHA256SUMS', 'b.sha512', '.treeinfo'])
      expect(
        byTitle(found, list).bad.map(({ path }) => path),
        list,
      ).toEqual(paths);
    const tags = byTitle(found, 'Checksum tags');
    expect([tags.wrong, tags.right]).toEqual([1, 3]);
    expect(tags.bad[0]?.from).toBeLessThanOrEqual(at);
    expect(tags.bad[0]?.to).toBeGreaterThan(at);
  });

  it('say so where the array itself is damaged', async () => {
    const { place } = byTitle(await check(bytes), 'MD5 of each file');
    const sum = byTitle(await check(changed(bytes, (place as number) + 40)), 'MD5 of each file');
    expect([sum.state, sum.sentence]).toEqual(['unchecked', 'The sums themselves are damaged: nothing can be compared with them.']);
  });

  it('are compared in one pass over the image', async () => {
    const source = new CountingSource(new BytesSource(bytes, 'disc.iso'));
    const image = await openImage(source);
    await image.readAll();
    const before = source.bytes;
    const { bytes: read } = await checkItself(image, () => undefined);
    expect(read).toBeLessThanOrEqual(bytes.length);
    expect(source.bytes - before).toBeLessThan(bytes.length * 1.5);
  });

  it('stop when they are cancelled', async () => {
    const image = await openImage(new BytesSource(bytes, 'disc.iso'));
    await image.readAll();
    const stop = new AbortController();
    await expect(checkItself(image, () => stop.abort(), stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it('a disc without any says so', async () => {
  const found = await check(buildImage([{ name: 'ONE.TXT;1', contents: ascii('one') }]));
  expect([found.state, found.sentence, found.bytes]).toEqual(['none', 'This disc holds no checksums of itself.', 0]);
});

it('a list that names one large file thousands of times is answered by one sum', async () => {
  const line = `${'0'.repeat(32)}  BIG.BIN\n`;
  const disc = buildImage([
    { name: 'BIG.BIN;1', contents: new Uint8Array(200_000) },
    { name: 'MD5SUM.TXT;1', contents: ascii(line.repeat(20_000)) },
  ]);
  const found = await check(disc);
  expect([found.sums[0]?.wrong, found.sums[0]?.bad.length, found.bytes]).toEqual([20_000, 1_000, 200_000]);
});
