/** What is selected among bytes: from an anchor to where the cursor stands, both included. */
export class ByteCursor {
  readonly size: number;
  anchor = $state(0);
  at = $state(0);

  constructor(size: number) {
    this.size = size;
  }

  get from(): number {
    return Math.min(this.anchor, this.at);
  }
  get to(): number {
    return this.size === 0 ? 0 : Math.max(this.anchor, this.at) + 1;
  }
  get length(): number {
    return this.to - this.from;
  }

  /** Put the cursor on a byte; with `extend` the anchor stays where it is. */
  move(at: number, extend = false): void {
    this.at = Math.max(0, Math.min(at, this.size - 1));
    if (!extend) this.anchor = this.at;
  }

  /** Select a part; the cursor stands on its first byte. */
  select(from: number, length: number): void {
    const last = Math.max(0, Math.min(from + length, this.size) - 1);
    this.at = Math.max(0, Math.min(from, last));
    this.anchor = last;
  }
}
