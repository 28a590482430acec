import type { InspectionReport } from '../protocol/inspector.ts';
import { xorrisoCommand } from './boot/xorriso-command.ts';
import type { ReportParts } from './parts.ts';

/** Findings that a text for people lists. */
const MAX_FINDINGS = 200;

/** The xorriso command that makes such a boot setup. */
export async function xorrisoDocument(parts: ReportParts): Promise<string> {
  const { image } = parts;
  const { report } = await parts.boot();
  const iso = image.views.filter(({ volume }) => ['rockridge', 'joliet', 'iso9660'].includes(volume.id));
  const has = (id: string): boolean => iso.some(({ volume }) => volume.id === id);
  return xorrisoCommand({
    report,
    name: image.source.name,
    label: iso[0]?.volume.label ?? '',
    isoSize: Math.max(0, ...iso.map(({ volume }) => volume.claimedSize ?? 0)),
    rockRidge: has('rockridge'),
    joliet: has('joliet'),
  });
}

/** A report as a text for people, in Markdown: the three questions with their evidence, then all that was found. */
export function markdownDocument(report: InspectionReport): string {
  const { name, size, identity, whole, boots, writing, views, findings, loaders, isoscope } = report;
  const lines = [
    `# ${text(identity.title || name)}`,
    '',
    `${text(name)}, ${bytes(size)}. Inspected by Isoscope ${isoscope}.`,
    '',
    '## What is it?',
    '',
    text(identity.sentence),
    '',
    ...identity.evidence.map(({ label, fact, path, offset }) => item(label, fact, path ?? place(offset))),
    ...views.map(({ title, label, files, directories, bytes: sum }) =>
      item(title, `labelled “${label}”, ${files} files in ${directories} directories, ${bytes(sum)}`, ''),
    ),
    '',
    '## Is it whole?',
    '',
    text(whole.sentence),
    '',
    ...whole.evidence.map(({ label, fact, place: at }) => item(label, fact, place(at))),
    ...(whole.lost?.files ?? []).map(({ path, presence }) => item(presence === 'cut' ? 'Cut short' : 'Missing', path, '')),
    '',
    '## Will it boot?',
    '',
    text(boots.sentence),
    '',
    ...boots.ways.map(({ way, answer, reason }) => item(`${WAYS[way]}: ${answer}`, reason, '')),
    ...(boots.secureBoot === 'none' ? [] : [item('Secure Boot', boots.secureBootReason, '')]),
    ...loaders.map(({ path, architecture, hash, signatures }) =>
      item(
        'Loader',
        `${path}, ${architecture}, ${signatures[0] ? `signed by ${signatures[0].signer}` : 'not signed'}${hash ? `, hash ${hash}` : ''}`,
        '',
      ),
    ),
    ...(writing.length > 0 ? ['', '### How to write it', ''] : []),
    ...writing.flatMap(({ title, steps }) => [
      `- **${title}**`,
      ...steps.flatMap(({ text: step, command }, index) => [
        `  ${index + 1}. ${text(step)}`,
        ...(command ? ['', `         ${command.replace(/[\r\n]+/g, ' ')}`, ''] : []),
      ]),
    ]),
    '',
    '## Findings',
    '',
    ...(findings.length === 0 ? ['Nothing out of the ordinary.'] : []),
    ...findings
      .slice(0, MAX_FINDINGS)
      .map(({ severity, detail, at, spec, path }) => item(severity, detail, [path ?? '', place(at), spec].filter(Boolean).join(', '))),
    ...(findings.length > MAX_FINDINGS ? [`- and ${findings.length - MAX_FINDINGS} more`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const WAYS = {
  'bios-disc': 'BIOS, from a disc',
  'bios-stick': 'BIOS, from a stick',
  'uefi-disc': 'UEFI, from a disc',
  'uefi-stick': 'UEFI, from a stick',
  'uefi-copied': 'UEFI, files on FAT32',
} as const;

const item = (label: string, fact: string, source: string): string =>
  `- ${text(label)}: ${text(fact)}${source === '' ? '' : ` (${text(source)})`}`;
const place = (at: number | null): string => (at === null ? '' : `byte ${at.toLocaleString('en')}`);
const bytes = (count: number): string => `${count.toLocaleString('en')} bytes`;

/** What a disc says as one line of plain text: nothing in it is taken for Markdown or HTML. */
function text(said: string): string {
  return said.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\\`*_{}[\]<>#|~]/g, (mark) => `\\${mark}`);
}
