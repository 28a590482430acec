/** The keys, as the sheet of shortcuts lists them. See `keyText` (texts.ts). */
export const KEYS: readonly { readonly title: string; readonly keys: readonly (readonly [keys: string, does: string])[] }[] = [
  {
    title: 'In the list',
    keys: [
      ['↑ ↓ Home End PgUp PgDn', 'Move and select'],
      ['Shift with those', 'Extend the selection'],
      ['Ctrl ↑ ↓', 'Move without selecting'],
      ['Space', 'Show the file large; the arrows go on'],
      ['Ctrl Space', 'Select or unselect the row'],
      ['Ctrl A', 'Select all'],
      ['Esc', 'Select nothing'],
      ['Ctrl Z', 'Undo the last change of the selection'],
      ['A letter', 'Go to the next name that begins so'],
      ['Enter', 'Open the directory, show details of the file, follow the link'],
      ['Ctrl Enter', 'Show what was found in its directory'],
      ['Shift F10, Menu', 'Menu of what can be done'],
      ['Backspace, Alt ↑', 'Go up'],
    ],
  },
  {
    title: 'In the tree',
    keys: [
      ['← →', 'Fold and unfold, go out and in'],
      ['Enter, Space', 'Show the directory'],
    ],
  },
  {
    title: 'Everywhere',
    keys: [
      ['Ctrl K', 'Find or do anything: commands, directories, images'],
      ['Ctrl O', 'Open an image'],
      ['Ctrl V', 'Open a file that was copied'],
      ['Ctrl S', 'Save the selection'],
      ['Ctrl Shift S', 'Save it as…'],
      ['Ctrl E', 'Save it as a ZIP'],
      ['Ctrl F, F3', 'Search the disc; in Bytes: find'],
      ['/', 'Filter the list'],
      ['Ctrl C', 'Copy names'],
      ['Ctrl Shift C', 'Copy paths'],
      ['Ctrl I', 'Show or hide details'],
      ['Alt ← →', 'Back and forward'],
      ['Alt 1, Alt 3', 'The pages Files and Bytes'],
      ['Ctrl G', 'In Bytes: go to a sector or an offset'],
      ['F6, Shift F6', 'Next pane, the one before'],
      ['?', 'This sheet'],
    ],
  },
];
