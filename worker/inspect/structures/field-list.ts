import type { Block } from '../../bytes/block.ts';
import { fieldText } from '../../bytes/text.ts';
import type { Field, Structure } from '../../protocol/preview.ts';

/** Bytes of a sector by which places are counted (ECMA-119 6.1.2). */
export const SECTOR = 2048;

const grouped = new Intl.NumberFormat('en-US');
export const count = (value: number): string => grouped.format(value);

/** "2024-09-06 05:10:42 UTC"; "not recorded" for none. */
export function dateText(time: number): string {
  return time === time && Math.abs(time) < 8.64e15
    ? `${new Date(time)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.000Z$/, '')
        .replace('Z', '')} UTC`
    : 'not recorded';
}

/** Collects the fields of one structure; places are counted from its start. */
export class FieldList {
  readonly #fields: Field[] = [];
  readonly block: Block;
  /** Where the structure begins in the block. */
  readonly at: number;

  constructor(block: Block, at: number) {
    this.block = block;
    this.at = at;
  }

  add(name: string, at: number, length: number, value: string | number, spec = '', target: number | null = null): this {
    if (length > 0 && this.at + at + length <= this.block.length) {
      const said = typeof value === 'number' ? count(value) : value;
      this.#fields.push({ name, at: this.block.base + this.at + at, length, value: said, spec, target });
    }
    return this;
  }

  /** A text padded with blanks or zeros. */
  text(name: string, at: number, length: number, spec = ''): this {
    return this.add(name, at, length, fieldText(this.part(at, length)) || 'blank', spec);
  }

  u8(name: string, at: number, spec = ''): this {
    return this.add(name, at, 1, this.block.u8(this.at + at), spec);
  }

  u16(name: string, at: number, spec = ''): this {
    return this.add(name, at, 2, this.block.u16le(this.at + at), spec);
  }

  u32(name: string, at: number, spec = ''): this {
    return this.add(name, at, 4, this.block.u32le(this.at + at), spec);
  }

  /** Both byte orders, which should agree (ECMA-119 7.2.3, 7.3.3). */
  both(name: string, at: number, bits: 16 | 32, spec: string, unit = '', target: ((value: number) => number) | null = null): this {
    const [little, big] = bits === 16 ? this.block.both16(this.at + at) : this.block.both32(this.at + at);
    const said = little === big ? `${count(little)}${unit}` : `${count(little)} little-endian, ${count(big)} big-endian: they disagree`;
    return this.add(name, at, bits / 4, said, spec, target ? target(little) : null);
  }

  /** Bytes that are said to be unused: "zero", or what stands there. */
  unused(name: string, at: number, length: number, spec = ''): this {
    const bytes = this.part(at, length);
    const first = bytes[0];
    const plain = bytes.every((byte) => byte === first);
    return this.add(
      name,
      at,
      length,
      plain ? (first === 0 ? 'zero' : first === 0x20 ? 'blank' : `all ${hex(bytes.subarray(0, 1))}`) : hex(bytes),
      spec,
    );
  }

  part(at: number, length: number): Uint8Array {
    return this.block.part(this.at + at, length);
  }

  done(title: string, length: number, spec: string): Structure {
    return { title, at: this.block.base + this.at, length, spec, fields: this.#fields };
  }
}

/** The first bytes as hex. */
export function hex(bytes: Uint8Array, most = 16): string {
  const shown = Array.from(bytes.subarray(0, most), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > most ? `${shown} …` : shown;
}
