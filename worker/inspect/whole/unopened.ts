import type { Detection } from '../../protocol/inspector.ts';
import type { WholeEvidence, WholeReport } from '../../protocol/whole.ts';
import type { Judged } from './sentence.ts';

/** The answer for what was not opened: no bytes but zeros, the beginning of a disc, or a file that says nothing. */
export function unopened(
  detection: Detection,
  size: number,
  { promised, missing, doubt }: Judged,
  evidence: readonly WholeEvidence[],
): WholeReport {
  const none = { size, lost: null, appended: null, zeros: null };
  const seen = [...evidence, ...detection.evidence.map(({ label, value, at }) => ({ label, fact: value, place: at }))];
  if (detection.id === 'zeros' || detection.id === 'empty') {
    const sentence = size === 0 ? 'Empty: the file has no bytes.' : 'Empty: every place that was looked at holds zeros.';
    return { ...none, verdict: 'empty', sentence, promised: null, missing: null, evidence: seen };
  }
  if (detection.id === 'truncated' || missing > 0 || doubt === 'beginning') {
    const known = missing > 0;
    const sentence = known
      ? `Cut short: the last ${missing.toLocaleString('en')} bytes of ${(promised ?? 0).toLocaleString('en')} are missing, and with them every directory.`
      : 'Cut short: it ends before the first directory; how long it should be is not known.';
    return { ...none, verdict: 'truncated', sentence, promised, missing: known ? missing : null, evidence: seen };
  }
  if (promised !== null) {
    const sentence = 'It is as long as it says, but no directory can be read: what was lost cannot be told.';
    return { ...none, verdict: 'unsure', sentence, promised, missing: 0, evidence: seen };
  }
  const sentence = 'It cannot be told: nothing in this file that Isoscope can read says how long it should be.';
  return { ...none, verdict: 'unsure', sentence, promised: null, missing: 0, evidence: seen };
}
