import { ImageError, Unsupported } from '../../protocol/errors.ts';
import { BytesSource } from '../../source/bytes.ts';
import { HeadSource } from '../../source/head.ts';
import { Layout } from '../../source/layout.ts';
import type { SectorForm } from '../../source/raw-sector.ts';
import { sliceSource } from '../../source/slice.ts';
import type { ByteSource } from '../../source/source.ts';
import { Findings } from '../findings.ts';
import { assemble, type TrackPlan } from './assemble.ts';
import { LOGICAL_SECTOR, type Medium, type MediumKind } from './medium.ts';
import { nrgChunks, nrgTracks } from './nrg.ts';
import { placeOf, prefixOf } from './placement.ts';
import { FORM_HEAD, formTitle, PLAIN, recogniseForm } from './sector.ts';
import { readSheet, type Sheet } from './sheet.ts';
import { joinParts, missingPart } from './split.ts';
import { unwrap } from './wrapped.ts';

/** Endings of companions that hold no sectors themselves. */
const NOT_SECTORS = /\.(sub|mds|toc|cue|ccd|txt|log|m3u8?|md5|sfv|sha\d+)$/i;

/** What a detection's title says of what describes the sectors. */
const CONTAINERS: Readonly<Record<MediumKind, string>> = {
  plain: '',
  wrapped: '',
  raw: '',
  shifted: '',
  session: '',
  cue: 'by a CUE sheet',
  ccd: 'of CloneCD',
  mds: 'of Alcohol 120%',
  toc: 'by a TOC file',
  nrg: 'of Nero',
};

/**
 * What the files chosen together are: by their bytes, not by their endings (a companion that a
 * sheet names is found by its name). A plain image comes back as its own file.
 */
export async function openMedium(files: readonly ByteSource[], signal?: AbortSignal): Promise<Medium> {
  const first = files[0];
  if (!first) throw new Unsupported('no-file', 'No file was given.');
  const heads = files.map((file) => new HeadSource(file));
  for (const file of heads) {
    const sheet = await sheetOf(file, heads, signal);
    if (sheet) return openSheet(sheet, file, heads, signal);
  }
  const joined = joinParts(files);
  const main = heads.find((file) => !NOT_SECTORS.test(file.name)) ?? new HeadSource(first);
  return openUnwrapped(joined ? new HeadSource(joined) : main, signal);
}

/** One file, or the image inside where it is a compressed one. */
async function openUnwrapped(file: ByteSource, signal?: AbortSignal): Promise<Medium> {
  const wrapped = await unwrap(file, signal);
  if (!wrapped) return openSingle(file, signal);
  const medium = await openSingle(new HeadSource(wrapped.source), signal);
  if (wrapped.damage !== '') medium.findings.add('damage', 'wrapped-cut', null, 'CSO', `“${file.name}” ${wrapped.damage}`);
  const kind = medium.kind === 'plain' ? 'wrapped' : medium.kind;
  return { ...medium, kind, title: [medium.title, wrapped.title].filter(Boolean).join(', ') };
}

function sheetOf(file: ByteSource, files: readonly ByteSource[], signal?: AbortSignal): Promise<Sheet | null> {
  const others = files.filter((other) => other !== file);
  return readSheet(file, (name) => companion(name, others) !== null, signal);
}

/** Names of the files that a sheet needs beside itself; empty for any other file. */
export async function companionNames(file: ByteSource, among: readonly string[] = [], signal?: AbortSignal): Promise<string[]> {
  const sources = among.filter((name) => name !== file.name).map((name) => new BytesSource(new Uint8Array(0), name));
  return [...((await sheetOf(file, sources, signal))?.names ?? [])];
}

/** The last part of a path as a sheet writes it, in one form. */
function plainName(name: string): string {
  return (name.split(/[\\/]/).pop() ?? name).normalize('NFC').toLowerCase();
}

/** The file of a name among those here, whatever its case and folder. */
export function companion<T extends { readonly name: string }>(name: string, files: readonly T[]): T | null {
  const wanted = plainName(name);
  return files.find((file) => plainName(file.name) === wanted) ?? null;
}

async function openSheet(sheet: Sheet, file: ByteSource, files: readonly ByteSource[], signal?: AbortSignal): Promise<Medium> {
  const others = files.filter((other) => other !== file);
  const findings = new Findings();
  const held = others.filter(({ name }) => !NOT_SECTORS.test(name));
  const wanted = sheet.names;
  // Files are renamed, and their sheets keep the old name: one file for one name needs no other proof.
  const only = wanted.length === 1 && held.length === 1 ? held[0] : undefined;
  const find = (name: string): ByteSource | null => companion(name, others) ?? only ?? null;
  const missing = [...new Set(wanted.filter((name) => !find(name)).map((name) => name.split(/[\\/]/).pop() ?? name))];
  for (const name of missing) {
    findings.add('damage', 'file-missing', null, '', `“${file.name}” names “${name}”, which is not here: choose them together.`);
  }
  const plans = await sheet.tracks(find, findings, signal);
  // A sheet that lists nothing says nothing: the file beside it is read by what it holds.
  if (plans.length === 0 && missing.length === 0 && held[0]) return openSingle(held[0], signal, findings);
  return mediumOf(sheet.kind, file.name, plans, findings, missing, signal);
}

