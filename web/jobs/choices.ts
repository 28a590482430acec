import type { ExistingFiles, ListFormat, SavePlanSummary, SaveRequest } from '../../worker/protocol/save.ts';
import { count, counted, size } from '../figures.ts';
import { orderOf, type Order } from './order.ts';
import type { Session } from '../session.svelte.ts';
import { ROOT } from '../../worker/protocol/entry.ts';
import type { Choices, Damaged, Form } from './usual.ts';

/** True for a list of entries instead of the entries. */
export const isList = (form: Form): form is ListFormat => form === 'csv' || form === 'json' || form === 'sha256';

export interface FormText {
  readonly form: Form;
  readonly title: string;
  readonly note: string;
}

/** The forms that files leave in, and the lists. */
export const FORMS: readonly FormText[] = [
  { form: 'file', title: 'File', note: 'The file as it is.' },
  { form: 'folder', title: 'Folder', note: 'Files and folders, written where you choose.' },
  { form: 'zip', title: 'ZIP', note: 'One file that every system opens.' },
  { form: 'tar', title: 'TAR', note: 'Keeps links, owners and modes.' },
  { form: 'tgz', title: 'TAR.GZ', note: 'The same, compressed.' },
];
export const LISTS: readonly FormText[] = [
  { form: 'csv', title: 'CSV', note: 'A table of names, sizes, dates and places.' },
  { form: 'json', title: 'JSON', note: 'The same for programs, with every extent.' },
  { form: 'sha256', title: 'SHA256SUMS', note: 'Checksums, as sha256sum -c reads them. Reads every file.' },
];

export const COMPRESSIONS: readonly { readonly value: SaveRequest['compression']; readonly title: string }[] = [
  { value: 'stored', title: 'None, at the speed of the disk' },
  { value: 'fast', title: 'Fast' },
  { value: 'small', title: 'Small, takes longer' },
];

export const EXISTING: readonly { readonly value: ExistingFiles; readonly title: string }[] = [
  { value: 'keep-both', title: 'Keep both, number the new one' },
  { value: 'skip', title: 'Skip, keep what is there' },
  { value: 'different', title: 'Replace only what is different' },
  { value: 'replace', title: 'Replace' },
];

export const DAMAGED: readonly { readonly value: Damaged; readonly title: string }[] = [
  { value: 'leave-out', title: 'Leave them out' },
  { value: 'partial', title: 'Save what is there, named .partial' },
  { value: 'zeros', title: 'Save anyway, with zeros for what is missing' },
];

/** What the button does, in words: "Save 12 files as ZIP…". */
export function actionOf(form: Form, plan: SavePlanSummary | null): string {
  const files = plan ? counted(plan.files, 'file') : 'it';
  if (form === 'file') return 'Save the file…';
  if (form === 'folder') return `Save ${files} into a folder…`;
  if (form === 'sha256') return `Sum up ${files}…`;
  const { title = '' } = [...FORMS, ...LISTS].find((each) => each.form === form) ?? {};
  return isList(form) ? `Save the list as ${title}…` : `Save ${files} as ${title}…`;
}

/** What will come of it: "ISO_DISC.zip, 12 files, 4.24 GiB exactly." */
export function outcomeOf(form: Form, plan: SavePlanSummary): string {
  if (form === 'csv' || form === 'json')
    return `${plan.name}: ${counted(plan.files, 'file')} and ${counted(plan.directories, 'directory', 'directories')} listed.`;
  const held = `${counted(plan.files, 'file')}, ${size(plan.bytes)}`;
  if (form === 'folder') return `${held}, in ${counted(plan.directories, 'directory', 'directories')}.`;
  if (form === 'sha256') return `${plan.name}: ${held} to be read.`;
  return plan.size === null
    ? `${plan.name}: ${held} before compression.`
    : `${plan.name}: ${held}, as a file of ${counted(plan.size, 'byte')}.`;
}

/** What a folder cannot keep, as a sentence; empty where that is nothing. */
export function lossesOf({ folder }: SavePlanSummary): string {
  if (!folder) return '';
  const { times, modes, links, devices } = folder.lost;
  const lost = [
    times > 0 ? counted(times, 'date') : '',
    modes > 0 ? `permissions and owners of ${count(modes)}` : '',
    links > 0 ? `${counted(links, 'link')} (saved as text)` : '',
    devices > 0 ? counted(devices, 'device') : '',
  ].filter((part) => part !== '');
  return lost.length > 0 ? `A folder cannot keep ${lost.join(', ')}: a list of them is put beside the files. A TAR keeps them.` : '';
}

/** What is selected (all, where nothing is) as an order. */
export function chosenOrder(session: Session, { form, compression, existing, verify, damaged }: Choices, hidden: boolean): Order {
  const { view, selection } = session;
  if (view === null) throw new RangeError('no view is open');
  const ids = selection.ids();
  const entries = ids.length > 0 ? ids : Uint32Array.of(ROOT);
  if (isList(form)) return orderOf(session, null, { list: { view, entries, hidden, list: form } });
  const request: SaveRequest = {
    view,
    entries,
    format: form,
    compression: form === 'tgz' && compression === 'stored' ? 'fast' : compression,
    partial: damaged === 'partial',
    ...(damaged === 'zeros' ? { holes: 'zeros' } : {}),
    hidden,
  };
  return orderOf(session, request, form === 'folder' ? { into: { existing, verify } } : {});
}
