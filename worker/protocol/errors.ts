/**
 * The four ways in which something can fail (design: errors and bounds): an `ImageError`, a
 * `SourceError`, an `Unsupported`, or the platform's own `AbortError` when somebody cancelled.
 */

/** A structure of the image cannot be understood. `at` is an absolute byte offset, `spec` the rule. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: string;
  readonly at: number | null;
  readonly spec: string;
  constructor(code: string, detail: string, at: number | null = null, spec = '') {
    super(detail);
    this.code = code;
    this.at = at;
    this.spec = spec;
  }
}

/** Why bytes could not be had. */
export type SourceErrorCode =
  | 'changed' // the file was changed on disk after it was chosen
  | 'gone' // the file was removed, renamed or its device pulled
  | 'denied' // the browser took the permission back
  | 'past-end' // a read beyond the end of the source
  | 'stalled' // the browser stopped delivering
  | 'unreadable' // any other refusal of the platform
  | 'target-full' // what is written to has no room left
  | 'target-denied' // what is written to may not be written
  | 'target-gone' // what is written to was removed
  | 'target-refused' // one file is not taken there: its name, its place, what stands in the way
  | 'target-broken'; // the browser broke the download off, or never began it

/** Bytes of a source cannot be had. `at` is the offset in that source. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  readonly at: number | null;
  constructor(code: SourceErrorCode, detail: string, at: number | null = null, cause?: unknown) {
    super(detail, { cause });
    this.code = code;
    this.at = at;
  }
}

/** Something that is understood, but that this version or this browser cannot do. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
  readonly feature: string;
  constructor(feature: string, detail: string) {
    super(detail);
    this.feature = feature;
  }
}

/** The error of a cancelled operation, as the platform itself throws it. */
export function abortError(): DOMException {
  return new DOMException('Cancelled.', 'AbortError');
}

/** True for the error that a cancelled operation throws. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** An error as plain data, to cross to another thread without losing its fields. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly at?: number | null;
  readonly spec?: string;
  readonly feature?: string;
  readonly stack?: string;
}

/** Turn any thrown value into plain data (see `fromPlain`). */
export function toPlain(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const plain = { name: error.name, message: error.message, ...(error.stack ? { stack: error.stack } : {}) };
  if (error instanceof ImageError) return { ...plain, code: error.code, at: error.at, spec: error.spec };
  if (error instanceof SourceError) return { ...plain, code: error.code, at: error.at };
  if (error instanceof Unsupported) return { ...plain, feature: error.feature };
  return plain;
}

/** Make the error again that `toPlain` took apart. */
export function fromPlain(plain: PlainError): Error {
  const { name, message, code = '', at = null } = plain;
  if (name === 'ImageError') return new ImageError(code, message, at, plain.spec ?? '');
  if (name === 'SourceError') return new SourceError(code as SourceErrorCode, message, at);
  if (name === 'Unsupported') return new Unsupported(plain.feature ?? '', message);
  if (name === 'AbortError') return new DOMException(message, name);
  const error = new Error(message);
  error.name = name;
  if (plain.stack) error.stack = plain.stack;
  return error;
}
