import { Block } from '../bytes/block.ts';
import { ascii, begins } from './picture.ts';

/** Sound or film in a form that browsers may play. */
export interface MediaForm {
  readonly kind: 'sound' | 'film';
  readonly title: string;
  readonly type: string;
}

const sound = (title: string, type: string): MediaForm => ({ kind: 'sound', title, type });
const film = (title: string, type: string): MediaForm => ({ kind: 'film', title, type });

/** Sound or film by the first bytes (at least 64, where there are as many); null for all else. */
export function readMediaForm(bytes: Uint8Array, extension: string): MediaForm | null {
  if (bytes.length < 16) return null;
  const block = new Block(bytes, 0);
  if (begins(block, 0, 'RIFF') && begins(block, 8, 'WAVE')) return sound('WAVE sound', 'audio/wav');
  if (begins(block, 0, 'fLaC')) return sound('FLAC sound', 'audio/flac');
  if (begins(block, 0, 'OggS'))
    return /theora/.test(ascii(block, 0, Math.min(bytes.length, 128))) ? film('Ogg film', 'video/ogg') : sound('Ogg sound', 'audio/ogg');
  if (block.u32be(0) === 0x1a45dfa3) return film('Matroska or WebM film', 'video/webm');
  if (begins(block, 4, 'ftyp')) {
    if (/^(M4A|M4B)/.test(ascii(block, 8, 4))) return sound('MPEG-4 sound', 'audio/mp4');
    if (/^(isom|iso\d|mp4\d|avc1|M4V|MSNV|dash|3gp|qt {2})/.test(ascii(block, 8, 4))) return film('MPEG-4 film', 'video/mp4');
    return null;
  }
  if (begins(block, 0, 'ID3')) return sound('MP3 sound', 'audio/mpeg');
  // A frame begins with eleven set bits: too few to go by alone.
  const frame = block.u16be(0);
  if (extension === 'mp3' && (frame & 0xffe0) === 0xffe0) return sound('MP3 sound', 'audio/mpeg');
  if (extension === 'aac' && (frame & 0xfff6) === 0xfff0) return sound('AAC sound', 'audio/aac');
  return null;
}
