import type { BootReport } from '../../worker/protocol/boot.ts';

const DISK_SECTOR = 512;

/** One partition, in bytes of the image. */
export interface LayoutPart {
  /** "1", or its name. */
  readonly label: string;
  readonly type: string;
  readonly start: number;
  readonly length: number;
}

export interface Layout {
  readonly title: string;
  readonly parts: readonly LayoutPart[];
}

/** What each partition table of an image says, in bytes. */
export function layoutsOf({ systemArea: { mbr, gpt, apm } }: BootReport): Layout[] {
  const layouts: Layout[] = [];
  if (mbr)
    layouts.push({
      title: 'MBR',
      parts: mbr.records.map(({ number, typeName, start, sectors }) => ({
        label: `Partition ${number}`,
        type: typeName,
        start: start * DISK_SECTOR,
        length: sectors * DISK_SECTOR,
      })),
    });
  if (gpt)
    layouts.push({
      title: 'GPT',
      parts: gpt.partitions.map(({ number, name, typeName, start, blocks }) => ({
        label: name || `Partition ${number}`,
        type: typeName,
        start: start * gpt.blockSize,
        length: blocks * gpt.blockSize,
      })),
    });
  if (apm)
    layouts.push({
      title: 'Apple partition map',
      parts: apm.partitions.map(({ number, name, type, start, blocks }) => ({
        label: name || `Partition ${number}`,
        type,
        start: start * apm.blockSize,
        length: blocks * apm.blockSize,
      })),
    });
  return layouts.filter(({ parts }) => parts.length > 0);
}

/** Partitions in rows so that none lies over another in a row, as far as `rows` go. */
export function inRows(parts: readonly LayoutPart[], rows: number): LayoutPart[][] {
  const placed: LayoutPart[][] = [];
  for (const part of [...parts].sort((a, b) => a.start - b.start)) {
    const free = placed.find((row) => row.every((other) => other.start + other.length <= part.start));
    if (free) free.push(part);
    else if (placed.length < rows) placed.push([part]);
  }
  return placed;
}
