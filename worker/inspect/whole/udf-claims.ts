import { ImageError } from '../../protocol/errors.ts';
import { firstAnchors, lastAnchors, type Anchor } from '../../formats/udf/anchor.ts';
import { findDescriptors } from '../../formats/udf/descriptors.ts';
import { readRecognition } from '../../formats/udf/recognition.ts';
import { Findings } from '../../formats/findings.ts';
import type { ByteSource } from '../../source/source.ts';
import type { DiscImage } from '../image.ts';
import type { Claim } from './claims.ts';

/** Where an anchor names the reserve sequence (ECMA-167 3/10.2.3), and where a partition descriptor has its length (ECMA-167 3/10.5.9). */
const RESERVE_AT = 24;
const PARTITION_LENGTH_AT = 192;
/** The anchor that every disc begins with ends here (ECMA-167 3/8.4.2.1). */
const FIRST_ANCHOR_END = 257 * 2048;

const figure = (bytes: number): string => bytes.toLocaleString('en');

/** The reserve sequence and the anchor at the end (ECMA-167 3/8.4.2): both are last on most discs. */
export async function anchorClaims({ source, opened }: DiscImage, signal?: AbortSignal): Promise<Claim[]> {
  const first = await firstOf(firstAnchors(source, signal));
  const last = await firstOf(lastAnchors(source, signal));
  const claims: Claim[] = [];
  const anchor = first ?? last;
  if (anchor && anchor.reserve.length > 0) {
    const end = anchor.reserve.block * anchor.sectorSize + anchor.reserve.length;
    const place = anchor.offset + RESERVE_AT;
    claims.push({ label: 'UDF reserve descriptors', fact: `reach to byte ${figure(end)}`, end, place, kind: 'firm' });
  }
  const label = 'UDF anchor at the end';
  // What grows (VAT) has its second anchor when it is closed.
  const grows = opened.some(({ states }) => states && states.length > 0);
  if (last && (last.offset !== first?.offset || last.offset + last.sectorSize === source.size)) {
    const end = last.offset + last.sectorSize;
    claims.push({ label, fact: `found at byte ${figure(last.offset)}`, end, place: last.offset, kind: 'firm' });
  } else if (first && !grows) claims.push({ label, fact: 'not found', end: 0, place: null, kind: 'absent' });
  return claims;
}

/** What is known of a UDF volume that could not be opened: how far its partitions reach, or that it goes on behind its first anchor. */
export async function unopenedUdfClaims(source: ByteSource, signal?: AbortSignal): Promise<Claim[]> {
  const recognition = await readRecognition(source, signal);
  if (!recognition) return [];
  try {
    const { partitions, sectorSize } = await findDescriptors(source, source, new Findings(), signal);
    return [...partitions.values()].map(({ number, start, sectors, offset }) => {
      const end = (start + sectors) * sectorSize;
      const place = offset + PARTITION_LENGTH_AT;
      return { label: 'UDF partition', fact: `partition ${number} reaches to byte ${figure(end)}`, end, place, kind: 'firm' };
    });
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const fact = `named at the beginning (${recognition.standard}); its first anchor would end at byte ${figure(FIRST_ANCHOR_END)}`;
    return [{ label: 'UDF', fact, end: FIRST_ANCHOR_END, place: recognition.at, kind: 'least' }];
  }
}

async function firstOf(anchors: AsyncGenerator<Anchor>): Promise<Anchor | null> {
  for await (const anchor of anchors) return anchor;
  return null;
}
