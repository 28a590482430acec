import { NodeFileSink } from '../extract/node-sink.ts';
import { withSink } from '../extract/sink.ts';
import { writeLayout } from '../extract/write-layout.ts';
import { plainImage } from '../formats/optical/medium.ts';
import type { CommandLine } from './arguments.ts';
import { verifyUnchanged } from './companions.ts';
import { DAMAGED, openPath, Refusal, refusalText, WHOLE } from './opening.ts';
import { printable, type Terminal } from './terminal.ts';

/** `iso IMAGE OUT.iso`: the medium as a plain image of 2,048-byte sectors. */
export async function iso(line: CommandLine, terminal: Terminal): Promise<number> {
  const out = line.operands[1] as string;
  const image = await openPath(line, terminal);
  if (!image.detection.readable) throw new Refusal(refusalText(image));
  const layout = plainImage(image.medium);
  if (layout.size === 0) throw new Refusal('this disc has no data track; its sound is saved as WAV files (extract --view tracks)');
  const target = terminal.resolve(out);
  await withSink(
    () => NodeFileSink.open(target, verifyUnchanged),
    (sink) => writeLayout(layout, sink, terminal.signal ? { signal: terminal.signal } : {}),
  );
  const damage = image.findings.list.filter((finding) => finding.severity === 'damage');
  for (const finding of damage) terminal.warn(printable(finding.detail));
  return damage.length > 0 ? DAMAGED : WHOLE;
}
