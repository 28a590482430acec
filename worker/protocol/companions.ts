/** A name of a part of a split file: `disc.iso.001`. */
export interface SplitPart {
  /** The name without the number: `disc.iso`. */
  readonly stem: string;
  readonly number: number;
  /** Digits of the number. */
  readonly width: number;
}

/** Which part of a split file a name is; null for any other name. */
export function splitPart(name: string): SplitPart | null {
  const match = /^(.+)\.(\d{2,4})$/.exec(name);
  if (!match) return null;
  const digits = match[2] as string;
  return { stem: match[1] as string, number: Number(digits), width: digits.length };
}

/** What one names by several files: a sheet, and the endings that hold its sectors. */
const TRACK_FILES = ['bin', 'img', 'raw', 'wav', 'iso', 'tao', 'dao', 'cdr', 'aiff', 'mp3', 'flac'];
const SAME_STEM: Readonly<Record<string, readonly string[]>> = {
  ccd: ['img', 'sub', 'cue'],
  mds: ['mdf'],
  toc: ['bin', 'cue'],
};

function endingOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

function stemOf(name: string): string {
  return name.replace(/\.[^.]+$/, '').toLowerCase();
}

/**
 * Which of the files chosen together belong to one image, as lists of indexes: a CUE sheet and its
 * BIN files, CCD with IMG and SUB, MDS with MDF, the parts of a split image in order. A sheet comes
 * first in its list; every other file is a list of its own. By names alone: nothing is read.
 */
export function groupFiles(names: readonly string[]): number[][] {
  const groups: number[][] = [];
  const taken = new Set<number>();
  const take = (group: number[]): void => {
    for (const index of group) taken.add(index);
    groups.push(group);
  };
  const free = (keep: (name: string) => boolean): number[] =>
    names.flatMap((name, index) => (!taken.has(index) && keep(name) ? [index] : []));

  for (const [sheet, endings] of Object.entries(SAME_STEM)) {
    for (const index of free((name) => endingOf(name) === sheet)) {
      const stem = stemOf(names[index] as string);
      const others = free((name) => stemOf(name) === stem && endings.includes(endingOf(name)));
      if (others.length > 0) take([index, ...others]);
    }
  }
  const sheets = free((name) => endingOf(name) === 'cue').sort(
    (a, b) => stemOf(names[b] as string).length - stemOf(names[a] as string).length,
  );
  for (const index of sheets) {
    const stem = stemOf(names[index] as string);
    const isTrack = (name: string): boolean => TRACK_FILES.includes(endingOf(name));
    const own = free((name) => isTrack(name) && stemOf(name).startsWith(stem));
    // A sheet that is alone among the files may name its tracks as it likes.
    const any = sheets.length === 1 ? free((name) => isTrack(name) && (own.length === 0 || endingOf(name) !== 'iso')) : own;
    take([index, ...new Set([...own, ...any])]);
  }
  for (const index of free((name) => splitPart(name) !== null)) {
    if (taken.has(index)) continue;
    const stem = splitPart(names[index] as string)?.stem.toLowerCase();
    const parts = free((name) => splitPart(name)?.stem.toLowerCase() === stem);
    take(parts.sort((a, b) => (splitPart(names[a] as string)?.number ?? 0) - (splitPart(names[b] as string)?.number ?? 0)));
  }
  for (const index of free(() => true)) take([index]);
  return groups.sort((a, b) => Math.min(...a) - Math.min(...b));
}
