const INITIAL = 1024;

/** In `kind`: that of the file that owns it, which is looked up at the end. */
export const BY_FILE = 255;

/** Stretches of an image with their owners, in columns: 22 bytes each, so that millions stay small. */
export class Spans {
  count = 0;
  start = new Float64Array(INITIAL);
  end = new Float64Array(INITIAL);
  /** Index in MAP_KINDS, or BY_FILE. */
  kind = new Uint8Array(INITIAL);
  /** Index of a view, or NO_VIEW. */
  view = new Uint8Array(INITIAL);
  /** An entry of the view; where there is none, the number of a structure's name. */
  owner = new Uint32Array(INITIAL);

  /** Add a stretch; an empty one adds nothing. */
  add(start: number, end: number, kind: number, view: number, owner: number): void {
    if (!(end > start)) return;
    if (this.count === this.start.length) this.#grow();
    const index = this.count++;
    this.start[index] = start;
    this.end[index] = end;
    this.kind[index] = kind;
    this.view[index] = view;
    this.owner[index] = owner;
  }

  /** Add a stretch, as part of the last one where it goes on with the same owner. */
  join(start: number, end: number, kind: number, view: number, owner: number): void {
    const last = this.count - 1;
    if (last >= 0 && this.end[last] === start && this.owner[last] === owner && this.view[last] === view && this.kind[last] === kind)
      this.end[last] = end;
    else this.add(start, end, kind, view, owner);
  }

  #grow(): void {
    const capacity = this.start.length * 2;
    const { start, end, kind, view, owner } = this;
    (this.start = new Float64Array(capacity)).set(start);
    (this.end = new Float64Array(capacity)).set(end);
    (this.kind = new Uint8Array(capacity)).set(kind);
    (this.view = new Uint8Array(capacity)).set(view);
    (this.owner = new Uint32Array(capacity)).set(owner);
  }
}
