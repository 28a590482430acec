import type { Block } from '../../bytes/block.ts';
import type { Gather, Range } from '../../source/gather.ts';
import type { Findings } from '../findings.ts';
import { isFileEntry, readFileEntry, STRATEGY_4096, type FileEntry } from './file-entry.ts';
import { addressOf, blockOf, type Space } from './space.ts';
import { isTag, readTag, TAGS } from './tag.ts';

/** Indirect entries followed from one ICB (ECMA-167 4/14.7). */
const MAX_INDIRECT = 256;
/** Blocks of allocation descriptors followed in one reading of the volume (ECMA-167 4/14.5). */
const MAX_CONTINUATIONS = 1 << 20;

/** What is being looked for at a place: the ICB, the entry after it (strategy 4096), or its mirror. */
interface Sought {
  readonly slot: number;
  readonly address: number;
  readonly hops: number;
  readonly mirrored: boolean;
  /** Whether this is the block behind a file entry of strategy 4096, where only an indirect entry counts. */
  readonly behind: boolean;
}

/** Reads ICBs, many at a time: each round is a few reads, and only indirect entries and continuations need another. */
export class IcbReader {
  readonly #space: Space;
  readonly #gather: Gather;
  #continuations = 0;

  constructor(space: Space, gather: Gather) {
    this.#space = space;
    this.#gather = gather;
  }

  /** The file entries of these ICBs in the same order; null where there is none, which is told. */
  async read(addresses: readonly number[], findings: Findings, signal?: AbortSignal): Promise<(FileEntry | null)[]> {
    const slots = new Map<number, number>();
    let sought: Sought[] = [];
    const slotOf = addresses.map((address) => {
      let slot = slots.get(address);
      if (slot === undefined) {
        slots.set(address, (slot = slots.size));
        sought.push({ slot, address, hops: 0, mirrored: false, behind: false });
      }
      return slot;
    });
    const found = new Array<FileEntry | null>(slots.size).fill(null);
    while (sought.length > 0) sought = await this.#round(sought, found, findings, signal);
    await this.#continue(found, findings, signal);
    return slotOf.map((slot) => found[slot] ?? null);
  }

