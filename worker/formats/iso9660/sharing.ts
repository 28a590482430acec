import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import { isDot, readSelf, SECTOR } from './directory-record.ts';
import { recordForm, scanRecords } from './directory-scan.ts';
import { systemUseStart } from './record-entries.ts';
import { readRockRidge } from './rock-ridge.ts';
import { findSharingIndicator } from './system-use.ts';
import type { TreeForm } from './tree-form.ts';

/** Bytes of the root directory that are looked at. */
const LOOKED_AT = 16 * SECTOR;

/**
 * Whether the primary tree has Rock Ridge, and how many bytes to skip in its records: by the SP entry
 * of the root's own record (SUSP 5.3), or, where that is missing, because the records of the root
 * hold entries of Rock Ridge (seen: discs whose SP was lost; with ER only, VirtualBox Guest Additions).
 */
export async function findRockRidge(near: ByteSource, form: TreeForm, findings: Findings, signal?: AbortSignal): Promise<number | null> {
  const offset = form.rootLba * form.blockSize;
  const length = Math.min(Math.max(form.rootLength, SECTOR), LOOKED_AT, near.size - offset);
  if (length <= 0) return null;
  const block = new Block(await near.read(offset, length, signal), offset);
  const self = readSelf(block, 0, Math.min(SECTOR, length), false);
  if (!self) return null;
  const indicator = findSharingIndicator(block, self.systemUse, self.systemUseEnd);
  const skip = indicator?.skip ?? 0;
  const { records } = scanRecords(block, 0, length, Infinity, recordForm(form), new Findings());
  let entries = 0;
  let children = 0;
  let extensions = 0;
  for (const record of records) {
    const start = isDot(record) && record.name[0] === 0 ? record.systemUse : systemUseStart(block, record, skip);
    const ridge = readRockRidge(block, start, record.systemUseEnd, form.blockSize, () => null);
    if (ridge.count > 0) entries++;
    if (ridge.count > 0 && !isDot(record)) children++;
    extensions += ridge.extensions.filter((name) => /^RRIP|^IEEE_/.test(name)).length;
  }
  if (indicator) return entries > 0 || extensions > 0 ? skip : null;
  if (children === 0 && extensions === 0) return null;
  findings.add(
    'warning',
    'susp-sp-missing',
    self.offset,
    'SUSP 5.3',
    'The root directory does not say that records hold system use entries (SP), yet they do; Rock Ridge was read.',
  );
  return 0;
}
