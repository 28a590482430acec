import type { EntryId } from '../protocol/entry.ts';
import { SourceError } from '../protocol/errors.ts';
import { findPath } from '../catalog/path.ts';
import type { DiscImage } from '../inspect/image.ts';
import { openImage } from '../inspect/open.ts';
import { rootReadable, type View } from '../inspect/view.ts';
import type { CommandLine } from './arguments.ts';
import { UsageError } from './arguments.ts';
import { openWithCompanions } from './companions.ts';
import { printable, type Terminal } from './terminal.ts';

export const WHOLE = 0;
export const DAMAGED = 1;
export const UNREADABLE = 2;

/** A file cannot be opened at all, or holds nothing that can be listed: exit code 2, one clear line. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The image on disk with the files that belong to it, recognised; its trees not read. */
export async function openPath(line: CommandLine, terminal: Terminal): Promise<DiscImage> {
  const path = line.operands[0] as string;
  try {
    const image = await openImage(await openWithCompanions(terminal.resolve(path)), line.session === null ? {} : { session: line.session });
    image.useCharset(line.charset);
    return image;
  } catch (error) {
    throw openingError(error, path);
  }
}

/** The platform's error while a file is opened as one clear line; any other as it is. */
export function openingError(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return new UsageError(`there is no file “${path}”`);
    case 'EISDIR':
      return new UsageError(`“${path}” is a directory, not an image`);
    case 'ENOTDIR':
      return new UsageError(`there is no file “${path}”: a part of its path is no directory`);
    case 'ENAMETOOLONG':
      return new UsageError('the path of the image is too long');
    case 'EACCES':
    case 'EPERM':
      return new Refusal(`“${path}” may not be read`);
  }
  return syscall === undefined || error instanceof SourceError
    ? error
    : new Refusal(`“${path}” cannot be read (${code ?? 'unknown error'})`);
}

/** The view that the command is about, read. */
export async function readView(image: DiscImage, line: CommandLine): Promise<View> {
  if (image.detection.readable && line.view === null) await image.readAll();
  if (!image.detection.readable) throw new Refusal(refusalText(image));
  const id = line.view ?? image.shown;
  const view = id ? image.view(id) : null;
  if (!view) {
    throw new Refusal(`this disc has no view “${id ?? ''}”; it has ${image.views.map((each) => each.volume.id).join(', ')}`);
  }
  await view.read(() => undefined);
  if (!rootReadable(view) && view.catalog.count <= 1) {
    const why = view.volume.findings.list.find((finding) => finding.severity === 'damage');
    throw new Refusal(why?.detail ?? 'its root directory cannot be read');
  }
  return line.inside === null ? view : readInside(image, view, line.inside);
}

/** The tree of the image that a file holds. */
async function readInside(image: DiscImage, holder: View, path: string): Promise<View> {
  const [entry = -1] = entriesAt(holder, [path]);
  const { id } = await image.openNested(holder.volume.id, entry);
  const view = image.view(id) as View;
  await view.read(() => undefined);
  return view;
}

export function refusalText(image: DiscImage): string {
  const { title, explanation, advice } = image.detection;
  return [`“${image.source.name}” is ${title}.`, explanation, ...advice].join(' ');
}

/** Say on standard error what is damaged, and give the exit code. */
export function closingCode(image: DiscImage, view: View, terminal: Terminal): number {
  const damage = [image.findings, view.volume.findings, ...image.opened.map((format) => format.findings)]
    .flatMap((findings) => findings.list)
    .filter((finding) => finding.severity === 'damage');
  for (const finding of damage) {
    const place = finding.at === null ? '' : ` at byte ${finding.at}`;
    terminal.warn(`${finding.code}${place}: ${printable(finding.detail)}${finding.count > 1 ? ` (${finding.count} times)` : ''}`);
  }
  return damage.length > 0 || view.catalog.cut > 0 ? DAMAGED : WHOLE;
}

/** The entries at paths of a view; UsageError for one that is not there. */
export function entriesAt(view: View, paths: readonly string[]): EntryId[] {
  return paths.map((path) => {
    const entry = findPath(view.catalog, (bytes) => view.volume.decodeName(bytes), path);
    if (entry === -1) throw new UsageError(`there is no “${path}” in view ${view.volume.id}`);
    return entry;
  });
}
