/** Where a command writes; the entry gives the real ones, a test its own. */
export interface Terminal {
  /** Write to standard output; resolves when there is room for more. */
  print(text: string | Uint8Array): Promise<void>;
  /** One line to standard error. */
  warn(line: string): void;
  /** A path as the user gave it, against the folder the command was called from. */
  resolve(path: string): string;
  readonly version: string;
  /** Aborted when the user ends the program: nothing half written is left. */
  readonly signal?: AbortSignal;
}

/** Lines gathered before they are written. */
const BUFFERED = 64 * 1024;

/** Collects lines and writes them in large pieces: a million lines are a few hundred writes. */
export class LineWriter {
  readonly #terminal: Terminal;
  #text = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async line(text: string): Promise<void> {
    this.#text += `${text}\n`;
    if (this.#text.length >= BUFFERED) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text !== '') await this.#terminal.print(text);
  }
}

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A name or message from an image, safe to print: control and direction characters are written as \u{…}. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
}
