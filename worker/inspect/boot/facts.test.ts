import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { InspectionReport } from '../../protocol/inspector.ts';
import { BytesSource } from '../../source/bytes.ts';
import { openImage } from '../open.ts';
import { ReportParts } from '../parts.ts';
import { report } from '../report.ts';

const CORPUS = new URL('../../../../shared/corpus/', import.meta.url);
const FIXTURES = new URL('../../../fixtures/boot-blocks/', import.meta.url);
const present = existsSync(new URL('index.json', CORPUS));

interface Item {
  readonly name: string;
  readonly stored?: string;
  readonly packing?: string;
}

/** What xorriso -report_el_torito plain -report_system_area plain says: `label` and `value` of each line, headlines left out. */
function facts(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const [, label = '', value = ''] = /^([A-Z][^:]*?) *: *(.*?) *$/.exec(line) ?? [];
    if (!/^(El Torito|System area|MBR|GPT|APM|Partition offset|MIPS|PReP|PALO|HP-PA|DEC)/.test(label)) continue;
    // Headlines; the numeric form of the summary; a count that follows from the entries.
    if (/^(El Torito images|El Torito cat path|System area options|APM gap fillers|HP-PA boot files|MIPS-LE elf offset|MIPS-LE boot map)$/.test(label)) continue; // prettier-ignore
    if (/^N /.test(value)) continue;
    lines.push(`${label}: ${value.replace(/ +/g, ' ')}`);
  }
  return lines.sort();
}

const PLATFORMS: Readonly<Record<string, string>> = { bios: 'BIOS', uefi: 'UEFI', powerpc: 'PPC', mac: 'Mac' };
const EMULATIONS: Readonly<Record<string, string>> = { 'no-emulation': 'none', 'floppy-1.2': 'fd1.2', 'floppy-1.44': 'fd1.4', 'floppy-2.88': 'fd2.8', 'hard-disk': 'hd' }; // prettier-ignore
const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
const utf16 = (text: string): string => Buffer.from(text, 'utf16le').toString('hex');
/** The bytes of a GUID, from its text. */
const raw = (guid: string): string => {
  const [a = '', b = '', c = '', ...rest] = guid.split('-');
  const turned = [a, b, c].map((part) => Buffer.from(part, 'hex').reverse().toString('hex'));
  return [...turned, ...rest].join('');
};

