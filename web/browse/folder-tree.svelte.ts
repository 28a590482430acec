/* eslint-disable svelte/prefer-svelte-reactivity -- local sets, nothing watches them */
import { ROOT, type EntryId } from '../../worker/protocol/entry.ts';
import type { TreeNode } from '../../worker/protocol/inspector.ts';

/** A directory that the tree shows, one line of it. */
export interface FolderLine {
  readonly entry: EntryId;
  readonly name: string;
  /** 1 for the root. */
  readonly level: number;
  readonly children: number | null;
  readonly hasDirectories: boolean;
  readonly hidden: boolean;
  readonly open: boolean;
  /** Place among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly siblings: number;
}

/** The directories that are unfolded, as flat lines: what a virtual tree shows. */
export class FolderTree {
  lines: readonly FolderLine[] = $state.raw([]);
  #queue: Promise<void> = Promise.resolve();
  readonly #fetch: (parent: EntryId) => Promise<TreeNode[]>;

  constructor(fetch: (parent: EntryId) => Promise<TreeNode[]>, label: string) {
    this.#fetch = fetch;
    this.lines = [
      { entry: ROOT, name: label, level: 1, children: null, hasDirectories: true, hidden: false, open: false, position: 1, siblings: 1 },
    ];
  }

  /** Name the root anew. */
  rename(label: string): void {
    const [root, ...rest] = this.lines;
    if (root) this.lines = [{ ...root, name: label }, ...rest];
  }

  unfold(entry: EntryId): Promise<void> {
    return this.#after(async () => {
      const at = this.lines.findIndex((line) => line.entry === entry);
      const line = this.lines[at];
      if (!line || line.open || !line.hasDirectories) return;
      const inside = await this.#inside(entry, line.level + 1, new Set());
      this.lines = [
        ...this.lines.slice(0, at),
        { ...line, open: inside.length > 0, hasDirectories: inside.length > 0 },
        ...inside,
        ...this.lines.slice(at + 1),
      ];
    });
  }

  fold(entry: EntryId): Promise<void> {
    return this.#after(() => {
      const at = this.lines.findIndex((line) => line.entry === entry);
      const line = this.lines[at];
      if (!line?.open) return;
      let end = at + 1;
      while ((this.lines[end]?.level ?? 0) > line.level) end++;
      this.lines = [...this.lines.slice(0, at), { ...line, open: false }, ...this.lines.slice(end)];
    });
  }

  /** Unfold what leads to a directory; the path is root first. */
  async reveal(path: readonly EntryId[]): Promise<void> {
    for (const entry of path.slice(0, -1)) await this.unfold(entry);
    if (path.length === 1) await this.unfold(ROOT);
  }

  /** Read all unfolded directories again: more of the disc has been read. */
  refresh(): Promise<void> {
    return this.#after(async () => {
      const root = this.lines[0];
      if (!root) return;
      const open = new Set(this.lines.filter((line) => line.open).map((line) => line.entry));
      open.add(ROOT);
      const inside = await this.#inside(ROOT, 2, open);
      this.lines = [{ ...root, open: inside.length > 0, hasDirectories: inside.length > 0 }, ...inside];
    });
  }

  async #inside(parent: EntryId, level: number, open: ReadonlySet<EntryId>): Promise<FolderLine[]> {
    const nodes = await this.#fetch(parent);
    const lines: FolderLine[] = [];
    for (const [index, node] of nodes.entries()) {
      const inside = open.has(node.entry) && node.hasDirectories ? await this.#inside(node.entry, level + 1, open) : [];
      lines.push({ ...node, level, open: inside.length > 0, position: index + 1, siblings: nodes.length });
      for (const line of inside) lines.push(line);
    }
    return lines;
  }

  /** One change after the other: two answers may not cross. A failed read leaves the tree as it is. */
  #after(change: () => void | Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(change).catch(() => undefined);
    return this.#queue;
  }
}
