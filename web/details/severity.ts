import type { Severity } from '../../worker/protocol/finding.ts';

/** How much a finding matters, as a word and a shape. */
export const WORDS: Readonly<Record<Severity, { readonly word: string; readonly icon: 'octagon' | 'triangle' | 'note' }>> = {
  damage: { word: 'Broken', icon: 'octagon' },
  warning: { word: 'Take care', icon: 'triangle' },
  note: { word: 'Note', icon: 'note' },
};
