/** Arithmetic of a list of which only a window is in the document. */

/** Browsers lose precision or cut off somewhere above 16.7 million px (ux-security.md 1.3). */
const MAX_HEIGHT = 12_000_000;
/** Rows rendered beyond either edge. */
const OVERSCAN = 8;

export interface Scale {
  /** Height of the scrolled box in px. */
  readonly height: number;
  /** Px of the list for one px of scrolling; 1 unless the list is too high. */
  readonly factor: number;
}

/** How a list of so many rows is mapped on a box that a browser can scroll. */
export function scaleOf(count: number, rowHeight: number, viewport: number): Scale {
  const full = count * rowHeight;
  if (full <= MAX_HEIGHT) return { height: full, factor: 1 };
  return { height: MAX_HEIGHT, factor: (full - viewport) / (MAX_HEIGHT - viewport) };
}

/** Which rows to render when the list's px `top` is at the upper edge. */
export function rowsInView(
  top: number,
  viewport: number,
  rowHeight: number,
  count: number,
): { readonly from: number; readonly to: number } {
  const first = Math.floor(top / rowHeight);
  const visible = Math.ceil(viewport / rowHeight) + 1;
  return { from: Math.max(0, Math.min(first, count - visible) - OVERSCAN), to: Math.min(count, first + visible + OVERSCAN) };
}

/** Where a row stands in the scrolled box. */
export function rowTop(index: number, rowHeight: number, scrollTop: number, factor: number): number {
  return factor === 1 ? index * rowHeight : scrollTop + index * rowHeight - scrollTop * factor;
}

/** The px of the list that must be at the upper edge to see a row whole; null where nothing must move. */
export function scrollFor(index: number, top: number, viewport: number, rowHeight: number): number | null {
  const from = index * rowHeight;
  if (from < top) return from;
  return from + rowHeight > top + viewport ? from + rowHeight - viewport : null;
}
