import type { SectorForm } from '../../source/raw-sector.ts';
import type { ByteSource } from '../../source/source.ts';
import type { Findings } from '../findings.ts';
import type { TrackPlan } from './assemble.ts';
import type { CueFile, CueTrack } from './cue.ts';
import { audioSectors, FORM2_2324, MODE2_2336, PLAIN, wholeSectors } from './sector.ts';
import { waveSamples } from './wave.ts';

/** The sectors that a track's mode in a CUE sheet stands for; null for a mode that is not known. */
export function formOfMode(mode: string): SectorForm | null {
  const match = /^(AUDIO|CDG|CD\+G|MODE[012]|CDI)(?:\/(\d{4}))?$/.exec(mode);
  if (!match) return null;
  const size = Number(match[2] ?? 0);
  if (match[1] === 'AUDIO') return audioSectors();
  if (match[1] === 'CDG' || match[1] === 'CD+G') return audioSectors(2448);
  const two = match[1] === 'MODE2' || match[1] === 'CDI';
  if (size === 2048) return PLAIN;
  if (size === 2336) return MODE2_2336;
  if (size === 2324) return FORM2_2324;
  return size === 2352 || size === 2448 ? wholeSectors(two ? 2 : 1, size) : null;
}

/** One track with its place in its file, in bytes, and on the disc, in sectors. */
interface Sketch {
  readonly track: CueTrack;
  readonly form: SectorForm;
  /** Offset of the first index, and of INDEX 01. */
  readonly from: number;
  readonly offset: number;
  readonly start: number;
}

/**
 * The tracks of a sheet, in order. Indexes count sectors from the start of a file whose tracks may
 * have sectors of several sizes; files follow each other on the disc, with pregaps between that are
 * stored nowhere. What stands before INDEX 01 of an audio track belongs to the audio track before.
 */
export async function cueTracks(
  files: readonly CueFile[],
  find: (name: string) => ByteSource | null,
  findings: Findings,
  signal?: AbortSignal,
): Promise<TrackPlan[]> {
  const plans: TrackPlan[] = [];
  let disc = 0;
  for (const file of files) {
    const source = find(file.name);
    const samples = source && (await soundOf(file, source, findings, signal));
    if (!source || !samples) continue;
    const [begin, end] = samples;
    const sketches: Sketch[] = [];
    let from = begin;
    let first = 0;
    let form: SectorForm | null = null;
    for (const track of file.tracks) {
      const [zero, one] = placesOf(track, first);
      if (form) from += Math.max(0, zero - first) * form.size;
      else from += zero * (formOfMode(track.mode)?.size ?? 2352);
      first = Math.max(first, zero);
      form = formOfMode(track.mode);
      if (!form) {
        findings.add(
          'warning',
          'track-mode',
          null,
          '',
          `Track ${track.number} is said to be “${track.mode}”, which is not known here; it is left out.`,
        );
        form = audioSectors();
        continue;
      }
      disc += track.pregap;
      sketches.push({ track, form, from, offset: from + (one - first) * form.size, start: disc + one });
    }
    const last = sketches.at(-1);
    for (const [index, sketch] of sketches.entries()) {
      const next = sketches[index + 1];
      const audio = sketch.form.mode === 0 && sketch.form.length === 2352;
      const both = audio && next?.form.length === 2352;
      const stop = next ? (both ? next.offset : next.from) : end;
      plans.push({
        number: sketch.track.number,
        session: sketch.track.session,
        audio,
        form: sketch.form,
        file: source,
        offset: sketch.offset,
        sectors: Math.max(0, Math.floor((Math.min(stop, end) - sketch.offset) / sketch.form.size)),
        start: sketch.start,
        bigEndian: audio && file.kind === 'MOTOROLA',
      });
    }
    if (last) disc = last.start + Math.max(0, Math.floor((end - last.offset) / last.form.size)) + last.track.postgap;
  }
  return plans;
}

/** First index and INDEX 01 of a track, as sectors of its file; never before what stands in front. */
function placesOf(track: CueTrack, least: number): [number, number] {
  const one = track.indexes.find(([index]) => index === 1)?.[1] ?? track.indexes[0]?.[1] ?? least;
  const zero = track.indexes.find(([index]) => index === 0)?.[1] ?? one;
  const from = Math.max(least, Math.min(zero, one));
  return [from, Math.max(from, one)];
}

/** Where the sectors of a file begin and end in it; null for a sound file of another kind. */
async function soundOf(
  file: CueFile,
  source: ByteSource,
  findings: Findings,
  signal?: AbortSignal,
): Promise<readonly [number, number] | null> {
  const samples = file.kind === 'WAVE' ? await waveSamples(source, signal) : null;
  if (samples) return samples;
  const tracks = file.tracks.map((track) => track.number).join(', ');
  if (!/^(BINARY|MOTOROLA)$/.test(file.kind) && file.tracks.every((track) => track.mode === 'AUDIO')) {
    findings.add(
      'warning',
      'audio-file-kind',
      null,
      '',
      `Track ${tracks} lies in the sound file “${file.name}”: play or save that file itself.`,
    );
    return null;
  }
  return [0, source.size];
}
