import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';

/** A CD's sound: 44,100 samples a second, two channels of 16 bits (IEC 60908). */
const RATE = 44_100;
const CHANNELS = 2;
const BITS = 16;
export const WAVE_HEADER = 44;
const MAX_CHUNKS = 64;
const MAX_LENGTH = 2 ** 32 - 1 - WAVE_HEADER;

/** The 44 bytes in front of a CD's samples in a WAV file (RIFF, Multimedia Programming Interface 1.0). */
export function waveHeader(length: number): Uint8Array {
  const bytes = new Uint8Array(WAVE_HEADER);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string): void => bytes.set(new TextEncoder().encode(word), at);
  const stated = Math.min(length, MAX_LENGTH);
  text(0, 'RIFF');
  view.setUint32(4, stated + WAVE_HEADER - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, CHANNELS, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, (RATE * CHANNELS * BITS) / 8, true);
  view.setUint16(32, (CHANNELS * BITS) / 8, true);
  view.setUint16(34, BITS, true);
  text(36, 'data');
  view.setUint32(40, stated, true);
  return bytes;
}

/** Where the samples of a WAV file stand, [from, to]; null where they are not those of a CD. */
export async function waveSamples(source: ByteSource, signal?: AbortSignal): Promise<readonly [number, number] | null> {
  let fits = false;
  let at = 12;
  for (let chunk = 0; chunk < MAX_CHUNKS && at + 8 <= source.size; chunk++) {
    const head = new Block(await source.read(at, Math.min(24, source.size - at), signal), at);
    const id = String.fromCharCode(...head.part(0, 4));
    const length = head.u32le(4);
    if (id === 'fmt ' && head.length >= 24) {
      fits = head.u16le(8) === 1 && head.u16le(10) === CHANNELS && head.u32le(12) === RATE && head.u16le(22) === BITS;
    }
    if (id === 'data') return fits ? [at + 8, Math.min(source.size, at + 8 + length)] : null;
    at += 8 + length + (length % 2);
  }
  return null;
}
