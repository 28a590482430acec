import type { ImagePart } from '../../protocol/partition.ts';
import type { SectorForm } from '../../source/raw-sector.ts';
import type { ByteSource } from '../../source/source.ts';
import { Layout } from '../../source/layout.ts';
import type { Findings } from '../findings.ts';

/** Bytes of a logical sector (ECMA-119 6.1.2). */
export const LOGICAL_SECTOR = 2048;

/**
 * How a medium came: `plain` 2,048-byte sectors from the file's first byte, such inside a compressed file (`wrapped`),
 * `raw` sectors, `shifted` behind other bytes, `session` a later session alone; or by what describes it.
 */
export type MediumKind = 'plain' | 'wrapped' | 'raw' | 'shifted' | 'session' | 'cue' | 'ccd' | 'mds' | 'toc' | 'nrg';

export type TrackMode = 'audio' | 'mode1' | 'mode2';

/** One track of a disc, from its INDEX 01 on. */
export interface Track {
  readonly number: number;
  readonly session: number;
  readonly mode: TrackMode;
  /** Logical sector of its INDEX 01 on the disc. */
  readonly start: number;
  readonly sectors: number;
  /** Its sectors as they are stored, one after another. */
  readonly source: ByteSource;
  readonly form: SectorForm;
  /** Audio whose samples are big-endian (`MOTOROLA` in a CUE sheet). */
  readonly bigEndian: boolean;
}

/** A session that holds data. */
export interface Session {
  readonly number: number;
  /** Logical sector of its first data track: descriptors stand 16 sectors behind. */
  readonly startSector: number;
}

/** What the files that were chosen together are: a disc of 2,048-byte sectors, and its tracks. */
export interface Medium {
  readonly name: string;
  readonly kind: MediumKind;
  /** What stands behind the format's name: "raw 2,352-byte sectors"; empty for a plain image. */
  readonly title: string;
  /** Logical sectors at their places on the disc; the file itself where it holds nothing else. */
  readonly data: ByteSource;
  readonly tracks: readonly Track[];
  readonly sessions: readonly Session[];
  /** Names of files that belong to it and are not here. */
  readonly missing: readonly string[];
  readonly findings: Findings;
}

/** Bytes of the smallest sector that is stored with the sum of its data (mode 2 without sync and header). */
const LEAST_SUMMED = 2336;

/** The data tracks whose sectors carry their error detection codes (ECMA-130 14.3). */
export function summedTracks({ tracks }: Medium): Track[] {
  return tracks.filter(({ mode, form }) => mode !== 'audio' && form.size >= LEAST_SUMMED);
}

/** The medium as a plain image of 2,048-byte sectors, or a part of that, ready to be written. SourceError for what it does not have. */
export function plainImage(medium: Medium, part?: ImagePart): Layout {
  const layout = new Layout(part?.name ?? `${medium.name.replace(/\.[^.]*$/, '')}.iso`);
  layout.addSource(medium.data, part?.offset ?? 0, part?.length ?? medium.data.size);
  return layout;
}
