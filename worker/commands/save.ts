import { ROOT } from '../protocol/entry.ts';
import type { SaveChange } from '../protocol/save.ts';
import { extractToFolder } from '../extract/node-folder.ts';
import { NodeFileSink } from '../extract/node-sink.ts';
import { ExtractionPlan, type PlanRequest } from '../extract/plan.ts';
import { executePlan } from '../extract/save.ts';
import type { DiscImage } from '../inspect/image.ts';
import type { View } from '../inspect/view.ts';
import { UsageError, type CommandLine } from './arguments.ts';
import { verifyUnchanged } from './companions.ts';
import { closingCode, DAMAGED, entriesAt, openPath, readView, WHOLE } from './opening.ts';
import { printable, type Terminal } from './terminal.ts';

/** What a name's ending asks for. */
const FORMATS: Readonly<Record<string, PlanRequest['format']>> = { zip: 'zip', tar: 'tar', 'tar.gz': 'tgz', tgz: 'tgz' };

/** `save IMAGE OUT.zip|OUT.tar|OUT.tar.gz [PATH...]`: the selection, or the whole disc, as an archive. */
export async function save(line: CommandLine, terminal: Terminal): Promise<number> {
  const [, out, ...wanted] = line.operands as [string, string, ...string[]];
  const format = FORMATS[/\.(zip|tar|tar\.gz|tgz)$/i.exec(out)?.[1]?.toLowerCase() ?? ''];
  if (!format) throw new UsageError(`“${out}” ends neither in .zip nor in .tar, .tar.gz or .tgz`);
  const image = await openPath(line, terminal);
  const view = await readView(image, line);
  const plan = await planFor(image, view, line, format, wanted);
  const target = terminal.resolve(out);
  const result = await executePlan(plan, { openTarget: () => NodeFileSink.open(target, verifyUnchanged), limit: 0, ...cancel(terminal) });
  return closing(image, view, plan, result.failed, terminal);
}

/** `extract IMAGE DIR [PATH...]`: the same as files and directories. */
export async function extract(line: CommandLine, terminal: Terminal): Promise<number> {
  const [, directory, ...wanted] = line.operands as [string, string, ...string[]];
  const image = await openPath(line, terminal);
  const view = await readView(image, line);
  const plan = await planFor(image, view, line, 'directory', wanted);
  const result = await extractToFolder(plan, terminal.resolve(directory), { verify: verifyUnchanged, ...cancel(terminal) });
  return closing(image, view, plan, result.failed, terminal);
}

function cancel({ signal }: Terminal): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {};
}

function planFor(
  image: DiscImage,
  view: View,
  line: CommandLine,
  format: PlanRequest['format'],
  paths: readonly string[],
): Promise<ExtractionPlan> {
  const entries = Uint32Array.from(paths.length > 0 ? entriesAt(view, paths) : [ROOT]);
  const compression = line.compression ?? (format === 'tgz' ? 'fast' : 'stored');
  const request: PlanRequest = { entries, format, compression, partial: line.partial, hidden: true };
  return ExtractionPlan.build({ catalog: view.catalog, volume: view.volume, image: image.source, request });
}

/** Say which names were changed and what was left out, and give the exit code. */
function closing(image: DiscImage, view: View, plan: ExtractionPlan, failed: readonly SaveChange[], terminal: Terminal): number {
  const changes = [...plan.changes.listed, ...failed];
  for (const change of changes) {
    terminal.warn(`${printable(change.path)}${change.saved === null ? ': left out' : ` -> ${printable(change.saved)}`}: ${change.reason}`);
  }
  if (plan.changes.count > plan.changes.listed.length) terminal.warn(`and ${plan.changes.count - plan.changes.listed.length} more`);
  // A device that no ZIP can hold is no damage; a file that is not there is.
  const lost = changes.some((change) => change.saved === null && view.catalog.kind(change.entry) === 'file');
  return Math.max(closingCode(image, view, terminal), failed.length > 0 || lost ? DAMAGED : WHOLE);
}
