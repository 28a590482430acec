/** One partition of an image that is also a disk: of a hybrid disc, or of a disk image. */
export interface ImagePartition {
  readonly scheme: 'mbr' | 'gpt';
  /** Counted from 1 as the table does; logical ones of an MBR from 5. */
  readonly number: number;
  /** Absolute offset in bytes. */
  readonly offset: number;
  /** Bytes, as the table says: the image may end before. */
  readonly size: number;
  /** What the type says: "EFI system", "Linux"; its number where it is not known. */
  readonly type: string;
  /** Name in a GPT; empty elsewhere. */
  readonly name: string;
}

/** A part of the image that is saved as it is. */
export interface ImagePart {
  readonly offset: number;
  readonly length: number;
  /** File name to propose. */
  readonly name: string;
}