/** The same lines by our report. */
function told(result: InspectionReport): string[] {
  const lines: string[] = [];
  const { boot, bootCatalog, bootFiles, systemArea } = result;
  const path = (offset: number): string | undefined => bootFiles.find((file) => file.offset === offset)?.path;
  const paths = (label: string, number: number | '', offset: number): void => {
    const found = path(offset);
    if (found) lines.push(`${label}: ${number === '' ? '' : `${number} `}${found}`);
  };
  if (bootCatalog) lines.push(`El Torito catalog: ${bootCatalog.at / 2048} 1`);
  for (const [index, entry] of boot.entries()) {
    const number = index + 1;
    lines.push(
      `El Torito boot img: ${number} ${PLATFORMS[entry.platform]} ${entry.bootable ? 'y' : 'n'} ${EMULATIONS[entry.emulation]} ` +
        `${hex(entry.loadSegment, 4)} ${hex(entry.systemType, 2)} ${entry.loadSectors} ${entry.offset / 2048}`,
    );
    paths('El Torito img path', number, entry.offset);
    const options = [
      ...(entry.bootInfo ? ['boot-info-table'] : []),
      ...(entry.isohybridSuitable ? ['isohybrid-suitable'] : []),
      ...(entry.grub2BootInfo ? ['grub2-boot-info'] : []),
    ];
    if (options.length > 0) lines.push(`El Torito img opts: ${number} ${options.join(' ')}`);
    if (!path(entry.offset)) lines.push(`El Torito img blks: ${number} ${Math.ceil(entry.size / 2048)}`);
    if (entry.emulation === 'hard-disk') lines.push(`El Torito hdsiz/512: ${number} ${entry.size / 512}`);
  }
  const { mbr, gpt, apm, machines, state } = systemArea;
  if (state === 'empty') return lines.sort();
  const machine = machines[0]?.machine;
  const names = { 'mips-big-endian': 'MIPS-Big-Endian', 'mips-little-endian': 'MIPS-Little-Endian', sparc: 'SUN-SPARC-Disk-Label', 'hp-pa': 'HP-PA-PALO', alpha: 'DEC-Alpha' } as const; // prettier-ignore
  const words = [
    ...(mbr && !mbr.prep ? ['MBR'] : []),
    ...(mbr?.protective && !mbr.isohybrid ? ['protective-msdos-label'] : []),
    ...(mbr?.isohybrid ? ['isohybrid'] : []),
    ...(mbr?.grub2 ? ['grub2-mbr'] : []),
    ...(mbr?.chrp ? ['CHRP'] : []),
    ...(mbr?.prep ? ['PReP'] : []),
    ...(machine ? [names[machine]] : []),
    ...(mbr && !mbr.prep ? [`cyl-align-${mbr.cylinderAligned ? 'on' : 'off'}`] : []),
    ...(!mbr && !machine ? ['not-recognized'] : []),
    ...(gpt ? ['GPT'] : []),
    ...(apm ? ['APM'] : []),
  ];
  lines.push(`System area summary: ${words.join(' ')}`);
  if (mbr && mbr.records.length > 0) {
    lines.push(`Partition offset: ${mbr.partitionOffset}`, `MBR heads per cyl: ${mbr.heads}`, `MBR secs per head: ${mbr.sectorsPerTrack}`);
    for (const { number, status, type, start, sectors } of mbr.records) {
      lines.push(`MBR partition: ${number} ${hex(status, 2)} ${hex(type, 2)} ${start} ${sectors}`);
      paths('MBR partition path', number, start * 512);
      if (type === 0x41) lines.push(`PReP boot partition: ${start / 4} ${sectors / 4}`);
    }
  }
  if (gpt) {
    lines.push(`GPT disk GUID: ${raw(gpt.diskGuid)}`);
    lines.push(`GPT entry array: ${gpt.entriesBlock} ${gpt.entryCount} ${gpt.overlapping ? 'overlapping' : 'separated'}`);
    lines.push(`GPT lba range: ${gpt.firstUsable} ${gpt.lastUsable} ${gpt.backupBlock}`);
    for (const { number, name, guid, type, flags, start, blocks } of gpt.partitions) {
      lines.push(`GPT partition name: ${number} ${utf16(name)}`);
      lines.push(`GPT partname local: ${number} ${name}`);
      lines.push(`GPT partition GUID: ${number} ${raw(guid)}`, `GPT type GUID: ${number} ${raw(type)}`);
      lines.push(`GPT partition flags: ${number} ${flags}`, `GPT start and size: ${number} ${start} ${blocks}`);
      paths('GPT partition path', number, start * gpt.blockSize);
    }
  }
  if (apm) {
    lines.push(`APM block size: ${apm.blockSize}`);
    // xorriso counts without the map's own entry.
    for (const [index, { name, type, start, blocks }] of apm.partitions.filter((each) => each.type !== 'Apple_partition_map').entries()) {
      lines.push(`APM partition name: ${index + 1} ${name}`, `APM partition type: ${index + 1} ${type}`);
      lines.push(`APM start and size: ${index + 1} ${start} ${blocks}`);
      paths('APM partition path', index + 1, start * apm.blockSize);
    }
  }
  for (const block of machines) {
    const [first] = block.starts;
    const { fields, starts } = block;
    if (block.machine === 'mips-big-endian')
      for (const [index, { name, offset, size }] of starts.entries()) {
        lines.push(`MIPS-BE boot entry: ${index + 1} ${name} ${offset / 512} ${size}`);
        paths('MIPS-BE boot path', index + 1, offset);
      }
    if (block.machine === 'mips-little-endian' && first) {
      lines.push(`MIPS-LE boot params: ${fields['loadAddress']} ${fields['startAddress']} ${first.size / 512} ${first.offset / 512}`);
      paths('MIPS-LE boot path', '', first.offset);
    }
    if (block.machine === 'alpha' && first) {
      lines.push(`DEC Alpha ldr size: ${first.size / 512}`, `DEC Alpha ldr adr: ${first.offset / 512}`);
      paths('DEC Alpha ldr path', '', first.offset);
    }
    if (block.machine === 'hp-pa') {
      lines.push(`PALO header version: ${fields['version']}`, `HP-PA cmdline: ${fields['commandLine']}`);
      for (const { name, offset, size } of starts)
        lines.push(`HP-PA ${name === 'loader' ? 'bootloader' : name}: ${offset} ${size} ${path(offset)}`);
    }
  }
  return lines.sort();
}

