/** Px that the user gave to the panes beside the list; null where none was chosen. */
export interface ChosenWidths {
  readonly tree: number | null;
  readonly details: number | null;
}

/** The width of a pane, and how far it can be moved (px). */
export interface PaneWidth {
  readonly width: number;
  readonly min: number;
  readonly max: number;
}

const LEAST = { tree: 160, details: 240 } as const;
/** The list always has room for names and sizes. */
const LIST = 328;

/** What the panes have in a window of this width that nobody divided otherwise. */
function usual(room: number): { readonly tree: number; readonly details: number } {
  if (room < 1200) return { tree: 256, details: 304 };
  return { tree: 288, details: room < 1600 ? 352 : 420 };
}

/** Divide a window among tree, list and details: as was chosen, as far as the list keeps its room. */
export function dividePanes(
  room: number,
  shown: { readonly tree: boolean; readonly details: boolean },
  chosen: ChosenWidths,
): { readonly tree: PaneWidth; readonly details: PaneWidth } {
  const wished = { tree: chosen.tree ?? usual(room).tree, details: chosen.details ?? usual(room).details };
  const tree = within(wished.tree, LEAST.tree, room - LIST - (shown.details ? LEAST.details : 0));
  const details = within(wished.details, LEAST.details, room - LIST - (shown.tree ? tree.width : 0));
  return { tree, details };
}

function within(wished: number, min: number, most: number): PaneWidth {
  const max = Math.max(min, most);
  return { width: Math.round(Math.min(Math.max(wished, min), max)), min, max };
}
