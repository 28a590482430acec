import type { ByteSource } from './source.ts';
import { RunsSource } from './runs.ts';

/** One contiguous part of a source as a source of its own: a partition, a boot image. */
export function sliceSource(source: ByteSource, offset: number, length: number, name: string): ByteSource {
  return new RunsSource(source, length > 0 ? [{ offset, length }] : [], name);
}
