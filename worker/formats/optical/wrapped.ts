import type { ByteSource } from '../../source/source.ts';

/** An image that was found inside a compressed file. */
export interface Wrapped {
  /** The image's bytes, under the name of the file. */
  readonly source: ByteSource;
  /** What a detection's title says of it: "compressed (CSO)". */
  readonly title: string;
  /** What is wrong with the file as a whole: "ends too early …"; empty for nothing. */
  readonly damage: string;
}

/** Beginnings of the files that are opened as what is in them. */
const MARKS = ['CISO', 'ZISO'];

/** The image inside a compressed file; null for any other file. */
export async function unwrap(file: ByteSource, signal?: AbortSignal): Promise<Wrapped | null> {
  if (file.size < 4) return null;
  const mark = String.fromCharCode(...(await file.read(0, 4, signal)));
  if (!MARKS.includes(mark)) return null;
  // Few images are: so it is loaded when one comes.
  const { CsoSource } = await import('./cso.ts');
  const source = await CsoSource.open(file, signal);
  if (!source) return null;
  const { header } = source;
  const title = `compressed (${header.magic === 'ZISO' ? 'ZSO' : 'CSO'}${header.version === 2 ? ' 2' : ''})`;
  const damage =
    source.size < header.size
      ? `is cut off: ${source.size.toLocaleString('en')} of the ${header.size.toLocaleString('en')} bytes of the image in it can be read.`
      : '';
  return { source, title, damage };
}
