import { MAX_SAVE, partAsBlob } from '../bytes/take.ts';
import { Unsupported } from '../../worker/protocol/errors.ts';
import type { Contents, Looking, Subject } from '../../worker/protocol/preview.ts';

/** Contents as a Blob of a type that is on our list, for an `<img>` or a player: a slice, or in memory up to 64 MiB. */
export async function typedBlob(looking: Looking, subject: Subject, contents: Contents, type: string): Promise<Blob> {
  if (!contents.blob && contents.size > MAX_SAVE)
    throw new Unsupported('preview-in-memory', 'This file must be decoded to be shown, and is too large for that: save it to open it.');
  const blob = await partAsBlob(looking, subject, contents, 0, contents.size);
  return blob.slice(0, blob.size, type);
}

/** An address for a Blob that lasts as long as the element that shows it. */
export function source(blob: Blob) {
  return (element: HTMLImageElement | HTMLMediaElement): (() => void) => {
    const url = URL.createObjectURL(blob);
    element.src = url;
    return () => {
      element.removeAttribute('src');
      URL.revokeObjectURL(url);
    };
  };
}
