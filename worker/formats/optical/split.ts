import { splitPart, type SplitPart } from '../../protocol/companions.ts';
import { Unsupported } from '../../protocol/errors.ts';
import { Layout } from '../../source/layout.ts';
import type { ByteSource } from '../../source/source.ts';

/** The name of another part of the same file. */
function nameOf({ stem, width }: SplitPart, number: number): string {
  return `${stem}.${String(number).padStart(width, '0')}`;
}

/**
 * The parts of a split image as one source, in order of their numbers; null where the files are no
 * parts. Throws Unsupported where a part between them is not here.
 */
export function joinParts(files: readonly ByteSource[]): ByteSource | null {
  if (files.length < 2) return null;
  const parts = files.map((file) => ({ file, part: splitPart(file.name) }));
  const first = parts.map(({ part }) => part).sort((a, b) => (a?.number ?? 0) - (b?.number ?? 0))[0];
  if (!first || parts.some(({ part }) => part?.stem.toLowerCase() !== first.stem.toLowerCase())) return null;
  parts.sort((a, b) => (a.part?.number ?? 0) - (b.part?.number ?? 0));
  const layout = new Layout(first.stem);
  let expected = Math.min(first.number, 1);
  for (const { file, part } of parts) {
    if (part?.number !== expected) {
      throw new Unsupported('missing-part', `“${nameOf(first, expected)}” is not here: choose all parts of “${first.stem}” together.`);
    }
    layout.addSource(file, 0, file.size);
    expected++;
  }
  return layout;
}

/** The part that is surely missing where one part came alone; null for a name that is none. */
export function missingPart(name: string): string | null {
  const part = splitPart(name);
  if (!part || part.width !== 3) return null;
  return nameOf(part, part.number > 1 ? 1 : part.number + 1);
}
