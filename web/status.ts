import { count, counted, size } from './figures.ts';
import type { Session } from './session.svelte.ts';

/** How a save has ended, before its name. */
export const ENDED: Readonly<Record<string, string>> = { done: 'Saved', failed: 'Not saved:', cancelled: 'Stopped:' };

/** What the status bar says of the list, or of the bytes one looks at. */
export function statusOf({ selection, measures, listing, page, bytesPage }: Session): { readonly strong: string; readonly rest: string } {
  if (page === 'bytes') return { strong: bytesPage.said, rest: '' };
  if (page === 'inspect') return { strong: '', rest: '' };
  const all = selection.entries.length;
  if (selection.count > 0)
    return { strong: `${count(selection.count)} of ${count(all)} selected`, rest: measures.selected ? size(measures.selected.bytes) : '' };
  const hidden = listing?.hiddenCount ?? 0;
  return { strong: counted(all, 'item'), rest: hidden > 0 ? `${counted(hidden, 'hidden entry', 'hidden entries')} not shown` : '' };
}
