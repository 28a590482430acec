import type { Block } from '../../bytes/block.ts';
import type { Gather, Take } from '../../source/gather.ts';
import type { Findings } from '../findings.ts';
import { isFileEntry, STRATEGY_4096, type FileEntry } from './file-entry.ts';
import type { PlainEntries } from './plain-entries.ts';
import { addressOf, blockOf, type Space } from './space.ts';
import { isTag, readTag, TAGS } from './tag.ts';

/** Indirect entries followed from one ICB (ECMA-167 4/14.7). */
const MAX_INDIRECT = 256;
/** Blocks of allocation descriptors followed in one reading of the volume (ECMA-167 4/14.5). */
const MAX_CONTINUATIONS = 1 << 20;
/** Indirect entries followed in one reading of the volume: its entries may all lead into one long chain. */
const MAX_INDIRECT_TOGETHER = 1 << 20;

/** What is looked for where the first block of an ICB did not settle it. */
interface Sought {
  /** Where the answer goes: all that asked for one ICB. */
  readonly slots: readonly number[];
  readonly address: number;
  readonly hops: number;
  /** Whether its copy in the metadata mirror is meant. */
  readonly mirrored: boolean;
  /** Whether this is the block behind a file entry of strategy 4096, where only an indirect entry counts. */
  readonly behind: boolean;
}

/** Decodes a file entry as far as it is needed. */
export type EntryDecoder<T extends FileEntry> = (
  block: Block,
  at: number,
  limit: number,
  address: number,
  space: Space,
  findings: Findings,
) => T;

/** Reads ICBs, many at a time: each round is a few reads, and only indirect entries and continuations need another. */
export class IcbReader<T extends FileEntry> {
  readonly #space: Space;
  readonly #gather: Gather;
  readonly #decode: EntryDecoder<T>;
  /** Told of every block of further allocation descriptors that is read. */
  onContinuation: ((offset: number) => void) | null = null;
  #continuations = 0;
  #indirect = 0;

  constructor(space: Space, gather: Gather, decode: EntryDecoder<T>) {
    this.#decode = decode;
    this.#space = space.anew();
    this.#gather = gather;
  }

  /**
   * The file entries of these ICBs in the same order; null where there is none, which is told, and for those that `plain`
   * takes.
   */
  async read(
    addresses: readonly number[],
    findings: Findings,
    signal?: AbortSignal,
    plain: PlainEntries | null = null,
  ): Promise<(T | null)[]> {
    const space = this.#space;
    space.pieces.begin();
    const found = new Array<T | null>(addresses.length).fill(null);
    const offsets = new Float64Array(addresses.length);
    for (let slot = 0; slot < offsets.length; slot++) offsets[slot] = space.offsetOf(addresses[slot] as number);
    const settled = new Uint8Array(addresses.length);
    let last = -1;
    const visit: Take = (slot, window, at, length) => {
      settled[slot] = 1;
      const address = addresses[slot] as number;
      const fileEntry = isFileEntry(window, at, length);
      if (fileEntry && plain?.take(slot, window, at, length, address)) return;
      // Links to one file come one after another here: they share what was found.
      if (last >= 0 && addresses[last] === address) {
        found[slot] = found[last] ?? null;
        settled[slot] = settled[last] as number;
        return;
      }
      last = slot;
      if (fileEntry && isSettled(window, at, space, address)) found[slot] = this.#decode(window, at, length, address, space, findings);
      else settled[slot] = 0;
    };
    await this.#gather.visit(offsets, space.blockSize, visit, signal);
    await this.#settle(addresses, found, settled, findings, signal);
    await this.#continue(found, findings, signal);
    return found;
  }

