import { Block } from '../../bytes/block.ts';
import type { ByteSource } from '../../source/source.ts';

/** The volume recognition sequence begins at this byte (ECMA-167 2/8.3). */
const FIRST = 32768;
/** Bytes of the sequence that are looked at. */
const LOOKED_AT = 64 * 1024;
const STEP = 2048;

/** What the volume recognition sequence says of UDF (ECMA-167 3/9.1). */
export interface Recognition {
  /** "NSR02" or "NSR03". */
  readonly standard: string;
  readonly at: number;
}

/** The descriptor NSR02 or NSR03 of the recognition sequence; null without (ECMA-167 3/9.1). */
export async function readRecognition(near: ByteSource, signal?: AbortSignal): Promise<Recognition | null> {
  if (near.size < FIRST + STEP) return null;
  const block = new Block(await near.read(FIRST, Math.min(LOOKED_AT, near.size - FIRST), signal), FIRST);
  for (let at = 0; at + 6 <= block.length; at += STEP) {
    const standard = String.fromCharCode(...block.part(at + 1, 5));
    if (standard === 'NSR02' || standard === 'NSR03') return { standard, at: FIRST + at };
  }
  return null;
}
