/** Parent of what stands at the top. */
export const NO_PARENT = 0xffffffff;

/** The children of each directory given the parent of every member (a counting sort): the top first. */
export function* families(parents: Uint32Array): Generator<number[], void, void> {
  const count = parents.length;
  const slot = (index: number): number => ((parents[index] as number) === NO_PARENT ? 0 : (parents[index] as number) + 1);
  const start = new Uint32Array(count + 2);
  for (let index = 0; index < count; index++) start[slot(index) + 1] = (start[slot(index) + 1] as number) + 1;
  for (let at = 1; at < start.length; at++) start[at] = (start[at] as number) + (start[at - 1] as number);
  const fill = start.slice();
  const order = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    const at = fill[slot(index)] as number;
    order[at] = index;
    fill[slot(index)] = at + 1;
  }
  for (let at = 0; at <= count; at++) {
    if (start[at] !== start[at + 1]) yield Array.from(order.subarray(start[at], start[at + 1]));
  }
}
