import { ImageError } from '../../protocol/errors.ts';
import type { VolumeReport } from '../../protocol/inspector.ts';
import { WindowCache } from '../../source/window.ts';
import { Findings } from '../findings.ts';
import type { OpenedFormat, VolumeFormat } from '../volume.ts';
import { hasSoundAnchor } from './anchor.ts';
import { findFileSet, type FileSet } from './file-set.ts';
import { findIntegrity, type Integrity } from './integrity.ts';
import { openLogicalVolume, type LogicalVolume } from './logical-volume.ts';
import { readRecognition } from './recognition.ts';
import { findDescriptors, type FoundDescriptors } from './descriptors.ts';
import { udfStructures } from './structures.ts';
import { UdfVolume } from './volume.ts';

/** Bytes of the windows that small structures are read by. */
const NEAR = 256 * 1024;

/** Bytes of the sectors that sessions are counted in. */
const SECTOR = 2048;

/** UDF 1.02 to 2.60 (ECMA-167). */
export const udf: VolumeFormat = {
  id: 'udf',
  title: 'UDF disc image',

  async probe(source, signal, _session, alone = true) {
    return (await readRecognition(source, signal)) !== null || (alone && hasSoundAnchor(source, signal));
  },

  async open(source, signal, session = 0) {
    const findings = new Findings();
    const near = new WindowCache(source, NEAR, 8);
    const recognition = await readRecognition(near, signal);
    if (!recognition)
      findings.add(
        'note',
        'no-recognition',
        32768,
        'ECMA-167 2/8.3',
        'The volume recognition sequence does not name UDF; its anchor does.',
      );
    const found = await findDescriptors(source, near, findings, signal);
    const { primary, logical, partitions, sectorSize } = found;
    const own = new Findings();
    const volume = await openLogicalVolume(source, near, logical, partitions, sectorSize, findings, own, signal, session * SECTOR);
    const fileSet = await findFileSet(near, volume.space, logical, own, signal);
    if (!fileSet) {
      const [cause] = own.list.filter(({ severity }) => severity === 'damage');
      throw new ImageError(
        'no-file-set',
        `UDF’s file set descriptor cannot be read, and with it no directory. ${cause?.detail ?? ''}`.trim(),
        cause?.at ?? logical.offset + 248,
        'ECMA-167 4/14.1',
      );
    }
    const integrity = await findIntegrity(near, logical.integrity, sectorSize, findings, signal);
    const revision = logical.revision || fileSet.revision || integrity?.readable;
    const facts = {
      title: revision ? `UDF ${revision}` : 'UDF',
      label: volume.vat?.label || logical.label || primary?.label || '',
      created: recorded(primary?.recorded) ?? recorded(fileSet.recorded),
      zoneKnown: primary?.zoneKnown ?? true,
      claimedSize: volume.claimedSize,
    };
    return {
      volumes: [new UdfVolume(source, near, volume.space, fileSet, facts, own)],
      report: [{ format: 'udf', descriptors: descriptorReport(found, volume, fileSet, integrity) }],
      boot: [],
      findings,
      states: volume.states.map((offset) => offset / SECTOR),
      structures: (during) => udfStructures(source, found, volume, fileSet, during),
    } satisfies OpenedFormat;
  },
};

function recorded(time: number | undefined): number | null {
  return time !== undefined && time === time ? time : null;
}

/** The fields of all descriptors, by their standard's names. */
function descriptorReport(
  { anchor, primary, logical, partitions, sectorSize }: FoundDescriptors,
  { maps, vat, space }: LogicalVolume,
  fileSet: FileSet,
  integrity: Integrity | null,
): VolumeReport['descriptors'] {
  const report: VolumeReport['descriptors'][number][] = [];
  const date = (time: number): string | null => (time === time ? new Date(time).toISOString() : null);
  if (anchor)
    report.push({
      title: 'Anchor volume descriptor pointer',
      at: anchor.offset,
      fields: { 'Sector size': sectorSize, 'Main sequence': anchor.main.block, 'Reserve sequence': anchor.reserve.block },
    });
  if (primary)
    report.push({
      title: 'Primary volume descriptor',
      at: primary.offset,
      fields: {
        'Volume identifier': primary.label,
        'Volume set identifier': primary.setLabel,
        'Volume sequence number': primary.volumeNumber,
        'Recording date and time': date(primary.recorded),
        'Application identifier': primary.application,
        'Implementation identifier': primary.implementation,
      },
    });
  report.push({
    title: 'Logical volume descriptor',
    at: logical.offset,
    fields: {
      'Logical volume identifier': logical.label,
      'Logical block size': space.blockSize,
      'Domain identifier': logical.domain,
      'UDF revision': logical.revision,
      'Implementation identifier': logical.implementation,
      'Partition maps': maps.map(({ kind }) => kind).join(', '),
    },
  });
  for (const partition of partitions.values())
    report.push({
      title: 'Partition descriptor',
      at: partition.offset,
      fields: {
        'Partition number': partition.number,
        'Partition contents': partition.contents,
        'Access type': partition.accessType,
        'Partition starting location': partition.start,
        'Partition length': partition.sectors,
      },
    });
  if (vat)
    report.push({
      title: 'Virtual allocation table',
      at: vat.offset,
      fields: { Entries: vat.entries.length, 'Logical volume identifier': vat.label, Files: vat.files, Directories: vat.directories },
    });
  report.push({
    title: 'File set descriptor',
    at: fileSet.offset,
    fields: {
      'File set identifier': fileSet.label,
      'Recording date and time': date(fileSet.recorded),
      'File set number': fileSet.number,
      'File set descriptor number': fileSet.descriptorNumber,
    },
  });
  if (integrity)
    report.push({
      title: 'Logical volume integrity descriptor',
      at: integrity.offset,
      fields: {
        'Integrity type': integrity.closed ? 'closed' : 'open',
        'Recording date and time': date(integrity.recorded),
        'Number of files': integrity.files,
        'Number of directories': integrity.directories,
        'Minimum UDF read revision': integrity.readable,
      },
    });
  return report;
}
