import { expose } from 'comlink';
import { disarm } from './jobs/disarm.ts';
import { ImageInspector } from './jobs/inspector.ts';
import { loadAhead } from './inspect/lazy.ts';
import { installErrorTransfer } from './protocol/transfer.ts';

declare const __VERSION__: string;

disarm(self);
installErrorTransfer();
expose(new ImageInspector(__VERSION__));

// Ahead of the first image, so that nobody waits for it. What fails to load is loaded again, and said, when it is needed.
const loaded = Promise.all([import('./jobs/rehearsal.ts'), loadAhead(), import('./jobs/saves.ts'), import('./jobs/looks.ts')]);
void loaded.then(([{ rehearse }]) => rehearse()).catch(() => undefined);
