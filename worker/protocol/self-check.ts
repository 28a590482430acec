/** One file, or stretch of the image, that is not what its sum says. */
export interface BadSum {
  /** Null for a stretch that is no file. */
  readonly path: string | null;
  /** `wrong`: its sum is another; `absent`: it is listed and not on the disc; `unread`: it is cut short or cannot be read. */
  readonly state: 'wrong' | 'absent' | 'unread';
  /** Where it stands: absolute offset and the byte after its last; null where that is not one place. */
  readonly from: number | null;
  readonly to: number | null;
}

/** One list of sums, or one sum, that the disc holds of itself, and what came of it. */
export interface SelfSum {
  readonly kind: 'implanted' | 'tags' | 'files' | 'list';
  /** "MD5 implanted by isomd5sum", "md5sum.txt". */
  readonly title: string;
  /** Path of the list in the view that was checked; null for what is no file. */
  readonly path: string | null;
  /** Absolute offset of what holds the sums; null where it has no one place. */
  readonly place: number | null;
  /** `unchecked`: the sums themselves are damaged, or too much to compare. */
  readonly state: 'right' | 'wrong' | 'unchecked';
  readonly sentence: string;
  /** Sums that it holds, and how many of them were right, wrong, of files that are absent, and not to be read. */
  readonly count: number;
  readonly right: number;
  readonly wrong: number;
  readonly absent: number;
  readonly unread: number;
  /** The first of those that are not right. */
  readonly bad: readonly BadSum[];
}

/** What a disc's own checksums say of it. */
export interface SelfCheck {
  /** `none`: it has none. */
  readonly state: 'right' | 'wrong' | 'unchecked' | 'none';
  readonly sentence: string;
  readonly sums: readonly SelfSum[];
  /** Bytes that were read for it. */
  readonly bytes: number;
}
