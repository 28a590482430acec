import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import type { TrackPlan } from './assemble.ts';
import { ccdTracks, isCcd } from './ccd.ts';
import { isCue, MAX_SHEET, readCueSheet } from './cue.ts';
import { cueTracks } from './cue-tracks.ts';
import { isMds, mdsTracks, readMds } from './mds.ts';
import { isToc, readToc, tocNames, tocTracks } from './toc.ts';

/** Kinds of files that say which tracks other files hold. */
export type SheetKind = 'cue' | 'ccd' | 'mds' | 'toc';

/** A file that says where the tracks of a disc are, as far as it is understood. */
export interface Sheet {
  readonly kind: SheetKind;
  /** Names of the files that hold the sectors, as written. */
  readonly names: readonly string[];
  /** The tracks, in those of the files that `find` gives. */
  tracks(find: (name: string) => ByteSource | null, findings: Findings, signal?: AbortSignal): Promise<readonly TrackPlan[]>;
}

/** The sheet that a file is, by its bytes; null for any other. `isHere` tells which of its charsets names were written in. */
export async function readSheet(file: ByteSource, isHere: (name: string) => boolean, signal?: AbortSignal): Promise<Sheet | null> {
  if (file.size === 0 || file.size > MAX_SHEET) return null;
  const bytes = await file.read(0, file.size, signal);
  if (isMds(bytes)) {
    const index = readMds(bytes);
    return ofOneFile('mds', index.name.replace(/^\*/, stemOf(file.name)), (image, findings) => mdsTracks(index, image, findings));
  }
  if (isCcd(bytes)) {
    const text = new TextDecoder('latin1').decode(bytes);
    return ofOneFile('ccd', `${stemOf(file.name)}.img`, (image) => ccdTracks(text, image));
  }
  if (isToc(bytes)) {
    const tracks = readToc(bytes);
    return { kind: 'toc', names: tocNames(tracks), tracks: async (find) => tocTracks(tracks, find) };
  }
  if (!isCue(bytes)) return null;
  const files = readCueSheet(bytes, isHere);
  return {
    kind: 'cue',
    names: files.map(({ name }) => name),
    tracks: (find, findings, abort) => cueTracks(files, find, findings, abort),
  };
}

function ofOneFile(kind: SheetKind, name: string, plans: (image: ByteSource, findings: Findings) => readonly TrackPlan[]): Sheet {
  return {
    kind,
    names: [name],
    async tracks(find, findings) {
      const image = find(name);
      return image ? plans(image, findings) : [];
    },
  };
}

function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
