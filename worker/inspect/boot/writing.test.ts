import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { BootVerdict, BootVerdicts, BootWay } from '../../protocol/boot.ts';
import { shellQuoted, writingAdvice } from './writing.ts';

const boots = (answers: Partial<Record<BootWay, BootVerdict['answer']>>, code = ''): BootVerdicts => ({
  sentence: '', secureBoot: 'none', secureBootReason: '',
  ways: (['bios-disc', 'bios-stick', 'uefi-disc', 'uefi-stick', 'uefi-copied'] as const).map((way) => ({ way, answer: answers[way] ?? 'no', code, reason: '', architectures: [] })),
}); // prettier-ignore
const advice = (answers: Partial<Record<BootWay, BootVerdict['answer']>>, more: Partial<Parameters<typeof writingAdvice>[0]> = {}, code = '') =>
  writingAdvice({ name: 'a b.iso', boots: boots(answers, code), label: '', largeFiles: [], ...more }); // prettier-ignore
const commands = (given: ReturnType<typeof writingAdvice>): string =>
  given.flatMap(({ steps }) => steps.map(({ command }) => command)).join('\n');

describe('how to write an image', () => {
  it('copies a hybrid bit by bit, on each system, and burns it too where it is a disc', () => {
    const given = advice({ 'bios-stick': 'yes', 'bios-disc': 'yes' });
    expect(given.map(({ system, medium }) => `${system} ${medium}`)).toEqual([
      'windows stick',
      'macos stick',
      'linux stick',
      'windows disc',
      'macos disc',
      'linux disc',
    ]);
    expect(commands(given)).toContain("sudo dd if='a b.iso' of=/dev/sdX");
  });

  it('copies files where only that starts, with the label that is wanted', () => {
    const given = advice({ 'uefi-copied': 'yes' }, { label: 'ARCH_2024' });
    expect(commands(given)).toContain('mkfs.vfat -F 32 -n ARCH_2024');
    expect(commands(given)).not.toContain('dd if=');
  });

  it('splits a WIM that is too large', () => {
    const given = advice({ 'uefi-disc': 'yes' }, { largeFiles: ['/sources/install.wim'] }, 'file-over-4-gib');
    expect(commands(given)).toContain('wimlib-imagex split /mnt/image/sources/install.wim /mnt/stick/sources/install.swm 3800');
  });

  it('says nothing where nothing starts, and how a disc becomes a stick', () => {
    expect(advice({})).toEqual([]);
    expect(advice({ 'bios-disc': 'yes' })[0]?.title).toContain('Rufus or Ventoy');
  });

  it('takes any name as one word of a shell', () => {
    for (const name of ['plain.iso', 'a b.iso', 'it\'s $(touch x); `y` \\ ".iso', '-rf', 'línea\nnew.iso'])
      expect(execFileSync('sh', ['-c', `printf %s ${shellQuoted(name)}`], { encoding: 'utf8' })).toBe(
        name.startsWith('-') ? `./${name}` : name,
      );
  });
});
