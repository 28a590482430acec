/** The pages of an image: its tree, what it is as a whole, its bytes. */
export type PageId = 'files' | 'inspect' | 'bytes';

export const PAGES: readonly { readonly id: PageId; readonly label: string; readonly keys: string; readonly code: string }[] = [
  { id: 'files', label: 'Files', keys: 'Alt+1', code: 'Digit1' },
  { id: 'inspect', label: 'Inspect', keys: 'Alt+2', code: 'Digit2' },
  { id: 'bytes', label: 'Bytes', keys: 'Alt+3', code: 'Digit3' },
];
