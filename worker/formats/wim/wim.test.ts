import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WimImageReport, WimReport } from '../../protocol/identity.ts';
import { BytesSource } from '../../source/bytes.ts';
import { CountingSource } from '../../source/counting.ts';
import { openImage } from '../../inspect/open.ts';
import { ReportParts } from '../../inspect/parts.ts';
import { readWim } from './index.ts';

const FIXTURES = new URL('../../../fixtures/identity/', import.meta.url);
const infos = JSON.parse(readFileSync(new URL('wims.json', FIXTURES), 'utf8')) as Record<string, string>;

/** What wiminfo says, a line each; dates and what stands in no field of ours left out. */
function said(text: string): string[] {
  const left = /^(Attributes|Hard Link Bytes|System Root|WIMBoot compatible|Flags|Size|Product Type|Product Suite): /;
  return text
    .split('\n')
    .filter((line) => /^[A-Z].*: /.test(line) && !left.test(line) && !line.startsWith('WIM Information'))
    .map((line) => line.replace(/: +/, ': ').trim());
}

const NAMES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'ARM64' };
const lines = (fields: Readonly<Record<string, string | number | null>>): string[] =>
  Object.entries(fields).flatMap(([name, value]) => (value === null || value === '' ? [] : [`${name}: ${value}`]));

const told = (wim: WimReport): string[] => [
  ...lines({
    GUID: `0x${wim.guid}`,
    Version: wim.version,
    'Image Count': wim.imageCount,
    Compression: wim.compression === 'none' ? 'None' : wim.compression,
    'Chunk Size': `${wim.chunkSize} bytes`,
    'Part Number': `${wim.part}/${wim.parts}`,
    'Boot Index': wim.bootIndex,
  }),
  ...wim.images.flatMap(toldImage),
];

const toldImage = (image: WimImageReport): string[] =>
  lines({
    Index: image.index,
    Name: image.name,
    Description: image.description,
    'Display Name': image.displayName,
    'Display Description': image.displayDescription,
    'Directory Count': image.directories,
    'File Count': image.files,
    'Total Bytes': image.bytes,
    Architecture: NAMES[image.architecture] ?? image.architecture,
    'Product Name': image.productName,
    'Edition ID': image.edition,
    'Installation Type': image.installationType,
    Languages: image.languages.join(' '),
    'Default Language': image.defaultLanguage,
    'Major Version': image.version?.major ?? null,
    'Minor Version': image.version?.minor ?? null,
    Build: image.version?.build ?? null,
    'Service Pack Build': image.version?.spBuild ?? null,
    'Service Pack Level': image.version?.spLevel ?? null,
  });

describe('a Windows image', () => {
  const discs = [...new Set(Object.keys(infos).map((key) => key.split(' ')[0] ?? ''))];
  it.each(discs)('on the disc %s is told as wiminfo tells it', async (disc) => {
    const image = await openImage(new BytesSource(new Uint8Array(gunzipSync(readFileSync(new URL(`${disc}.iso.gz`, FIXTURES)))), disc));
    await image.readAll();
    const { wims } = await new ReportParts(image).identity();
    const all = Object.keys(infos).filter((key) => key.startsWith(`${disc} `));
    expect(wims.map(({ path }) => path).sort()).toEqual(all.map((key) => key.slice(disc.length + 1)).sort());
    for (const wim of wims) expect(told(wim)).toEqual(said(infos[`${disc} ${wim.path}`] ?? ''));
    expect(wims.map(({ solid }) => solid).includes(true)).toBe(disc === 'windows-10-esd');
  });

  /** A header whose XML is this text, said to lie where and to be as long as told. */
  const made = (xml: string, place: { offset?: number; length?: number } = {}): Uint8Array => {
    const text = Buffer.from(`\ufeff${xml}`, 'utf16le');
    const bytes = Buffer.alloc(208 + text.length);
    bytes.write('MSWIM', 0, 'latin1');
    bytes.writeUInt32LE(place.length ?? text.length, 72);
    bytes.writeUInt32LE(place.offset ?? 208, 80);
    text.copy(bytes, 208);
    return new Uint8Array(bytes);
  };
  const problemOf = async (xml: string, place = {}): Promise<string> =>
    (await readWim(new BytesSource(made(xml, place), 'x.wim')))?.problem ?? '';

  it('whose XML declares entities, is too deep, ends too soon or lies elsewhere is told without them', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><WIM><IMAGE INDEX="1"><NAME>&b;</NAME></IMAGE></WIM>`;
    expect((await readWim(new BytesSource(made(bomb), 'x.wim')))?.images.map(({ name }) => name)).toEqual(['&b;']);
    expect(await problemOf('<A>'.repeat(100))).toContain('damaged');
    expect(await problemOf('<WIM><IMAGE INDEX="1"><NAME>x')).toContain('damaged');
    expect(await problemOf('<!--'.repeat(400_000))).toContain('damaged');
    expect(await problemOf('<'.repeat(800_000))).toContain('damaged');
    expect(await problemOf(`<WIM>${'<A/>'.repeat(200_000)}</WIM>`)).toContain('damaged');
    expect(await problemOf('<WIM></WIM>', { offset: 5000 })).toContain('does not lie');
    expect(await problemOf('<WIM></WIM>', { length: 0xffffffff })).toContain('does not lie');
  });

  it('decodes the five entities and numbers, and quotes those that it does not know', async () => {
    const wim = await readWim(
      new BytesSource(made('<WIM><IMAGE INDEX="7"><NAME>a &amp; &#x41;&#66; &c; &amp;lt;</NAME></IMAGE></WIM>'), 'x.wim'),
    );
    expect(wim?.images.map(({ index, name }) => [index, name])).toEqual([[7, 'a & AB &c; &lt;']]);
  });

  it('of 100 MB that calls all of itself XML is read by its header only', async () => {
    const bytes = new Uint8Array(100 * 1024 * 1024);
    bytes.set(made('', { offset: 208, length: bytes.length - 208 }));
    const source = new CountingSource(new BytesSource(bytes, 'x.wim'));
    expect((await readWim(source))?.problem).toContain('too much to be true');
    expect(source.bytes).toBe(208);
  });

  it('of any bytes gives a report or none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 200 }), fc.string({ maxLength: 300 }), async (noise, xml) => {
        const bytes = made(xml);
        bytes.set(noise.slice(0, 136), 72);
        expect(typeof ((await readWim(new BytesSource(bytes, 'x.wim')))?.problem ?? '')).toBe('string');
      }),
    );
  });
});
