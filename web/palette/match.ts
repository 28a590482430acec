/** Where in a label the words of a query stand, and how well it fits: lower is better. */
export interface Match {
  readonly rank: number;
  /** Pieces of the label; `hit` where a word of the query stands. */
  readonly parts: readonly { readonly text: string; readonly hit: boolean }[];
}

/** Characters without case and accents, one for one with those of the text: places in it stay the same. */
function folded(text: string): string[] {
  return Array.from(text, (char) => char.normalize('NFD').charAt(0).toLowerCase());
}

/** All words of the query in the label, in any order; null where one is missing. The beginning counts most, then beginnings of words. */
export function match(label: string, query: string): Match | null {
  const chars = Array.from(label);
  const plain = folded(label);
  const hits = new Array<boolean>(chars.length).fill(false);
  let rank = 0;
  for (const word of query.split(/\s+/).filter(Boolean).map(folded)) {
    const places = plain.flatMap((_, at) => (word.every((char, index) => plain[at + index] === char) ? [at] : []));
    if (places.length === 0) return null;
    const cost = (at: number): number => (at === 0 ? 0 : /[\p{L}\p{N}]/u.test(plain[at - 1] ?? '') ? 2 : 1);
    const best = places.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    rank += cost(best);
    hits.fill(true, best, best + word.length);
  }
  const parts: { text: string; hit: boolean }[] = [];
  chars.forEach((char, at) => {
    const hit = hits[at] ?? false;
    const last = parts.at(-1);
    if (last?.hit === hit) last.text += char;
    else parts.push({ text: char, hit });
  });
  return { rank, parts };
}
