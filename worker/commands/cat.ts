import { ImageError } from '../protocol/errors.ts';
import type { EntryRecord } from '../formats/volume.ts';
import type { CommandLine } from './arguments.ts';
import { UsageError } from './arguments.ts';
import { closingCode, entriesAt, openPath, readView, Refusal } from './opening.ts';
import type { Terminal } from './terminal.ts';

/** `cat IMAGE PATH`: the contents of one file. */
export async function cat(line: CommandLine, terminal: Terminal): Promise<number> {
  const wanted = line.operands[1] as string;
  const image = await openPath(line, terminal);
  const view = await readView(image, line);
  const entry = entriesAt(view, [wanted])[0] as number;
  if (view.catalog.kind(entry) !== 'file') throw new UsageError(`“${wanted}” is a ${view.catalog.kind(entry)}, not a file`);
  const record = (await view.volume.describe([view.catalog.record(entry)]))[0] as EntryRecord;
  if (record.presence !== 'whole' && !line.partial)
    throw new Refusal(`“${wanted}” runs past the end of the image; --partial gives what is present`);
  const source = view.volume.open(record, wanted);
  try {
    for await (const chunk of source.stream(0, source.size)) await terminal.print(chunk.slice());
  } catch (error) {
    if (!(error instanceof ImageError) && !(line.partial && record.presence !== 'whole')) throw error;
    terminal.warn(`${wanted}: ${(error as Error).message}`);
    return 1;
  }
  return closingCode(image, view, terminal);
}
