import type { EntryId } from '../../../protocol/entry.ts';
import type { BadSum, SelfCheck, SelfSum } from '../../../protocol/self-check.ts';

/** Those that are named; all are counted. */
const MAX_NAMED = 1_000;

/** A file and what came of its sum. */
export interface Compared {
  readonly entry: EntryId | null;
  /** Absent where it is asked for only when it is not right. */
  readonly path?: string;
  state: 'right' | BadSum['state'];
}

const figure = (count: number): string => count.toLocaleString('en');
const files = (count: number): string => `${figure(count)} ${count === 1 ? 'file' : 'files'}`;

/** The verdict on one list of sums, or one sum; `checked` is less than `count` where they could not be compared. */
export function verdictOn(
  facts: Pick<SelfSum, 'kind' | 'title' | 'path' | 'place'>,
  bad: readonly BadSum[],
  count: number,
  checked = count,
): SelfSum {
  const of = (state: BadSum['state']): number => bad.filter((each) => each.state === state).length;
  const [wrong, absent, unread] = [of('wrong'), of('absent'), of('unread')];
  const right = Math.max(0, checked - wrong - absent - unread);
  const state = checked < count ? 'unchecked' : wrong + unread + absent > 0 ? 'wrong' : 'right';
  const sums = { count, right, wrong, absent, unread };
  return { ...facts, state, sentence: sentenceOf(facts.kind, state, sums, bad[0]), ...sums, bad: bad.slice(0, MAX_NAMED) };
}

function sentenceOf(
  kind: SelfSum['kind'],
  state: SelfSum['state'],
  { count, right, wrong, absent, unread }: Pick<SelfSum, 'count' | 'right' | 'wrong' | 'absent' | 'unread'>,
  first: BadSum | undefined,
): string {
  const place = first && first.from !== null && first.to !== null ? `between byte ${figure(first.from)} and ${figure(first.to)}` : '';
  if (state === 'unchecked')
    return first ? 'The sums themselves are damaged: nothing can be compared with them.' : 'It was too much to compare.';
  if (kind === 'implanted') {
    if (state === 'right') return 'The disc is what its maker summed, to the last byte.';
    return unread > 0
      ? 'The image ends before all that its maker summed.'
      : `The disc is not what its maker summed: the first difference lies ${place}.`;
  }
  if (kind === 'tags') {
    if (state === 'right') return count === 1 ? 'The tag agrees with the disc.' : `All ${figure(count)} tags agree with the disc.`;
    return `${figure(wrong + unread)} of ${figure(count)} tags disagree with the disc; the first difference lies ${place}.`;
  }
  if (state === 'right') return count === 1 ? 'The file is as listed.' : `All ${files(count)} are as listed.`;
  if (count === 1) return wrong > 0 ? 'The file is not as listed.' : unread > 0 ? 'The file cannot be read whole.' : 'The file that it lists is not on the disc.'; // prettier-ignore
  const parts = [
    ...(wrong > 0 ? [`${figure(wrong)} ${wrong === 1 ? 'differs' : 'differ'}`] : []),
    ...(unread > 0 ? [`${figure(unread)} cannot be read whole`] : []),
    ...(absent > 0 ? [`${figure(absent)} ${absent === 1 ? 'is' : 'are'} not on the disc`] : []),
  ];
  return `${figure(right)} of ${files(count)} are as listed; ${parts.join(', ')}.`;
}

/** All verdicts as one answer. */
export function closing(sums: readonly SelfSum[], bytes: number): SelfCheck {
  const worst = (['wrong', 'unchecked', 'right'] as const).find((state) => sums.some((sum) => sum.state === state));
  if (!worst) return { state: 'none', sentence: 'This disc holds no checksums of itself.', sums, bytes };
  const sentence = {
    right: 'The disc agrees with all checksums that it holds of itself.',
    wrong: 'The disc does not agree with its own checksums.',
    unchecked: 'Not all checksums that the disc holds of itself could be compared.',
  }[worst];
  return { state: worst, sentence, sums, bytes };
}
