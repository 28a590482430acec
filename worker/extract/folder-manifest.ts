import { cutName } from './names.ts';
import { MAX_PICKER_NAME } from './picker-names.ts';
import type { Member } from './member.ts';
import type { ExtractionPlan } from './plan.ts';
import type { TargetDirectory } from './folder-target.ts';
import { withSink } from './sink.ts';

/** Name of the list beside the tree; numbered where something has it already. */
export const MANIFEST = 'isoscope-manifest.json';
/** Characters of the list put together before they are turned into bytes. */
const CHUNK = 256 * 1024;

/** What became of the members, where that is not what was planned. */
export interface Outcomes {
  /** Name under which a member was saved, where it is not the planned one. */
  readonly numbered: ReadonlyMap<number, string>;
  /** Members that could not be saved, and why. */
  readonly failed: ReadonlyMap<number, string>;
  /** CRC-32 of a member's contents, where it was computed. */
  readonly crc: (index: number) => number | null;
}

/**
 * Write the list of what was changed and of what a folder cannot keep (times, modes, links, devices), one entry
 * a line (docs/saving.md). Returns its name; null where there is nothing to say.
 */
export async function writeManifest(
  target: TargetDirectory,
  plan: ExtractionPlan,
  outcomes: Outcomes,
  planned: (name: string) => boolean,
): Promise<string | null> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const encoder = new TextEncoder();
  const { volume, image } = plan;
  const head = { isoscope: 'manifest', version: 1, image: image.name, imageSize: image.size, tree: volume.title, label: volume.label };
  let text = `${JSON.stringify(head).slice(0, -1)},"entries":[`;
  let lines = 0;
  for (let index = 0; index < plan.count; index++) {
    const line = lineOf(plan, index, outcomes);
    if (line === null) continue;
    text += `${lines++ > 0 ? ',' : ''}\n${JSON.stringify(line)}`;
    if (text.length < CHUNK) continue;
    parts.push(encoder.encode(text));
    text = '';
  }
  if (lines === 0) return null;
  parts.push(encoder.encode(`${text}\n]}\n`));
  const { name, same } = await freeName(target, parts, planned);
  if (same) return name;
  await withSink(
    () => target.create(name),
    async (sink) => {
      for (const part of parts) await sink.write(part);
    },
  );
  return name;
}

/** What is worth a line of a member: null where it is saved as it stands on the disc, all of it. */
function lineOf(plan: ExtractionPlan, index: number, { numbered, failed, crc }: Outcomes): object | null {
  const entry = plan.entry(index);
  const member = plan.member(index);
  const reason = failed.get(index) ?? plan.changes.all?.get(entry);
  const number = numbered.get(index);
  const kept = member ? recorded(plan, member) : {};
  const target = plan.losses?.target(index) ?? null;
  if (reason === undefined && number === undefined && target === null && Object.keys(kept).length === 0) return null;
  const path = plan.discPath(entry);
  const saved = member && !failed.has(index) ? renamed(member.path, number) : null;
  const sum = member?.kind === 'file' ? crc(index) : null;
  return {
    path,
    ...(saved === path.slice(1) ? {} : { saved }),
    ...(reason === undefined ? {} : { reason }),
    ...(number === undefined ? {} : { numbered: 'A file of this name was there already.' }),
    ...(target === null ? {} : { link: target }),
    ...kept,
    ...(sum === null ? {} : { crc32: sum.toString(16).padStart(8, '0') }),
  };
}

function recorded(plan: ExtractionPlan, member: Member): object {
  const { losses } = plan;
  return {
    ...(losses?.hasTime(member.index) ? { modified: new Date(member.modified).toISOString() } : {}),
    ...(losses?.hasMode(member.index)
      ? { mode: (member.mode & 0o7777).toString(8).padStart(4, '0'), uid: member.uid, gid: member.gid }
      : {}),
  };
}

function renamed(path: string, number: string | undefined): string {
  return number === undefined ? path : path.slice(0, path.lastIndexOf('/') + 1) + number;
}

/** A name that neither the disc nor the folder has; or that of a list which says the same already. */
async function freeName(
  target: TargetDirectory,
  parts: readonly Uint8Array[],
  planned: (name: string) => boolean,
): Promise<{ readonly name: string; readonly same: boolean }> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? MANIFEST : cutName(MANIFEST, ` (${number})`, MAX_PICKER_NAME);
    if (planned(name)) continue;
    const found = await target.find(name);
    if (found === null) return { name, same: false };
    if (found === 'file' && (await says(target, name, parts))) return { name, same: true };
  }
}

async function says(target: TargetDirectory, name: string, parts: readonly Uint8Array[]): Promise<boolean> {
  const file = await target.read(name);
  let at = 0;
  for (const part of parts) {
    const there = await file.read(at, part.length);
    if (there.length !== part.length || part.some((byte, index) => byte !== there[index])) return false;
    at += part.length;
  }
  return at === file.size;
}
