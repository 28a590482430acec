/** One line of a menu: a command, or with `kind` one of a choice or a switch; or a line between groups. */
export type MenuLine =
  | {
      readonly label: string;
      readonly act: () => void;
      /** Keys that do the same. */
      readonly keys?: string;
      readonly kind?: 'radio' | 'check';
      readonly checked?: boolean;
      readonly disabled?: boolean;
    }
  | 'line';
