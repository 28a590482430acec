import { Block } from '../../../bytes/block.ts';
import { hasherOf } from '../../../codec/running-sums.ts';
import type { ByteSource } from '../../../source/source.ts';

const SECTOR = 2048;
const FIRST_DESCRIPTOR = 16;
/** Sectors behind the first descriptor in which the tag of the superblock is looked for. */
const SEARCHED = 64;
/** Tags that are followed; a session has three, and one more where it stands on an overwritable medium. */
const MAX_TAGS = 1024;

const TITLES: Readonly<Record<string, string>> = {
  libisofs_rlsb32_checksum_tag_v1: 'descriptors at the beginning',
  libisofs_sb_checksum_tag_v1: 'descriptors',
  libisofs_tree_checksum_tag_v1: 'directories',
  libisofs_checksum_tag_v1: 'session',
};
const TAG = new RegExp(
  '^(libisofs_(?:rlsb32_|sb_|tree_)?checksum_tag_v1) pos=(\\d{1,10}) range_start=(\\d{1,10}) range_size=(\\d{1,10})' +
    '(?: (?:next|session_start)=(\\d{1,10}))? md5=([0-9a-f]{32}) self=([0-9a-f]{32})\\n',
);

/** A checksum tag of libisofs: a sector of text that sums all of its session before it (libisofs doc/checksums.txt). */
export interface ChecksumTag {
  /** What it sums: "directories". */
  readonly title: string;
  /** Absolute offset of the tag. */
  readonly at: number;
  /** Bytes that it sums. */
  readonly offset: number;
  readonly length: number;
  readonly md5: string;
  /** The tag's own sum is right. */
  readonly sound: boolean;
}

/** All tags of sessions that begin at these sectors. */
export async function readTags(source: ByteSource, sessions: readonly number[], signal?: AbortSignal): Promise<ChecksumTag[]> {
  const tags: ChecksumTag[] = [];
  for (const session of new Set([0, ...sessions])) {
    let next = await findTag(source, session + FIRST_DESCRIPTOR, SEARCHED, signal);
    while (next && tags.length < MAX_TAGS && !tags.some(({ at }) => at === next?.tag.at)) {
      tags.push(next.tag);
      next = next.next > next.tag.at / SECTOR ? await findTag(source, next.next, 1, signal) : null;
    }
  }
  return tags;
}

interface FoundTag {
  readonly tag: ChecksumTag;
  /** Sector of the next one; 0 for the last, and for that which leads to another session. */
  readonly next: number;
}

/** The first tag in so many sectors from one on that says that it stands there. */
async function findTag(source: ByteSource, first: number, count: number, signal?: AbortSignal): Promise<FoundTag | null> {
  const length = Math.min(count * SECTOR, source.size - first * SECTOR);
  if (length < SECTOR) return null;
  const window = new Block(await source.read(first * SECTOR, length, signal), first * SECTOR);
  for (let at = 0; at + SECTOR <= window.length; at += SECTOR) {
    const text = String.fromCharCode(...window.part(at, 256));
    const match = TAG.exec(text);
    if (!match || Number(match[2]) !== first + at / SECTOR) continue;
    const [whole, kind = '', , start, size, next = '0', md5 = '', self = ''] = match;
    const hasher = await hasherOf('md5');
    hasher.init();
    hasher.update(whole.slice(0, whole.indexOf(' self=')));
    const relocated = kind.includes('rlsb32');
    return {
      tag: {
        title: TITLES[kind] ?? kind,
        at: window.base + at,
        offset: Number(start) * SECTOR,
        length: Number(size) * SECTOR,
        md5,
        sound: hasher.digest('hex') === self,
      },
      next: relocated ? 0 : Number(next),
    };
  }
  return null;
}
