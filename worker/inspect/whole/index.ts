import type { SystemAreaReport } from '../../protocol/boot.ts';
import type { WholeEvidence, WholeReport, WholeVerdict, ZeroSample } from '../../protocol/whole.ts';
import type { DiscImage } from '../image.ts';
import type { View } from '../view.ts';
import { appendedBytes } from './appended.ts';
import { claimsOf, type Claim } from './claims.ts';
import { lostFiles } from './lost-files.ts';
import { unopened } from './unopened.ts';
import { sampleSentence, sentenceOf, type Judged } from './sentence.ts';
import { sampleZeros } from './zeros.ts';

/** A partition that ends behind the image by less was rounded up to a cylinder of 255 heads and 63 sectors. */
const CYLINDER = 255 * 63 * 512;

/** Whether an image whose views are read is whole, from what it says of itself and a few small reads. */
export async function wholeReport(
  image: DiscImage,
  area: Pick<SystemAreaReport, 'mbr' | 'gpt' | 'apm'>,
  signal?: AbortSignal,
): Promise<WholeReport> {
  const { source, detection } = image;
  const { size } = source;
  const claims = await claimsOf(image, area, signal);
  const shown = image.shown === null ? null : image.view(image.shown);
  const judged = judgeLength(image, claims, size);
  const lost = shown ? lostFiles(shown, size) : null;
  const zeros = shown && detection.readable ? await sampleZeros(source, shown, signal) : null;
  const evidence: WholeEvidence[] = [
    { label: 'Length', fact: `${size.toLocaleString('en')} bytes are there`, place: null },
    ...claims.map(({ label, fact, place }) => ({ label, fact, place })),
  ];
  if (!detection.readable) return unopened(detection, size, judged, evidence);
  const behind = Math.max(0, ...claims.filter(({ end }) => end <= size).map(({ end }) => end));
  // Sound that follows the data is the disc's own.
  const sound = image.medium.tracks.some(({ mode }) => mode === 'audio');
  const appended = judged.missing === 0 && behind > 0 && behind < size && !sound ? await appendedBytes(source, behind, signal) : null;
  if (appended)
    evidence.push({
      label: 'Behind the end',
      fact: `${appended.length.toLocaleString('en')} bytes: ${appended.title}`,
      place: appended.offset,
    });
  if (zeros)
    evidence.push({ label: 'Sample of contents', fact: sampleSentence(zeros), place: (zeros.wrong[0] ?? zeros.blank[0])?.offset ?? null });
  const gaps = hasGaps(image, shown);
  if (gaps) evidence.push({ label: 'Gaps', fact: 'files that belong to the image are not here', place: source.gaps?.[0]?.offset ?? null });
  const verdict = verdictOf(judged, { appended: appended !== null && appended.kind !== 'padding', holes: gaps || hollow(zeros) });
  const { promised, missing } = judged;
  const facts = { size, promised, missing, lost, appended, zeros };
  return { verdict, sentence: sentenceOf(verdict, judged, facts), ...facts, evidence };
}

/** What the claims say of the length. The volume's own word counts most; that of one file against it shows only that something lies. */
function judgeLength({ session, opened, views }: DiscImage, claims: readonly Claim[], size: number): Judged {
  const most = (kind: Claim['kind']): number => Math.max(0, ...claims.filter((claim) => claim.kind === kind).map(({ end }) => end));
  const [firm, files, loose] = [most('firm'), most('files'), most('loose')];
  const later = session.session > 1 || (session.sessions[0]?.start ?? 0) > 0;
  // A later session's size is counted from its own start by most writers: where its files go on, the size did not say so.
  const promised = later || firm === 0 ? Math.max(firm, files) : firm;
  // The first descriptor knows of more than the last session that was found.
  const own = Math.max(0, ...views.map(({ volume }) => volume.claimedSize ?? 0));
  const older =
    session.sessions.length > 0 && session.session === session.sessions.length && own > 0 && own <= size && firm > size && later;
  return { promised: promised || null, missing: Math.max(0, promised - size), doubt: doubtOf(), older };

  function doubtOf(): Judged['doubt'] {
    if (promised > size) return null;
    if (most('least') > size) return 'beginning';
    if (files > size) return 'files';
    if (loose > size + CYLINDER) return 'partition';
    if (claims.some(({ kind }) => kind === 'absent')) return 'anchor';
    return opened.length > 0 && promised === 0 ? 'silent' : null;
  }
}

function verdictOf({ missing, doubt }: Judged, seen: { readonly appended: boolean; readonly holes: boolean }): WholeVerdict {
  if (missing > 0) return 'truncated';
  if (seen.holes) return 'holes';
  if (doubt !== null) return 'unsure';
  return seen.appended ? 'appended' : 'whole';
}

/** Whether a file of the disc lies where a file that belongs to the image is not here. */
function hasGaps({ source }: DiscImage, shown: View | null): boolean {
  return (source.gaps?.length ?? 0) > 0 && shown !== null && shown.catalog.cut > 0;
}

/** Whether zeros stand where none can be, or in most of what was looked at. */
function hollow(zeros: ZeroSample | null): boolean {
  if (!zeros) return false;
  return zeros.wrong.length > 0 || (zeros.files >= FEW && zeros.blank.length * 2 > zeros.files);
}

/** Fewer files than this may all be meant to hold zeros. */
const FEW = 4;
