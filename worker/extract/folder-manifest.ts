import { cutName } from './names.ts';
import { MAX_PICKER_NAME } from './picker-names.ts';
import type { Member } from './member.ts';
import type { ExtractionPlan } from './plan.ts';
import type { TargetDirectory } from './folder-target.ts';
import { withSink } from './sink.ts';

/** Name of the list beside the tree; numbered where something else has it already. */
export const MANIFEST = 'isoscope-manifest.json';
/** Characters of the list put together before they are turned into bytes. */
const CHUNK = 256 * 1024;
/** Bytes of a list from its beginning in which the save that it is of stands. */
const HEAD = 64 * 1024;

/** What became of the members, where that is not what was planned. */
export interface Outcomes {
  /** Name under which a member was saved, where it is not the planned one. */
  readonly numbered: ReadonlyMap<number, string>;
  /** Members that could not be saved, and why. */
  readonly failed: ReadonlyMap<number, string>;
  /** Whether a file of somebody's was left in place of a member. */
  readonly kept: (index: number) => boolean;
  /** CRC-32 of a member's contents, where it was computed. */
  readonly crc: (index: number) => number | null;
}

/** What a list is of, and where. */
interface About extends Outcomes {
  /** What tells this save from others: its list of before is written anew. */
  readonly save: string;
  /** Names that the disc has itself. */
  readonly planned: (name: string) => boolean;
}

/**
 * Write the list of what was changed and of what a folder cannot keep (times, modes, links, devices), one entry
 * a line (docs/saving.md). Returns its name; null where there is nothing to say.
 */
export async function writeManifest(target: TargetDirectory, plan: ExtractionPlan, about: About): Promise<string | null> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const encoder = new TextEncoder();
  const { volume, image } = plan;
  const { name: from, size: imageSize } = image;
  const head = { isoscope: 'manifest', version: 1, save: about.save, image: from, imageSize, tree: volume.title, label: volume.label };
  let text = `${JSON.stringify(head).slice(0, -1)},"entries":[`;
  let lines = 0;
  for (let index = 0; index < plan.count; index++) {
    const line = lineOf(plan, index, about);
    if (line === null) continue;
    text += `${lines++ > 0 ? ',' : ''}\n${JSON.stringify(line)}`;
    if (text.length < CHUNK) continue;
    parts.push(encoder.encode(text));
    text = '';
  }
  if (lines === 0) return null;
  parts.push(encoder.encode(`${text}\n]}\n`));
  const name = await ownName(target, about);
  await withSink(
    () => target.create(name),
    async (sink) => {
      for (const part of parts) await sink.write(part);
    },
  );
  return name;
}

/** What is worth a line of a member: null where it is saved as it stands on the disc, all of it. */
function lineOf(plan: ExtractionPlan, index: number, { numbered, failed, kept: left, crc }: Outcomes): object | null {
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
    ...(left(index) ? { kept: 'A file of this name was there already and was left as it was.' } : {}),
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

/** The name of the list that the same save has left before; else one that neither the disc nor the folder has. */
async function ownName(target: TargetDirectory, { save, planned }: About): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? MANIFEST : cutName(MANIFEST, ` (${number})`, MAX_PICKER_NAME);
    if (planned(name)) continue;
    const found = await target.find(name);
    if (found === null || (found === 'file' && (await isOf(save, target, name)))) return name;
  }
}

/** Whether a file is a list that this save has left: its first line says so. */
async function isOf(save: string, target: TargetDirectory, name: string): Promise<boolean> {
  const file = await target.read(name);
  const head = new TextDecoder().decode(await file.read(0, Math.min(HEAD, file.size)));
  return head.startsWith(`{"isoscope":"manifest","version":1,"save":"${save}"`);
}
