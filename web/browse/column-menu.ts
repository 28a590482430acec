import type { SortKey } from '../../worker/protocol/inspector.ts';
import type { MenuLine } from '../ui/menu-line.ts';
import { CHOICES, moved, titleOf, toggled, type ColumnKey, type Fitting } from './columns.ts';

/** What the menu of the columns changes. */
export interface ColumnActions {
  /** Those that are chosen, in order. */
  readonly chosen: readonly SortKey[];
  readonly fit: Fitting;
  readonly choose: (columns: readonly SortKey[]) => void;
  /** Make a column as wide as what it holds. */
  readonly fitTo: (key: ColumnKey) => void;
  /** The usual columns in their usual widths. */
  readonly reset: () => void;
}

/** The menu of one column's head, and of all that can be shown. */
export function columnLines(key: ColumnKey | null, { chosen, fit, choose, fitTo, reset }: ColumnActions): MenuLine[] {
  const shown = new Set(fit.columns.map((column) => column.key));
  const at = chosen.findIndex((each) => each === key);
  const own = chosen[at];
  const [left, right] = [chosen[at - 1], chosen[at + 1]];
  const forOne: MenuLine[] =
    own === undefined || own === 'name'
      ? []
      : [
          { label: 'Move left', disabled: at < 2, act: () => left && choose(moved(chosen, own, left)) },
          { label: 'Move right', disabled: !right, act: () => right && choose(moved(chosen, own, right)) },
          { label: 'As wide as it needs', act: () => fitTo(own) },
          { label: `Hide ${titleOf(own)}`, act: () => choose(toggled(chosen, own)) },
          'line',
        ];
  return [
    ...forOne,
    ...CHOICES.map((each) => {
      const checked = chosen.includes(each);
      const label = checked && !shown.has(each) ? `${titleOf(each)}, no room` : titleOf(each);
      return { label, kind: 'check' as const, checked, act: () => choose(toggled(chosen, each)) };
    }),
    'line',
    { label: 'The usual columns', act: reset },
  ];
}
