import { Block } from '../../../bytes/block.ts';
import { hasherOf } from '../../../codec/running-sums.ts';
import type { ByteSource } from '../../../source/source.ts';

const SECTOR = 2048;
const MD5_BYTES = 16;
/** Sums that are read: those of as many files as a catalog holds. */
const MAX_SUMS = 2_000_002;
/** "isofs." in front of an attribute's name (AAIP 2.0). */
const ISOFS = '\x04';
const CONTINUES = 1;
const MAX_ATTRIBUTES = 64;

/** The sums of files that libisofs writes behind the data (AAIP isofs.ca and isofs.cx). */
export interface Md5Array {
  /** Absolute offset of the first sum, which is that of the session. */
  readonly at: number;
  readonly count: number;
  /** The array's own sum, its last item, is right. */
  readonly sound: boolean;
  sumOf(index: number): string | null;
}

/** Attributes by name, of the bytes of a record's AL entries put together: components that go on in the next one (AAIP 2.0). */
export function attributesOf(bytes: Uint8Array): Map<string, Uint8Array> {
  const parts: Uint8Array[] = [];
  let open: number[] = [];
  for (let at = 0; at + 2 <= bytes.length && parts.length < MAX_ATTRIBUTES * 2;) {
    const [flags, length] = [bytes[at] as number, bytes[at + 1] as number];
    open.push(...bytes.subarray(at + 2, at + 2 + length));
    if (!(flags & CONTINUES)) {
      parts.push(Uint8Array.from(open));
      open = [];
    }
    at += 2 + length;
  }
  const attributes = new Map<string, Uint8Array>();
  for (let part = 0; part + 1 < parts.length; part += 2)
    attributes.set(String.fromCharCode(...(parts[part] as Uint8Array)), parts[part + 1] as Uint8Array);
  return attributes;
}

/** Index of a file's sum; null where it has none. */
export function sumIndexOf(bytes: Uint8Array): number | null {
  const value = attributesOf(bytes).get(`${ISOFS}cx`);
  return value?.length === 4 ? new Block(value, 0).u32be(0) : null;
}

/** The array that the root's attributes name; null without one, or where it is of another algorithm or not in the image. */
export async function readMd5Array(source: ByteSource, root: Uint8Array, signal?: AbortSignal): Promise<Md5Array | null> {
  const value = attributesOf(root).get(`${ISOFS}ca`);
  if (!value) return null;
  // START, END, COUNT and SIZE, each behind a byte that says how many it has; then the name.
  const numbers: number[] = [];
  let at = 0;
  for (; numbers.length < 4; at += 1 + (value[at] as number)) {
    const length = value[at] ?? 0;
    if (length === 0 || length > 6 || at + 1 + length > value.length) return null;
    numbers.push(value.subarray(at + 1, at + 1 + length).reduce((number, byte) => number * 256 + byte, 0));
  }
  const [, end = 0, count = 0, size = 0] = numbers;
  const offset = end * SECTOR;
  if (String.fromCharCode(...value.subarray(at)) !== 'MD5' || size !== MD5_BYTES || count < 2 || count > MAX_SUMS) return null;
  if (offset + count * MD5_BYTES > source.size) return null;
  const bytes = await source.read(offset, count * MD5_BYTES, signal);
  const hasher = await hasherOf('md5');
  hasher.init();
  hasher.update(bytes.subarray(0, (count - 1) * MD5_BYTES));
  const sumOf = (index: number): string | null => (index > 0 && index < count - 1 ? hexAt(bytes, index) : null);
  return { at: offset, count: count - 2, sound: hasher.digest('hex') === hexAt(bytes, count - 1), sumOf };
}

function hexAt(bytes: Uint8Array, index: number): string {
  const sum = bytes.subarray(index * MD5_BYTES, (index + 1) * MD5_BYTES);
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
