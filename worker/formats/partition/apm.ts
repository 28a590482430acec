import { Block } from '../../bytes/block.ts';
import { zeroEndedText } from '../../bytes/text.ts';
import type { ApmEntryReport, ApmReport } from '../../protocol/boot.ts';
import type { ByteSource } from '../../source/source.ts';

/** Entries that are read at most; discs have two to ten. */
const MAX_ENTRIES = 256;
/** Block sizes that are tried: CDs have 512 or 2,048. */
const BLOCKS = [512, 2048] as const;
const ENTRY_BYTES = 136;
const TEXT_BYTES = 32;
const DRIVER = 0x4552; // "ER"
const ENTRY = 0x504d; // "PM"

/** One entry of the map (Inside Macintosh: Devices 3-26); null where there is none. */
function readEntry(block: Block, number: number): (ApmEntryReport & { readonly count: number }) | null {
  if (block.length < ENTRY_BYTES || block.u16be(0) !== ENTRY) return null;
  return {
    number,
    count: block.u32be(4),
    name: zeroEndedText(block.part(16, TEXT_BYTES)),
    type: zeroEndedText(block.part(48, TEXT_BYTES)),
    start: block.u32be(8),
    blocks: block.u32be(12),
  };
}

/** The Apple partition map in the blocks behind the first one; null without one. */
export async function readApm(source: ByteSource, signal?: AbortSignal): Promise<ApmReport | null> {
  const head = source.size >= 4 ? new Block(await source.read(0, 4, signal), 0) : null;
  // The driver descriptor says the size of a block; where it does not stand, both are tried.
  const said = head?.u16be(0) === DRIVER ? head.u16be(2) : 0;
  for (const size of [...BLOCKS].sort((a, b) => Number(b === said) - Number(a === said))) {
    const partitions: ApmEntryReport[] = [];
    let count = 1;
    for (let number = 1; number <= Math.min(count, MAX_ENTRIES); number++) {
      const offset = number * size;
      if (offset + ENTRY_BYTES > source.size) break;
      const entry = readEntry(new Block(await source.read(offset, ENTRY_BYTES, signal), offset), number);
      if (!entry) break;
      if (number === 1) ({ count } = entry);
      const { name, type, start, blocks } = entry;
      partitions.push({ number, name, type, start, blocks });
    }
    if (partitions.length > 0) return { blockSize: size, at: size, partitions };
  }
  return null;
}
