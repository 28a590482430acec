import type { Detection } from '../protocol/inspector.ts';

/** What is said of a file that is not opened. */
export function unreadable(
  id: string,
  title: string,
  explanation: string,
  advice: readonly string[],
  evidence: Detection['evidence'],
): Detection {
  return { id, title, readable: false, explanation, advice, evidence };
}

/** A disc image of which so little is there that no directory can be read. */
export function beginningOnly(size: number, evidence: Detection['evidence'] = []): Detection {
  return unreadable(
    'truncated',
    'the beginning of a disc image',
    `It ends after ${size.toLocaleString('en')} bytes, before the first directory: the download stopped almost at once.`,
    ['Download it again, and let it finish.'],
    evidence,
  );
}

/** What to say of a disc that has descriptors, but whose root directory cannot be read in any view. */
export function withoutDirectories(): Detection {
  return {
    id: 'damaged',
    title: 'a damaged disc image',
    readable: false,
    explanation: 'Its volume descriptors are there, but no root directory can be read where they point.',
    advice: ['Copy or download the image again. The report says which places are damaged.'],
    evidence: [],
  };
}
