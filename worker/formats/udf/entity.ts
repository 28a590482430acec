import type { Block } from '../../bytes/block.ts';

/** The identifier of an entity as text, without its padding (ECMA-167 1/7.4.2). */
export function entityName(block: Block, at: number): string {
  return String.fromCharCode(...block.part(at + 1, 23)).replace(/\0.*$/s, '');
}

/** A UDF revision of two BCD bytes as text, "2.01"; empty where it is none (UDF 2.60 2.1.5.3). */
export function revisionText(revision: number): string {
  const minor = (revision & 0xff).toString(16).padStart(2, '0');
  return revision >= 0x100 && revision < 0x400 && /^\d\d$/.test(minor) ? `${revision >> 8}.${minor}` : '';
}

/** The UDF revision in the suffix of a domain or UDF identifier (UDF 2.60 2.1.5.3). */
export function revisionOf(block: Block, at: number): string {
  return revisionText(block.u16le(at + 24));
}