async function compare(bytes: Uint8Array, name: string, text: string): Promise<void> {
  const image = await openImage(new BytesSource(bytes, name));
  await image.readAll();
  const want = facts(text);
  const got = told(await report(new ReportParts(image), '0'));
  expect({ missing: want.filter((line) => !got.includes(line)), more: got.filter((line) => !want.includes(line)) }).toEqual({ missing: [], more: [] }); // prettier-ignore
}

describe('the boot facts of a report are those of xorriso', () => {
  for (const file of readdirSync(FIXTURES).filter((name) => name.endsWith('.bin.gz'))) {
    const name = file.replace('.bin.gz', '');
    if (name === 'sparc') continue; // xorriso does not know what it wrote: see below
    it(`for the boot block ${name}`, async () => {
      await compare(gunzipSync(readFileSync(new URL(file, FIXTURES))), name, readFileSync(new URL(`${name}.txt`, FIXTURES), 'utf8'));
    });
  }

  it('and the Sun disk label that xorriso wrote leads to what was given for each partition', async () => {
    const bytes = gunzipSync(readFileSync(new URL('sparc.bin.gz', FIXTURES)));
    const { systemArea } = await report(new ReportParts(await openImage(new BytesSource(bytes, 'sparc'))), '0');
    const [block] = systemArea.machines;
    expect(block).toMatchObject({ machine: 'sparc', checksum: 'right', fields: { label: 'a label' } });
    const parts = block?.starts.slice(1).map(({ offset, size }) => bytes.subarray(offset, offset + size).toString());
    expect(parts).toEqual(['part'.repeat(10240), 'part'.repeat(10240)]);
    bytes[200] = 1;
    const changed = await report(new ReportParts(await openImage(new BytesSource(bytes, 'sparc'))), '0');
    expect(changed.systemArea.machines[0]?.checksum).toBe('wrong');
    expect(changed.findings.map(({ code }) => code)).toContain('boot-block-checksum');
  });
});

const items = present ? (JSON.parse(readFileSync(new URL('index.json', CORPUS), 'utf8')) as Item[]) : [];

describe.skipIf(!present)('the boot facts of ../shared/corpus are those of xorriso', () => {
  for (const { name, stored, packing } of items) {
    const path = new URL(`TRUTH/${name}.facts.txt`, CORPUS);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (!stored || !/^(El Torito catalog|System area summary)/m.test(text)) continue;
    it(`for ${name}`, async () => {
      const bytes = readFileSync(new URL(stored, CORPUS));
      await compare(packing === 'gzip' ? gunzipSync(bytes) : bytes, name, text);
    });
  }
});

/** What the real discs, and some of the generated ones, boot: read from their files with 7-Zip, strings and fdisk. */
const VERDICTS: Readonly<Record<string, string>> = {
  'real-debian-memtest86+-6.10-x64': 'yes yes yes yes yes Memtest86+ 6.10',
  'real-debian-ipxe-1.0.0': 'yes yes yes no no ISOLINUX 6.04',
  'real-debian-grub-rescue-2.06': 'yes yes no no no GRUB 2',
  'gen-boot-bios-isolinux': 'yes no no no no ISOLINUX 6.04',
  'gen-boot-floppy': 'unsure no no no no ',
};

describe.skipIf(!present)('the verdict of ../shared/corpus', () => {
  it.each(Object.entries(VERDICTS))('on %s is by what is in it', async (name, want) => {
    const item = items.find((each) => each.name === name);
    const bytes = gunzipSync(readFileSync(new URL(item?.stored ?? '', CORPUS)));
    const image = await openImage(new BytesSource(bytes, name));
    await image.readAll();
    const { boots, boot } = await report(new ReportParts(image), '0');
    const { title = '', version = '' } = boot[0]?.program ?? {};
    expect([...boots.ways.map(({ answer }) => answer), [title, version].filter((each) => each !== '').join(' ')].join(' ')).toBe(want);
  });
});
