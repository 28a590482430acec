import type { BootReport } from '../../protocol/boot.ts';
import type { Evidence, IdentityReport } from '../../protocol/identity.ts';
import type { DiscImage } from '../image.ts';
import { consoles } from './consoles.ts';
import { Disc, evidence } from './disc.ts';
import type { Family, Found } from './found.ts';
import { linux } from './linux.ts';
import { mediumFit } from './media.ts';
import { dataOnly, programs } from './programs.ts';
import { bootTools, smallSystems, systems } from './systems.ts';
import { video } from './video.ts';
import { windows } from './windows.ts';
import { writerOf } from './writers.ts';

/** All families; the first that knows the disc says what it is. */
const FAMILIES: readonly Family[] = [...consoles, ...video, ...windows, ...systems, ...linux, ...smallSystems, ...bootTools, ...programs];

/** What a disc is, by what it holds, with the places that say so. */
export async function identify(image: DiscImage, boot: BootReport): Promise<IdentityReport> {
  const disc = new Disc(image, boot);
  let found: Found | null = null;
  for (const family of FAMILIES) if ((found = await family(disc))) break;
  found ??= image.detection.readable ? dataOnly(disc) : unreadable(image);
  const made = await writerOf(disc);
  const own = found.architectures ?? [];
  const started = startedArchitectures(disc);
  return {
    kind: found.kind,
    title: found.title,
    sentence: `${found.sentence}${made ? `, made with ${made.writer.name}` : ''}.`,
    architectures: own.length > 0 ? own : started.names,
    evidence: [...found.evidence, ...started.evidence, ...sessionLine(image), ...(made?.evidence ?? [])],
    wims: found.wims ?? [],
    writer: made?.writer ?? null,
    medium: mediumFit(image),
  };
}

function unreadable({ detection }: DiscImage): Found {
  const { title } = detection;
  return { kind: 'unreadable', title: '', sentence: `${title.charAt(0).toUpperCase()}${title.slice(1)}`, evidence: [] };
}

/** Machines that loaders of the disc are for. */
function startedArchitectures(disc: Disc): { names: string[]; evidence: Evidence[] } {
  const lines: Evidence[] = [];
  const names = new Set<string>();
  for (const { architecture, starts, path, volume } of disc.boot.loaders) {
    if (!starts || names.has(architecture)) continue;
    names.add(architecture);
    lines.push(
      evidence('Starts', `${architecture}, by ${path}`, volume === null ? disc.at(path) : { view: null, path: null, offset: volume }),
    );
  }
  const bios = disc.boot.boot.find(({ platform, bootable }) => platform === 'bios' && bootable);
  if (bios) {
    names.add('x86');
    lines.push(
      evidence('Starts', `x86, by ${bios.program?.title ?? 'a boot image'}${bios.program?.version ? ` ${bios.program.version}` : ''}`, {
        view: null,
        path: null,
        offset: bios.offset,
      }),
    );
  }
  return { names: [...names], evidence: lines };
}

/** How many times the disc was written to, where that is more than once. */
function sessionLine({ session: { sessions, session } }: DiscImage): Evidence[] {
  return sessions.length > 1 ? [evidence('Sessions', `${sessions.length}, of which number ${session} is open`)] : [];
}
