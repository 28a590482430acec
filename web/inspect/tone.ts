import type { IconName } from '../ui/icons.ts';

/** How an answer sounds: `plain` judges nothing. */
export type Tone = 'plain' | 'ok' | 'warn' | 'bad';

export const TONE_ICONS: Readonly<Record<Tone, IconName>> = { plain: 'disc', ok: 'done', warn: 'triangle', bad: 'octagon' };