async function mediumOf(
  kind: MediumKind,
  name: string,
  plans: readonly TrackPlan[],
  findings: Findings,
  missing: readonly string[],
  signal?: AbortSignal,
): Promise<Medium> {
  const assembled = await assemble(name, plans, findings, signal);
  const form = assembled.tracks.find(({ mode }) => mode !== 'audio')?.form;
  return { name, kind, title: [form ? formTitle(form) : '', CONTAINERS[kind]].filter(Boolean).join(', '), ...assembled, missing, findings };
}

function plan(file: ByteSource, form: SectorForm, start = 0): TrackPlan {
  const sectors = Math.floor(file.size / form.size);
  return { number: 1, session: 1, audio: false, form, file, offset: 0, sectors, start, bigEndian: false };
}

/** One file: a Nero image by its footer, raw sectors by their sync pattern, a session alone by its root directory. */
async function openSingle(source: ByteSource, signal?: AbortSignal, findings = new Findings()): Promise<Medium> {
  const { name } = source;
  const part = missingPart(name);
  const missing = part === null ? [] : [part];
  // Plain images are whole sectors long: only what is not can have a footer behind.
  if (source.size % LOGICAL_SECTOR !== 0 || /\.nrg$/i.test(name)) {
    const chunks = await nrgChunks(source, signal);
    const tracks = chunks === null ? [] : await nrgTracks(source, chunks, findings, signal);
    if (tracks.length > 0) return mediumOf('nrg', name, tracks, findings, missing, signal);
  }
  const form = await formOf(source, signal);
  if (form) return aloneOf(await mediumOf('raw', name, [plan(source, form)], findings, missing, signal));
  const start = await placeOf(source, [0], signal);
  if (start) {
    return aloneOf(await mediumOf('session', name, [plan(source, PLAIN, start)], findings, missing, signal));
  }
  return { name, kind: 'plain', title: '', data: source, tracks: [], sessions: [], missing, findings };
}

/** The form of raw sectors; null for any other file, and for one whose beginning is damaged. */
async function formOf(source: ByteSource, signal?: AbortSignal): Promise<SectorForm | null> {
  try {
    return recogniseForm(await source.read(0, Math.min(FORM_HEAD, source.size), signal));
  } catch (error) {
    if (error instanceof ImageError) return null;
    throw error;
  }
}

/** Say that a medium is a later session without those before it, where it is. */
function aloneOf(medium: Medium): Medium {
  const start = medium.tracks[0]?.start ?? 0;
  if (start <= 0) return medium;
  const detail = `This is a later session alone: its first sector is sector ${start.toLocaleString('en')} of the disc, and files of earlier sessions are not in the image.`;
  medium.findings.add('note', 'session-alone', null, 'ECMA-119 6.8.2.2', detail);
  const sectors = medium.kind === 'raw' ? [medium.title] : [];
  return { ...medium, title: [...sectors, `a session from sector ${start.toLocaleString('en')} on`].join(', ') };
}

/** The image behind bytes that do not belong to it, for a plain medium that nothing was found on; null where there is none. */
export async function shiftedMedium(medium: Medium, signal?: AbortSignal): Promise<Medium | null> {
  const prefix = medium.kind === 'plain' ? await prefixOf(medium.data, signal) : null;
  if (!prefix) return null;
  const { data, name } = medium;
  const findings = new Findings();
  const said = Math.abs(prefix).toLocaleString('en');
  if (prefix > 0) {
    findings.add('note', 'prefix', 0, 'ECMA-119 6.2.1', `${said} bytes stand in front of the image; it is read from behind them.`);
    return {
      ...medium,
      kind: 'shifted',
      title: `behind ${said} other bytes`,
      data: sliceSource(data, prefix, data.size - prefix, name),
      findings,
    };
  }
  findings.add(
    'warning',
    'beginning-missing',
    0,
    'ECMA-119 6.2.1',
    `The first ${said} bytes of the image are missing; zeros stand in their place.`,
  );
  const layout = new Layout(name);
  layout.addAbsent(-prefix);
  layout.addSource(data, 0, data.size);
  return { ...medium, kind: 'shifted', title: `without its first ${said} bytes`, data: layout, findings };
}
