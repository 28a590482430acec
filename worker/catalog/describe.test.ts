import { expect, it } from 'vitest';
import type { EntryRecord, Volume } from '../formats/volume.ts';
import { ImageError } from '../protocol/errors.ts';
import { describeAll } from './describe.ts';

/** A volume whose records at these places cannot be understood. */
function volumeWith(bad: readonly number[]): { readonly volume: Volume; readonly asked: number[][] } {
  const asked: number[][] = [];
  const describe = async (places: ArrayLike<number>): Promise<EntryRecord[]> => {
    asked.push(Array.from(places));
    const found = Array.from(places).find((place) => bad.includes(place));
    if (found !== undefined) throw new ImageError('record', `The record at ${found} is broken.`);
    return Array.from(places, (place) => ({ identity: `${place}` }) as EntryRecord);
  };
  return { volume: { describe } as unknown as Volume, asked };
}

it('one record that cannot be understood costs a few questions, and no other record', async () => {
  const { volume, asked } = volumeWith([700]);
  const records = await describeAll(
    volume,
    Float64Array.from({ length: 1024 }, (_, place) => place),
  );
  expect(records).toHaveLength(1024);
  for (const [place, record] of records.entries()) {
    if (place === 700) expect(record).toBeInstanceOf(ImageError);
    else expect((record as EntryRecord).identity).toBe(`${place}`);
  }
  expect(asked.length).toBeLessThanOrEqual(21);
});

it('an error that is none of the image ends it', async () => {
  const volume = { describe: () => Promise.reject(new TypeError('gone')) } as unknown as Volume;
  await expect(describeAll(volume, Float64Array.of(1, 2))).rejects.toThrow(TypeError);
});
