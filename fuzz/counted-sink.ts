import { crc32 } from '../worker/codec/crc32.ts';
import type { Sink } from '../worker/extract/sink.ts';

/** Takes what is written, sums it up and keeps nothing. */
export class CountedSink implements Sink {
  size = 0;
  sum = 0;
  closed = false;

  async write(bytes: Uint8Array): Promise<void> {
    this.sum = crc32(bytes, this.sum);
    this.size += bytes.length;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  async abort(): Promise<void> {
    this.size = 0;
  }
}
