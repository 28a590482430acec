import type { WholeReport, WholeVerdict, ZeroSample } from '../../protocol/whole.ts';

/** What the claims on the disc come to. */
export interface Judged {
  /** Byte after the last that is promised; null where nothing is. */
  readonly promised: number | null;
  readonly missing: number;
  /**
   * What speaks against the length though the volume's own word does not; `beginning`: it ends before what says a length,
   * `silent`: nothing says one.
   */
  readonly doubt: 'files' | 'partition' | 'anchor' | 'beginning' | 'silent' | null;
  /** What is listed is an older session: the last one's directories are behind the end. */
  readonly older: boolean;
}

const figure = (count: number): string => count.toLocaleString('en');
const counted = (count: number, one: string, more = `${one}s`): string => `${figure(count)} ${count === 1 ? one : more}`;

/** The verdict as one plain sentence. */
export function sentenceOf(
  verdict: WholeVerdict,
  { doubt, older }: Judged,
  { promised, missing, lost, appended, zeros }: Pick<WholeReport, 'promised' | 'missing' | 'lost' | 'appended' | 'zeros'>,
): string {
  switch (verdict) {
    case 'whole':
      return 'Whole, as far as the disc itself can tell.';
    case 'truncated':
      return `Cut short: the last ${counted(missing ?? 0, 'byte')} of ${figure(promised ?? 0)} are missing; ${older ? 'the last session with them: what is listed is an older one' : lossSentence(lost)}.`;
    case 'appended':
      return `All of the disc is here, and ${counted(appended?.length ?? 0, 'byte')} more behind its end: ${appended?.title ?? ''}.`;
    case 'empty':
      return 'Empty: every place that was looked at holds zeros.';
    case 'holes':
      if (!zeros || zeros.wrong.length + zeros.blank.length === 0) return 'Not whole: files that belong to the image are not here.';
      return `Not whole, it seems: ${counted(zeros.wrong.length || zeros.blank.length, 'file holds', 'files hold')} zeros where contents should be. Only a sample was looked at.`;
    case 'unsure':
      return DOUBTS[doubt ?? 'silent'];
  }
}

const DOUBTS: Readonly<Record<NonNullable<Judged['doubt']>, string>> = {
  files: 'The disc is here as far as it says it goes, but a file is said to end past that: its record is wrong, or the image was cut.',
  partition: 'The disc is here, but its partition table or boot catalog promises more behind it: the image may be cut.',
  anchor: 'The disc is here as far as it says it goes, but the anchor that UDF has at the end is not: a little may be missing.',
  beginning: 'Cut short: it ends before its descriptors.',
  silent: 'All that is listed is here; how long the disc should be it does not say.',
};

/** "12 files are lost and 1 is cut". */
export function lossSentence(lost: WholeReport['lost']): string {
  if (!lost || lost.lost + lost.cut + lost.directories === 0) return 'no file is touched';
  const parts = [
    ...(lost.lost > 0 ? [`${counted(lost.lost, 'file is', 'files are')} lost`] : []),
    ...(lost.cut > 0 ? [`${counted(lost.cut, 'file is', 'files are')} cut`] : []),
    ...(lost.directories > 0 ? [`${counted(lost.directories, 'directory', 'directories')} cannot be read whole`] : []),
  ];
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) as string}` : (parts[0] as string);
}

/** What was looked at and what was seen, said as a sample. */
export function sampleSentence({ files, places, wrong, blank }: ZeroSample): string {
  const looked = `${counted(places, 'place')} in the ${counted(files, 'largest file', 'largest files')}`;
  if (wrong.length > 0) return `${looked}: zeros where ${wrong[0]?.path ?? ''} has contents${more(wrong.length)}`;
  if (blank.length > 0) return `${looked}: nothing but zeros in ${blank[0]?.path ?? ''}${more(blank.length)}, which may be meant so`;
  return `${looked}: no stretch of zeros`;
}

function more(count: number): string {
  return count > 1 ? ` and ${figure(count - 1)} more` : '';
}
