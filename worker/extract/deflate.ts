/** Raw deflate (RFC 1951) by the browser's CompressionStream, by fflate where that is missing. */

let native: boolean | null = null;

function hasNative(): boolean {
  if (native === null) {
    try {
      new CompressionStream('deflate-raw');
      native = true;
    } catch {
      native = false; // no CompressionStream, or one that knows only gzip (Safari before 16.4)
    }
  }
  return native;
}

/** Compress bytes in memory. */
export async function deflated(bytes: Uint8Array, useNative = hasNative()): Promise<Uint8Array<ArrayBuffer>> {
  if (!useNative) {
    const { deflateSync } = await import('fflate');
    return deflateSync(bytes);
  }
  const stream = new CompressionStream('deflate-raw');
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes as Uint8Array<ArrayBuffer>).then(() => writer.close());
  const [result] = await Promise.all([new Response(stream.readable).arrayBuffer(), written]);
  return new Uint8Array(result);
}

/** Compress a stream; chunks given may be reused by their owner once the next is asked for. */
export async function* deflatedStream(chunks: AsyncIterable<Uint8Array>, useNative = hasNative()): AsyncGenerator<Uint8Array, void, void> {
  if (!useNative) {
    yield* byFflate(chunks);
    return;
  }
  const stream = new CompressionStream('deflate-raw');
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  let stopped = false;
  const pump = (async () => {
    try {
      for await (const chunk of chunks) {
        if (stopped) return;
        await writer.write(chunk as Uint8Array<ArrayBuffer>);
      }
      await writer.close();
    } catch (error) {
      if (stopped) return; // the reader went away: what it left unfinished is nobody's
      await writer.abort(error).catch(() => undefined); // the error itself is thrown below
      throw error;
    }
  })();
  // A failed pump also fails the reader; its own error is the one to tell.
  pump.catch(() => undefined);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await pump;
  } catch (error) {
    await pump;
    throw error;
  } finally {
    stopped = true;
    await reader.cancel().catch(() => undefined); // closing what is done with
    await pump.catch(() => undefined);
  }
}

async function* byFflate(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const { Deflate } = await import('fflate');
  let ready: Uint8Array[] = [];
  const deflate = new Deflate((chunk) => ready.push(chunk));
  for await (const chunk of chunks) {
    deflate.push(chunk.slice());
    yield* ready;
    ready = [];
  }
  deflate.push(new Uint8Array(0), true);
  yield* ready;
}

/** Extensions of what is compressed already and would not shrink. */
const COMPRESSED = new Set(
  (
    '7z aac aif apk appx arj arw avi avif br bz2 cab cb7 cbr cbz cr2 crx deb dmg docx dotx ear epub esd f4v flac flv gif gz heic heif ' +
    'ipa jar jp2 jpeg jpg jxl lha lz lz4 lzh lzma m2ts m4a m4v mkv mov mp3 mp4 mpeg mpg msix nef nupkg odp ods odt ogg ogv opus png ' +
    'pptx rar rpm sfs snap squashfs swm tbz tbz2 tgz txz udeb vob war webm webp whl wim wma wmv woff woff2 xapk xlsx xpi xz z zip zst'
  ).split(' '),
);

/** Whether a name says that its contents are compressed already. */
export function isCompressedKind(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot !== -1 && COMPRESSED.has(name.slice(dot + 1).toLowerCase());
}
