import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { BytesSource } from '../source/bytes.ts';
import { checksumsOf, shared } from './checksums.ts';

const bytes = Uint8Array.from({ length: 5_000_003 }, (_, index) => (index * 7919) & 255);
const noWorker = (): Worker => {
  throw new Error('there are no workers here');
};
/** What b3sum 1.2.0 says of these bytes. */
const BY_B3SUM = 'f04236ebe101b45c1512328b06830c0564359c909b8629ec8764b17be7821db4';

it('sums in one pass what other programs sum one by one', async () => {
  let told = 0;
  const names = ['md5', 'sha1', 'sha256', 'sha512', 'blake2b'] as const;
  const sums = await checksumsOf(
    new BytesSource(bytes, 'x'),
    names,
    { start: noWorker, workers: 4 },
    (done) => (told = done),
    new AbortController().signal,
  );
  const digest = (name: string): string => createHash(name).update(bytes).digest('hex');
  expect(sums).toEqual({ md5: digest('md5'), sha1: digest('sha1'), sha256: digest('sha256'), sha512: digest('sha512'), blake2b: digest('blake2b512') }); // prettier-ignore
  expect(told).toBe(bytes.length);
});

it('sums BLAKE3 as b3sum does', async () => {
  const how = { start: noWorker, workers: 1 };
  const { blake3 } = await checksumsOf(new BytesSource(bytes, 'x'), ['blake3'], how, () => undefined, new AbortController().signal);
  expect(blake3).toBe(BY_B3SUM);
});

it('stops when it is cancelled', async () => {
  const stop = new AbortController();
  const how = { start: noWorker, workers: 1 };
  const summing = checksumsOf(new BytesSource(bytes, 'x'), ['md5'], how, () => stop.abort(), stop.signal);
  await expect(summing).rejects.toMatchObject({ name: 'AbortError' });
});

it('gives the dearest sum a worker of its own where there are two', () => {
  expect(shared(['sha256', 'md5', 'sha1'], 2)).toEqual([['sha256'], ['md5', 'sha1']]);
  expect(shared(['md5', 'sha256', 'sha512', 'blake3'], 8)).toHaveLength(4);
  expect(shared(['md5', 'sha256'], 1)).toEqual([['sha256', 'md5']]);
});
