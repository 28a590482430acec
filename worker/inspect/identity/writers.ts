import type { Evidence, WriterReport } from '../../protocol/identity.ts';
import { APPLICATION, atOffset, evidence, oneLine, PREPARER, SYSTEM, type Disc, type VolumeField } from './disc.ts';

/** A program by what it writes into descriptors; its first group is the version. */
type Trace = readonly [pattern: RegExp, name: string];

/** Of the application, preparer and system identifiers (ECMA-119 8.4), and of UDF's entity identifiers (UDF 2.60 2.1.5). */
const TRACES: readonly Trace[] = [
  [/XORRISO-([\d.]+)/i, 'xorriso'],
  [/\b(?:OSCDIMG) ([\d.]+)/i, 'Microsoft’s own mastering tool, OSCDIMG'],
  [/\b(?:CDIMAGE) ([\d.]+)/i, 'Microsoft’s own mastering tool, CDIMAGE'],
  [/Microsoft CDIMAGE/i, 'Microsoft’s own mastering tool, CDIMAGE'],
  [/Microsoft IMAPI2?(?: ([\d.]+))?/i, 'Windows’ own burner (IMAPI)'],
  [/^\*Microsoft Windows/i, 'Windows’ formatting'],
  [/IMGBURN(?: V?([\d.]+))?/i, 'ImgBurn'],
  [/^GENISOIMAGE ISO 9660/i, 'genisoimage'],
  [/^MKISOFS DVDRTOOLS/i, 'mkisofs of dvdrtools'],
  [/^MKISOFS ISO/i, 'mkisofs'],
  [/LIBISOFS-([\d.]+)/i, 'libisofs'],
  [/ULTRAISO(?: V?([\d.]+))?/i, 'UltraISO'],
  [/POWERISO(?: V?([\d.]+))?/i, 'PowerISO'],
  [/NERO(?:[ _-]+BURNING[ _]ROM)?(?:[^\d]{0,12}(\d+(?:\.\d+)+))?/i, 'Nero'],
  [/TOAST(?: (?:TITANIUM )?([\d.]+))?/i, 'Toast'],
  [/EASY[ _](?:CD|MEDIA)[ _]CREATOR(?: V?([\d.]+))?/i, 'Easy CD Creator'],
  [/ADAPTEC|ROXIO|DirectCD/i, 'Roxio (Adaptec)'],
  [/SONIC SOLUTIONS/i, 'Sonic'],
  [/LIBARCHIVE/i, 'libarchive'],
  [/PYCDLIB/i, 'PyCdlib'],
  [/\bK3B\b/i, 'K3b'],
  [/BRASERO(?:-([\d.]+))?/i, 'Brasero'],
  [/INFRARECORDER/i, 'InfraRecorder'],
  [/CDBURNERXP/i, 'CDBurnerXP'],
  [/MAGICISO/i, 'MagicISO'],
  [/ANYBURN/i, 'AnyBurn'],
  [/WINISO/i, 'WinISO'],
  [/GEAR /i, 'GEAR'],
  [/\bmakefs\b/i, 'makefs'],
  [/APPLE (?:INC|COMPUTER)[^]{0,12}TYPE: 000\d/i, 'Apple’s hdiutil'],
  [/^\*Apple/i, 'Apple’s UDF'],
  [/mkudffs(?: ([\d.]+))?/i, 'mkudffs'],
  [/^\*Linux UDFFS/i, 'mkudffs'],
  [/mkudfiso/i, 'mkudfiso'],
  [/UDFtoolkit/i, 'UDFclient'],
  [/^\*genisoimage/i, 'genisoimage'],
  [/^\*mkisofs/i, 'mkisofs'],
];

const SECTOR = 2048;
/** Sectors behind the first descriptor in which the block of mkisofs is looked for. */
const MAX_SECTORS = 32;

/** The program that wrote the image, by what it left; null where nothing known was left. */
export async function writerOf(disc: Disc): Promise<{ writer: WriterReport; evidence: readonly Evidence[] } | null> {
  const line = await mkisofsLine(disc);
  const fields: (readonly [string, VolumeField | null])[] = [
    ['Preparer', disc.field(...PREPARER)],
    ['Application', disc.field(...APPLICATION)],
    ['Application', disc.field('udf', 'Application identifier', 345)],
    ['Implementation', disc.field('udf', 'Implementation identifier', 389)],
    ['System', disc.field(...SYSTEM)],
  ];
  for (const [pattern, name] of TRACES)
    for (const [label, field] of fields) {
      const found = field && pattern.exec(field.text);
      if (!field || !found) continue;
      const version = found[1]?.replace(/\.$/, '') ?? line?.version ?? '';
      const writer = { name: version === '' ? name : `${name} ${version}`, commandLine: line?.command ?? '' };
      return { writer, evidence: [evidence(label, field.text, atOffset(field.at)), ...(line ? [line.evidence] : [])] };
    }
  return line && { writer: { name: `mkisofs ${line.version}`.trim(), commandLine: line.command }, evidence: [line.evidence] };
}

/** The version and command line that mkisofs and its kin leave in a sector behind the descriptors ("MKI ", then the time). */
export async function mkisofsLine(disc: Disc): Promise<{ version: string; command: string; evidence: Evidence } | null> {
  const first = disc.field(...APPLICATION);
  if (!first) return null;
  const start = Math.floor(first.at / SECTOR) * SECTOR;
  const length = Math.min(MAX_SECTORS * SECTOR, disc.source.size - start);
  const block = await disc.bytes(start, length - (length % SECTOR));
  for (let at = 0; block && at + SECTOR <= block.length; at += SECTOR) {
    if (block.u32be(at) !== 0x4d4b4920) continue; // "MKI "
    const [text = ''] = new TextDecoder().decode(block.part(at, SECTOR)).split('\0');
    const [, ...rest] = text.split('\n');
    const command = oneLine(rest.join(' '));
    const [, version = ''] = /^(?:\w*mkisofs |genisoimage )?(\d[\w.]*)/.exec(command) ?? [];
    return { version, command, evidence: evidence('Command line', command, atOffset(start + at)) };
  }
  return null;
}
