import type { MediumFit } from '../../protocol/identity.ts';
import type { Track } from '../../formats/optical/medium.ts';

const SECTOR = 2048;
/** Two minutes beyond the nominal end, which most blank CDs take. */
const OVERBURN = 2 * 60 * 75;

/** Usual discs with the sectors that the smallest of their kind has; whether more can be written by overburning. */
const DISCS: readonly (readonly [name: string, sectors: number, overburn: boolean])[] = [
  ['CD 650 (74 minutes)', 333_000, true],
  ['CD 700 (80 minutes)', 359_847, true],
  ['CD 800 (90 minutes)', 405_000, true],
  ['DVD 5', 2_295_104, false],
  ['DVD 9', 4_171_712, false],
  ['BD 25', 12_219_392, false],
  ['BD 50', 24_438_784, false],
  ['BD 100', 48_878_592, false],
];

/** Usual sticks in gigabytes of 10^9 bytes. */
const STICKS = [4, 8, 16, 32, 64, 128, 256];
const GIGABYTE = 1e9;

/** The size of an image, and its tracks. */
interface Sized {
  readonly source: { readonly size: number };
  /** Bytes that it promises beyond its end. */
  readonly missing: number;
  readonly medium: { readonly tracks: readonly Pick<Track, 'start' | 'sectors' | 'mode'>[] };
}

/** What an image fits on, with all that it should have. */
export function mediumFit({ source, missing, medium }: Sized): MediumFit {
  const ends = medium.tracks.map(({ start, sectors }) => start + sectors);
  const sectors = Math.max(Math.ceil((source.size + missing) / SECTOR), ...ends);
  const audio = medium.tracks.some(({ mode }) => mode === 'audio');
  const disc = DISCS.find(([, most]) => sectors <= most) ?? null;
  const over = DISCS.find(([, most, more]) => more && sectors > most && sectors <= most + OVERBURN) ?? null;
  return {
    sectors,
    disc: disc?.[0] ?? null,
    overburn: over?.[0] ?? null,
    stick: audio ? null : (STICKS.find((size) => sectors * SECTOR <= size * GIGABYTE) ?? null),
  };
}
