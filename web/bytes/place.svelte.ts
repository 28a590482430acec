import type { Subject } from '../../worker/protocol/preview.ts';

/** Where in the bytes of an image, or of one of its files, one looks; kept while other pages are shown. */
export class BytesPlace {
  readonly #show: () => void;
  subject: Subject = $state.raw('image');
  at = 0;
  length = 1;
  /** What is selected, in words, for the status bar. */
  said = $state('');
  /** Counts the places one was sent to. */
  turn = $state(0);

  /** `show` turns to the page Bytes. */
  constructor(show: () => void) {
    this.#show = show;
  }

  /** Show a place of the image, or of a file's contents. */
  go(at: number, length = 1, subject: Subject = 'image'): void {
    this.subject = subject;
    this.at = at;
    this.length = length;
    this.turn++;
    this.#show();
  }
}
