import { describe, expect, it } from 'vitest';
import type { BootMenuReport, EfiLoaderReport } from '../../protocol/boot.ts';
import { bootVerdicts, type BootFacts } from './verdict.ts';

const loader: EfiLoaderReport = {
  path: '/EFI/BOOT/BOOTX64.EFI', volume: null, size: 1, architecture: 'x64', starts: true, program: { id: 'shim', title: 'shim', version: '16.1' }, sbat: [], signatures: [], authorities: ['microsoft-uefi-2023', 'microsoft-uefi-2011'], hash: null,
}; // prettier-ignore
const facts: BootFacts = {
  imageSize: 1e9,
  cutShort: false,
  boot: [],
  systemArea: { state: 'empty', mbr: null, gpt: null, apm: null, machines: [] },
  efiVolumes: [],
  loaders: [loader],
  menus: [],
  largeFiles: [],
};
const menu = (label: string): BootMenuReport => ({ kind: 'grub', path: '/g', volume: null, entries: [], labels: [{ label, by: 'search --label', matches: true }] }); // prettier-ignore
const copied = (more: Partial<BootFacts>) => bootVerdicts({ ...facts, ...more }).ways.find(({ way }) => way === 'uefi-copied');

describe('the verdict on files copied to a FAT32 stick', () => {
  it('is no where a file is too large, and names it', () => {
    const answer = copied({ largeFiles: [{ path: '/sources/install.wim', size: 5e9 }] });
    expect(answer).toMatchObject({ answer: 'no', code: 'file-over-4-gib', architectures: ['x64'] });
    expect(answer?.reason).toContain('/sources/install.wim');
  });

  it('is unsure where the system looks for a label that FAT cannot have', () => {
    expect(copied({ menus: [menu('ARCH_202401')] })).toMatchObject({ answer: 'yes' });
    expect(copied({ menus: [menu('Fedora-WS-Live-40')] })).toMatchObject({ answer: 'unsure', code: 'label' });
  });
});

describe('the verdict', () => {
  it('on an image that is cut short is sure of nothing that would start', () => {
    const { ways, sentence } = bootVerdicts({ ...facts, cutShort: true });
    expect(ways.filter(({ answer }) => answer === 'yes')).toEqual([]);
    expect(ways.find(({ way }) => way === 'uefi-copied')).toMatchObject({ answer: 'unsure', code: 'cut-short' });
    expect(sentence).toBe('Perhaps not: something starts, but the image is cut short.');
  });

  it('tells both keys of Microsoft, and an EFI image without a loader', () => {
    expect(bootVerdicts(facts)).toMatchObject({ secureBoot: 'microsoft', sentence: 'Yes, on UEFI machines, from a stick that its files are copied to.' }); // prettier-ignore
    expect(bootVerdicts(facts).secureBootReason).toContain('2011 and 2023');
    expect(bootVerdicts({ ...facts, loaders: [] })).toMatchObject({ secureBoot: 'none', sentence: 'No: nothing in it starts a machine.' });
  });
});
