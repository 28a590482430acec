import { MAP_KINDS } from '../../worker/protocol/disc-map.ts';

/** Colours for a canvas, as the theme that is shown has them. */
export interface MapColours {
  /** By index of MAP_KINDS. */
  readonly kinds: readonly string[];
  readonly ink: string;
  readonly quiet: string;
  readonly sheet: string;
  readonly rule: string;
  readonly bad: string;
  readonly blue: string;
}

/** What a colour of the tokens is beside an element, for a canvas knows no custom properties. */
export function coloursAt(element: HTMLElement): MapColours {
  const probe = document.createElement('i');
  // Kinds are told apart by colour: where the system forces its own, those of the map stay.
  probe.style.setProperty('forced-color-adjust', 'none');
  element.append(probe);
  const colour = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    kinds: MAP_KINDS.map((kind) => colour(`k-${kind}`)),
    ink: colour('ink'),
    quiet: colour('ink-3'),
    sheet: colour('sheet'),
    rule: colour('rule-2'),
    bad: colour('bad'),
    blue: colour('blue'),
  };
  probe.remove();
  return colours;
}

/** Calls back whenever another theme is shown; gives what ends that. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener('change', changed);
  };
}

/** Make a canvas as fine as the screen is; gives its context, in px of the page. */
export function contextOf(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = devicePixelRatio || 1;
  const [wide, high] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  const context = canvas.getContext('2d');
  context?.setTransform(wide / Math.max(1, width), 0, 0, high / Math.max(1, height), 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

/** Hatching, for bytes that are not there: never by colour alone. */
export function hatch(context: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const lines = tile.getContext('2d');
  if (!lines) return null;
  lines.strokeStyle = colour;
  lines.lineWidth = 1.4;
  for (const shift of [-6, 0, 6]) {
    lines.moveTo(shift, 6);
    lines.lineTo(shift + 6, 0);
  }
  lines.stroke();
  return context.createPattern(tile, 'repeat');
}