  /** Read one place for each that is sought; gives what is to be sought next. */
  async #round(sought: readonly Sought[], found: (FileEntry | null)[], findings: Findings, signal?: AbortSignal): Promise<Sought[]> {
    const space = this.#space;
    const more: Sought[] = [];
    const places: Range[] = sought.map(({ address, mirrored }) => ({
      offset: mirrored ? space.mirrorOf(address) : space.offsetOf(address),
      length: space.blockSize,
    }));
    const seen = new Uint8Array(sought.length);
    await this.#gather.visit(
      places,
      (index, window, at, length) => {
        seen[index] = 1;
        const one = sought[index] as Sought;
        if (!one.behind && isFileEntry(window, at, length) && (one.mirrored || sumsUp(window, at) || !(space.mirrorOf(one.address) >= 0))) {
          const entry = readFileEntry(window, at, length, one.address, space, findings);
          found[one.slot] = entry;
          if (entry.strategy === STRATEGY_4096) more.push({ ...one, address: nextBlock(one.address), mirrored: false, behind: true });
        } else if (length >= 52 && isTag(window, at, TAGS.indirectEntry)) {
          const address = addressOf(window.u32le(at + 40), window.u16le(at + 44));
          if (one.hops < MAX_INDIRECT) more.push({ ...one, address, hops: one.hops + 1, mirrored: false, behind: false });
          else
            findings.add(
              'damage',
              'icb-loop',
              window.base + at,
              'ECMA-167 4/14.7',
              `Indirect entries lead on more than ${MAX_INDIRECT} times; the last entry found was used.`,
            );
        } else if (!one.behind && !one.mirrored && space.mirrorOf(one.address) >= 0) {
          findings.add(
            'warning',
            'metadata-mirror',
            window.base + at,
            'UDF 2.60 2.2.13',
            'A block of the metadata file is damaged; its copy in the mirror was used.',
          );
          more.push({ ...one, mirrored: true });
        } else if (found[one.slot] === null) report(window, at, length, findings);
      },
      signal,
    );
    for (const [index, one] of sought.entries()) {
      if (seen[index] || found[one.slot]) continue;
      const place = (places[index] as Range).offset;
      const [at, why] = place >= 0 ? [place, 'lies past the end of the image'] : [null, 'lies in no partition of the disc'];
      findings.add('damage', 'icb-missing', at, 'ECMA-167 4/14.6', `The ICB of an entry (block ${blockOf(one.address)}) ${why}.`);
    }
    return more;
  }

  /** Read on the allocation descriptors of those that do not end in their entry (ECMA-167 4/12). */
  async #continue(found: readonly (FileEntry | null)[], findings: Findings, signal?: AbortSignal): Promise<void> {
    const space = this.#space;
    const visited = new Map<FileEntry, Set<number>>();
    let open = found.filter((entry): entry is FileEntry => (entry?.allocation.next ?? null) !== null);
    while (open.length > 0) {
      const places: Range[] = open.map(({ allocation }) => ({ offset: space.offsetOf(allocation.next ?? -1), length: space.blockSize }));
      const reached = open.map(() => false);
      const froms = open.map(({ allocation }) => allocation.next);
      await this.#gather.visit(
        places,
        (index, window, at, length) => {
          const entry = open[index] as FileEntry;
          if (length < 24 || window.u16le(at) !== TAGS.allocationExtent) return;
          reached[index] = true;
          entry.allocation.add(window, at + 24, Math.min(window.u32le(at + 20), length - 24));
        },
        signal,
      );
      const next: FileEntry[] = [];
      for (const [index, entry] of open.entries()) {
        const { allocation } = entry;
        if (!reached[index]) {
          allocation.problem = 'the block with its further allocation descriptors cannot be read';
          allocation.next = null;
        }
        if (allocation.next === null) continue;
        let seen = visited.get(entry);
        if (!seen) visited.set(entry, (seen = new Set()));
        seen.add(froms[index] as number);
        if (seen.has(allocation.next) || ++this.#continuations > MAX_CONTINUATIONS) {
          allocation.problem = 'its allocation descriptors lead back to themselves';
          allocation.next = null;
        } else next.push(entry);
      }
      open = next;
    }
    for (const entry of found) if (entry) checkAllocation(entry, findings);
  }
}

function nextBlock(address: number): number {
  return address + 65536;
}

function sumsUp(block: Block, at: number): boolean {
  return readTag(block, at).checksumRight;
}

/** Tell of a block that should hold a file entry and does not. */
function report(window: Block, at: number, length: number, findings: Findings): void {
  const id = length >= 2 ? window.u16le(at) : 0;
  findings.add(
    'damage',
    'file-entry',
    window.base + at,
    'ECMA-167 4/14.9',
    `Where a file entry should stand there is none (tag ${id}); this entry’s contents cannot be found.`,
  );
}

/** Compare the sum of the extents with the information length, and tell of what was wrong on the way (ECMA-167 4/14.9.10). */
function checkAllocation({ allocation, offset }: FileEntry, findings: Findings): void {
  if (allocation.problem !== null) {
    const lost = allocation.isLost;
    findings.add(
      lost ? 'damage' : 'warning',
      'allocation',
      offset,
      'ECMA-167 4/12',
      `${lost ? 'The contents of a file are not all found' : 'The contents of a file are found, but'}: ${allocation.problem}.`,
    );
  } else if (allocation.lacking > 0)
    findings.add(
      'damage',
      'information-length',
      offset + 56,
      'ECMA-167 4/14.9.10',
      `A file claims ${allocation.claimed} bytes, and its extents hold ${allocation.length}; those are shown.`,
    );
}
