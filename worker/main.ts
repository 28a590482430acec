import { expose } from 'comlink';
import { disarm } from './jobs/disarm.ts';
import { ImageInspector } from './jobs/inspector.ts';
import { installErrorTransfer } from './protocol/transfer.ts';

declare const __VERSION__: string;

disarm(self);
installErrorTransfer();
expose(new ImageInspector(__VERSION__));
