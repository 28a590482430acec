export { authenticodeHash, readSignatures } from './authenticode.ts';
export { readPeHeaders, type PeHeaders } from './headers.ts';
export { readSbat } from './sbat.ts';
export { readPeVersion } from './version.ts';
