/** Page to service worker, with a port for the answer (a list of `File`): the files that another program has just shared. */
export interface TakeShared {
  readonly kind: 'take-shared';
}
