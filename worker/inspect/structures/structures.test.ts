import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { BytesSource } from '../../source/bytes.ts';
import { findStructures } from './structures.ts';

const image = (name: string) => {
  const bytes = gunzipSync(readFileSync(new URL(`../../../fixtures/${name}.img.gz`, import.meta.url)));
  return { bytes, source: new BytesSource(bytes, name) };
};

test('a primary volume descriptor is told field by field, without a gap or an overlap', async () => {
  const { bytes, source } = image('rockridge');
  const [primary] = await findStructures(source, 16 * 2048, 2048);
  expect(primary).toMatchObject({ title: 'Primary volume descriptor', at: 32_768, length: 2048, spec: 'ECMA-119 8.4' });
  let next = 32_768;
  for (const field of primary!.fields) {
    expect([field.name, field.at]).toEqual([field.name, next]);
    next = field.at + field.length;
  }
  expect(next).toBe(32_768 + 2048);
  const field = (name: string) => primary!.fields.find((each) => each.name === name);
  expect(field('Volume')?.value).toBe(bytes.toString('latin1', 32_808, 32_840).trim());
  expect(field('Volume size')?.value).toBe(`${bytes.readUInt32LE(32_768 + 80).toLocaleString('en-US')} blocks`);
  expect(field('Root directory')?.target).toBe(bytes.readUInt32LE(32_768 + 158) * 2048);
});

test('the way from a field leads to the structure it names: the root directory and its records', async () => {
  const { bytes, source } = image('rockridge');
  const root = bytes.readUInt32LE(32_768 + 158) * 2048;
  const records = await findStructures(source, root, 2048);
  expect(records[0]).toMatchObject({ title: 'Directory record, the directory itself', at: root });
  expect(records[1]).toMatchObject({ title: 'Directory record, its parent', at: root + bytes[root]! });
  for (const { at, length, fields } of records) {
    expect(length).toBe(bytes[at]);
    expect(fields.reduce((sum, field) => sum + field.length, 0)).toBe(length);
  }
  expect(records.flatMap(({ fields }) => fields).some(({ name }) => name === 'NM, alternate name')).toBe(true);
});

test('Joliet names are read as UCS-2, the terminator and the boot record are named', async () => {
  const titles = async (name: string) => (await findStructures(image(name).source, 16 * 2048, 8 * 2048)).map(({ title }) => title);
  expect(await titles('joliet')).toEqual([
    'Primary volume descriptor',
    'Supplementary volume descriptor, Joliet',
    'Volume descriptor set terminator',
  ]);
  const { source, bytes } = image('boot');
  const [, boot] = await findStructures(source, 16 * 2048, 2 * 2048);
  const catalog = boot?.fields.find(({ name }) => name === 'Boot catalog');
  expect(catalog?.target).toBe(bytes.readUInt32LE(17 * 2048 + 71) * 2048);
  const entries = await findStructures(source, catalog!.target!, 2048);
  expect(entries.map(({ title }) => title).slice(0, 2)).toEqual(['Boot catalog, validation entry', 'Boot catalog, boot image']);
});

test('the fields of a supplementary descriptor have sections of their own (ECMA-119 8.5)', async () => {
  const [, joliet] = await findStructures(image('joliet').source, 16 * 2048, 2 * 2048);
  const sections = new Map(joliet?.fields.map(({ name, spec }) => [name, spec]));
  expect(Object.fromEntries(sections)).toMatchObject({
    Flags: 'ECMA-119 8.5.3',
    System: 'ECMA-119 8.5.4',
    Volume: 'ECMA-119 8.5.5',
    'Volume size': 'ECMA-119 8.5',
    'Escape sequences': 'ECMA-119 8.5.6',
    'Path table size': 'ECMA-119 8.5.7',
    'Optional, BE': 'ECMA-119 8.5.11',
    'Root directory': 'ECMA-119 8.5.12',
    'Volume set': 'ECMA-119 8.5.13',
    'Bibliographic file': 'ECMA-119 8.5.19',
    Created: 'ECMA-119 8.5',
  });
});

test('bytes that are no structure give none', async () => {
  const bytes = Uint8Array.from({ length: 64 * 1024 }, (_, at) => Math.imul(at + 77, 2_654_435_761) >>> 24);
  expect(await findStructures(new BytesSource(bytes, 'noise'), 0, bytes.length)).toEqual([]);
  expect(await findStructures(new BytesSource(new Uint8Array(5000), 'zeros'), 0, 5000)).toEqual([]);
});
