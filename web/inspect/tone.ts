import type { IconName } from '../ui/icons.ts';

/** How an answer sounds: `plain` judges nothing, `no` says so without blame. */
export type Tone = 'plain' | 'ok' | 'no' | 'warn' | 'bad';

export const TONE_ICONS: Readonly<Record<Tone, IconName>> = { plain: 'disc', ok: 'done', no: 'close', warn: 'triangle', bad: 'octagon' };
