const TURN = 2 * Math.PI;
/** Px between the disc's rim and the edge of its picture, and what of the radius the hub takes. */
const EDGE = 3;
const HUB = 0.36;

/**
 * The track of a disc: a spiral of constant pitch and constant speed, so that equal areas are equal numbers of bytes. It
 * begins at the hub, at twelve o'clock, and runs clockwise.
 */
export class Spiral {
  readonly centre: number;
  readonly hub: number;
  readonly rim: number;
  readonly pitch: number;
  readonly extent: number;

  /** Of a picture of so many px, with so many turns for `extent` bytes. */
  constructor(width: number, turns: number, extent: number) {
    this.centre = width / 2;
    this.rim = width / 2 - EDGE;
    this.hub = this.rim * HUB;
    this.pitch = (this.rim - this.hub) / turns;
    this.extent = extent;
  }

  /** Px of the whole track. */
  get length(): number {
    return (Math.PI * (this.rim ** 2 - this.hub ** 2)) / this.pitch;
  }

  radius(byte: number): number {
    return Math.sqrt(this.hub ** 2 + (this.rim ** 2 - this.hub ** 2) * (byte / this.extent));
  }

  point(byte: number): { x: number; y: number } {
    const radius = this.radius(byte);
    const angle = (TURN * (radius - this.hub)) / this.pitch - Math.PI / 2;
    return { x: this.centre + radius * Math.cos(angle), y: this.centre + radius * Math.sin(angle) };
  }

  /** The byte at a point of the picture; null beside the track. */
  byteAt(x: number, y: number): number | null {
    const [dx, dy] = [x - this.centre, y - this.centre];
    const radius = Math.hypot(dx, dy);
    const part = ((Math.atan2(dy, dx) + Math.PI / 2 + TURN) % TURN) / TURN;
    const turn = Math.round((radius - this.hub) / this.pitch - part);
    const own = this.hub + this.pitch * (turn + part);
    if (turn < 0 || Math.abs(radius - own) > this.pitch / 2) return null;
    const byte = (this.extent * (own ** 2 - this.hub ** 2)) / (this.rim ** 2 - this.hub ** 2);
    return byte >= 0 && byte < this.extent ? byte : null;
  }
}
