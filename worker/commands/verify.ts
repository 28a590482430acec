import { checkSectors } from '../formats/optical/check-sectors.ts';
import type { CommandLine } from './arguments.ts';
import { DAMAGED, openPath, WHOLE } from './opening.ts';
import { printable, type Terminal } from './terminal.ts';

/** `verify IMAGE`: compare every raw data sector with its error detection code. */
export async function verify(line: CommandLine, terminal: Terminal): Promise<number> {
  const image = await openPath(line, terminal);
  const { checked, bad, findings } = await checkSectors(image.medium);
  for (const { detail, count } of findings.list) terminal.warn(`${printable(detail)}${count > 1 ? ` (and ${count - 1} more)` : ''}`);
  if (line.json) await terminal.print(`${JSON.stringify({ checked, bad, findings: findings.list })}\n`);
  else if (checked === 0) await terminal.print('no sector of this image carries a checksum\n');
  else await terminal.print(`${checked} sectors compared with their checksums, ${bad} bad\n`);
  return bad > 0 ? DAMAGED : WHOLE;
}
