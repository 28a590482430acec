/** A circle as path data, so that every icon is one path. */
const ring = (x: number, y: number, r: number) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

const SHEET = 'M4 2h5.5L13 5.5V13a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zM9.5 2v3.5H13';
const FRAME = 'M3 3h10a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z';

/** The icons, drawn for a line of 1.25 on 16 by 16. */
export const ICONS = {
  brand: `${ring(8, 8, 6.75)}M8 3.75a4.25 4.25 0 1 1-3.6 2${ring(8, 8, 1.4)}`,
  plus: 'M8 3.5v9M3.5 8h9',
  search: `${ring(7, 7, 4.25)}M10.25 10.25l3.25 3.25`,
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z',
  sun: `${ring(8, 8, 2.75)}M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9`,
  system: 'M3 3h10a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM5.5 13.5h5M8 11v2.5',
  sliders: `M2 4.5h6.5M12 4.5h2M2 11.5h2M7.5 11.5H14${ring(10.25, 4.5, 1.75)}${ring(5.75, 11.5, 1.75)}`,
  help: `${ring(8, 8, 6)}M6.3 6.2a1.75 1.75 0 1 1 2.5 1.9c-.5.3-.8.6-.8 1.2M8 11.4v.1`,
  close: 'm4.5 4.5 7 7M11.5 4.5l-7 7',
  lock: 'M4.5 7h7a1 1 0 0 1 1 1v4.5a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  done: `${ring(8, 8, 6)}M5.25 8.25l2 2 3.5-4`,
  back: 'M10 3 5 8l5 5',
  forward: 'm6 3 5 5-5 5',
  up: 'M8 13V3M4 7l4-4 4 4',
  save: 'M8 2.5v7.25M5 7l3 3 3-3M2.5 12.5v1h11v-1',
  pause: 'M5.75 3.5v9M10.25 3.5v9',
  resume: 'M5 3.25 12 8l-7 4.75z',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
  unfold: 'm6 4 4 4-4 4',
  down: 'm4 6 4 4 4-4',
  ascending: 'm4 10 4-4 4 4',
  check: 'm3.5 8.5 3 3 6-7',
  folder: 'M2 4.5V12a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V5.5a1 1 0 0 0-1-1H7.6L6.2 3H3a1 1 0 0 0-1 1z',
  disc: `${ring(8, 8, 5.75)}${ring(8, 8, 1.75)}`,
  image: `${ring(8, 8, 5.75)}${ring(8, 8, 1.75)}`,
  program: `${FRAME}M2 5.75h12M4.75 8.25 6.5 9.75l-1.75 1.5M8.5 11.25h3`,
  library:
    'M3.5 2.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM5.5 5.5h2v2h-2zM8.5 8.5h2v2h-2zM8.5 5.5h2M5.5 10.5h2',
  archive: 'M2.5 5.5v7a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-7M2 2.5h12v3H2zM6.5 8h3',
  copy: 'M6 5.5h7.5V14H6zM3 11V2.5h7.5',
  text: `${SHEET}M5.5 8.5h5M5.5 11h3.5`,
  media: `${FRAME}M2.5 11.5l3.25-3.25 2.5 2.5 2-2 3.25 3.25${ring(10.75, 6, 0.9)}`,
  sound: `${ring(4.75, 11.75, 1.75)}${ring(11.25, 10.25, 1.75)}M6.5 11.75V4l6.5-1.5v7.75`,
  file: SHEET,
  link: 'M6.5 9.5 9.5 6.5M7 4.75l1.5-1.5a2.8 2.8 0 0 1 4 4L11 8.75M9 11.25l-1.5 1.5a2.8 2.8 0 0 1-4-4L5 7.25',
  boot: 'M8.75 1.75 3.5 9h3.75l-.75 5.25L12.5 7H8.25z',
  octagon: 'M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM8 5v3.75M8 10.9v.1',
  triangle: 'M8 2.25 14.25 13.5H1.75zM8 6.5v3.25M8 11.6v.1',
  note: `${ring(8, 8, 6)}M8 7.5V11M8 5.2v.1`,
} as const;

export type IconName = keyof typeof ICONS;
