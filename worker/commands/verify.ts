import type { BadSum } from '../protocol/self-check.ts';
import { checkSectors } from '../formats/optical/check-sectors.ts';
import { checkItself } from '../inspect/whole/self/index.ts';
import type { CommandLine } from './arguments.ts';
import { verifyUnchanged } from './companions.ts';
import { DAMAGED, openPath, WHOLE } from './opening.ts';
import { LineWriter, printable, type Terminal } from './terminal.ts';

const STATES: Readonly<Record<BadSum['state'], string>> = {
  wrong: 'differs',
  absent: 'is not on the disc',
  unread: 'cannot be read whole',
};

/** `verify IMAGE`: compare every raw data sector with its error detection code, and the disc with all checksums that it holds of itself. */
export async function verify(line: CommandLine, terminal: Terminal): Promise<number> {
  const image = await openPath(line, terminal);
  const { checked, bad, findings } = await checkSectors(image.medium, () => undefined, terminal.signal);
  if (image.detection.readable) await image.readAll();
  const own = await checkItself(image, () => undefined, terminal.signal);
  await verifyUnchanged();
  for (const { detail, count } of findings.list) terminal.warn(`${printable(detail)}${count > 1 ? ` (and ${count - 1} more)` : ''}`);
  if (line.json) await terminal.print(`${JSON.stringify({ checked, bad, findings: findings.list, own })}\n`);
  else {
    const lines = new LineWriter(terminal);
    await lines.line(
      checked === 0 ? 'no sector of this image carries a checksum' : `${checked} sectors compared with their checksums, ${bad} bad`,
    );
    await lines.line(printable(own.sentence));
    for (const sum of own.sums) {
      await lines.line(`  ${printable(sum.path ?? sum.title)}: ${sum.sentence}`);
      for (const { path, state, from, to } of sum.bad) {
        const place = from === null ? '' : ` (byte ${from}${to === null ? '' : ` to ${to}`})`;
        await lines.line(`    ${printable(path ?? 'the disc')} ${STATES[state]}${place}`);
      }
    }
    await lines.flush();
  }
  return bad > 0 || own.state === 'wrong' ? DAMAGED : WHOLE;
}
