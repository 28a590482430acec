import type { Finding, Severity } from '../../worker/protocol/finding.ts';
import { counted } from '../figures.ts';

/** How much a finding matters, as a word and a shape. */
export const WORDS: Readonly<Record<Severity, { readonly word: string; readonly icon: 'octagon' | 'triangle' | 'note' }>> = {
  damage: { word: 'Broken', icon: 'octagon' },
  warning: { word: 'Take care', icon: 'triangle' },
  note: { word: 'Note', icon: 'note' },
};

const SUMS: Record<Severity, readonly [one: string, many: string]> = {
  damage: ['thing is broken', 'things are broken'],
  warning: ['thing to take care of', 'things to take care of'],
  note: ['note', 'notes'],
};
const ORDER: readonly Severity[] = ['damage', 'warning', 'note'];

/** By weight; what two trees of a disc say in the same words of the same place is said once. */
export function byWeight(findings: readonly Finding[]): Finding[] {
  const told = new Map(findings.map((finding) => [[finding.code, finding.at, finding.detail].join(), finding]));
  return ORDER.flatMap((severity) => [...told.values()].filter((finding) => finding.severity === severity));
}

/** "1 thing to take care of, 2 notes". */
export function sumOf(findings: readonly Finding[]): string {
  return ORDER.map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const)
    .filter(([many]) => many > 0)
    .map(([many, severity]) => counted(many, ...SUMS[severity]))
    .join(', ');
}