  /** Look for those that the first block did not settle: mirrors, indirect entries, damage. */
  async #settle(
    addresses: readonly number[],
    found: (T | null)[],
    settled: Uint8Array,
    findings: Findings,
    signal?: AbortSignal,
  ): Promise<void> {
    const open = new Map<number, number[]>();
    for (let slot = 0; slot < addresses.length; slot++) {
      if (settled[slot]) continue;
      const address = addresses[slot] as number;
      const slots = open.get(address);
      if (slots) slots.push(slot);
      else open.set(address, [slot]);
    }
    let sought = Array.from(open, ([address, slots]): Sought => ({ slots, address, hops: 0, mirrored: false, behind: false }));
    while (sought.length > 0) sought = await this.#round(sought, found, findings, signal);
  }

  /** Read one place for each that is sought; gives what is to be sought next. */
  async #round(sought: readonly Sought[], found: (T | null)[], findings: Findings, signal?: AbortSignal): Promise<Sought[]> {
    const space = this.#space;
    const more: Sought[] = [];
    const offsets = sought.map(({ address, mirrored }) => (mirrored ? space.mirrorOf(address) : space.offsetOf(address)));
    const seen = new Uint8Array(sought.length);
    await this.#gather.visit(
      offsets,
      space.blockSize,
      (index, window, at, length) => {
        seen[index] = 1;
        const one = sought[index] as Sought;
        const { address, hops, slots } = one;
        const mirror = !one.mirrored && !one.behind && space.mirrorOf(address) >= 0;
        if (!one.behind && isFileEntry(window, at, length) && (!mirror || readTag(window, at).checksumRight)) {
          const entry = this.#decode(window, at, length, address, space, findings);
          for (const slot of slots) found[slot] = entry;
          if (entry.strategy === STRATEGY_4096) more.push({ slots, address: nextBlock(address), hops, mirrored: false, behind: true });
        } else if (length >= 52 && isTag(window, at, TAGS.indirectEntry)) {
          const next = addressOf(window.u32le(at + 40), window.u16le(at + 44));
          if (hops < MAX_INDIRECT && this.#indirect++ < MAX_INDIRECT_TOGETHER)
            more.push({ slots, address: next, hops: hops + 1, mirrored: false, behind: false });
          else reportLoop(window.base + at, findings);
        } else if (mirror) {
          findings.add(
            'warning',
            'metadata-mirror',
            window.base + at,
            'UDF 2.60 2.2.13',
            'A block of the metadata file is damaged; its copy in the mirror was used.',
          );
          more.push({ ...one, mirrored: true });
        } else if (!found[slots[0] ?? -1]) report(window, at, length, findings);
      },
      signal,
    );
    for (const [index, { slots, address }] of sought.entries()) {
      if (seen[index] || found[slots[0] ?? -1]) continue;
      const offset = offsets[index] ?? NaN;
      const [at, why] = offset >= 0 ? [offset, 'lies past the end of the image'] : [null, 'lies in no partition of the disc'];
      findings.add('damage', 'icb-missing', at, 'ECMA-167 4/14.6', `The ICB of an entry (block ${blockOf(address)}) ${why}.`);
    }
    return more;
  }

  /** Read on the allocation descriptors of those that do not end in their entry (ECMA-167 4/12). */
  async #continue(found: readonly (T | null)[], findings: Findings, signal?: AbortSignal): Promise<void> {
    const space = this.#space;
    const visited = new Map<T, Set<number>>();
    const chained = new Set<T>();
    const doubtful = new Set<T>();
    for (const entry of found) {
      if (!entry) continue;
      const { allocation } = entry;
      if (allocation.next !== null) chained.add(entry);
      if (allocation.next !== null || allocation.problem !== null || allocation.lacking > 0) doubtful.add(entry);
    }
    let open = [...chained];
    while (open.length > 0) {
      const offsets = open.map(({ allocation }) => space.offsetOf(allocation.next ?? -1));
      const reached = open.map(() => false);
      const froms = open.map(({ allocation }) => allocation.next);
      await this.#gather.visit(
        offsets,
        space.blockSize,
        (index, window, at, length) => {
          const entry = open[index] as T;
          if (length < 24 || window.u16le(at) !== TAGS.allocationExtent) return;
          reached[index] = true;
          this.onContinuation?.(window.base + at);
          entry.allocation.add(window, at + 24, Math.min(window.u32le(at + 20), length - 24));
        },
        signal,
      );
      const next: T[] = [];
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
    for (const entry of doubtful) checkAllocation(entry, findings);
  }
}

function nextBlock(address: number): number {
  return address + 65536;
}

/** Whether a file entry is the last word on its ICB: no newer one stands behind it, and no mirror is sounder. */
function isSettled(window: Block, at: number, space: Space, address: number): boolean {
  if (window.u16le(at + 20) === STRATEGY_4096) return false;
  return !space.hasMirrors || readTag(window, at).checksumRight || !(space.mirrorOf(address) >= 0);
}

function reportLoop(offset: number, findings: Findings): void {
  findings.add(
    'damage',
    'icb-loop',
    offset,
    'ECMA-167 4/14.7',
    'Indirect entries lead on more often than is followed; the last entry found was used.',
  );
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
