import { transferHandlers, type TransferHandler } from 'comlink';
import { fromPlain, toPlain, type PlainError } from './errors.ts';

interface Thrown {
  readonly value: unknown;
}

/**
 * Let our errors cross between page and worker whole: comlink's own handler keeps only message,
 * name and stack. Call it on both sides before anything is exposed or wrapped.
 */
export function installErrorTransfer(): void {
  const original = transferHandlers.get('throw');
  if (!original) throw new Error('comlink has no handler named "throw"');
  const handler: TransferHandler<Thrown, PlainError> = {
    canHandle: (value): value is Thrown => original.canHandle(value),
    serialize: ({ value }) => [toPlain(value), []],
    deserialize: (plain) => {
      throw fromPlain(plain);
    },
  };
  transferHandlers.set('throw', handler);
}
