import { ReportParts } from '../inspect/parts.ts';
import { report as reportOf } from '../inspect/report.ts';
import type { CommandLine } from './arguments.ts';
import { openPath, UNREADABLE, WHOLE, DAMAGED } from './opening.ts';
import { printable, type Terminal } from './terminal.ts';

/** `report IMAGE`: what the image is. The report of a file that cannot be opened says what it is instead. */
export async function report(line: CommandLine, terminal: Terminal): Promise<number> {
  const image = await openPath(line, terminal);
  if (image.detection.readable) await image.readAll();
  const result = await reportOf(new ReportParts(image), terminal.version);
  if (line.json) await terminal.print(`${JSON.stringify(result)}\n`);
  else {
    const lines = [
      result.identity.sentence,
      ...(result.identity.title === '' ? [] : [`  ${result.identity.title}`]),
      `${result.name}: ${result.title}`,
      ...(image.detection.readable ? [] : [image.detection.explanation, ...image.detection.advice]),
      ...result.views.map(
        (view) =>
          `  ${view.id === result.shown ? '*' : ' '} ${view.title} “${view.label}”: ${view.files} files, ${view.directories} directories, ${view.bytes} bytes`,
      ),
      ...result.boot.map((entry) => `    boot: ${entry.platform}, ${entry.emulation}, ${entry.size} bytes at ${entry.offset}`),
      `  whole: ${result.whole.sentence}`,
      ...(image.detection.readable
        ? [`  boots: ${result.boots.sentence}`, ...result.boots.ways.map(({ way, answer, reason }) => `    ${way}: ${answer}. ${reason}`)]
        : []),
      ...result.findings.map((finding) => `  ${finding.severity}: ${finding.detail}${finding.at === null ? '' : ` (byte ${finding.at})`}`),
    ];
    await terminal.print(`${lines.map(printable).join('\n')}\n`);
  }
  if (!image.detection.readable) return UNREADABLE;
  const cut = result.views.some((view) => view.cut > 0);
  return cut || result.findings.some((finding) => finding.severity === 'damage') ? DAMAGED : WHOLE;
}
